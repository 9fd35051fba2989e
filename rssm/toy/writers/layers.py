"""Layers of native files: blocks of cells put into arrays of the true global shape, in HDF5, netCDF-4, HDF4 or GeoTIFF.

Chunks that no block touches are never stored; HDF4 arrays are holes in a sparse file, which read as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rssm.config.catalogue import Product
from rssm.toy.footprint import Cells, axes
from rssm.toy.geography import Array
from rssm.toy.names import file_name
from rssm.toy.observe import Overpasses, observe
from rssm.toy.truth import Earth, Year

CHUNK = 128
LATITUDE = {"units": "degrees_north", "standard_name": "latitude"}
LONGITUDE = {"units": "degrees_east", "standard_name": "longitude"}
Coordinates = Mapping[str, tuple[str, NDArray[Any], Mapping[str, Any]]]  # axis → name, whole axis as stored, attributes


@dataclass(frozen=True)
class Asked:
    """What a writer is asked for: the files of a product in a year that begin on some days (day numbers)."""

    earth: Earth
    product_id: str
    product: Product
    year: int
    days: NDArray[np.int64]

    @property
    def truth(self) -> Year:
        return self.earth.year(self.year)

    @cached_property
    def seen(self) -> Overpasses:
        """What the product's sensor retrieves on the days."""
        return observe(self.earth, self.product_id, self.days)

    def each(self) -> Iterator[tuple[int, date]]:
        """Index and date of the days."""
        return enumerate(date.fromordinal(int(day)) for day in self.days)

    def name(self, day: date, **variant: str) -> str:
        """Name of the file of a day."""
        return file_name(self.product_id, self.product, day, **variant)


@dataclass(frozen=True)
class Layer:
    """One array of a file.

    data        (row, column) or (t, row, column) as stored, north up, on the cells of a region
    fill        the stored number for "missing", or None where the format declares none
    axes        order of dimensions in the file: t(ime or other), y, x, and 1 for one of length 1
    """

    name: str
    data: NDArray[Any]
    fill: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    axes: str = "yx"


@dataclass(frozen=True)
class Native:
    """A file to be written: its name below the archive's root, how, and a checksum of what it will hold."""

    name: str
    save: Callable[[Path], None]
    checksum: str

    @classmethod
    def of(
        cls, name: str, write: Callable[..., None], cells: Cells, layers: Sequence[Layer], *args: Any, **kwargs: Any
    ) -> Native:
        """A file that `write(path, cells, layers, …)` makes."""

        def save(path: Path) -> None:
            write(path, cells, layers, *args, **kwargs)

        return cls(name, save, checksum(name, layers))


def checksum(name: str, layers: Sequence[Layer]) -> str:
    """Checksum of a file's name, layers and values: the same whatever library packs them."""
    total = crc32(name.encode())
    for layer in layers:
        total = crc32(np.ascontiguousarray(layer.data).tobytes(), crc32(layer.name.encode(), total))
    return f"crc32:{total:08x}"


def stored(values: Array, scale: float, fill: float, dtype: DTypeLike) -> NDArray[Any]:
    """Values as scaled integers; NaN becomes the fill value, what does not fit the type its nearest end."""
    kind = np.dtype(dtype)
    limits = np.iinfo(kind)
    whole = np.clip(np.rint(np.nan_to_num(values) / scale), limits.min, limits.max)
    return np.where(np.isnan(values), fill, whole).astype(kind)


def filled(values: Array, fill: float) -> NDArray[np.float32]:
    """Values with NaN replaced by the fill value."""
    return np.where(np.isnan(values), np.float32(fill), values).astype(np.float32)


