"""NetCDF-4 files of a tile that are written and read zone after zone: no more than a zone is in memory.

Pixels stand zone by zone. Variables over pixel or zone grow with each zone; all others are alike in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.files import Kind

Layout = Mapping[str, tuple[tuple[str, ...], str, str]]  # name → dimensions, what it is, units
CHUNK = 100  # pixels, about a zone's


def write_zones(
    path: str | Path, kind: Kind, layout: Layout, parts: Iterable[Mapping[str, Any]], zone_start: NDArray[np.int32]
) -> None:
    """Write a file from its zones; pixels of zone i are zone_start[i]:zone_start[i + 1].

    parts  of each zone the values of all variables and its name as `zone`; the axis zone has length 1
    """
    with kind.created(path) as file:
        for number, part in enumerate(parts):
            if number == 0:
                _lay_out(file, layout, part, zone_start)
            at = _slices(zone_start, number)
            for name, (dimensions, _, _) in layout.items():
                if at.keys() & set(dimensions):
                    file[name][tuple(at.get(d, slice(None)) for d in dimensions)] = part[name]
            file["zone"][number] = part["zone"]


def read_zones(path: str | Path, kind: Kind, layout: Layout, without: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Read a file zone after zone, as they were written; variables `without` are empty."""
    with kind.opened(path) as file:
        start = file["zone_start"][:]
        for number, name in enumerate(file["zone"][:]):
            at = _slices(start, number)
            yield {
                variable: file[variable][
                    tuple(slice(0) if variable in without else at.get(d, slice(None)) for d in dimensions)
                ]
                for variable, (dimensions, _, _) in layout.items()
            } | {"zone": name}


def _slices(zone_start: NDArray[np.integer], zone: int) -> dict[str, slice]:
    """What a zone takes of each dimension."""
    return {"pixel": slice(int(zone_start[zone]), int(zone_start[zone + 1])), "zone": slice(zone, zone + 1)}


def _lay_out(file: netCDF4.Dataset, layout: Layout, part: Mapping[str, Any], zone_start: NDArray[np.int32]) -> None:
    """Dimensions and variables of a file, and values of those that all zones have in common."""
    pixels, zones = int(zone_start[-1]), zone_start.size - 1
    sizes = {d: n for name, (ds, _, _) in layout.items() for d, n in zip(ds, np.shape(part[name]), strict=True)}
    for name, size in (sizes | {"pixel": pixels, "zone": zones, "edge": zones + 1}).items():
        file.createDimension(name, size)
    for name, (dimensions, about, units) in layout.items():
        lengths = [
            {"pixel": min(CHUNK, pixels), "zone": zones, "chain": 1}.get(d, max(sizes[d], 1)) for d in dimensions
        ]
        text = np.asarray(part[name]).dtype.kind in "OU"
        kind: Any = str if text else np.asarray(part[name]).dtype
        stored: dict[str, Any] = {} if text else {"zlib": True, "complevel": 1, "chunksizes": lengths}
        variable = file.createVariable(name, kind, dimensions, **stored)
        variable.setncatts({"long_name": about, "units": units} if units else {"long_name": about})
        if not {"pixel", "zone"} & set(dimensions):
            variable[:] = np.asarray(part[name], object) if text else part[name]
    file.createVariable("zone", str, ("zone",))
    file.createVariable("zone_start", "i4", ("edge",))[:] = zone_start


def at_steps(values: NDArray[np.float32], own: NDArray[np.integer], steps: NDArray[np.integer]) -> NDArray[np.float32]:
    """Values (…, time) of some own steps at other steps (…, step), NaN where there are none."""
    out = np.full((*values.shape[:-1], len(steps)), np.nan, np.float32)
    _, here, there = np.intersect1d(own, steps, assume_unique=True, return_indices=True)
    out[..., there] = values[..., here]
    return out
