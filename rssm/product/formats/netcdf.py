"""CF NetCDF: one file per year, written step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.errors import InputError
from rssm.files import Kind
from rssm.grid import Window, grid_of
from rssm.layer import Layer, Packing
from rssm.product.formats.axes import Axis, scalar_axes, space_axes, time_axes
from rssm.product.formats.described import described, description, layer_of, main_of
from rssm.product.records.frame import Frame, words

if TYPE_CHECKING:
    from rssm.config.product import Layers

YEAR = Kind("year of the data set")
CACHE = 1 << 20  # bytes of chunks kept per variable: whole chunks come and go, and the default is 64 times as much


class LayerFile:
    """An open NetCDF file with room for the maps of some layers; `put` writes one step."""

    def __init__(
        self,
        file: Any,
        frame: Frame,
        times: Mapping[str, Axis],
        layers: Mapping[Layer, Mapping[str, Any]],
        storage: Layers,
        about: Mapping[str, Any],
    ) -> None:
        """Lay out a new file.

        times   time axis with its bounds and labels
        layers  layer → its attributes
        about   global attributes
        """
        file.setncatts(dict(about))
        self._file, self._layers, window = file, layers, frame.window
        # time has no limit, or NCO could not lay years one behind the other
        for name, size in (("time", None), ("lat", window.rows), ("lon", window.columns), ("bnds", 2)):
            file.createDimension(name, size)
        for name, axis in (dict(times) | scalar_axes(frame) | space_axes(frame)).items():
            put_axis(file, name, axis)
        chunks = (
            min(storage.steps, times["time"].values.size),
            min(window.rows, storage.rows),
            min(window.columns, storage.columns),
        )
        for layer, known in layers.items():
            scale, gap = layer.scale(storage.packing), layer.missing(storage.packing)
            variable = file.createVariable(
                layer.name,
                layer.stored_dtype(storage.packing),
                ("time", "lat", "lon"),
                zlib=True,
                complevel=storage.level,
                shuffle=True,
                chunksizes=chunks,
                fill_value=False if gap is None else gap,
            )
            packed = {} if scale is None else {"scale_factor": np.float32(scale)}
            variable.setncatts({**known, **packed, "grid_mapping": "crs", "coordinates": "depth period"})
            variable.set_auto_maskandscale(False)
            variable.set_var_chunk_cache(_cache(variable))

    def put(self, at: int, stored: Mapping[str, NDArray[Any]]) -> None:
        """Write the packed layers (row, column) of the `at`-th step."""
        for layer in self._layers:
            self._file[layer.name][at] = stored[layer.name]


@contextmanager
def year_file(
    path: str | Path,
    frame: Frame,
    steps: Sequence[int],
    layers: Sequence[Layer],
    storage: Layers,
    about: Mapping[str, Any],
) -> Iterator[LayerFile]:
    """A new file for all layers of some steps."""
    known = described(layers, storage.packing, words(frame.calendar).period)
    with YEAR.created(path) as file:
        yield LayerFile(file, frame, time_axes(frame.calendar, steps), known, storage, about)


def put_axis(file: netCDF4.Dataset, name: str, axis: Axis) -> None:
    """Write a coordinate variable."""
    dtype = str if axis.values.dtype == object else axis.values.dtype.newbyteorder("=")
    growing = any(file.dimensions[dimension].isunlimited() for dimension in axis.dimensions)
    variable = file.createVariable(name, dtype, axis.dimensions, chunksizes=axis.values.shape if growing else None)
    variable.setncatts(axis.attributes)
    variable[:] = axis.values


def _cache(variable: netCDF4.Variable) -> int:
    """Bytes of chunks to keep: where a chunk holds several steps, all that a step touches, so that steps may come one by one."""
    chunk = [int(size) for size in variable.chunking()]
    touched = prod(-(-size // of) for size, of in zip(variable.shape[1:], chunk[1:], strict=True))
    return CACHE if chunk[0] == 1 else max(CACHE, touched * prod(chunk) * variable.dtype.itemsize)


class YearReader:
    """The stored numbers of a yearly file, or of the climatology, and where and when they are.

    attributes  of the file, without its kind and layout
    known       layer → its attributes, without those of its storage
    layers      all of them by name, as the file describes them
    main        soil moisture, or what was made of it
    """

    def __init__(self, path: str | Path, kind: Kind = YEAR, calendar: Calendar | None = None) -> None:
        """Open a file; `calendar` of its periods, where they are no steps of the data set."""
        self.path, self._open = Path(path), ExitStack()
        self._blocks: dict[str, tuple[Any, NDArray[Any]]] = {}
        self._file = self._open.enter_context(kind.opened(path))
        self._file.set_auto_maskandscale(False)
        for variable in self._file.variables.values():
            if variable.chunking() not in (None, "contiguous"):
                variable.set_var_chunk_cache(CACHE)
        stored = {name: one.__dict__ for name, one in self._file.variables.items() if one.ndim == 3}
        self.known = {name: description(own) for name, own in stored.items()}
        self.layers = {name: layer_of(name, self._file[name].dtype, own) for name, own in stored.items()}
        main, sigma = main_of(self.known)
        self.main, self._sigma = self.layers[main], sigma
        self.packing: Packing = "int16" if self._file[self.main.name].dtype == np.int16 else "float32"
        known = {name: self._file.getncattr(name) for name in self._file.ncattrs()}
        self.attributes = {name: value for name, value in known.items() if name not in ("kind", "layout")}
        grid, calendar = grid_of(known["grid_id"]), calendar or CALENDARS[known["calendar_id"]]
        self.steps = [calendar.parse(str(label)) for label in self._file["period"][:]]
        north, west = float(self._file["lat_bnds"][0].max()), float(self._file["lon_bnds"][0].min())
        row, column = round(grid.row_at(north)), round((west - grid.west) / grid.column_step)
        rows, columns = (len(self._file.dimensions[name]) for name in ("lat", "lon"))
        top, bottom = self._file["depth_bnds"][:].tolist()
        self.frame = Frame(grid, Window(row, column, rows, columns), calendar, (top, bottom))
        self.window = self.frame.window

    @property
    def sigma(self) -> Layer:
        """The standard uncertainty of soil moisture."""
        if self._sigma is None:
            raise InputError(f"{self.path}: {self.main.name} names no uncertainty among its ancillary variables.")
        return self.layers[self._sigma]

    def bit(self, meaning: str) -> int:
        """Number of the flag that says something; 0 where the file has none that does."""
        return self.layers["flags"].bit(meaning) if "flags" in self.layers else 0

    def values(self, layer: Layer, at: int) -> NDArray[Any]:
        """Values (row, column) of a layer at a position."""
        return layer.unpack(self.stored(layer.name, at), self.packing)

    def stored(self, layer: str, time: Any = slice(None), rows: slice = slice(None)) -> NDArray[Any]:
        """Stored numbers (step, row, column) of some steps and rows, or (row, column) of one step."""
        chunks = self._file[layer].chunking()  # a list, or a word where other tools wrote the file in one piece
        several = int(chunks[0]) if isinstance(chunks, list) else 1
        if several > 1 and isinstance(time, int | np.integer):
            first = int(time) // several * several
            return self._block(layer, slice(first, first + several), rows)[int(time) - first]
        values: NDArray[Any] = self._file[layer][time, rows]
        return values

    def _block(self, layer: str, time: slice, rows: slice) -> NDArray[Any]:
        """Steps that lie in one chunk; the last block of each layer is kept, because steps are asked for one by one."""
        asked = time.start, rows.start, rows.stop
        if layer not in self._blocks or self._blocks[layer][0] != asked:
            self._blocks[layer] = asked, self._file[layer][time, rows]
        return self._blocks[layer][1]

    def forget(self) -> None:
        """Let go of blocks that are kept."""
        self._blocks.clear()

    def __enter__(self) -> YearReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
