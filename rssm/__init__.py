"""Long, consistent, global soil moisture from satellites, by reproducible pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray

__version__ = "0.1.0"


def open(path: str | Path) -> xarray.Dataset:
    """The data set as xarray, lazily: of a year's file, a Zarr cube, the data set's folder, or a run's."""
    from rssm.opened import open_data_set

    return open_data_set(path)
