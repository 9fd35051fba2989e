"""By pyhdf: data sets, attributes and dimensions of an HDF4 file, packed otherwise and beside other objects."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from pyhdf.HDF import HC, HDF
from pyhdf.SD import SD, SDC
from pyhdf.V import V  # noqa: F401  (its methods on HDF need the module)
from pyhdf.VS import VS  # noqa: F401

from rewritten.netcdf import Rewrite

KEPT = 80  # cells along each side
TYPES = {np.dtype("u1"): SDC.UINT8, np.dtype("u2"): SDC.UINT16, np.dtype("i2"): SDC.INT16, np.dtype("f4"): SDC.FLOAT32}


def cropped_text(text: str, cells: int = KEPT) -> str:
    """StructMetadata of a tile of 1200 × 1200 cells as if it ended after some."""
    numbers = r"\(([-\d.]+),([-\d.]+)\)"
    (left, top), (right, bottom) = (
        tuple(map(float, re.search(name + "=" + numbers, text).groups()))  # type: ignore[union-attr]
        for name in ("UpperLeftPointMtrs", "LowerRightMtrs")
    )
    edge = f"{left + (right - left) * cells / 1200:.6f},{top + (bottom - top) * cells / 1200:.6f}"
    text = re.sub("LowerRightMtrs=" + numbers, f"LowerRightMtrs=({edge})", text)
    return re.sub(r"([XY])Dim=1200", rf"\1Dim={cells}", text)


def copied(
    source: Path,
    target: Path,
    wanted: tuple[str, ...] = (),
    crop: bool = False,
    compress: tuple[int, ...] = (),
    records: bool = False,
    attributes: dict[str, Any] | None = None,
    beside: Callable[[SD], None] = lambda _: None,
) -> None:
    """`crop`: numbers from within the tile, where some are land, as a tile of few cells at its corner."""
    old, new = SD(str(source), SDC.READ), SD(str(target), SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    kept = old.attributes()
    if crop:
        kept = {"StructMetadata.0": cropped_text(kept["StructMetadata.0"].rstrip("\0"))}
    for name, value in (kept | (attributes or {})).items():
        new.attr(name).set(SDC.CHAR if isinstance(value, str) else SDC.INT32, value)
    beside(new)
    for name in wanted or old.datasets():
        data = old.select(name)
        numbers = data[400 : 400 + KEPT, :KEPT] if crop else data[:]
        shape = (SDC.UNLIMITED, *numbers.shape[1:]) if records else numbers.shape
        made = new.create(name, TYPES[numbers.dtype], shape)
        for place in range(2):
            made.dim(place).setname(data.dim(place).info()[0])
        if compress:
            made.setcompress(*compress)
        for key, (value, _, kind, _) in data.attributes(full=1).items():
            made.attr(key).set(kind, value)
        made[: len(numbers)] = numbers
        made.endaccess()
        data.endaccess()
    old.end()
    new.end()


def _others(file: SD) -> None:
    file.create("beside", SDC.INT16, (SDC.UNLIMITED, 4)).endaccess()
    file.create("never written", SDC.INT16, (3, 4)).endaccess()
    data = file.create("z" * 120, SDC.FLOAT64, (2, 3))
    data.setfillvalue(-1.0)
    data.attr("long_name").set(SDC.CHAR, "y" * 33_000)
    data[:] = np.ones((2, 3))
    data.endaccess()
    file.create("letters", SDC.CHAR, (2, 5)).endaccess()


def with_tables(source: Path, target: Path) -> None:
    """Groups and tables beside, as HDF-EOS keeps them."""
    copied(source, target, compress=(SDC.COMP_DEFLATE, 5))
    file = HDF(str(target), HC.WRITE)
    groups, tables = file.vgstart(), file.vstart()
    outer = groups.create("outer " + "x" * 200)
    outer._class = "GRID Vgroup"
    outer.add(HC.DFTAG_NDG, 2), outer.add(HC.DFTAG_NDG, 2)
    table = tables.create("table", (("a", HC.INT32, 3), ("c", HC.CHAR8, 20)))
    table.write([[[1, 2, 3], "z" * 20]] * 5)
    table.detach(), outer.detach(), tables.end(), groups.end(), file.close()


PACKED = {
    "": (),
    "deflate 1": (SDC.COMP_DEFLATE, 1),
    "deflate 9": (SDC.COMP_DEFLATE, 9),
    "run lengths": (SDC.COMP_RLE,),
    "huffman": (SDC.COMP_SKPHUFF, 2),
}
LONG = {"CoreMetadata.0": "x" * 45_765, "ArchiveMetadata.0": "y" * 65_535}
BESIDE: dict[str, dict[str, Any]] = {
    "alone": {},
    "numbers beside": {"attributes": {f"a{number}": [number] * 20 for number in range(40)}},
    "other data sets": {"beside": _others},
    "records": {"records": True},
}
VARIANTS: dict[str, Rewrite] = {
    f"{beside}, {packed or 'plain'}": partial(copied, compress=how, **about)
    for beside, about in BESIDE.items()
    for packed, how in PACKED.items()
    if not (how and "records" in about)  # the library packs no records
} | {
    "long texts": partial(copied, attributes=LONG),
    "long texts, deflate": partial(copied, attributes=LONG, compress=PACKED["deflate 9"]),
    "150 attributes": partial(copied, attributes={f"a{number}": "v" * number for number in range(1, 151)}),
    "groups and tables": with_tables,
}
