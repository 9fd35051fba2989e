"""NetCDF-4 and HDF5 files, by h5py as it stands and in the ways of the NetCDF library."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import netCDF4
import numpy as np
import xarray
from numpy.typing import NDArray

X, Y = np.arange(-172.5, 180, 15), np.arange(82.5, -90, -15)
FILL = np.float32(-9999)
Write = Callable[[Path, NDArray[Any]], None]
TEXT = h5py.string_dtype()


def _raw(values: NDArray[Any]) -> NDArray[Any]:
    return np.where(np.isnan(values), FILL, values).astype("f4")


def plain(file: h5py.File, values: NDArray[Any], kind: str = "f4", names: bool = True, **how: Any) -> h5py.Dataset:
    """Axes and map of a file, the way h5netcdf writes them."""
    for name, numbers, units in (("lat", Y, "degrees_north"), ("lon", X, "degrees_east")):
        axis = file.create_dataset(name, data=numbers)
        axis.attrs["units"] = units
        axis.make_scale(name if names else "")
    data = file.create_dataset("sm", data=_raw(values).astype(kind), **how)
    data.attrs["_FillValue"] = np.array([FILL], kind)
    data.dims[0].attach_scale(file["lat"])
    data.dims[1].attach_scale(file["lon"])
    return data


def by_h5py(
    path: Path, values: NDArray[Any], also: Callable[[h5py.File], None] = lambda _: None, **options: Any
) -> None:
    how = {key: options.pop(key) for key in list(options) if key not in ("libver", "userblock_size", "track_order")}
    with h5py.File(path, "w", **options) as file:
        plain(file, values, **how)
        also(file)


def _texts(file: h5py.File) -> None:
    file.create_dataset("texts", data=["", "a", "", "b" * 300, ""], dtype=TEXT).attrs["comment"] = ""
    file["sm"].attrs["units"] = ""  # an empty text, in a heap
    file["sm"].attrs["flag_meanings"] = np.array(["", "x", ""], dtype=object)


def _null_texts(file: h5py.File) -> None:
    file.create_dataset("texts", (5,), dtype=TEXT)  # never written
    file["sm"].attrs.create("units", h5py.Empty(TEXT))
    file["sm"].attrs["scale_factor"] = h5py.Empty("f4")


def _lists(file: h5py.File) -> None:
    lists = file.create_dataset("lists", (4,), dtype=h5py.vlen_dtype(np.int32))
    lists[0], lists[2] = np.arange(5), np.arange(0)
    file["sm"].attrs["units"] = "m3 m-3"


def _other_types(file: h5py.File) -> None:
    file["compound"] = np.zeros(3, [("a", "i4"), ("b", "f8", (2,))])
    file["opaque"] = np.array([b"12"], "V2")
    file.create_dataset("enum", data=[0, 1], dtype=h5py.enum_dtype({"A": 0, "B": 1}, "i1"))
    file["truth"], file["complex"], file["half"] = np.array([True]), np.array([1j]), np.array([1], "f2")
    file["type"] = np.dtype("f8")
    file["reference"] = np.array([file.ref], h5py.ref_dtype)
    file["time"] = h5py.Empty("f8")
    h5py.h5d.create(file.id, b"unix_time", h5py.h5t.UNIX_D32LE, h5py.h5s.create_simple((2,)))
    file["scalar"], file["nothing"] = 3.5, np.zeros((0, 4))


def _links(file: h5py.File) -> None:
    file["gone"], file["away"] = h5py.SoftLink("/nowhere"), h5py.ExternalLink("nowhere.h5", "/x")
    file.move("sm", "real_name")
    file["sm"] = h5py.SoftLink("/real_name")


def _many_attributes(file: h5py.File) -> None:
    for number in range(60):
        file["sm"].attrs[f"note {number}"] = "x" * number
    file["sm"].attrs["huge"] = np.arange(7000.0)
    file.attrs["история"] = "текст"


def _forgotten_heap(file: h5py.File) -> None:
    """Free space that still looks like a heap, partly written over: the format leaves it as it was."""
    file["rest"] = np.frombuffer(b"GCOL\1\0\0\0" + (4096).to_bytes(8, "little") + bytes(range(1, 241)), "u1")
    file["sm"].attrs["units"] = np.array("m3 m-3", dtype=TEXT)


def _half_labelled(file: h5py.File) -> None:
    file.create_dataset("flags", data=np.zeros((12, 24, 2), "u1")).dims[0].attach_scale(file["lat"])


def in_sizes_of_four(path: Path, values: NDArray[Any]) -> None:
    properties = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    properties.set_sizes(4, 4)
    with h5py.File(h5py.h5f.create(bytes(path), h5py.h5f.ACC_TRUNC, properties)) as file:
        plain(file, values)
        _texts(file)


def compact(path: Path, values: NDArray[Any]) -> None:
    with h5py.File(path, "w") as file:
        plain(file, values)
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_layout(h5py.h5d.COMPACT)
        small = h5py.h5d.create(file.id, b"flag", h5py.h5t.STD_U8BE, h5py.h5s.create_simple((12, 24)), properties)
        small.write(h5py.h5s.ALL, h5py.h5s.ALL, np.zeros((12, 24), "u1"))


def _time(data: netCDF4.Dataset, length: int | None) -> None:
    data.createDimension("time", length)
    time = data.createVariable("time", "f8", ("time",))
    time.units, time[:] = "days since 2015-04-01 00:00:00", [0.5]


def by_netcdf4(path: Path, values: NDArray[Any], kind: str = "NETCDF4", time: Any = ..., **how: Any) -> None:
    with netCDF4.Dataset(path, "w", format=kind) as data:
        for name, numbers, units in (("lat", Y, "degrees_north"), ("lon", X, "degrees_east")):
            data.createDimension(name, numbers.size)
            axis = data.createVariable(name, "f4", (name,))
            axis.units, axis[:] = units, numbers
        if time is not ...:
            _time(data, time)
        data.createDimension("unused", None if time is not None else 2)
        data.createVariable("never", "i2", ("unused", "lat"))
        if kind == "NETCDF4":
            data.createVariable("text", str, ("lat",))[3] = "here"
            data.createVariable("id", "i8", ())[...] = 7
            data.createGroup("inner").createDimension("lat", 3)
            data.createEnumType(np.uint8, "state", {"dry": 0, "wet": 1})
        data.setncattr("title", "")
        data.setncattr("history", "x" * 70_000)
        names = ("lat", "lon") if time is ... else ("time", "lat", "lon")
        sm = data.createVariable("sm", "f4", names, fill_value=FILL, **how)
        sm.units = "m3 m-3"
        sm[:] = _raw(values).reshape(sm.shape if time is ... else (1, 12, 24))


def by_xarray(path: Path, values: NDArray[Any], engine: Any = "netcdf4", **encoding: Any) -> None:
    map_ = xarray.DataArray(values.astype("f4")[None], dims=("time", "lat", "lon"), name="sm")
    map_ = map_.assign_coords(
        time=[np.datetime64("2015-04-01T12:00", "ns")], lat=Y, lon=X, number=1, note=("lat", ["ä"] * 12)
    )
    map_.to_netcdf(path, engine=engine, encoding={"sm": encoding})


VARIANTS: dict[str, Write] = {
    "as h5py writes it": by_h5py,
    "latest format": partial(by_h5py, libver="latest", also=_texts),
    "format 1.8": partial(by_h5py, libver=("v108", "v108"), also=_texts),
    "block of the user": partial(by_h5py, userblock_size=1024, also=_texts),
    "sizes of four bytes": in_sizes_of_four,
    "texts that are empty": partial(by_h5py, also=_texts),
    "texts that are null": partial(by_h5py, also=_null_texts),
    "lists without members": partial(by_h5py, also=_lists),
    "other types beside": partial(by_h5py, also=_other_types),
    "links": partial(by_h5py, also=_links),
    "many attributes": partial(by_h5py, also=_many_attributes, track_order=True),
    "many attributes, latest": partial(by_h5py, also=_many_attributes, libver="latest"),
    "a forgotten heap": partial(by_h5py, also=_forgotten_heap),
    "dimensions without scales beside": partial(by_h5py, also=_half_labelled),
    "scales without names": partial(by_h5py, names=False),
    "compact": compact,
    "big-endian": partial(by_h5py, kind=">f4"),
    "eight bytes": partial(by_h5py, kind="f8", chunks=(5, 7), compression="gzip", shuffle=True),
    "checksums": partial(by_h5py, chunks=(5, 7), fletcher32=True, shuffle=True, compression="gzip"),
    "lzf": partial(by_h5py, chunks=(12, 24), compression="lzf"),
    "chunks, no filter, unlimited": partial(by_h5py, chunks=(4, 4), maxshape=(None, None)),
    "scale and offset filter": partial(by_h5py, chunks=(4, 4), scaleoffset=4),
    "netcdf": by_netcdf4,
    "netcdf, unlimited time": partial(by_netcdf4, time=None, zlib=True, complevel=9, fletcher32=True),
    "netcdf, time of one": partial(by_netcdf4, time=1, contiguous=True),
    "netcdf, classic model": partial(by_netcdf4, kind="NETCDF4_CLASSIC", time=None),
    "netcdf, big-endian": partial(by_netcdf4, endian="big"),
    "xarray": by_xarray,
    "xarray, packed": partial(by_xarray, dtype="i2", scale_factor=0.01, add_offset=0.0, _FillValue=-1),
    "xarray, a scale alone": partial(by_xarray, dtype="i2", scale_factor=0.01, _FillValue=-1),
    "xarray, unsigned in half per mille": partial(
        by_xarray, dtype="u2", scale_factor=0.0005, add_offset=0.0, _FillValue=65535
    ),
}
