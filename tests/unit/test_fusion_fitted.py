"""The joint fit of cubes: every zone by itself, and nothing learnt from what is kept for judging."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.calendar import DEKADS
from rssm.config.training import Split
from rssm.cubes.cube import Cube, in_zone, write_cube
from rssm.errors import InputError
from rssm.fusion.factors import joined, ratios, series, sources_of
from rssm.fusion.fits import OF_MODEL, OF_X, X_ONLY, Fit, read_fits
from rssm.fusion.fitted import fit_joint, fitted, of_zone
from rssm.fusion.joint import ANCHOR
from rssm.fusion.matched import roles
from rssm.fusion.model import Status
from rssm.fusion.specs import FitSpec
from rssm.grid import GRID
from rssm.networks.split import TEST
from rssm.spec import canonical, parsed

STEPS = np.array(DEKADS.span("2013D01", "2018D36"), np.int32)
SPEC = FitSpec("T", {"T": "t", "A": "a", "B": "a"}, DEKADS.id, Split(held_out_years=(2017,)), 1, {"F": ("F",)})


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
    one, other, third = (fitted([t, *products, *factors], SPEC) for t in (target, changed, learnt))
    assert [zone.joint.model.target for zone in one] == [Status.ATTACHED] * 2
    for zone in range(2):
        assert_array_equal(one[zone].joint.value, other[zone].joint.value)
        assert (third[zone].joint.value > one[zone].joint.value + 0.05).all()


def test_zones_are_fitted_each_by_itself_and_products_of_an_algorithm_are_relatives() -> None:
    target, products, factors = cubes()
    both = fitted([target, *products, *factors], SPEC)
    common = 0.05 * np.random.default_rng(5).normal(size=target.values.shape).astype(np.float32)
    alike = [replace(cube, values=cube.values + common) for cube in products]
    second = [
        replace(c, values=np.concatenate([c.values[:25], a.values[25:]])) for c, a in zip(products, alike, strict=True)
    ]
    found = fitted([target, *second, *factors], SPEC)
    assert_array_equal(found[0].joint.value, both[0].joint.value)
    assert found[1].joint.model.shared[0, 1] > found[0].joint.model.shared[0, 1] + 0.1
    strangers = replace(SPEC, algorithms={"T": "t", "A": "a", "B": "b"})
    assert_array_equal(fitted([target, *second, *factors], strangers)[1].joint.model.shared, np.eye(2))


def test_the_order_of_cubes_does_not_matter_and_a_factor_may_lie_in_several() -> None:
    target, products, (factor,) = cubes()
    plain = fitted([target, *products, factor], SPEC)[0]
    halves = [
        replace(factor, values=factor.values[:, part], step=STEPS[part]) for part in (slice(0, 90), slice(60, None))
    ]
    other = fitted([*halves[::-1], *products[::-1], target], SPEC)[0]
    assert other.products == ("A", "B")
    assert_array_equal(other.joint.value, plain.joint.value)


def test_sources_of_a_factor_are_joined_without_a_step() -> None:
    target, _, _ = cubes()
    leaves = 2 + np.sin(STEPS / 36 * 2 * np.pi) + np.linspace(0, 1, 50)[:, None]
    seen = {"VGT": (0.9, 0, 80), "GLASS": (1.1, 60, 150), "PROBAV": (1.05, 120, 216), "APART": (3.0, 216, 216)}
    parts = [
        replace(target, variable=name, values=(by * leaves[:, a:b]).astype(np.float32), step=STEPS[a:b])
        for name, (by, a, b) in seen.items()
    ]
    sources = sources_of({"LAI": ("VGT", "GLASS", "PROBAV", "APART", "MISSING"), "F": ("F",)})
    assert sources[:2] == (("F", "F"), ("LAI", "VGT"))
    values = series(parts, sources, STEPS, DEKADS, 50)
    ratio = ratios(values, sources)
    assert_allclose(ratio[:, 0], [1, 1, 0.9 / 1.1, 0.9 / 1.05, 1, 1], rtol=1e-5)
    missing, cover = joined(values, ratio, sources)
    assert np.isnan(missing).all()
    assert_allclose(cover, 1 - np.exp(-0.9 * leaves / 2), rtol=1e-5)


def _job(folder: Path, cubes: list[Cube], learnt: list[str], name: str) -> list[Fit]:
    """What the job writes from files of some cubes."""
    for cube in cubes:
        write_cube(folder / f"{cube.variable}.nc", cube)
    out = str(folder / name)
    fit_joint(
        "tile", [str(folder / f"{cube.variable}.nc") for cube in cubes], learnt, parsed(FitSpec, canonical(SPEC)), [out]
    )
    return list(read_fits(out))


def _same(one: Fit, other: Fit, steps: slice = slice(None), names: tuple[str, ...] = tuple(OF_X)) -> None:
    for name in names:
        assert_array_equal(getattr(one.joint, name), getattr(other.joint, name)[:, steps], err_msg=name)


def test_the_job_writes_all_that_an_extension_needs_and_it_goes_on_with_the_same_bits(tmp_path: Path) -> None:
    target, products, factors = cubes()
    early = slice(0, 80)  # before the target
    found = _job(tmp_path, [*products, target, *factors], [], "edition.nc")
    for got, own in zip(found, fitted([target, *products, *factors], SPEC), strict=True):
        _same(got, own)
        assert (got.zone, got.products, got.sources) == (own.zone, own.products, own.sources)
        for name in OF_MODEL:
            assert_array_equal(getattr(got.joint.model, name), getattr(own.joint.model, name), err_msg=name)
    light = next(read_fits(tmp_path / "edition.nc", without=X_ONLY))
    assert_array_equal(light.at(STEPS), found[0].at(STEPS))

    def cut(cube: Cube) -> Cube:
        return replace(cube, values=cube.values[:, early], step=STEPS[early])

    folder = tmp_path / "later"
    folder.mkdir()
    later = _job(folder, [cut(cube) for cube in (*products, *factors)], [str(tmp_path / "edition.nc")], "later.nc")
    for one, other in zip(later, found, strict=True):
        _same(one, other, early)
    ended = of_zone([in_zone(cut(cube), 0) for cube in (products[0], *factors)], SPEC, found[0])
    assert (ended.joint.looks == 1).all() and (ended.joint.variance > later[0].joint.variance).all()
    with pytest.raises(InputError, match="Keep its region and land mask"):
        of_zone([in_zone(cut(products[0]), 1)], SPEC, found[0])


def test_x_is_published_only_where_a_product_looks() -> None:
    target, products, factors = cubes()
    gappy = [replace(cube, values=np.where(STEPS[5] == STEPS, np.float32(np.nan), cube.values)) for cube in products]
    found = fitted([target, *gappy, *factors], SPEC)[0]
    assert np.isfinite(found.joint.value).all()
    assert_array_equal(np.isnan(found.at(STEPS)).all(axis=0), STEPS[5] == STEPS)
    with pytest.raises(InputError, match="No cube holds B"):
        fitted([target, products[0]], SPEC)
