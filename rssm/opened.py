"""The data set as xarray, lazily, from wherever one points to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rssm.errors import InputError
from rssm.paths import cubes_in, data_sets_in

if TYPE_CHECKING:
    import xarray

EXPECTED = "Expected a .nc file, a .zarr cube, or the folder of a data set or of the run that made it."


def open_data_set(path: str | Path) -> xarray.Dataset:
    """A file (.nc), a Zarr cube, or the data set that lies in a folder: its cube of maps, or else its years."""
    import xarray

    place = _inside(Path(path))
    try:
        if isinstance(place, Path):
            if place.is_dir():
                return xarray.open_zarr(place)
            return xarray.open_dataset(place, decode_coords="all", engine="netcdf4")
        return xarray.open_mfdataset(place, decode_coords="all", data_vars="minimal", engine="netcdf4")
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path}: cannot be opened ({' '.join(str(error).split())}). {EXPECTED}") from None


def _inside(place: Path) -> Path | list[Path]:
    """The file or cube that a path stands for, or the files of several years."""
    if place.is_file() or (place / ".zmetadata").is_file():
        return place
    folders = data_sets_in(place)
    if len(folders) > 1:
        raise InputError(f"{place}: holds several data sets, {' and '.join(map(str, folders))}. Name one.")
    for folder in folders:
        cubes = cubes_in(folder, "maps")
        years = sorted((folder / "netcdf").glob("*.nc"))
        if len(tables := sorted({path.stem[: -len("_2015")] for path in years} | set(cubes) - {""})) > 1:
            raise InputError(
                f"{folder}: has several tables, {', '.join(tables)}. Name a cube of one, such as"
                f" {folder}/zarr/{tables[0]}/maps.zarr, or a year, such as {years[-1]}."
            )
        if cubes:
            return next(iter(cubes.values()))
        if len(years) == 1:
            return years[0]
        if years:
            return _with_dask(folder, years)
    raise InputError(f"{place}: no data set is there. {EXPECTED}")


def _with_dask(folder: Path, years: list[Path]) -> list[Path]:
    """Files that only dask can join without reading them."""
    from importlib.util import find_spec

    if find_spec("dask") is None:
        raise InputError(
            f"{folder}: has {len(years)} years and no cube zarr/maps.zarr; to join them the package dask is needed."
            f" Install it, or open a year, such as {years[-1]}."
        )
    return years
