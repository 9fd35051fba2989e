"""The files that a report is made of, found by name among those that a job is given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class Given:
    """Files by name."""

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = sorted((Path(path) for path in paths), key=lambda path: (path.name, str(path)))

    def __getitem__(self, name: str) -> Path | None:
        """The file of a name; None where it was not made."""
        return next((path for path in self.paths if path.name == name and path.is_file()), None)

    def ending(self, suffix: str) -> list[Path]:
        """Files whose names end so."""
        return [path for path in self.paths if path.name.endswith(suffix) and path.is_file()]
