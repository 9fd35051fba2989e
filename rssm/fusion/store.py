"""Matched products of a tile: the estimate, and all that was learnt, as one NetCDF-4 file that is read by zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.files import Kind

MATCHED = Kind("matched")
LAYOUT: dict[str, tuple[tuple[str, ...], str, str]] = {  # dimensions, what it is, units
    "value": (("chain", "pixel", "time"), "mean of the matched products", "m3 m-3"),
    "error": (("chain", "product", "zone"), "error standard deviation of the matched product", "m3 m-3"),
    "curve": (("chain", "product", "pixel", "side", "knot"), "values of the product, and what they are matched to", ""),
    "mean": (("chain", "pixel"), "mean of the products' average, to which it was drawn", "m3 m-3"),
    "slope": (("chain", "zone"), "by how much: slope of the target on the products' average, at most 1", "1"),
    "status": (("product", "zone"), "0 no value, 1 matched to the target, 2 to the average, 3 not matched", "1"),
    "common": (("product", "zone"), "pixels x steps that product and reference share", "1"),
    "gain": (("product", "zone"), "spread of the product over that of its reference, median of pixels", ""),
    "correlation": (("product", "zone"), "correlation with the reference in departures from pixels' means", "1"),
    "weight": (("product", "zone"), "weight where all products are there", "1"),
    "mse": (("zone",), "mean squared difference from the target on points never learnt from", "m6 m-6"),
    "held_out": (("pixel", "held_time"), "the target in years that are held out throughout", "m3 m-3"),
}
CHUNK = 100  # pixels, about a zone's


@dataclass(frozen=True)
class Matched:
    """C of a tile or a zone.

    value              (chain, pixel, time) float32, m³ m⁻³, NaN where no product is
    error              (chain, product, zone) float32, m³ m⁻³, NaN where a product is not matched
    curve              (chain, product, pixel, [from, to], knot) float32, as `rssm.fusion.match` has them
    mean, slope        (chain, pixel) m³ m⁻³ and (chain, zone) float32: C is mean + slope · (average − mean)
    status             (product, zone) uint8: `rssm.fusion.matched.Status`
    common             (product, zone) int32
    gain, correlation  (product, zone) float32 against the target, or the average that a product was matched to
    weight             (product, zone) float32, 0 where not matched
    mse                (zone,) float32, (m³ m⁻³)², NaN where the target has no such point
    held_out           (pixel, held time) float32: the target at `held_step`
    """

    value: NDArray[np.float32]
    error: NDArray[np.float32]
    curve: NDArray[np.float32]
    mean: NDArray[np.float32]
    slope: NDArray[np.float32]
    status: NDArray[np.uint8]
    common: NDArray[np.int32]
    gain: NDArray[np.float32]
    correlation: NDArray[np.float32]
    weight: NDArray[np.float32]
    mse: NDArray[np.float32]
    held_out: NDArray[np.float32]
    products: tuple[str, ...]
    step: NDArray[np.int32]
    held_step: NDArray[np.int32]
    pixel: NDArray[np.int32]
    zones: tuple[str, ...]
    zone_start: NDArray[np.int32]

    def at(self, steps: NDArray[np.integer]) -> NDArray[np.float32]:
        """Values at some steps (chain, pixel, step), NaN where there are none."""
        return _at(self.value, self.step, steps)

    def held_out_at(self, steps: NDArray[np.integer]) -> NDArray[np.float32]:
        """The target of held-out years at some steps (pixel, step)."""
        return _at(self.held_out, self.held_step, steps)


def _at(values: NDArray[np.float32], own: NDArray[np.integer], steps: NDArray[np.integer]) -> NDArray[np.float32]:
    out = np.full((*values.shape[:-1], len(steps)), np.nan, np.float32)
    _, here, there = np.intersect1d(own, steps, assume_unique=True, return_indices=True)
    out[..., there] = values[..., here]
    return out


def write_matched(path: str | Path, parts: Iterable[Matched], zone_start: NDArray[np.int32]) -> None:
    """Write one file from its zones, one after the other; pixels of zone i are zone_start[i]:zone_start[i + 1]."""
    with MATCHED.created(path) as file:
        for zone, part in enumerate(parts):
            if zone == 0:
                _lay_out(file, part, zone_start)
            at = _slices(zone_start, zone)
            for name, (dimensions, _, _) in LAYOUT.items():
                file[name][tuple(at.get(d, slice(None)) for d in dimensions)] = getattr(part, name)
            file["pixel"][at["pixel"]] = part.pixel
            file["zone"][at["zone"]] = np.array(part.zones, object)


def _slices(zone_start: NDArray[np.integer], zone: int) -> dict[str, slice]:
    """What a zone takes of each dimension."""
    return {"pixel": slice(int(zone_start[zone]), int(zone_start[zone + 1])), "zone": slice(zone, zone + 1)}


def _lay_out(file: netCDF4.Dataset, some: Matched, zone_start: NDArray[np.int32]) -> None:
    """Dimensions and variables of a file."""
    pixels, zones = int(zone_start[-1]), zone_start.size - 1
    sizes = {d: n for name, (ds, _, _) in LAYOUT.items() for d, n in zip(ds, getattr(some, name).shape, strict=True)}
    for name, size in (sizes | {"pixel": pixels, "zone": zones, "edge": zones + 1}).items():
        file.createDimension(name, size)
    for name, (dimensions, about, units) in LAYOUT.items():
        lengths = [
            {"pixel": min(CHUNK, pixels), "zone": zones, "chain": 1}.get(d, max(sizes[d], 1)) for d in dimensions
        ]
        kind: Any = getattr(some, name).dtype
        variable = file.createVariable(name, kind, dimensions, zlib=True, complevel=1, chunksizes=lengths)
        variable.setncatts({"long_name": about, "units": units} if units else {"long_name": about})
    file.createVariable("products", str, ("product",))[:] = np.array(some.products, object)
    for name, dimension in (("step", "time"), ("held_step", "held_time")):
        file.createVariable(name, "i4", (dimension,))[:] = getattr(some, name)
    file.createVariable("pixel", "i4", ("pixel",))
    file.createVariable("zone", str, ("zone",))
    file.createVariable("zone_start", "i4", ("edge",))[:] = zone_start


def read_matched(path: str | Path, without: Sequence[str] = ()) -> Iterator[Matched]:
    """Read a file zone after zone, `without` variables that are not needed: they are empty."""
    with MATCHED.opened(path) as file:
        start, products = file["zone_start"][:], tuple(file["products"][:])
        for zone, name in enumerate(file["zone"][:]):
            at = _slices(start, zone)
            values = {
                variable: file[variable][
                    tuple(slice(0) if variable in without else at.get(d, slice(None)) for d in dimensions)
                ]
                for variable, (dimensions, _, _) in LAYOUT.items()
            }
            pixel = file["pixel"][at["pixel"]]
            yield Matched(
                **values,
                products=products,
                step=file["step"][:],
                held_step=file["held_step"][:],
                pixel=pixel,
                zones=(name,),
                zone_start=np.array([0, pixel.size], np.int32),
            )
