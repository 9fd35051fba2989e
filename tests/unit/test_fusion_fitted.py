"""The joint fit of cubes: every zone by itself, and nothing learnt from what is kept for judging."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.testing import assert_array_equal

from bench.worlds.jointly import cover_by_leaves
from rssm.calendar import DEKADS
from rssm.config.training import Split
from rssm.cubes.cube import Cube
from rssm.fusion.fitted import fitted
from rssm.fusion.joint import ANCHOR, Status
from rssm.fusion.matched import roles
from rssm.fusion.specs import MatchSpec
from rssm.grid import GRID
from rssm.networks.split import TEST
from rssm.one_process import World

STEPS = np.array(DEKADS.span("2013D01", "2018D36"), np.int32)
SPEC = MatchSpec("T", {"T": "t", "A": "a", "B": "a"}, DEKADS.id, Split(held_out_years=(2017,)), 1)


def cubes() -> tuple[Cube, list[Cube], list[Cube]]:
    """Target, products and a factor of two zones of 5 × 5 pixels."""
    draw = np.random.default_rng(3)
    pixel = np.concatenate(
        [(row * 3600 + column).ravel() for row, column in (np.mgrid[480:485, 1780:1785], np.mgrid[480:485, 1790:1795])]
    ).astype(np.int32)
    season = np.sin(STEPS / 36 * 2 * np.pi)
    truth = 0.25 + 0.04 * season + 0.04 * draw.normal(size=STEPS.size) + 0.02 * draw.normal(size=(50, STEPS.size))
    starts = np.array([0, 25, 50], np.int32)

    def cube(name: str, values: np.ndarray) -> Cube:
        return Cube(name, "", values.astype(np.float32), pixel, ("a", "b"), starts, STEPS, DEKADS.id, GRID.id)

    first = DEKADS.parse("2015D10")
    target = np.where(first <= STEPS, truth + ANCHOR * draw.normal(size=truth.shape), np.nan)
    products = [cube(name, 0.8 * truth + 0.03 * draw.normal(size=truth.shape)) for name in "AB"]
    return cube("T", target), products, [cube("F", np.broadcast_to(season, truth.shape))]


def test_what_judges_teaches_nothing() -> None:
    target, products, factors = cubes()
    role = roles(target, STEPS, SPEC.split, SPEC.seed)
    assert (role == TEST).any()
    changed = replace(target, values=np.where(role < TEST, target.values, np.float32(0.9)))
    learnt = replace(target, values=np.where(role < TEST, target.values + np.float32(0.1), target.values))
    one, other, third = (fitted(t, products, factors, SPEC, STEPS) for t in (target, changed, learnt))
    assert [zone.target for zone in one] == [Status.ATTACHED] * 2
    for zone in range(2):
        assert_array_equal(one[zone].value, other[zone].value)
        assert (third[zone].value > one[zone].value + 0.05).all()


def test_zones_are_fitted_each_by_itself_and_products_of_an_algorithm_are_relatives() -> None:
    target, products, factors = cubes()
    both = fitted(target, products, factors, SPEC, STEPS)
    common = 0.05 * np.random.default_rng(5).normal(size=target.values.shape).astype(np.float32)
    alike = [replace(cube, values=cube.values + common) for cube in products]
    second = [
        replace(c, values=np.concatenate([c.values[:25], a.values[25:]])) for c, a in zip(products, alike, strict=True)
    ]
    found = fitted(target, second, factors, SPEC, STEPS)
    assert_array_equal(found[0].value, both[0].value)
    assert found[1].shared[0, 1] > found[0].shared[0, 1] + 0.1
    strangers = replace(SPEC, algorithms={"T": "t", "A": "a", "B": "b"})
    assert_array_equal(fitted(target, second, factors, strangers, STEPS)[1].shared, np.eye(2))


def test_sources_of_leaf_area_are_joined_without_a_step() -> None:
    target, _, _ = cubes()
    leaves = 2 + np.sin(STEPS / 36 * 2 * np.pi) + np.linspace(0, 1, 50)[:, None]
    seen = {"LAI-VGT": 0.9, "LAI-PROBAV": 1.05, "LAI-GLASS": 1.1}
    named = {
        name: replace(target, variable=name, values=(share * leaves).astype(np.float32)) for name, share in seen.items()
    }
    got = cover_by_leaves(World(named, target, target, None))  # type: ignore[arg-type]
    np.testing.assert_allclose(got, 1 - np.exp(-0.9 * leaves / 2), rtol=1e-5)
