"""The whole chain in one process: composites of a toy Earth in, SIM-1 … SIM-n and their screened targets out, no files.

The same pieces as the rules, with the same settings: the plan and every specification come from `rssm.workflow`.
A region is one tile here, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.config.plan import Network
from rssm.cubes.cube import Cube
from rssm.cubes.place import scatter, tile_pixels, window_index
from rssm.fusion.fits import Fit
from rssm.fusion.fitted import fitted
from rssm.fusion.fused import Fused, fused
from rssm.fusion.matched import matched
from rssm.fusion.store import Matched
from rssm.grid import Grid, Window
from rssm.ingest.denoise import denoise
from rssm.networks.fit import fit
from rssm.networks.samples import gather
from rssm.networks.store import Stored
from rssm.rounds import chains
from rssm.rounds.estimates import Estimates
from rssm.rounds.fuzzify import fuzzify
from rssm.rounds.join import joined
from rssm.rounds.ranges import value_range, without_years
from rssm.rounds.screen import screen, variance_ratio
from rssm.rounds.simulate import simulated
from rssm.toy.composites import generate
from rssm.workflow.rsssm.fusion import Fusing
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.scope import RsssmScope

F32 = NDArray[np.float32]


@dataclass(frozen=True)
class World:
    """A toy Earth as the rounds see it, on the land pixels of a region.

    cubes     products (denoised as by ingestion) and factors, by name; outside its span a product is NaN
    truth     what nobody sees
    extended  the target from outside as it would be, had it been there from the beginning
    """

    cubes: dict[str, Cube]
    truth: Cube
    extended: Cube
    window: Window


@dataclass(frozen=True)
class Learner:
    """What learns in place of the subnetworks: `fit` as `rssm.networks.fit.fit`, `apply` as `rssm.networks.predict`."""

    fit: Callable[..., Any] = fit
    apply: Callable[..., tuple[F32, F32]] = chains.estimates


@dataclass(frozen=True)
class Round:
    """What a round leaves behind: SIM-n, SIM-nT, estimates before blending, and what the screen did."""

    sim: Cube
    target: Cube
    estimates: Estimates
    removed: float  # share of values out of range or denoised
    variance_ratio: float  # of time series after and before the screen, mean over pixels


def make_world(scope: RsssmScope, truth_grid: str | None = None) -> World:
    """Composites of the run's toy Earth, region and period as cubes; its truth may be that of another grid."""
    import rasterio

    assert scope.run.toy is not None
    steps, grid, calendar, window = scope.run.steps, scope.grid, scope.calendar, scope.area.window
    with rasterio.open(scope.land) as file:
        land = file.read(1) == 1
    products = {name: entry for name, entry in scope.catalogue.items() if entry.kind == "soil_moisture"}
    (outside,) = scope.plan.primaries
    spans = {name: entry.span for name, entry in products.items() if name != outside}
    maps = generate(scope.run.toy, scope.area, steps, calendar, spans, land, truth_grid)
    pixel, zones, zone_start = tile_pixels(scope.region.zones(), scope.land, grid)
    _, position = window_index(pixel, window, grid)

    def cube(name: str) -> Cube:
        values = denoise(maps[name], grid.zone_pixels).values if name in products else maps[name]
        flat = np.ascontiguousarray(values.reshape(len(steps), -1)[:, position].T, np.float32)
        return Cube(name, "", flat, pixel, zones, zone_start, np.array(steps, np.int32), calendar.id, grid.id)

    cubes = {name: cube(name) for name in maps}
    extended = cubes[outside]
    span = scope.plan.sources[outside].span
    inside = (extended.step >= span.start) & (extended.step < span.stop)
    cubes[outside] = replace(extended, values=np.where(inside, extended.values, np.float32(np.nan)))
    return World(cubes, cubes.pop("TRUTH"), extended, window)


def run_rounds(
    workflow: Rounds, world: World, learner: Learner | None = None, teacher: Cube | None = None
) -> dict[str, Round]:
    """All rounds of the plan, by name.

    learner  in place of the subnetworks
    teacher  in place of every SIM-nT: what would come out if the chain's targets bore no error of the chain
    """
    learner = learner or Learner()
    cubes = in_chains(workflow, world.cubes)
    rounds: dict[str, Round] = {}
    for name in workflow.scope.plan.rounds:
        parts = []
        for substep in workflow.scope.plan.substeps_of(name):
            networks = [
                trained(workflow, network, world, cubes, learner)
                for network in workflow.scope.networks_of(substep.name)
            ]
            how = workflow.simulation(substep.name, substep.span)
            parts.append(simulated(networks, cubes, how, learner.apply))
        merging = workflow.joining(name)
        rounds[name] = finish(workflow, name, joined(parts, merging.networks, merging.margin), world)
        cubes[f"SIM-{name}T"] = rounds[name].target if teacher is None else teacher
    return rounds


def in_chains(workflow: Rounds, cubes: Mapping[str, Cube]) -> dict[str, Cube]:
    """Products as the chains see them; with one chain, as they are."""
    scope = workflow.scope
    seed, count = scope.run.seed, scope.run.chains
    if count == 1:
        return dict(cubes)
    porosity = float(np.nanmean(cubes["POROSITY"].values))
    out = chains.seen(cubes.values(), workflow.errors(scope.networks), seed, count, porosity)
    return out | {name: chains.target(cubes[name], seed, count) for name in scope.plan.primaries}


