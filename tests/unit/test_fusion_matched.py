"""C of a zone: how products meet the target, what they weigh, and what never teaches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.config.training import Split
from rssm.cubes.cube import Cube, write_cube
from rssm.errors import InputError
from rssm.fusion.match import matched as on_curve
from rssm.fusion.matched import Status, frozen, match, matched, of_zone, roles, seen
from rssm.fusion.specs import MatchSpec
from rssm.fusion.store import LAYOUT, read_matched
from rssm.networks.split import TEST
from rssm.rounds.specs import ProductError
from rssm.spec import canonical, parsed

STEPS = (2003 * 36 + np.arange(180)).astype(np.int32)
SPEC = MatchSpec("T", {"T": "t", "A": "a", "B": "b", "OLD": "o"}, "dekad", Split(), 1)


def cube(name: str, values: np.ndarray, zones: int = 1) -> Cube:
    """Values (pixel, dekad) in zones of as many pixels, from the first dekad of 2003 on."""
    own = len(values) // zones
    pixels = np.concatenate([3600 * (np.arange(own) // 10) + np.arange(own) % 10 + 10 * z for z in range(zones)])
    names, start = tuple(f"Z{z}" for z in range(zones)), np.arange(zones + 1, dtype=np.int32) * own
    return Cube(name, "", values.astype(np.float32), pixels.astype(np.int32), names, start, STEPS, "dekad", "wgs84_0.1")


def some_cubes(zones: int = 1, pixels: int = 20) -> dict[str, Cube]:
    """A target of the later half; A meets it throughout, B in part, OLD never."""
    rng = np.random.default_rng(3)
    truth = 0.25 + 0.07 * rng.standard_normal((zones * pixels, STEPS.size))
    noise = rng.standard_normal((4, *truth.shape))
    values = {
        "T": truth + 0.01 * noise[0],
        "A": 0.1 + 0.5 * (truth + 0.02 * noise[1]),
        "B": 60 * (truth + 0.03 * noise[2]),
        "OLD": 2 * (truth + 0.04 * noise[3]) - 0.1,
    }
    values["T"][:, :90], values["B"][:, :60], values["OLD"][:, 90:] = np.nan, np.nan, np.nan
    return {name: cube(name, found, zones) for name, found in values.items()}


def of(cubes: dict[str, Cube], spec: MatchSpec = SPEC) -> dict[str, np.ndarray]:
    """Fields of C in one zone."""
    spec = replace(spec, algorithms={name: spec.algorithms[name] for name in cubes})
    return vars(of_zone(*seen(list(cubes.values()), spec), spec))


def test_products_are_matched_to_the_target_or_to_the_average_of_those_that_met_it() -> None:
    found = of(some_cubes())
    assert found["products"] == ("A", "B", "OLD")
    assert_array_equal(found["status"][:, 0], [Status.TARGET, Status.TARGET, Status.AVERAGE])
    assert_allclose(found["error"][0, :, 0], [0.02, 0.03, 0.04], rtol=0.3)
    assert_allclose(found["gain"][:, 0], [0.5, 60, 2], rtol=0.15)
    assert (found["correlation"] > 0.7).all()
    assert_allclose(
        found["weight"][:, 0], found["error"][0, :, 0] ** -2 / (found["error"][0, :, 0] ** -2).sum(), rtol=1e-4
    )
    assert np.isfinite(found["value"]).all()
    assert found["mse"][0] < 0.02**2 + 0.01**2  # less than of A alone


def test_c_is_the_weighted_mean_of_the_products_that_are_there_drawn_to_its_pixels_means() -> None:
    cubes = some_cubes()
    found = of(cubes)
    a, b, old = (on_curve(cubes[n].values, found["curve"][0, i]) for i, n in enumerate(found["products"]))
    w = found["error"][0, :, 0] ** -2
    average = np.concatenate(  # by turns A and OLD, all three, A and B
        [
            (w[0] * a + w[2] * old)[:, :60] / (w[0] + w[2]),
            (w[0] * a + w[1] * b + w[2] * old)[:, 60:90] / w.sum(),
            (w[0] * a + w[1] * b)[:, 90:] / (w[0] + w[1]),
        ],
        axis=1,
    )
    mean, slope = found["mean"][0][:, None], found["slope"][0, 0]
    assert_allclose(mean[:, 0], average.mean(axis=1), atol=1e-6)
    assert 0.8 < slope < 1
    assert_allclose(found["value"][0], mean + slope * (average - mean), atol=1e-6)


def test_the_order_of_products_changes_no_bit() -> None:
    cubes = some_cubes()
    there, back = of(cubes), of(dict(reversed(cubes.items())))
    for name, values in there.items():
        assert_array_equal(values, back[name], err_msg=name)


def test_products_that_know_nothing_of_the_target_give_its_mean() -> None:
    cubes = some_cubes(pixels=50)
    noise = cube("A", np.random.default_rng(9).standard_normal(cubes["A"].values.shape))
    found = of({"T": cubes["T"], "A": noise})
    assert found["slope"][0, 0] < 0.1
    assert_allclose(found["value"][0], np.nanmean(cubes["T"].values, axis=1, keepdims=True) + np.zeros(180), atol=0.04)


def test_points_that_test_and_years_held_out_teach_nothing() -> None:
    cubes = some_cubes()
    spec = replace(SPEC, split=Split(held_out_years=(2006,)))
    target = cubes["T"]
    test = roles(target, STEPS, spec.split, 1) == TEST
    assert test[:, 108:144].all()
    other = replace(target, values=np.where(test, target.values + 1, target.values))
    plain, changed = of(cubes, spec), of({**cubes, "T": other}, spec)
    for name in set(LAYOUT) - {"mse", "r2", "held_out"}:
        assert_array_equal(plain[name], changed[name], err_msg=name)
    assert changed["mse"] > plain["mse"]
    assert_array_equal(plain["held_out"], target.values[:, 108:144])
    assert_array_equal(plain["held_step"], STEPS[108:144])


def test_one_product_alone_is_matched() -> None:
    cubes = some_cubes()
    found = of({"T": cubes["T"], "A": cubes["A"]})
    assert_array_equal((found["status"], found["weight"]), ([[Status.TARGET]], [[1]]))
    assert np.isfinite(found["value"]).all()


def test_what_cannot_be_matched_says_so_and_gives_nothing() -> None:
    cubes = some_cubes()
    nothing = np.full(cubes["T"].values.shape, np.nan)
    constant, short = np.where(np.isfinite(cubes["B"].values), 0.2, np.nan), cubes["OLD"].values.copy()
    short[:, 15:] = np.nan
    names = {"T": "t", "A": "a", "ABSENT": "b", "CONSTANT": "c", "SHORT": "d"}
    spec = replace(SPEC, algorithms=names)
    extra = [cube("ABSENT", nothing), cube("CONSTANT", constant), cube("SHORT", short)]
    found = of({"T": cubes["T"], "A": cubes["A"]} | {one.variable: one for one in extra}, spec)
    assert_array_equal(found["status"][:, 0], [Status.TARGET, Status.ABSENT, Status.APART, Status.APART])
    assert_array_equal(found["weight"][:, 0], [1, 0, 0, 0])
    assert_array_equal(found["value"], of({"T": cubes["T"], "A": cubes["A"]})["value"])


def test_a_zone_without_target_has_no_c_and_no_number_goes_wrong() -> None:
    cubes = some_cubes()
    cubes["T"] = replace(cubes["T"], values=np.full_like(cubes["T"].values, np.nan))
    found = of(cubes)
    assert np.isnan(found["value"]).all() and np.isnan(found["mse"]).all()
    assert_array_equal(found["status"], Status.APART)


def test_a_constant_target_and_few_points_pass() -> None:
    cubes = some_cubes(pixels=1)
    cubes["T"] = replace(
        cubes["T"], values=np.where(np.isfinite(cubes["T"].values), np.float32(0.2), np.float32(np.nan))
    )
    assert_allclose(of(cubes)["value"], 0.2, atol=1e-6)


def test_a_missing_cube_is_named() -> None:
    with pytest.raises(InputError, match="No cube holds OLD"):
        seen([one for one in some_cubes().values() if one.variable != "OLD"], SPEC)


def chained(chains: int) -> MatchSpec:
    return replace(SPEC, chains=chains, errors={"A": ProductError("a", 0.01, "m3 m-3")})


def test_the_first_chain_is_the_run_with_one_and_others_do_not_depend_on_how_many() -> None:
    cubes = some_cubes()
    one, two, three = (of(cubes, spec) for spec in (SPEC, chained(2), chained(3)))
    assert_array_equal(one["value"][0], three["value"][0])
    assert_array_equal(two["value"], three["value"][:2])
    assert 1e-3 < np.abs(three["value"][2] - three["value"][1]).mean() < 0.05


@pytest.mark.parametrize("chains", [1, 2])
def test_the_job_writes_what_the_function_gives_zone_by_zone(chains: int, tmp_path: Path) -> None:
    cubes, spec = some_cubes(zones=2), chained(chains) if chains > 1 else SPEC
    paths = [str(tmp_path / f"{name}.nc") for name in cubes]
    for path, one in zip(paths, cubes.values(), strict=True):
        write_cube(path, one)
    match("tile", paths, [], parsed(MatchSpec, canonical(spec)), [str(tmp_path / "out.nc")])
    read = list(read_matched(tmp_path / "out.nc"))
    made = matched(*seen(list(cubes.values()), spec), spec)
    assert [part.zones for part in read] == [("Z0",), ("Z1",)]
    for a, b in zip(read, made, strict=True):
        for name, value in vars(b).items():
            assert_array_equal(getattr(a, name), value, err_msg=name)


@pytest.mark.parametrize("chains", [1, 2])
def test_an_extension_matches_with_what_was_learnt(chains: int, tmp_path: Path) -> None:
    cubes, spec = some_cubes(), chained(chains) if chains > 1 else SPEC
    paths = [str(tmp_path / f"{name}.nc") for name in cubes]
    for path, one in zip(paths, cubes.values(), strict=True):
        write_cube(path, one)
    match("tile", paths, [], spec, [str(tmp_path / "first.nc")])
    for path, one in zip(paths, cubes.values(), strict=True):
        values = np.full_like(one.values, np.nan) if one.variable == "T" else one.values
        write_cube(path, replace(one, values=values[:, 40:], step=one.step[40:]))  # the target is gone
    match("tile", paths, [str(tmp_path / "first.nc")], spec, [str(tmp_path / "again.nc")])
    (first,), (again,) = (list(read_matched(tmp_path / name)) for name in ("first.nc", "again.nc"))
    assert_array_equal(again.value, first.value[:, :, 40:])
    assert_array_equal(again.step, first.step[40:])
    assert_array_equal(again.weight, first.weight)


def test_an_extension_goes_on_without_a_product_that_has_ended_and_refuses_other_pixels() -> None:
    cubes = some_cubes()
    known = of_zone(*seen(list(cubes.values()), SPEC), SPEC)
    alone = frozen([cubes["A"]], known, SPEC)
    gone = {name: cube(name, np.full_like(cubes[name].values, np.nan)) for name in ("B", "OLD")}
    assert_array_equal(alone.value, frozen([cubes["A"], *gone.values()], known, SPEC).value)
    with pytest.raises(InputError, match="Keep its region and land mask"):
        frozen([replace(cubes["A"], pixel=cubes["A"].pixel + 1)], known, SPEC)
