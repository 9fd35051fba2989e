"""Long, consistent, global soil moisture from satellites, by reproducible pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray

__version__ = "0.1.0"


def open(path: str | Path) -> xarray.Dataset:
    """A yearly file (.nc), a Zarr cube, or the folder of a data set (its cube of maps), as an xarray data set."""
    import xarray

    from rssm.errors import InputError

    place = Path(path)
    if (place / "zarr" / "maps.zarr").is_dir():
        place = place / "zarr" / "maps.zarr"
    if not place.exists() or (place.is_dir() and not (place / ".zmetadata").is_file()):
        raise InputError(
            f"{path}: no data set is there. Expected a .nc file, a .zarr cube, or the folder of a data set."
        )
    return xarray.open_zarr(place) if place.is_dir() else xarray.open_dataset(place)
