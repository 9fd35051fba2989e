"""C: all products matched to the target by their distributions and averaged by their errors, zone by zone.

A pixel's product is matched to the target where the two meet, else to the average of those that met it, as records are
joined in the ESA CCI. Errors are a zone's, by triple collocation with the target. Where the average tells less of the
target than its spread pretends, it is drawn to its pixels' means. A target's points that only test, and
years held out, teach nothing here; the latter are kept beside the estimate, for whoever weighs it by evidence.
Chain k learns from products and target as chain k sees them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.cubes.cube import Cube, by_zone, in_zone, zone_start
from rssm.errors import InputError
from rssm.fusion.match import curves
from rssm.fusion.match import matched as on_curve
from rssm.fusion.specs import MatchSpec
from rssm.fusion.store import Matched, read_matched, write_matched
from rssm.fusion.triple import error_variances
from rssm.grid import grid_of
from rssm.networks.split import TEST, split_labels
from rssm.rounds import chains

if TYPE_CHECKING:  # a job reads no settings
    from rssm.config.training import Split

F32 = NDArray[np.float32]
SMALLEST = np.float32(1e-4)  # m³ m⁻³: no error is thought smaller, so that a constant's weight is finite


class Status(IntEnum):
    """How a product was matched in a zone."""

    ABSENT = 0  # no value
    TARGET = 1  # to the target, in some pixel
    AVERAGE = 2  # to the average of those that met the target
    APART = 3  # not: too few common steps with either, or constant


def match(tile: str, cubes: Sequence[str], learnt: Sequence[str], spec: MatchSpec, out: Sequence[str]) -> None:
    """Match all products of a tile, a zone in memory at a time.

    cubes   of all products and of the target
    learnt  what this wrote for the edition that is extended, if one is: nothing is learnt again
    """
    zones = by_zone(cubes)
    if learnt:
        known = read_matched(learnt[0], without=("value", "held_out"))
        parts = (frozen(found, one, spec) for found, one in zip(zones, known, strict=True))
    else:
        parts = (of_zone(*seen(found, spec), spec) for found in zones)
    write_matched(out[0], parts, zone_start(cubes[0]))


def seen(cubes: Sequence[Cube], spec: MatchSpec) -> tuple[Cube, list[Cube]]:
    """Target and products, as the chains see them."""
    named = {cube.variable: cube for cube in cubes if cube.variable in spec.algorithms}
    if missing := spec.algorithms.keys() - named.keys():
        raise InputError(f"No cube holds {', '.join(sorted(missing))}, which are to be matched or matched to.")
    target = named.pop(spec.target)
    if spec.chains == 1:
        return target, list(named.values())
    products = chains.seen(named.values(), spec.errors, spec.seed, spec.chains)
    return chains.target(target, spec.seed, spec.chains), list(products.values())


def matched(target: Cube, products: Sequence[Cube], spec: MatchSpec) -> list[Matched]:
    """C of each zone of cubes that are in memory and may have chains."""
    zones = range(len(target.zones))
    return [of_zone(in_zone(target, z), [in_zone(cube, z) for cube in products], spec) for z in zones]


def roles(place: Cube, steps: NDArray[np.integer], split: Split, seed: int) -> NDArray[np.uint8]:
    """Role of each pixel and step of the target (pixel, step), as the subnetworks have it."""
    row, column = np.divmod(place.pixel, grid_of(place.grid_id).columns)
    return split_labels(row[:, None], column[:, None], steps[None, :], split, seed)


def of_zone(target: Cube, products: Sequence[Cube], spec: MatchSpec) -> Matched:
    """C of one zone; the order of products does not matter."""
    products = sorted(products, key=lambda cube: cube.variable)
    calendar = CALENDARS[spec.calendar]
    steps = all_steps([target, *products], calendar)
    reference, *values = (_by_chain(cube.at(steps, calendar)) for cube in (target, *products))
    role = roles(target, steps, spec.split, spec.seed)
    algorithms = [spec.algorithms[cube.variable] for cube in (*products, target)]
    chained = [
        _learn(
            [series[k % len(series)] for series in values],
            np.where(role < TEST, reference[k % len(reference)], np.float32(np.nan)),
            algorithms,
        )
        for k in range(max(map(len, (reference, *values))))
    ]
    held = np.isin([calendar.year_of(int(step)) for step in steps], spec.split.held_out_years)
    return Matched(
        value=np.stack([found.value for found in chained]),
        error=np.stack([found.error for found in chained])[:, :, None],
        curve=np.stack([found.curve for found in chained]),
        mean=np.stack([found.mean for found in chained]),
        slope=np.stack([found.slope for found in chained])[:, None],
        **_tables(chained[0], [series[0] for series in values]),
        **_judged(chained[0].value, np.where(role == TEST, reference[0], np.float32(np.nan))),
        held_out=np.ascontiguousarray(reference[0][:, held]),
        products=tuple(cube.variable for cube in products),
        step=steps,
        held_step=steps[held],
        pixel=target.pixel,
        zones=target.zones,
        zone_start=target.zone_start,
    )


def frozen(cubes: Sequence[Cube], learnt: Matched, spec: MatchSpec) -> Matched:
    """C of one zone from what was learnt there before; a product may have come to its end."""
    if any(cube.zones != learnt.zones or not np.array_equal(cube.pixel, learnt.pixel) for cube in cubes):
        raise InputError(
            f"Zone {cubes[0].zones[0]}: the edition that is extended learnt of zone {learnt.zones[0]} with"
            f" {learnt.pixel.size} pixels. Keep its region and land mask."
        )
    named = {cube.variable: cube for cube in cubes if cube.variable in learnt.products}
    calendar = CALENDARS[spec.calendar]
    steps = all_steps(list(named.values()), calendar)
    if spec.chains > 1:
        named = chains.seen(named.values(), spec.errors, spec.seed, spec.chains)
    gap = np.full((1, learnt.pixel.size, steps.size), np.nan, np.float32)
    values = [_by_chain(named[p].at(steps, calendar)) if p in named else gap for p in learnt.products]

    def chain(k: int) -> F32:
        found = [on_curve(series[k % len(series)], own) for series, own in zip(values, learnt.curve[k], strict=True)]
        return _drawn(_mean(found, learnt.error[k, :, 0]), learnt.mean[k], learnt.slope[k, 0])

    value = np.stack([chain(k) for k in range(len(learnt.curve))])
    nothing = np.zeros((learnt.pixel.size, 0), np.float32)
    return replace(learnt, value=value, step=steps, held_out=nothing, held_step=steps[:0])


def all_steps(cubes: Sequence[Cube], calendar: Calendar) -> NDArray[np.int32]:
    """All steps from the first to the last of some cubes, of those that have the calendar's."""
    own = [cube.step for cube in cubes if cube.calendar_id == calendar.id and cube.step.size]
    first, last = (min(s[0] for s in own), max(s[-1] for s in own)) if own else (0, -1)
    return np.arange(first, last + 1, dtype=np.int32)


