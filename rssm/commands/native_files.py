"""The native files behind a map, compared with what they were when the map was made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rssm.ingest.index import checksum, read_index, read_native


@dataclass(frozen=True)
class NativeFile:
    """A native file as an index pins it.

    path     below the archive's root; the name alone where it is not pinned
    bytes    its size; None where it is not pinned
    sha256   of its content; None where the size alone is pinned
    """

    path: str
    bytes: int | None = None
    sha256: str | None = None


class Archive:
    """The native files below a folder as they are now; each is looked at once."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def count_text(self, files: Collection[NativeFile]) -> str:
        """`27 native files`, and how many of them differ, judged by their sizes."""
        states = Counter(self.size_state(file).partition(" ")[0] for file in files)
        words = {"CHANGED": "CHANGED since", "MISSING": "MISSING", "not": "not pinned"}
        some = f"{len(files)} native file{'' if len(files) == 1 else 's'}"
        return some + "".join(f", {states[k]} {word}" for k, word in words.items() if states[k])

    def path_text(self, file: NativeFile) -> str:
        """Where a file lies, as far as its index states it."""
        return file.path if file.bytes is None else str(self.root / file.path)

    @cache  # noqa: B019 - as long as one trace
    def state(self, file: NativeFile) -> str:
        """Whether a file is as before, changed or missing; it is read where a checksum is pinned."""
        known = self.size_state(file)
        if known or file.sha256 is None:
            return known or f"{file.bytes} bytes as before (content not pinned)"
        if checksum(self.root / file.path) == file.sha256:
            return f"sha256 {file.sha256[:16]}… as before"
        return f"CHANGED since: sha256 is not {file.sha256[:16]}… any more"

    @cache  # noqa: B019 - as long as one trace
    def size_state(self, file: NativeFile) -> str:
        """Whether a file has changed, by its size alone: "" where that is as before."""
        if file.bytes is None:
            return "not pinned by its index"
        try:
            found = (self.root / file.path).stat().st_size
        except OSError:
            return "MISSING"
        return "" if found == file.bytes else f"CHANGED since: {found} bytes, was {file.bytes}"


def native_files(entry: Mapping[str, Any]) -> set[NativeFile]:
    """Native files of a map, by its entry of the index and its `path`."""
    path = Path(str(entry["path"]))
    pinned = _pins(path.parent).get(path.name, {})
    return {file for name in entry.get("files", ()) for file in pinned.get(name, [NativeFile(name)])}


@cache
def _pins(folder: Path) -> dict[str, dict[str, list[NativeFile]]]:
    """Map → name → files of that name, as the indices of a folder pin them."""
    found: dict[str, dict[str, list[NativeFile]]] = {}
    for index in folder.glob("*.json"):
        named: dict[str, list[NativeFile]] = {}
        for path, pin in read_native(index).items():
            named.setdefault(path.rpartition("/")[2], []).append(NativeFile(path, **pin))
        found |= {entry["map"]: named for entry in read_index(index).values()}
    return found
