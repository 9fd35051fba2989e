"""Figures with their captions: `workflow/report/NAME.rst` is the caption of NAME, of NAME_{rival}, and of what comes after GROUP_ in NAME."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from rssm.report.parts import Figure

ROOM = 1_500_000  # bytes of all drawings of a section; beyond it pictures take their place where they are smaller
LARGE = 100_000  # bytes of one drawing, likewise
COLOURS = 256  # of a picture
SVG, PNG = "image/svg+xml", "image/png"


def captions_in(folder: str) -> dict[str, str]:
    """Name → caption, of all that lie in a folder."""
    return {path.stem: _plain(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.rst"))}


def figures_of(drawings: Sequence[Path], captions: Mapping[str, str]) -> list[Figure]:
    """Figures in the order of their names, as they were drawn or, where that needs too much room, as pictures."""
    crowded = sum(path.stat().st_size for path in drawings) > ROOM
    ordered = sorted(drawings, key=lambda path: (path.stem, str(path)))
    return [_figure(path, captions, crowded or path.stat().st_size > LARGE) for path in ordered]


def _figure(path: Path, captions: Mapping[str, str], small: bool) -> Figure:
    fitting = [name for name in captions if path.stem == name or path.stem.startswith(f"{name}_")]
    inside = [name for name in captions if name.endswith(f"_{path.stem}")]
    name = max(fitting or inside, key=len, default="")
    about = path.stem.removeprefix(name).strip("_") if fitting else ""
    named = (name or path.stem).replace("_", " ").capitalize() + (f" ({about})" if about and name else "")
    kind, data = SVG, path.read_bytes()
    picture = path.with_suffix(".png")
    if small and picture.is_file() and len(few := _few_colours(picture)) < len(data):
        kind, data = PNG, few
    return Figure(named, captions.get(name, ""), f"data:{kind};base64,{b64encode(data).decode()}")


def _few_colours(picture: Path) -> bytes:
    """A picture with so few colours that one byte names them: a third of its size, and no eye sees it."""
    stored = BytesIO()
    with Image.open(picture) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(stored, "PNG", optimize=True)
    return stored.getvalue()


def _plain(text: str) -> str:
    """A caption without emphasis and line ends."""
    return " ".join(text.replace("*", "").replace("`", "").split())
