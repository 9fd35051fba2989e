"""Outputs appear whole or not at all: write beside the final name, then rename. What a run wrote is read with care."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def opened(path: str | Path, what: str) -> Iterator[Any]:
    """A NetCDF file that a rule wrote, its numbers unmasked; one sentence where it cannot be read as `what`."""
    import netCDF4

    try:
        file = netCDF4.Dataset(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read as {what} ({error}). Remove it and run its rule again.") from None
    with file:
        file.set_auto_mask(False)
        yield file
