"""By the NetCDF library, in every format and packing that it has, as ncks, nccopy and cdo leave files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

Rewrite = Callable[[Path, Path], None]
UNSIGNED = {"u1": "i1", "u2": "i2", "u4": "i4"}


def copied(
    source: Path,
    target: Path,
    form: str = "NETCDF4",
    cut: Mapping[str, slice] | None = None,
    wanted: Callable[[str, tuple[int, ...]], bool] = lambda name, shape: True,
    unlimited: bool = False,
    chunk: int = 0,
    also: Callable[[netCDF4.Dataset], None] = lambda _: None,
    **how: Any,
) -> None:
    """Dimensions, attributes and variables of all groups; `cut`: parts of dimensions; `chunk`: cells along each side."""
    with netCDF4.Dataset(source) as old, netCDF4.Dataset(target, "w", format=form) as new:
        old.set_auto_maskandscale(False)
        _group(old, new, "", _Way(form, dict(cut or {}), wanted, unlimited, chunk, how))
        also(new)


class _Way:
    def __init__(self, form: str, cut: dict[str, slice], wanted: Any, unlimited: bool, chunk: int, how: Any) -> None:
        self.classic, self.old = form != "NETCDF4", form not in ("NETCDF4", "NETCDF3_64BIT_DATA")
        self.cut, self.wanted, self.unlimited, self.chunk, self.how = cut, wanted, unlimited, chunk, how

    def number(self, value: Any) -> Any:
        """An attribute as the model has it."""
        if self.classic and isinstance(value, list):
            return " ".join(value)
        array = np.asarray(value)
        kind = self.kind(array.dtype)
        if array.dtype.kind in "iu" and kind != array.dtype:
            return array.view(kind) if array.dtype.kind == "u" else array.astype(kind)
        return value

    def kind(self, dtype: np.dtype[Any]) -> np.dtype[Any]:
        """Signed bytes for unsigned ones and 32 bits for 64, where the model has no others."""
        name = dtype.str[1:]
        if not self.old:
            return dtype
        return np.dtype({**UNSIGNED, "i8": "i4"}.get(name, name))


def _group(old: Any, new: Any, path: str, way: _Way) -> None:
    endless = _leading(old) if way.unlimited else ""
    for name, dimension in old.dimensions.items():
        part = range(len(dimension))[way.cut.get(name, slice(None))]
        new.createDimension(name, None if name == endless else len(part))
    new.setncatts({name: way.number(old.getncattr(name)) for name in old.ncattrs()})
    for name, variable in old.variables.items():
        if way.wanted(path + name, variable.shape) and not (way.classic and variable.dtype is str):
            _variable(variable, new, way)
    for name, inner in old.groups.items():
        _group(inner, new.createGroup(name), f"{path}{name}/", way)


def _leading(group: Any) -> str:
    """A dimension that comes first wherever it is used: only such a one may be unlimited in every format."""
    for name in group.dimensions:
        at = [list(v.dimensions).index(name) for v in group.variables.values() if name in v.dimensions]
        if at and max(at) == 0:
            return str(name)
    return ""


def _variable(old: Any, new: Any, way: _Way) -> None:
    text = old.dtype is str
    kind = str if text else way.kind(old.dtype)
    large = not text and old.dtype.kind != "S" and old.size > 64
    how = dict(way.how) if large else {}
    numbers = old[tuple(way.cut.get(name, slice(None)) for name in old.dimensions)]
    if way.chunk and large:
        how["chunksizes"] = [min(side, n) for side, n in zip(sides(way.chunk, old.ndim), numbers.shape, strict=True)]
    attributes = {name: way.number(old.getncattr(name)) for name in old.ncattrs()}
    made = new.createVariable(old.name, kind, old.dimensions, fill_value=attributes.pop("_FillValue", None), **how)
    made.set_auto_maskandscale(False)
    if not text and old.dtype.kind == "u" and kind != old.dtype:
        attributes["_Unsigned"] = "true"
    made.setncatts(attributes)
    if not text and kind != old.dtype:
        numbers = numbers.view(kind) if old.dtype.kind == "u" else numbers.clip(-(2**31), 2**31 - 1).astype(kind)
    made[...] = numbers


def sides(chunk: int, rank: int) -> list[int]:
    """Cells along the sides of a chunk, none as long as another; of a record a hundred times as many."""
    return [chunk * 100] if rank == 1 else [chunk + number for number in range(rank)]


def _notes(data: netCDF4.Dataset) -> None:
    """Attributes of every kind on the file and on each variable, more than 64 kB of them."""
    data.setncatts({"history": "x" * 70_000, "comment": "", "naïve": "ä", "numbers": np.arange(9000.0)})
    for variable in data.variables.values():
        variable.setncatts({f"note_{number}": "y" * number for number in range(12)} | {"empty_note": ""})


def _strings(data: netCDF4.Dataset) -> None:
    data.setncattr_string("summary", "")
    for variable in data.variables.values():
        variable.setncattr_string("comment", ["", "a", "ä" * 300])


def _beside(data: netCDF4.Dataset) -> None:
    """Variables that have nothing to do with the rest, among them empty texts and one that was never written."""
    data.createDimension("beside", 3)
    data.createDimension("endless", None)
    data.createVariable("beside_never", "f4", ("endless", "beside"))
    data.createVariable("beside_scalar", "i4", ())[...] = 1
    data.createVariable("beside_label", "S1", ("beside",))[:] = np.array([b"a", b"", b"c"], "S1")
    if data.data_model == "NETCDF4":
        data.createVariable("beside_text", str, ("beside",))[1] = ""
        group = data.createGroup("beside_group")
        group.createDimension("lat", 2)
        group.createVariable("lat", "f8", ("lat",))[:] = [1, 2]
        data.createVLType(np.int16, "beside_list")


VARIANTS: dict[str, Rewrite] = {
    "copied": copied,
    "contiguous": partial(copied, contiguous=True),
    "zlib": partial(copied, zlib=True, complevel=1, shuffle=False),
    "zlib, shuffled, checksums": partial(copied, zlib=True, complevel=9, shuffle=True, fletcher32=True),
    "checksums alone": partial(copied, fletcher32=True, chunk=31),
    "odd chunks": partial(copied, zlib=True, chunk=17),
    "no compression in chunks": partial(copied, chunk=40),
    "unlimited": partial(copied, unlimited=True, zlib=True),
    "big-endian": partial(copied, endian="big"),
    "big-endian, zlib": partial(copied, endian="big", zlib=True),
    "szip": partial(copied, compression="szip", szip_coding="nn", szip_pixels_per_block=8),
    "zstd": partial(copied, compression="zstd", shuffle=True),
    "bzip2": partial(copied, compression="bzip2"),
    "long notes": partial(copied, also=_notes),
    "texts in notes": partial(copied, also=_strings),
    "others beside": partial(copied, also=_beside, zlib=True),
}
CLASSIC: dict[str, Rewrite] = {
    f"{form}{', unlimited' if unlimited else ''}": partial(copied, form=form, unlimited=unlimited)
    for form in ("NETCDF4_CLASSIC", "NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA")
    for unlimited in (False, True)
} | {
    "NETCDF3, notes": partial(copied, form="NETCDF3_CLASSIC", also=_notes),
    "NETCDF3, others beside": partial(copied, form="NETCDF3_64BIT_OFFSET", also=_beside),
}
