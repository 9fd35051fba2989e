"""Matched products of a tile: the estimate, and all that was learnt, as one NetCDF-4 file that is read by zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.files import Kind
from rssm.fusion.zoned import at_steps, read_zones, write_zones

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
    "r2": (("zone",), "1 minus that over the variance of the target there", "1"),
    "points": (("zone",), "points behind them", "1"),
    "held_out": (("pixel", "held_time"), "the target in years that are held out throughout", "m3 m-3"),
    "products": (("product",), "names of the products", ""),
    "step": (("time",), "steps of the calendar", ""),
    "held_step": (("held_time",), "those of held_out", ""),
    "pixel": (("pixel",), "row * columns + column on the whole grid", ""),
}


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
    mse, r2, points    (zone,) float32, float32, int32: against the target on points never learnt from, NaN without any
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
    r2: NDArray[np.float32]
    points: NDArray[np.int32]
    held_out: NDArray[np.float32]
    products: tuple[str, ...]
    step: NDArray[np.int32]
    held_step: NDArray[np.int32]
    pixel: NDArray[np.int32]
    zones: tuple[str, ...]
    zone_start: NDArray[np.int32]

    def at(self, steps: NDArray[np.integer]) -> NDArray[np.float32]:
        """Values at some steps (chain, pixel, step), NaN where there are none."""
        return at_steps(self.value, self.step, steps)

    def held_out_at(self, steps: NDArray[np.integer]) -> NDArray[np.float32]:
        """The target of held-out years at some steps (pixel, step)."""
        return at_steps(self.held_out, self.held_step, steps)


def write_matched(path: str | Path, parts: Iterable[Matched], zone_start: NDArray[np.int32]) -> None:
    """Write one file from its zones, one after the other; pixels of zone i are zone_start[i]:zone_start[i + 1]."""
    zones = ({name: getattr(part, name) for name in LAYOUT} | {"zone": part.zones[0]} for part in parts)
    write_zones(path, MATCHED, LAYOUT, zones, zone_start)


class Judged(NamedTuple):
    """What matched products err by in each zone of a tile, on points of the target that they never learnt from (zone,)."""

    zones: tuple[str, ...]
    mse: NDArray[np.float32]
    r2: NDArray[np.float32]
    points: NDArray[np.int32]


def read_judged(path: str | Path) -> Judged:
    """The same from a file."""
    with MATCHED.opened(path) as file:
        return Judged(tuple(file["zone"][:]), *(file[name][:] for name in ("mse", "r2", "points")))


def read_matched(path: str | Path, without: Sequence[str] = ()) -> Iterator[Matched]:
    """Read a file zone after zone, `without` variables that are not needed: they are empty."""
    for found in read_zones(path, MATCHED, LAYOUT, without):
        start = np.array([0, found["pixel"].size], np.int32)
        products, zone = tuple(found.pop("products")), found.pop("zone")
        yield Matched(**found, products=products, zones=(zone,), zone_start=start)
