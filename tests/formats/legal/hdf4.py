"""HDF4 files, by the HDF library through pyhdf."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyhdf.HDF import HC, HDF
from pyhdf.SD import SD, SDC
from pyhdf.V import V
from pyhdf.VS import VS

from legal.hdf5 import Write

NOTHING: dict[str, Any] = {}


def by_pyhdf(
    path: Path,
    values: NDArray[Any],
    kind: int = SDC.FLOAT32,
    compress: tuple[int, ...] = (),
    attributes: dict[str, Any] = NOTHING,
    beside: Callable[[SD], None] = lambda _: None,
    records: bool = False,
) -> None:
    """A map of fractions; whole numbers are hundredths."""
    file = SD(str(path), SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    data = file.create("sm", kind, (SDC.UNLIMITED if records else 12, 24))
    if compress:
        data.setcompress(*compress)
    whole = kind not in (SDC.FLOAT32, SDC.FLOAT64)
    data.attr("scale_factor").set(SDC.FLOAT64, 0.01 if whole else 1.0)
    data.attr("_FillValue").set(kind, 255)
    numbers = np.where(np.isnan(values), 255, np.round(values * 100) if whole else values)
    names = {SDC.UINT8: "u1", SDC.INT16: "i2", SDC.INT32: "i4", SDC.FLOAT32: "f4", SDC.FLOAT64: "f8"}
    numbers = numbers.astype(names[kind])
    beside(file)
    if records:
        other = file.create("other", SDC.INT16, (SDC.UNLIMITED, 3))
        for row in range(12):  # by turns: the records of both lie in linked blocks
            data[row] = numbers[row]
            other[row] = np.zeros(3, "i2")
        other.endaccess()
    else:
        data[:] = numbers
    data.endaccess()
    for name, value in attributes.items():
        file.attr(name).set(SDC.CHAR if isinstance(value, str) else SDC.INT32, value)
    file.end()


def _empty(file: SD) -> None:
    file.create("no records", SDC.INT16, (SDC.UNLIMITED, 4)).endaccess()
    file.create("never written", SDC.INT16, (3, 4)).endaccess()
    unfilled = file.create("no fill", SDC.FLOAT32, (30, 40))
    unfilled.endaccess()


def _dimensions(file: SD) -> None:
    data = file.create("scaled", SDC.INT16, (3, 4))
    first, second = data.dim(0), data.dim(1)
    first.setname("YDim:grid"), second.setname("XDim:grid")
    first.setscale(SDC.FLOAT64, [1.0, 2.0, 3.0])
    second.attr("units").set(SDC.CHAR, "m")
    data[:] = np.zeros((3, 4), "i2")
    data.endaccess()


def _texts(file: SD) -> None:
    data = file.create("text", SDC.CHAR, (2, 5))
    data.endaccess()
    file.create("x" * 200, SDC.UINT8, (2,)).endaccess()


def with_groups(path: Path, values: NDArray[Any]) -> None:
    """Groups with attributes and long names; one names a member twice and one that does not exist."""
    by_pyhdf(path, values)
    file = HDF(str(path), HC.WRITE)
    groups, tables = V(file), VS(file)
    outer, inner = groups.create("outer " + "x" * 300), groups.create("inner")
    outer._class = "GRID Vgroup"
    outer.attr("note").set(HC.CHAR8, "y" * 40_000)
    outer.insert(inner)
    outer.add(HC.DFTAG_NDG, 2)
    outer.add(HC.DFTAG_NDG, 999)
    outer.add(HC.DFTAG_NDG, 2)
    table = tables.create("table", (("a", HC.INT32, 3), ("b", HC.FLOAT64, 1), ("c", HC.CHAR8, 20)))
    table.write([[[1, 2, 3], 2.0, "z" * 20]] * 5)
    table.attr("note").set(HC.CHAR8, "z" * 40_000)
    table.detach(), inner.detach(), outer.detach()
    tables.end(), groups.end(), file.close()


def rewritten(path: Path, values: NDArray[Any]) -> None:
    """Attributes replaced by longer and by shorter ones, and a data set written again."""
    by_pyhdf(path, values * 0, attributes={"note": "a" * 100, "numbers": [1, 2, 3]})
    file = SD(str(path), SDC.WRITE)
    file.attr("note").set(SDC.CHAR, "b" * 60_000)
    file.attr("numbers").set(SDC.INT32, 7)
    data = file.select("sm")
    data[:] = np.where(np.isnan(values), 255, values).astype("f4")
    data.endaccess()
    file.end()


LONG = {"StructMetadata.0": "", "CoreMetadata.0": "x" * 45_765, "ArchiveMetadata.0": "y" * 65_535, "none": " "}
VARIANTS: dict[str, Write] = {
    "plain": by_pyhdf,
    "doubles": partial(by_pyhdf, kind=SDC.FLOAT64),
    "bytes": partial(by_pyhdf, kind=SDC.UINT8),
    "shorts": partial(by_pyhdf, kind=SDC.INT16),
    "longs": partial(by_pyhdf, kind=SDC.INT32),
    "long texts": partial(by_pyhdf, attributes={k: v for k, v in LONG.items() if v}),
    "a text of 32768 bytes": partial(by_pyhdf, attributes={"note": "x" * 32_768}),
    "9000 numbers": partial(by_pyhdf, attributes={"numbers": list(range(9000))}),
    "150 attributes": partial(by_pyhdf, attributes={f"a{number}": "v" for number in range(150)}),
    **{
        f"{name}{what}": partial(by_pyhdf, kind=kind, compress=how)
        for name, how in (
            ("gzip", (SDC.COMP_DEFLATE, 6)),
            ("run lengths", (SDC.COMP_RLE,)),
            ("huffman", (SDC.COMP_SKPHUFF, 1)),
        )
        for what, kind in ((" of bytes", SDC.UINT8), (" of floats", SDC.FLOAT32))
    },
    "records": partial(by_pyhdf, records=True),
    "empty data sets": partial(by_pyhdf, beside=_empty),
    "named dimensions": partial(by_pyhdf, beside=_dimensions),
    "text data sets": partial(by_pyhdf, beside=_texts),
    "groups and tables": with_groups,
    "rewritten": rewritten,
}
