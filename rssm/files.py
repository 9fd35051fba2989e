"""Outputs appear whole or not at all: write beside the final name, then rename. What a run wrote is read with care."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rssm.errors import InputError


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`; rename it onto `path` on success, remove it on failure.

    The suffix is kept, because writers of GeoTIFF, NetCDF and HDF choose their format by it.
    """
    final = Path(path)
    final.parent.mkdir(parents=True, exist_ok=True)
    beside = final.with_name(f".{final.stem}.{os.getpid()}.part{final.suffix}")
    try:
        yield beside
        beside.replace(final)
    finally:
        beside.unlink(missing_ok=True)


@dataclass(frozen=True)
class Kind:
    """A kind of NetCDF file that rules pass on: its name, and a number raised when readers of older files could go wrong."""

    name: str
    layout: int = 1

    @contextmanager
    def created(self, path: str | Path) -> Iterator[Any]:
        """A new file, which says what it is."""
        import netCDF4

        with atomic(path) as beside, netCDF4.Dataset(beside, "w") as file:
            file.setncatts({"kind": self.name, "layout": self.layout})
            yield file

    @contextmanager
    def opened(self, path: str | Path) -> Iterator[Any]:
        """A file of this kind, its numbers unmasked; one sentence where it is not."""
        import netCDF4

        again = "Remove it and run its rule again."
        try:
            file = netCDF4.Dataset(path)
        except OSError as error:
            raise InputError(f"{path}: cannot be read as {self.name} ({error}). {again}") from None
        with file:
            kind, layout = getattr(file, "kind", "unknown"), getattr(file, "layout", None)
            if (kind, layout) != (self.name, self.layout):
                raise InputError(
                    f"{path}: holds {kind} of layout {layout}; expected {self.name} of layout {self.layout}. {again}"
                )
            file.set_auto_mask(False)
            yield file
