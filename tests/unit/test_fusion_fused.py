"""F by hand: two scales, one estimate where the other is missing, and weights that move by evidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.errors import InputError
from rssm.fusion.evidence import CHAIN, GRID, MATCHED, weights
from rssm.fusion.fused import Fused, fuse, fused
from rssm.fusion.learnt import read_learnt, write_learnt
from rssm.fusion.season import season_difference
from rssm.fusion.specs import Evidence, FuseSpec
from rssm.fusion.store import write_matched
from rssm.rounds.estimates import (
    CHAIN_ONLY,
    FALLBACK,
    MATCHED_ONLY,
    NO_SKILL,
    read_estimates,
    write_estimates,
)
from rssm.spec import canonical, parsed
from tests.unit.made_fusion import DEFAULT, FIRST, SPEC, estimates, products, two_rounds


def made(e: np.ndarray, c: np.ndarray, spec: FuseSpec = SPEC, held_out: np.ndarray | None = None) -> Fused:
    return fused(two_rounds(e), [products(c, FIRST, held_out)], spec)


def test_f_has_the_season_of_the_chain_and_mostly_the_departures_of_the_products() -> None:
    season = 0.2 + 0.1 * np.sin(2 * np.pi * np.arange(36) / 36)
    a, b = np.array([[0.02], [-0.02], [0.01], [-0.01]]), np.array([[0.04], [-0.02], [-0.04], [0.02]])  # by year
    e, c = (season + a).reshape(1, -1), (0.15 + b + np.zeros(36)).reshape(1, -1)  # C has no season at all
    found = made(e, c).estimates
    # three dekads of D = season − 0.15 average to cos(10°) of the wave
    smooth = 0.2 + 0.1 * np.sin(2 * np.pi * np.arange(36) / 36) * (1 + 2 * np.cos(2 * np.pi / 36)) / 3
    expected = 0.25 * (season + a) + 0.75 * (0.15 + b) + 0.75 * (smooth - 0.15)
    assert_allclose(found.value[0, 0], expected.ravel(), atol=1e-6)
    assert_array_equal(found.step, FIRST + np.arange(144))
    assert_array_equal(found.network[0], np.repeat([1, 0], 72))  # of the round whose dekads they are
    assert (found.flags == FALLBACK).all() and (found.merged == 1).all()


def test_each_round_has_its_own_weight() -> None:
    rng = np.random.default_rng(1)
    e, c = rng.uniform(0.1, 0.4, (2, 3, 144))
    found = made(e, c, replace(SPEC, departures={"1": 1.0, "2": 0.0}))
    assert_allclose(found.estimates.value[0, :, 72:], e[:, 72:], atol=1e-6)
    d = found.learnt.difference[0][:, np.arange(72) % 36]
    assert_allclose(found.estimates.value[0, :, :72], c[:, :72] + d, atol=1e-6)
    assert_array_equal(found.learnt.departures, [[1], [0]])


def test_where_one_is_missing_the_other_speaks_and_is_flagged() -> None:
    e, c = np.full((1, 144), 0.3), np.full((1, 144), 0.2)
    e[0, 36:40], c[0, 50:53], e[0, 60], c[0, 60] = np.nan, np.nan, np.nan, np.nan
    found = made(e, c).estimates
    assert_allclose(found.value[0, 0, 36:40], 0.3)  # C in the chain's mean year: 0.2 + 0.1
    assert_allclose(found.value[0, 0, 50:53], 0.3)
    assert np.isnan(found.value[0, 0, 60])
    assert_array_equal(found.flags[0, [36, 50, 60, 70]], [MATCHED_ONLY, FALLBACK | CHAIN_ONLY, 0, FALLBACK])
    assert_array_equal(found.network[0, [36, 50, 60, 70]], [2, 1, -1, 1])
    assert_array_equal(found.merged[0, [36, 50]], [0, 1])
    assert found.names[-1] == "MATCHED"
    assert_allclose(found.held_out_mse()[0, [36, 50]], [0.0009, 0.0004])


def test_c_alone_is_moved_only_to_a_mean_year_that_is_known() -> None:
    e, c = np.full((1, 144), np.nan), np.full((1, 144), 0.2)
    e[0, [0, 1]] = 0.3  # two values: too few to be a season
    found = made(e, c).estimates
    assert_allclose(found.value[0, 0, 2:], 0.2)
    assert_allclose(found.value[0, 0, :2], 0.3)  # D is E − C itself
    e[0, 36] = 0.3
    assert_allclose(made(e, c).estimates.value[0, 0, 72], 0.3)


def test_c_alone_takes_of_the_season_what_the_chain_has_of_it() -> None:
    e, c = np.full((1, 144), 0.3), np.full((1, 144), 0.2)
    e[0, 36] = np.nan
    assert_allclose(made(e, c, replace(SPEC, season=0.5)).estimates.value[0, 0, 36], 0.25)


def test_an_estimate_without_skill_gives_no_season_where_there_is_c() -> None:
    e, c = np.full((1, 144), 0.3), np.full((1, 144), 0.2)
    c[0, 100] = np.nan
    rounds = two_rounds(e)
    rounds = [replace(one, flags=one.flags | NO_SKILL) for one in rounds]
    found = fused(rounds, [products(c, FIRST)], SPEC).estimates
    assert_allclose(np.delete(found.value[0, 0], 100), 0.2)
    assert_allclose(found.value[0, 0, 100], 0.3)
    assert_array_equal(found.flags[0, [99, 100]], [MATCHED_ONLY, FALLBACK | NO_SKILL | CHAIN_ONLY])


def test_a_zone_without_products_keeps_the_chain_and_one_without_both_nothing() -> None:
    e, nothing = np.random.default_rng(2).uniform(0.1, 0.4, (2, 144)), np.full((2, 144), np.nan)
    assert_array_equal(made(e, nothing).estimates.value[0], np.float32(e))
    assert np.isnan(made(nothing, nothing).estimates.value).all()


def test_few_years_bring_f_to_the_chain() -> None:
    rng = np.random.default_rng(3)
    e, c = rng.uniform(0.1, 0.4, (2, 1, 16))  # within one year, dekads 0, 4, 8, 12: no neighbours
    e[:, np.arange(16) % 4 > 0] = np.nan
    found = fused([estimates(e, FIRST)], [products(c, FIRST)], replace(SPEC, rounds=("1",))).estimates
    assert_allclose(found.value[0, 0, ::4], e[0, ::4], atol=1e-6)


def test_the_season_is_a_ring_by_hand() -> None:
    e = np.zeros((1, 6), np.float32)
    c = -np.array([[1, 2, 3, 4, 5, np.nan]], np.float32)
    d, n = season_difference(e, c, np.arange(6) % 6, 6, 3)
    assert_allclose(d[0], [1.5, 2, 3, 4, 4.5, 3])  # the last: 5 and, over the turn of the year, 1
    assert_array_equal(n[0], [2, 3, 3, 3, 2, 2])


def test_rounds_that_simulate_the_same_dekad_are_refused() -> None:
    e = np.full((1, 36), 0.2)
    with pytest.raises(InputError, match="same dekad"):
        fused([estimates(e, FIRST), estimates(e, FIRST + 35)], [products(e, FIRST)], SPEC)


def test_products_of_another_zone_are_refused() -> None:
    e = np.full((1, 72), 0.2)
    with pytest.raises(InputError, match="Zone Z0: the matched products are of Z7"):
        fused(two_rounds(e), [products(e, FIRST, zone="Z7")], SPEC)


def evidence_of(e_error: float, c_error: float, steps: int = 72) -> tuple[float, float]:
    """Weights where E and C err by noise of these sizes about the target."""
    rng = np.random.default_rng(4)
    target, a, b = (rng.standard_normal((20, steps)).astype(np.float32) for _ in range(3))
    e, c = target + np.float32(e_error) * a, target + np.float32(c_error) * b
    return weights(e, c, np.zeros_like(e), target, DEFAULT, Evidence(("1",)))


def test_weights_stay_where_the_fusion_is_no_worse_and_move_as_far_as_they_must() -> None:
    assert evidence_of(1.0, 1.0) == DEFAULT
    assert evidence_of(0.1, 1.0)[1] > 0.7  # nearly the chain alone
    assert evidence_of(3.0, 0.1)[1] == 0.0  # nearly the products alone
    assert evidence_of(0.1, 1.0, steps=17) == DEFAULT  # too few dekads
    assert {CHAIN, MATCHED, DEFAULT} <= set(GRID)


def test_chance_is_what_blocks_of_dekads_differ_by() -> None:
    """C is exact, E errs by 1 in some dekads and F by 0.25 · 1 less: worse by a mean that so many blocks may have."""
    target = np.zeros((1, 72), np.float32)
    alone, together = np.zeros((2, 1, 72), np.float32)
    alone[0, ::6], together[0, :12] = 1, 1  # twelve dekads, one in each block, or all in two blocks
    for e, chance, default in ((together, 2.0, True), (together, 0.0, False), (alone, 2.0, False)):
        found = weights(e, target, 0 * e, target, DEFAULT, Evidence(("1",), chance=chance))
        assert (found == DEFAULT) == default


def test_a_poor_season_of_the_chain_moves_the_share_in_the_season() -> None:
    rng = np.random.default_rng(5)
    target = rng.standard_normal((20, 72)).astype(np.float32)
    bias = np.repeat([[2, -2]], 36, axis=1).astype(np.float32)  # of E: the difference D knows it
    found = weights(target + bias, target, bias + 0 * target, target, DEFAULT, Evidence(("1",)))
    assert found[0] == 0.0


def test_moved_weights_belong_to_the_rounds_of_the_evidence() -> None:
    rng = np.random.default_rng(6)
    target = rng.uniform(0.1, 0.4, (10, 144))
    c = target + 0.2 * rng.standard_normal(target.shape)
    found = made(target, c, replace(SPEC, evidence=Evidence(("1",))), held_out=target)
    assert found.learnt.departures[0, 0] == 1.0 and found.learnt.departures[1, 0] == 0.25
    assert_allclose(found.estimates.value[0, :, 72:], target[:, 72:], atol=1e-6)
    without = made(target, c, SPEC, held_out=target)
    assert without.learnt.departures[0, 0] == 0.25


def test_the_job_writes_estimates_as_any_round_and_what_was_learnt(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    e, c = rng.uniform(0.1, 0.4, (2, 2, 4, 144))  # two chains; two zones of two pixels
    rounds = [replace(estimates(e[..., 72:], FIRST + 72, zones=2)), estimates(e[..., :72], FIRST, zones=2)]
    parts = [products(c[:, 2 * z : 2 * z + 2], FIRST, zone=f"Z{z}") for z in range(2)]
    paths = [str(tmp_path / f"{n}.nc") for n in (1, 2)]
    for path, one in zip(paths, rounds, strict=True):
        write_estimates(path, one)
    write_matched(tmp_path / "c.nc", parts, np.array([0, 2, 4], np.int32))
    out = [str(tmp_path / f"{name}.nc") for name in ("f1", "f2", "learnt")]
    fuse("tile", paths, [str(tmp_path / "c.nc")], [], [], parsed(FuseSpec, canonical(SPEC)), out)
    first, second, own = read_estimates(out[0]), read_estimates(out[1]), fused(rounds, parts, SPEC)
    for name in ("value", "flags", "merged", "step"):
        both = np.concatenate([getattr(second, name), getattr(first, name)], axis=-1)
        assert_array_equal(both, getattr(own.estimates, name), err_msg=name)
    assert first.names == (f"NN{FIRST + 72}", "MATCHED") and second.names == (f"NN{FIRST}", "MATCHED")
    assert_array_equal(first.network, np.where(own.estimates.network[:, 72:] == 2, 1, 0))
    assert_allclose(first.mse[:, 0], [0.0004, 0.0009])
    read = read_learnt(out[2])
    for name in ("difference", "count", "season", "departures"):
        assert_array_equal(getattr(read, name), getattr(own.learnt, name), err_msg=name)


def test_a_zone_does_not_depend_on_its_neighbours_nor_a_chain_on_the_others() -> None:
    rng = np.random.default_rng(8)
    e, c = rng.uniform(0.1, 0.4, (2, 2, 4, 72))
    spec = replace(SPEC, rounds=("1",))
    parts = [products(c[:, 2 * z : 2 * z + 2], FIRST, zone=f"Z{z}") for z in range(2)]
    whole = fused([estimates(e, FIRST, zones=2)], parts, spec).estimates.value
    alone = fused([estimates(e[:, :2], FIRST)], parts[:1], spec).estimates.value
    control = fused([estimates(e[:1, :2], FIRST)], [products(c[:1, :2], FIRST)], spec).estimates.value
    assert_array_equal(whole[:, :2], alone)
    assert_array_equal(alone[:1], control)


def test_an_extension_fuses_later_dekads_with_what_was_learnt(tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    e, c = rng.uniform(0.1, 0.4, (2, 1, 2, 144))
    spec = replace(SPEC, departures={"1": 0.5, "2": 0.25})
    write_learnt(tmp_path / "f.nc", fused(two_rounds(e[0]), [products(c[0], FIRST)], spec).learnt)
    known = read_learnt(str(tmp_path / "f.nc"), ("1",))
    again = FuseSpec("dekad", ("1",), 1.0, {"1": 0.9})  # the weights are learnt, too
    e, c = rng.uniform(0.1, 0.4, (2, 2, 10))
    c[0, 1], e[0, 2] = np.nan, np.nan
    found = fused([estimates(e, FIRST + 144)], [products(c, FIRST + 144)], again, known).estimates.value[0]
    d = known.difference[0, :, :10]
    expected = 0.5 * (e + c) + 0.5 * d
    expected[0, 1], expected[0, 2] = e[0, 1], c[0, 2] + d[0, 2]
    assert_allclose(found, expected, atol=1e-6)
    with pytest.raises(InputError, match="knows nothing of round 7"):
        read_learnt(str(tmp_path / "f.nc"), ("7",))


def test_a_season_that_was_never_learnt_leaves_the_chain() -> None:
    e = np.full((1, 36), 0.3)
    known = fused([estimates(e[:, :6], FIRST)], [products(e[:, :6], FIRST)], replace(SPEC, rounds=("1",))).learnt
    later = [estimates(e, FIRST + 36)], [products(e - 0.1, FIRST + 36)]
    found = fused(*later, replace(SPEC, rounds=("1",)), known).estimates
    assert_allclose(found.value[0, 0, :6], 0.25 * 0.3 + 0.75 * 0.2)
    assert_array_equal(found.value[0, 0, 10:30], np.float32(0.3))
    assert (found.flags[0, 10:30] == FALLBACK | CHAIN_ONLY).all()