def _judged(value: F32, target: F32) -> dict[str, NDArray]:
    """Mean squared difference from a target (pixel, step), its share of the target's variance, and number of points."""
    both = np.isfinite(value) & np.isfinite(target)
    points, own = int(both.sum()), target[both].astype(np.float64)
    mse = float(np.mean((value[both] - own) ** 2)) if points else np.nan
    spread = float(own.var()) if points else 0.0
    r2 = 1 - mse / spread if spread > 0 else np.nan
    return {
        "mse": np.array([mse], np.float32),
        "r2": np.array([r2], np.float32),
        "points": np.array([points], np.int32),
    }


def _by_chain(values: F32) -> F32:
    return values if values.ndim == 3 else values[None]


@dataclass(frozen=True)
class _Learnt:
    """Of one chain: C (pixel, step), matched products, their curves and errors (product,), and references.

    mean, slope  C was drawn to its pixels' means (pixel,) by the slope
    """

    value: F32
    matched: list[F32]
    curve: F32
    error: F32
    mean: F32
    slope: np.float32
    status: NDArray[np.uint8]
    reference: F32
    average: F32


def _learn(values: Sequence[F32], reference: F32, algorithms: Sequence[str]) -> _Learnt:
    """Match products (pixel, step) to a reference; algorithms of the products and, last, of the reference."""
    curve = np.stack([curves(series, reference) for series in values])
    met = np.isfinite(curve[:, :, 0, 0])
    matched = [on_curve(series, own) for series, own in zip(values, curve, strict=True)]
    average = _mean(matched, _errors(matched, reference, algorithms))
    for i, series in enumerate(values):
        lacking = np.flatnonzero(~met[i])  # pixels
        if lacking.size:
            curve[i, lacking] = curves(series[lacking], average[lacking])
            matched[i][lacking] = on_curve(series[lacking], curve[i, lacking])
    error = _errors(matched, reference, algorithms)
    there = np.array([np.isfinite(series).any() for series in values])
    found = np.isfinite(curve[:, :, 0, 0]).any(axis=1)
    status = np.select([~there, met.any(axis=1), found], [Status.ABSENT, Status.TARGET, Status.AVERAGE], Status.APART)
    value = _mean(matched, error)
    mean, slope = _pixel_mean(value), _slope(value, reference)
    value = _drawn(value, mean, slope)
    return _Learnt(value, matched, curve, error, mean, slope, status.astype(np.uint8), reference, average)