def shifted(cells: Cells) -> Cells:
    """The same cells counted from the prime meridian instead of from 180° W."""
    return replace(cells, columns=(cells.columns + cells.grid.columns // 2) % cells.grid.columns)


def put(target: Any, layer: Layer, cells: Cells, south_first: bool = False) -> None:
    """Write a layer's block where it belongs in an array of the global shape."""
    if not len(cells.rows):
        return
    first, last = int(cells.rows[0]), int(cells.rows[-1]) + 1
    rows = slice(cells.grid.rows - last, cells.grid.rows - first) if south_first else slice(first, last)
    data = layer.data[..., ::-1, :] if south_first else layer.data
    have = "tyx"[3 - data.ndim :]
    order = [have.index(axis) for axis in layer.axes if axis != "1"]
    for columns, part in cells.pieces():
        block = np.ascontiguousarray(data[..., part].transpose(order))
        where = tuple({"t": slice(None), "y": rows, "x": columns, "1": 0}[axis] for axis in layer.axes)
        target[where] = block


def shape_of(layer: Layer, cells: Cells) -> tuple[int, ...]:
    """Global shape of a layer in the order of its axes."""
    sizes = {"t": layer.data.shape[0], "y": cells.grid.rows, "x": cells.grid.columns, "1": 1}
    return tuple(sizes[axis] for axis in layer.axes)


def _chunks(layer: Layer, cells: Cells) -> tuple[int, ...]:
    sizes = zip(layer.axes, shape_of(layer, cells), strict=True)
    return tuple(min(size, CHUNK) if axis in "yx" else 1 for axis, size in sizes)


def write_hdf5(path: Path, cells: Cells, layers: Sequence[Layer], attributes: Mapping[str, Any] | None = None) -> None:
    """An HDF5 file; a layer's name may hold groups."""
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs.update(attributes or {})
        for layer in layers:
            array = file.create_dataset(
                layer.name,
                shape_of(layer, cells),
                layer.data.dtype,
                chunks=_chunks(layer, cells),
                compression=1,
                fillvalue=layer.fill,
                track_times=False,
            )
            array.attrs.update(layer.attributes)
            put(array, layer, cells)


def lat_lon(grid_id: str, order: str = "yx", south_first: bool = False) -> Coordinates:
    """Axes `lat` and `lon` of a native grid, as most agencies describe them, in the order in which a file has them."""
    latitude, longitude = axes(grid_id)
    both: Coordinates = {
        "y": ("lat", latitude[::-1] if south_first else latitude, LATITUDE),
        "x": ("lon", longitude, LONGITUDE),
    }
    return {axis: both[axis] for axis in order}


def write_netcdf(
    path: Path,
    cells: Cells,
    layers: Sequence[Layer],
    coordinates: Coordinates,
    attributes: Mapping[str, Any] | None = None,
    south_first: bool = False,
    classic: bool = False,
) -> None:
    """A netCDF-4 file.

    coordinates   of axes t (may be absent), y and x, in the order in which the file declares them
    """
    import netCDF4

    with netCDF4.Dataset(path, "w", format="NETCDF4_CLASSIC" if classic else "NETCDF4") as file:
        file.set_auto_mask(False)
        file.set_auto_scale(False)
        file.setncatts(dict(attributes or {}))
        for axis, (name, values, attached) in coordinates.items():
            file.createDimension(name, None if axis == "t" else len(values))
            variable = file.createVariable(name, values.dtype, (name,))
            variable.setncatts(dict(attached))
            variable[:] = values
        for layer in layers:
            variable = file.createVariable(
                layer.name,
                layer.data.dtype,
                tuple(coordinates[axis][0] for axis in layer.axes),
                compression="zlib",
                complevel=1,
                chunksizes=_chunks(layer, cells),
                fill_value=layer.fill if layer.fill is not None else False,
            )
            variable.set_auto_maskandscale(False)
            variable.setncatts(dict(layer.attributes))
            put(variable, layer, cells, south_first)


def write_hdf4(path: Path, cells: Cells, layers: Sequence[Layer], attributes: Mapping[str, str]) -> None:
    """An HDF4 file of scientific data sets; HDF-EOS2 puts its grids into the attribute `StructMetadata.0`."""
    # the library stores the path it is given: a name without folder or process keeps the bytes of every run the same
    with TemporaryDirectory(dir=path.parent, prefix=".part") as beside:
        with chdir(beside):
            _write_hdf4("toy.hdf", cells, layers, attributes)
        Path(beside, "toy.hdf").replace(path)


def _write_hdf4(file_name: str, cells: Cells, layers: Sequence[Layer], attributes: Mapping[str, str]) -> None:
    from pyhdf.SD import SD, SDC

    kinds = {"uint8": SDC.UINT8, "int16": SDC.INT16, "uint16": SDC.UINT16, "float64": SDC.FLOAT64, "uint32": SDC.UINT32}
    file = SD(file_name, SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    try:
        file.setfillmode(SDC.NOFILL)
        for name, text in attributes.items():
            file.attr(name).set(SDC.CHAR8, text)
        for layer in layers:
            kind = kinds[layer.data.dtype.name]
            array = file.create(layer.name, kind, shape_of(layer, cells))
            for name, value in layer.attributes.items():
                if isinstance(value, str):
                    array.attr(name).set(SDC.CHAR8, value)
                else:
                    array.attr(name).set(SDC.FLOAT64 if isinstance(value, float) else kind, value)
            put(array, layer, cells)
            array.endaccess()
    finally:
        file.end()


def eos_grid(name: str, cells: Cells, corners: tuple[tuple[float, float], tuple[float, float]], projection: str) -> str:
    """Text of one grid in `StructMetadata.0`; `corners` are upper left and lower right in the units HDF-EOS2 uses."""
    (left, top), (right, bottom) = corners
    return (
        f'\tGROUP=GRID_1\n\t\tGridName="{name}"\n\t\tXDim={cells.grid.columns}\n\t\tYDim={cells.grid.rows}\n'
        f"\t\tUpperLeftPointMtrs=({left:f},{top:f})\n\t\tLowerRightMtrs=({right:f},{bottom:f})\n"
        f"\t\tProjection={projection}\n\t\tGridOrigin=HDFE_GD_UL\n\tEND_GROUP=GRID_1\n"
    )


def struct_metadata(grids: Sequence[str]) -> str:
    """The text of `StructMetadata.0`."""
    numbered = "".join(grid.replace("GRID_1", f"GRID_{i}") for i, grid in enumerate(grids, 1))
    return (
        "GROUP=SwathStructure\nEND_GROUP=SwathStructure\nGROUP=GridStructure\n"
        f"{numbered}END_GROUP=GridStructure\nGROUP=PointStructure\nEND_GROUP=PointStructure\nEND\n"
    )


def write_geotiff(path: Path, cells: Cells, bands: Sequence[Layer], nodata: float | None) -> None:
    """A tiled GeoTIFF whose untouched tiles are not stored."""
    import rasterio
    from rasterio.windows import Window

    grid = cells.grid
    with rasterio.open(
        path, "w", driver="GTiff", width=grid.columns, height=grid.rows, count=len(bands), dtype=bands[0].data.dtype,
        crs=grid.crs, transform=rasterio.Affine(*grid.transform), nodata=nodata, tiled=True, blockxsize=CHUNK,
        blockysize=CHUNK, compress="deflate", sparse_ok=True,
    ) as file:  # fmt: skip
        for number, band in enumerate(bands, 1):
            for columns, part in cells.pieces():
                window = Window(columns.start, int(cells.rows[0]), columns.stop - columns.start, len(cells.rows))
                file.write(np.ascontiguousarray(band.data[:, part]), number, window=window)
