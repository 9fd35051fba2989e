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
    """A file (.nc), a Zarr cube, or the data set that lies in a folder: its cube of maps, or else its years.

    Cubes of several depths of soil become one data set, whose variables have an attribute `depth` each.
    """
    import xarray

    place = _inside(Path(path))
    try:
        if isinstance(place, dict):
            depths = [_of_depth(xarray.open_zarr(cube)) for cube in place.values()]
            return xarray.merge(depths, compat="override", join="exact", combine_attrs="drop_conflicts")
        if isinstance(place, Path):
            if place.is_dir():
                return xarray.open_zarr(place)
            return xarray.open_dataset(place, decode_coords="all", engine="netcdf4")
        return xarray.open_mfdataset(place, decode_coords="all", data_vars="minimal", engine="netcdf4")
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path}: cannot be opened ({' '.join(str(error).split())}). {EXPECTED}") from None


def _of_depth(cube: xarray.Dataset) -> xarray.Dataset:
    """A cube whose variables say themselves of which depth they are."""
    top, bottom = (f"{edge:g}" for edge in cube["depth_bnds"].values.ravel())
    for variable in cube.data_vars.values():
        if "time" in variable.dims and "lat" in variable.dims and variable.attrs.get("units") == "m3 m-3":
            variable.attrs["depth"] = f"{top} to {bottom} m"
    return cube.drop_vars(["depth", "depth_bnds"])


def _inside(place: Path) -> Path | list[Path] | dict[str, Path]:
    """The file or cube that a path stands for, the files of several years, or the cubes of several depths."""
    if place.is_file() or (place / ".zmetadata").is_file():
        return place
    folders = data_sets_in(place)
    if len(folders) > 1:
        raise InputError(f"{place}: holds several data sets, {' and '.join(map(str, folders))}. Name one.")
    for folder in folders:
        cubes = cubes_in(folder, "maps")
        years = sorted((folder / "netcdf").glob("*.nc"))
        tables = sorted({path.stem[: -len("_2015")] for path in years} | set(cubes) - {""})
        if len(tables) > 1 and set(cubes) == set(tables):
            return cubes
        if len(tables) > 1:
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