def trained(workflow: Rounds, network: Network, world: World, cubes: Mapping[str, Cube], learner: Learner) -> Stored:
    """A network trained in all zones; `cubes` as the chains see them, and the targets of earlier rounds."""
    scope, inputs = workflow.scope, workflow.scope.variables(network)
    targets = [(cubes[name], np.array(steps)) for name, steps in scope.plan.training[network.name].targets.items()]
    plain = [world.cubes[name] for name in inputs]
    settings = scope.run.training_in(scope.plan.substep(network.substep).round)
    zones, seed, count = world.truth.zones, scope.run.seed, scope.run.chains
    if count == 1:
        subnetworks = learner.fit(gather(plain, targets), zones, network.name, settings, seed, 1)
    else:
        own = [cubes[name] for name in inputs]
        subnetworks = chains.trained(plain, own, targets, network.name, settings, seed, count)
    return Stored(subnetworks, tuple(inputs), zones, {"network": network.name})


def finish(workflow: Rounds, name: str, estimates: Estimates, world: World) -> Round:
    """Estimates laid on the map, blended across zones, and screened for the rounds to come."""
    scope, window = workflow.scope, world.window
    rounds, grid = scope.run.rounds, scope.grid
    maps = _mapped(workflow, estimates, window)
    outside = world.cubes[scope.plan.primaries[0]]
    ranging = workflow.ranging()
    learnt = without_years(outside, ranging.held_out_years)
    bounds = np.stack(value_range(learnt, ranging.min_dekads))
    low, high = scatter(bounds, outside.pixel, window, grid=grid)
    inside, _ = screen(maps, low, high)
    kept = denoise(inside, grid.zone_pixels, rounds.screen.sigma).values.astype(np.float32)
    place = replace(world.truth, variable=f"SIM-{name}", units="m3 m-3", step=estimates.step)
    before, after = (_cube(place, values, window, grid) for values in (maps, kept))
    if after.values.ndim == 3:
        noisy = chains.passed_on(after.values, estimates.held_out_mse(), after, scope.run.seed)
        after = replace(after, values=noisy)
    valid, left = (int(np.isfinite(cube.values).sum()) for cube in (before, after))
    ratio = variance_ratio(before.values, after.values)
    known = ratio[np.isfinite(ratio)]
    return Round(
        sim=before,
        target=replace(after, variable=f"SIM-{name}T"),
        estimates=estimates,
        removed=1 - left / valid if valid else 0.0,
        variance_ratio=float(known.mean()) if known.size else float("nan"),
    )


def matched_products(workflow: Rounds, world: World) -> list[Matched]:
    """C: the products matched to the target from outside, zone by zone."""
    spec = Fusing(workflow).matching()
    cubes = in_chains(workflow, world.cubes)
    return matched(cubes[spec.target], [cubes[name] for name in spec.algorithms if name != spec.target], spec)


def joint_fits(workflow: Rounds, world: World, known: Sequence[Fit] | None = None) -> list[Fit]:
    """J: target and products fitted jointly, zone by zone, with factors in the dekads that their cubes would hold.

    known  what was learnt already: then products alone are looked at
    """
    scope, spec = workflow.scope, Fusing(workflow).fitting()
    factors = []
    for held in (scope.cubes[cube] for cube in scope.factor_cubes):
        for name, steps in held.items():
            inside = (world.truth.step >= min(steps)) & (world.truth.step <= max(steps))
            whole = world.cubes[name]
            factors.append(replace(whole, values=whole.values[:, inside], step=whole.step[inside]))
    looks = [world.cubes[name] for name in spec.algorithms if known is None or name != spec.target]
    return fitted([*looks, *factors], spec, known)


def fused_rounds(
    workflow: Rounds,
    world: World,
    rounds: Mapping[str, Round],
    products: Sequence[Matched],
    share: float | None = None,
    fits: Sequence[Fit] | None = None,
) -> tuple[Fused, Cube]:
    """F: rounds and matched products in one, and its maps, blended across zones as those of a round.

    share  of J in it, if not that of the configuration
    fits   J, if it is there already
    """
    spec = Fusing(workflow).fusing()
    spec = replace(spec, joint=spec.joint if share is None else share)
    fits = (fits or joint_fits(workflow, world)) if spec.joint else None
    found = fused([round_.estimates for round_ in rounds.values()], products, spec, fits=fits)
    place = replace(world.truth, variable="FUSED", units="m3 m-3", step=found.estimates.step)
    maps = _mapped(workflow, found.estimates, world.window)
    return found, _cube(place, maps, world.window, workflow.scope.grid)


def _mapped(workflow: Rounds, estimates: Estimates, window: Window) -> F32:
    """Estimates as maps (chain, dekad, row, column), blended across zones."""
    scope = workflow.scope
    maps = scatter(np.moveaxis(estimates.value, 1, 2), estimates.pixel, window, grid=scope.grid)
    how = scope.run.rounds.fuzzify
    if how.method == "none":
        return maps
    return fuzzify(maps, scope.grid.zone_pixels, how.method, how.width, scope.region.wraps).astype(np.float32)


def _cube(place: Cube, maps: F32, window: Window, grid: Grid) -> Cube:
    """Maps (chain, dekad, row, column) on the pixels of a cube; without a chain axis where there is one chain."""
    _, position = window_index(place.pixel, window, grid)
    values = np.moveaxis(maps.reshape(*maps.shape[:2], -1)[:, :, position], 1, 2)
    return replace(place, values=np.ascontiguousarray(values if len(values) > 1 else values[0]))


def series(rounds: Mapping[str, Round], steps: NDArray[np.integer]) -> F32:
    """SIM-1 … SIM-n as one series (pixel, dekad); the mean of the chains where there are several."""
    cubes = [round_.sim for round_ in rounds.values()]
    out = np.full((cubes[0].pixel.size, len(steps)), np.nan, np.float32)
    for cube in cubes:
        values = cube.values if cube.values.ndim == 2 else cube.values.mean(axis=0)
        out[:, np.searchsorted(steps, cube.step)] = values
    return out
