"""The files that a report is made of, found by name among those that a job is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class Given:
    """Files by name."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = sorted((Path(path) for path in paths), key=lambda path: (path.name, str(path)))

    def below(self, room: str, folders: Sequence[str]) -> dict[str, Given]:
        """Folder of a room's folder → the files in it; of the empty name those in none of the others."""
        of: dict[str, list[str]] = {folder: [] for folder in folders}
        for path in self.paths:
            inside = path.parts[len(path.parts) - path.parts[::-1].index(room) :]
            of[inside[0] if inside[0] in folders else ""].append(str(path))
        return {folder: Given(paths) for folder, paths in of.items()}

    def __getitem__(self, name: str) -> Path | None:
        """The file of a name; None where it was not made."""
        return next((path for path in self.paths if path.name == name and path.is_file()), None)

    def ending(self, suffix: str) -> list[Path]:
        """Files whose names end so."""
        return [path for path in self.paths if path.name.endswith(suffix) and path.is_file()]
