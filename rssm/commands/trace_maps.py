"""The part of a trace that is alike for all methods: maps of a variable, and the native files behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rssm.calendar import Calendar
from rssm.commands.native_files import Archive, native_files
from rssm.grid import Grid
from rssm.ingest.index import checksum
from rssm.product.values.sources import Maps


class MapsBehind:
    """Maps of a run, and of the edition that it extends.

    folders     of results, that of the extended edition first
    every_file  whether native files of several maps are listed too
    """

    def __init__(
        self, folders: Sequence[Path], grid: Grid, calendar: Calendar, archive: Archive, every_file: bool
    ) -> None:
        self.folders, self.every_file = list(dict.fromkeys(folders)), every_file
        self._grid, self._calendar, self._archive = grid, calendar, archive
        self._maps: dict[str, Maps] = {}

    def entry(self, variable: str, step: int) -> dict[str, Any] | None:
        """Entry of the index of the map that serves a step, with its path."""
        if variable not in self._maps:
            indices = [path for folder in self.folders for path in sorted((folder / "maps" / variable).glob("*.json"))]
            self._maps[variable] = Maps.of(indices, self._grid, self._calendar)
        return self._maps[variable].entry(variable, step)

    def lines(self, variable: str, steps: Sequence[int], head: str) -> Iterator[str]:
        """Maps of a variable that serve some steps, and the native files behind them."""
        found = [entry for step in steps if (entry := self.entry(variable, step))]
        entries = {str(entry["path"]): entry for entry in found}
        native = {file for entry in entries.values() for file in native_files(entry)}
        if len(entries) == 1:
            (entry,) = entries.values()
            yield f"{head}{variable}: {entry['path']}  {same(entry)}; {self._archive.count_text(native)}"
        else:
            yield f"{head}{variable}: {len(entries)} maps; {self._archive.count_text(native)}"
        if len(entries) == 1 or self.every_file:
            for file in sorted(native, key=lambda file: file.path):
                yield f"{' ' * len(head)}  {self._archive.path_text(file)}  {self._archive.state(file)}"


def same(entry: dict[str, Any]) -> str:
    """Whether a map is still the one that its index lists."""
    path, listed = Path(str(entry["path"])), str(entry["sha256"])
    if not path.is_file():
        return f"sha256 {listed[:16]}… (not kept)"
    return f"sha256 {listed[:16]}…" + ("" if checksum(path) == listed else "  CHANGED since it was listed")


def digest(path: Path) -> str:
    """Checksum of a file, in short."""
    return f"sha256 {checksum(path)[:16]}…" if path.is_file() else "(not kept)"