def _pixel_mean(values: F32) -> F32:
    """Mean over the steps that are there (pixel,); NaN where none is."""
    there = np.isfinite(values)
    total = np.where(there, values, 0).sum(axis=1, dtype=np.float64)
    return np.divide(total, there.sum(axis=1), out=np.full(len(values), np.nan), where=there.any(axis=1)).astype(
        np.float32
    )


def _drawn(value: F32, mean: F32, slope: np.float32) -> F32:
    """C from the average of products (pixel, step)."""
    return mean[:, None] + slope * (value - mean[:, None])


def _errors(matched: Sequence[F32], reference: F32, algorithms: Sequence[str]) -> F32:
    """Errors of the matched products (product,), the reference among their partners; NaN: not matched."""
    some = [i for i, series in enumerate(matched) if np.isfinite(series).any()]
    out = np.full(len(matched), np.nan, np.float32)
    if some:
        series = np.stack([*(matched[i] for i in some), reference])
        found = error_variances(series, [*(algorithms[i] for i in some), algorithms[-1]])
        out[some] = np.maximum(np.sqrt(found[:-1]), SMALLEST)
    return out


def _mean(matched: Sequence[F32], error: F32) -> F32:
    """Mean of the matched products that are there, weighted by 1 / error² (pixel, step)."""
    total, weight = np.zeros((2, *matched[0].shape), np.float32)
    for series, own in zip(matched, error, strict=True):
        if np.isfinite(own):
            there, share = np.isfinite(series), (SMALLEST / own) ** 2
            total += np.where(there, series * share, 0)
            weight += there * share
    return np.divide(total, weight, out=np.full(total.shape, np.nan, np.float32), where=weight > 0)


def _tables(learnt: _Learnt, values: Sequence[F32]) -> dict[str, NDArray]:
    """What is published of each product in the zone, all (product, zone)."""
    common = np.zeros(len(values), np.int32)
    gain, correlation = np.full((2, len(values)), np.nan, np.float32)
    for i, (series, own) in enumerate(zip(values, learnt.curve, strict=True)):
        reference = learnt.reference if learnt.status[i] == Status.TARGET else learnt.average
        both = np.isfinite(series) & np.isfinite(reference)
        common[i] = both.sum()
        end = np.diff(own[:, :, -2:], axis=2)[:, :, 0].astype(np.float64)  # the last piece has the slope of the spreads
        if (end[:, 1] > 0).any():
            gain[i] = np.median((end[:, 0] / end[:, 1])[end[:, 1] > 0])
        if np.isfinite(learnt.error[i]):
            correlation[i] = _correlation(learnt.matched[i], reference)
    weight = np.nan_to_num((SMALLEST / learnt.error) ** 2)
    weight /= max(weight.sum(), np.finfo(np.float32).tiny)
    columns: dict[str, NDArray] = {"status": learnt.status, "common": common, "gain": gain, "correlation": correlation}
    return {name: of[:, None] for name, of in (columns | {"weight": weight}).items()}


def _departures(a: F32, b: F32) -> tuple[F32, F32]:
    """Two series (pixel, step) less their pixels' means over common steps, 0 elsewhere."""
    both = np.isfinite(a) & np.isfinite(b)
    n = np.maximum(both.sum(axis=1, keepdims=True), 1)
    a, b = (np.where(both, x, 0) for x in (a, b))
    a, b = (x - both * (x.sum(axis=1, keepdims=True) / n) for x in (a, b))
    return a, b


def _correlation(a: F32, b: F32) -> float:
    """Of departures; NaN where one does not vary."""
    a, b = _departures(a, b)
    spread = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / spread) if spread > 0 else np.nan


def _slope(value: F32, reference: F32) -> np.float32:
    """Of the reference on C in a zone's departures, from 0 to 1; 1 where it is unknown.

    Matching gives a product the spread of the reference even where it knows nothing of it: then C would be worse than a
    constant. The mean of many products spreads less than the reference, so where they are good the slope is 1.
    """
    a, b = _departures(value, reference)
    spread = (a**2).sum()
    return np.float32(np.clip((a * b).sum() / spread, 0, 1) if spread > 0 else 1)
