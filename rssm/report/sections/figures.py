"""Figures with their captions: `workflow/report/NAME.rst` is the caption of NAME, of NAME_{rival}, and of what comes after GROUP_ in NAME."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

from rssm.report.parts import Figure

ROOM = 1_500_000  # bytes of all drawings of a section; beyond it pictures take their place where they are smaller
LARGE = 250_000  # bytes of one drawing, likewise
TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def captions_in(folder: str) -> dict[str, str]:
    """Name → caption, of all that lie in a folder."""
    return {path.stem: _plain(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.rst"))}


def figures_of(drawings: Sequence[Path], captions: Mapping[str, str]) -> list[Figure]:
    """Figures in the order of their names, as they were drawn or, where that needs too much room, as the smaller."""
    crowded = sum(path.stat().st_size for path in drawings) > ROOM
    chosen = [_smaller(path) if crowded or path.stat().st_size > LARGE else path for path in drawings]
    return [_figure(path, captions) for path in sorted(chosen, key=lambda path: path.stem)]


def _smaller(drawing: Path) -> Path:
    picture = drawing.with_suffix(".png")
    return picture if picture.is_file() and picture.stat().st_size < drawing.stat().st_size else drawing


def _figure(path: Path, captions: Mapping[str, str]) -> Figure:
    fitting = [name for name in captions if path.stem == name or path.stem.startswith(f"{name}_")]
    inside = [name for name in captions if name.endswith(f"_{path.stem}")]
    name = max(fitting or inside, key=len, default="")
    about = path.stem.removeprefix(name).strip("_") if fitting else ""
    named = (name or path.stem).replace("_", " ").capitalize() + (f" ({about})" if about and name else "")
    data = b64encode(path.read_bytes()).decode()
    return Figure(named, captions.get(name, ""), f"data:{TYPES[path.suffix]};base64,{data}")


def _plain(text: str) -> str:
    """A caption without emphasis and line ends."""
    return " ".join(text.replace("*", "").replace("`", "").split())
