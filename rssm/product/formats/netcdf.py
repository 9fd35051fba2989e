"""CF NetCDF: one file per year, written dekad by dekad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.grid import GRID, Window
from rssm.product.formats.axes import Axis, scalar_axes, space_axes, time_axes
from rssm.product.formats.layers import LAYERS, Codes, Layer, Packing, attributes

CACHE = 1 << 20  # bytes of chunks kept per variable: whole chunks come and go, and the default is 64 times as much


class LayerFile:
    """An open NetCDF file with room for the maps of some layers; `put` writes one step."""

    def __init__(
        self,
        path: str | Path,
        window: Window,
        times: Mapping[str, Axis],
        layers: Mapping[Layer, Mapping[str, Any]],
        storage: Mapping[str, Any],
        about: Mapping[str, Any],
    ) -> None:
        """Create the file.

        times    time axis with its bounds and labels
        layers   layer → its attributes
        storage  packing, level, rows and columns of a chunk (settings)
        about    global attributes
        """
        self._file = netCDF4.Dataset(path, "w")
        self._file.setncatts(dict(about))
        self._layers, self._packing = layers, storage["packing"]
        # time has no limit, or NCO could not lay years one behind the other
        for name, size in (("time", None), ("lat", window.rows), ("lon", window.columns), ("bnds", 2)):
            self._file.createDimension(name, size)
        for name, axis in (dict(times) | scalar_axes() | space_axes(window)).items():
            put_axis(self._file, name, axis)
        chunks = (1, min(window.rows, storage["rows"]), min(window.columns, storage["columns"]))
        for layer, known in layers.items():
            scale, gap = layer.scale(self._packing), layer.missing(self._packing)
            variable = self._file.createVariable(
                layer.name,
                layer.stored_dtype(self._packing),
                ("time", "lat", "lon"),
                zlib=True,
                complevel=storage["level"],
                shuffle=True,
                chunksizes=chunks,
                fill_value=False if gap is None else gap,
            )
            packed = {} if scale is None else {"scale_factor": np.float32(scale)}
            variable.setncatts({**known, **packed, "grid_mapping": "crs", "coordinates": "depth period"})
            variable.set_auto_maskandscale(False)
            variable.set_var_chunk_cache(CACHE)

    def put(self, at: int, stored: Mapping[str, NDArray[Any]]) -> None:
        """Write the packed layers (row, column) of the `at`-th step."""
        for layer in self._layers:
            self._file[layer.name][at] = stored[layer.name]

    def close(self) -> None:
        self._file.close()


def year_file(
    path: str | Path,
    window: Window,
    steps: Sequence[int],
    codes: Codes,
    storage: Mapping[str, Any],
    about: Mapping[str, Any],
) -> LayerFile:
    """A file for all layers of some dekads."""
    layers = {layer: attributes(layer, codes, storage["packing"]) for layer in LAYERS}
    return LayerFile(path, window, time_axes(steps), layers, storage, about)


def put_axis(file: netCDF4.Dataset, name: str, axis: Axis) -> None:
    """Write a coordinate variable."""
    dtype = str if axis.values.dtype == object else axis.values.dtype
    growing = any(file.dimensions[dimension].isunlimited() for dimension in axis.dimensions)
    variable = file.createVariable(name, dtype, axis.dimensions, chunksizes=axis.values.shape if growing else None)
    variable.setncatts(axis.attributes)
    variable[:] = axis.values


class YearReader:
    """The stored numbers of a yearly file, and where and when they are."""

    def __init__(self, path: str | Path) -> None:
        try:
            self._file = netCDF4.Dataset(path)
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read as a year of the data set ({error}). Run its rule again."
            ) from None
        self.path = Path(path)
        self._file.set_auto_maskandscale(False)
        for variable in self._file.variables.values():
            if variable.chunking() not in (None, "contiguous"):
                variable.set_var_chunk_cache(CACHE)
        if "soil_moisture" not in self._file.variables:
            raise InputError(f"{path}: has no variable soil_moisture; expected a yearly file of the data set.")
        self.packing: Packing = "int16" if self._file["soil_moisture"].dtype == np.int16 else "float32"
        self.steps = [DEKADS.parse(str(label)) for label in self._file["period"][:]]
        north, west = float(self._file["lat_bnds"][0].max()), float(self._file["lon_bnds"][0].min())
        rows, columns = (len(self._file.dimensions[name]) for name in ("lat", "lon"))
        n = GRID.zone_pixels
        self.window = Window(round((GRID.north - north) * n), round((west + 180) * n), rows, columns)
        self.attributes = {name: self._file.getncattr(name) for name in self._file.ncattrs()}

    @cached_property
    def codes(self) -> Codes:
        """Names behind the numbers of layers of codes."""
        rounds = [name.removeprefix("SIM-") for name in self._names("round")[1:]]
        return Codes(self._names("network_used")[1:], rounds, len(self._names("fill_distance")) - 2)

    def _names(self, layer: str) -> list[str]:
        return str(self._file[layer].flag_meanings).split()

    def stored(self, layer: str, time: Any = slice(None), rows: slice = slice(None)) -> NDArray[Any]:
        """Stored numbers (dekad, row, column) of some dekads and rows."""
        values: NDArray[Any] = self._file[layer][time, rows]
        return values

    def __enter__(self) -> YearReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
