"""J of cubes: the joint fit of each zone, from the target and products as matching has them, and the rounds' factors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.cube import Cube, by_zone, in_zone, zone_start
from rssm.errors import InputError
from rssm.fusion.factors import joined, ratios, series, sources_of
from rssm.fusion.fits import OF_X, Fit, read_fits, write_fits
from rssm.fusion.joint import joint
from rssm.fusion.matched import all_steps, roles
from rssm.fusion.model import applied
from rssm.fusion.specs import FitSpec
from rssm.networks.split import TEST


def fit_joint(tile: str, cubes: Sequence[str], learnt: Sequence[str], spec: FitSpec, out: Sequence[str]) -> None:
    """Fit target and products of a tile jointly, a zone in memory at a time.

    cubes   of the products, of the target, and of factors, which may lie in several
    learnt  what this wrote for the edition that is extended, if one is: nothing is learnt again
    """
    zones = by_zone(cubes)
    if learnt:
        known = read_fits(learnt[0], without=tuple(OF_X))
        parts = (of_zone(found, spec, one) for found, one in zip(zones, known, strict=True))
    else:
        parts = (of_zone(found, spec) for found in zones)
    write_fits(out[0], parts, zone_start(cubes[0]))


def fitted(cubes: Sequence[Cube], spec: FitSpec, known: Sequence[Fit] | None = None) -> list[Fit]:
    """J of each zone of cubes that are in memory; what is known already is not learnt."""
    zones = ([in_zone(cube, zone) for cube in cubes] for zone in range(len(cubes[0].zones)))
    return [of_zone(found, spec, known[zone] if known else None) for zone, found in enumerate(zones)]


def of_zone(cubes: Sequence[Cube], spec: FitSpec, known: Fit | None = None) -> Fit:
    """J of one zone; what is known already is not learnt. Neither the order of products nor that of factors matters."""
    products = {cube.variable: cube for cube in cubes if cube.variable in spec.algorithms}
    target = products.pop(spec.target, None)
    steps = all_steps([*products.values(), *([target] if target and not known else [])], CALENDARS[spec.calendar])
    if known:
        return _later(cubes, products, steps, spec, known)
    if target is None or len(products) + 1 < len(spec.algorithms):
        missing = spec.algorithms.keys() - {cube.variable for cube in cubes}
        raise InputError(f"No cube holds {', '.join(sorted(missing))}, which are to be fitted jointly.")
    return _learnt(cubes, target, dict(sorted(products.items())), steps, spec)


def _learnt(
    cubes: Sequence[Cube], target: Cube, products: dict[str, Cube], steps: NDArray[np.int32], spec: FitSpec
) -> Fit:
    """The target's points that only test, and years held out, teach nothing. Products of one algorithm are relatives."""
    calendar, sources = CALENDARS[spec.calendar], sources_of(spec.factors)
    learnt = roles(target, steps, spec.split, spec.seed) < TEST
    algorithms = np.array([spec.algorithms[name] for name in products])
    values = series(cubes, sources, steps, calendar, target.pixel.size)
    ratio = ratios(values, sources)
    found = joint(
        np.where(learnt, target.at(steps, calendar), np.float32(np.nan)),
        [cube.at(steps, calendar) for cube in products.values()],
        joined(values, ratio, sources),
        algorithms[:, None] == algorithms,
    )
    return Fit(found, tuple(products), sources, ratio, steps, target.pixel, target.zones[0])


def _later(
    cubes: Sequence[Cube], products: dict[str, Cube], steps: NDArray[np.int32], spec: FitSpec, known: Fit
) -> Fit:
    """J of later steps, of products alone; a product or a factor may have come to its end."""
    some, calendar, shape = cubes[0], CALENDARS[spec.calendar], (known.pixel.size, steps.size)
    if some.zones != (known.zone,) or not np.array_equal(some.pixel, known.pixel):
        raise InputError(
            f"Zone {some.zones[0]}: the edition that is extended learnt of zone {known.zone} with {known.pixel.size}"
            " pixels. Keep its region and land mask."
        )
    gap = np.full(shape, np.nan, np.float32)
    seen = [products[name].at(steps, calendar) if name in products else gap for name in known.products]
    values = series(cubes, known.sources, steps, calendar, known.pixel.size)
    found = applied(known.joint.model, None, seen, joined(values, known.ratio, known.sources), shape)
    return Fit(found, known.products, known.sources, known.ratio, steps, known.pixel, known.zone)
