"""Fitting and judging of stated uncertainty, on points made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.testing import assert_allclose, assert_array_equal
from pytest import MonkeyPatch, approx

from bench.worlds import calibrated, run
from bench.worlds.calibrated import CLASSES, Points, fit, judged, points, table
from bench.worlds.experiment import workflow_of
from rssm.calendar import DEKADS
from rssm.config.load import read_yaml
from rssm.cubes.cube import Cube
from rssm.cubes.place import tile_pixels, window_index
from rssm.product.uncertainty.calibration import ANY, read_calibration
from rssm.product.uncertainty.recipe import NORMAL, damped, total_sigma
from rssm.toy.composites import cold

ROOT = Path(__file__).resolve().parents[2]

ROUNDS = ("1", "2")
B, C = 0.4, (0.8, 1.3)  # by round


def world(seed: int, factor: dict[int, float] | None = None, n: int = 20000, dry: float = 0.0) -> Points:
    """Normal errors of the size that the recipe states, with c by round and a further factor by land cover."""
    rng = np.random.default_rng(seed)
    variance, residual = rng.uniform(1e-4, 4e-3, (2, n))
    moisture = rng.uniform(0.02, 0.3, n)
    round_, cover = rng.integers(0, 2, n), rng.choice([7, 10], n)
    times = np.ones(CLASSES)
    for stratum, value in (factor or {}).items():
        times[stratum] = value
    sigma = total_sigma(variance, residual, np.array(C)[round_] * times[cover], B) * damped(moisture, dry)
    fields = (sigma * rng.standard_normal(n), variance, residual, moisture)
    return Points(*(f.astype(np.float32) for f in fields), round_.astype(np.int8), cover.astype(np.int8))


def test_the_recipe_is_found_and_holds_on_other_seeds() -> None:
    dry = 0.2
    found = fit([world(seed, dry=dry) for seed in range(4)], ROUNDS, dry)
    assert found.calibration.factor("1", ANY) == approx((C[0], B, dry), abs=0.05)
    assert found.calibration.factor("2", "7") == approx((C[1], B, dry), abs=0.05)
    unseen = [(seed, noise) for seed in (8, 9) for noise in (0.7, 1.0)]
    sums = {("paper", *which): judged(world(which[0], dry=dry), found, ROUNDS) for which in unseen}
    rows = table(sums, ROUNDS)
    whole = [row for row in rows if row["world"] == row["seed"] == row["noise"] == ANY]
    assert [(row["round"], row["cover"]) for row in whole] == [(r, k) for r in ROUNDS for k in (ANY, "7", "10")]
    for row in whole:
        assert [row["within_50"], row["within_68"], row["within_90"]] == approx([0.5, 0.68, 0.9], abs=0.02)
        assert row["crps"] < row["crps_round"] < row["crps_constant"]
        assert row["sigma"] == approx(row["rmse"], rel=0.1)
    of_round = [row["n"] for row in whole if row["cover"] == ANY]
    assert sum(of_round) == 80000 and of_round[0] == sum(row["n"] for row in whole[1:3])
    slices = {(row["world"], row["seed"], row["noise"]) for row in rows}
    assert slices == {(w, s, "*") for w, s in [("*", "*"), ("*", "8"), ("*", "9"), ("paper", "*")]} | {
        (w, "*", n) for w in ("*", "paper") for n in ("0.7", "1.0")
    }


def test_a_stratum_that_few_worlds_saw_is_drawn_toward_its_round() -> None:
    wide = {7: 2.0}
    few, many = (fit([world(seed, wide) for seed in range(n)], ROUNDS).calibration for n in (1, 6))
    ratio = [np.log(c.factor("1", "7").c / c.factor("1", ANY).c) for c in (few, many)]
    assert ratio[0] / ratio[1] == approx((1 / 3) / (6 / 8), rel=0.1)  # worlds / (worlds + 2)
    unseen = many.factor("1", "12")
    assert unseen == many.factor("1", ANY)


def test_dry_soil_has_intervals_of_its_own_where_its_errors_are_not_normal() -> None:
    dry = 0.2

    def lopsided(seed: int) -> Points:
        """Errors of dry soil that are all of nearly one size, as those of a bias are."""
        found, rng = world(seed, dry=dry), np.random.default_rng(seed)
        sigma = total_sigma(found.variance, found.residual, np.array(C)[found.round_], B) * damped(found.moisture, dry)
        error = np.where(found.moisture < dry, sigma * rng.uniform(0.9, 1.1, sigma.size), found.error)
        return found._replace(error=error.astype(np.float32))

    normal, own = (
        fit([make(seed) for seed in range(4)], ROUNDS, dry) for make in (lambda s: world(s, dry=dry), lopsided)
    )
    assert normal.widths == approx(NORMAL, rel=0.03)
    assert fit([world(0)], ROUNDS).widths == NORMAL
    assert own.widths[2] < 1.3 * own.widths[0]
    sums = judged(lopsided(9), own, ROUNDS)
    assert_allclose(sums[..., 1:4].sum((0, 1)) / sums[..., 0].sum(), [0.5, 0.68, 0.9], atol=0.03)
    assert calibrated.intervals(NORMAL, 0.0) == ""
    assert calibrated.intervals((0.7, 0.9, 1.2), 0.2) == (
        "\n50, 68, 90 % of errors lie within 0.67, 0.99, 1.64 sigma, in soil drier than 0.2 m3 m-3 within 0.70, 0.90, 1.20 sigma."
    )


def test_the_harness_writes_what_the_product_reads_and_judges_each_unseen_world(
    tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    asked = []

    def made(config: Any, root: Path, kind: str, seed: int, noise: float) -> dict[str, Points]:
        asked.append((kind, seed, noise))
        return {"chain": world(seed), "fused": world(seed)}

    monkeypatch.setattr(calibrated, "points", made)
    settings, _ = read_yaml(ROOT / "config/tiny.yaml")
    extent = run.EXTENTS["all"]
    run.calibration(settings, ["paper", "null", "equal"], 1, tmp_path, "all")
    tables = [read_calibration([tmp_path / f"calibration{of}.tsv"]).factors for of in ("", "_fused")]
    assert [{factor.dry for factor in table.values()} for table in tables] == [{0.0}, {run.DRY["fused"]}]
    heads = [(tmp_path / f"calibration{of}.tsv").read_text().splitlines()[:2] for of in ("", "_fused")]
    assert [head[1].startswith("# 50, 68, 90 % of errors lie within 0.67, 0.99, 1.64 sigma") for head in heads] == [
        False,
        True,
    ]
    assert "--extent all`" in heads[1][0] and str(extent.fitted) in heads[1][0]
    factors = tables[0]
    assert {("*", "*"), ("1", "*"), ("2", "7")} <= set(factors)
    known = len(extent.fitted) * 2
    assert {kind for kind, _, _ in asked} == {"paper", "null"}
    assert not {seed for _, seed, _ in asked[:known]} & {seed for _, seed, _ in asked[known:]}
    assert len(set(asked[known:])) == len(asked) - known == len(extent.judged) * 2 * len(extent.noise)
    lines = (tmp_path / "calibration.csv").read_text().splitlines()
    assert lines[0].startswith("estimate,world,seed,noise,round,cover,n,within_50,within_68,within_90,crps,")
    assert sum(",*,*,*," in line for line in lines) == 12  # two estimates, two rounds: all, and two classes


def test_what_snow_and_ice_hide_is_not_judged() -> None:
    settings, _ = read_yaml(ROOT / "config/config.yaml")
    scope = workflow_of(settings, ROOT, "paper", 1).scope
    pixel, *place = tile_pixels(scope.region.zones(), scope.land, scope.grid)
    steps = np.array([*DEKADS.span("2006D01", "2006D03"), *DEKADS.span("2007D01", "2008D03")])
    whole = Cube(
        "TRUTH", "", np.ones((pixel.size, steps.size), np.float32), pixel, *place, steps, "dekad", scope.grid.id
    )
    shown = np.isfinite(calibrated._shown(scope, whole).values)
    _, at = window_index(pixel, scope.area.window, scope.grid)
    with rasterio.open(scope.land) as file:
        maps = cold(scope.run.toy, scope.area, steps.tolist(), DEKADS, file.read(1) == 1)
    snow, thawed = (found.reshape(steps.size, -1)[:, at].T for found in maps.values())
    era = steps >= DEKADS.parse("2007D01")
    assert_array_equal(shown[:, era], (snow == 0)[:, era])
    january = steps % 36 == 0
    usual = (snow[:, era & january] > 0).mean(axis=1) > 0.5
    early = january & ~era
    assert_array_equal(shown[:, early], ~(usual[:, None] & (thawed[:, early] <= 0.5)))
    assert 0.05 < shown[:, early].mean() < 0.95 and 0.05 < shown[:, era].mean() < 0.95


def test_later_rounds_inherit_the_residual_of_what_taught_them(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(calibrated, "CHAINS", 2)
    settings, _ = read_yaml(ROOT / "config/tiny.yaml")
    late = {**settings, "period": {"first": "2014D19", "last": "2016D36"}, "toy": {"days_per_dekad": 3}}
    found = points(late, ROOT, "paper", 1, 1.0)["chain"]
    monkeypatch.setattr(
        calibrated, "inherited_variance", lambda shares, taught: np.zeros((len(shares), taught.shape[1]))
    )
    alone = points(late, ROOT, "paper", 1, 1.0)["chain"]
    assert set(np.unique(found.round_)) == {0, 1}
    assert all(field.size == found.error.size and np.isfinite(field).all() for field in found)
    assert 0.01 < np.sqrt(np.mean(found.error**2)) < 0.1
    first, second = (found.round_ == number for number in (0, 1))
    assert_array_equal(found.residual[first], alone.residual[first])
    inherited = found.residual[second] - alone.residual[second]
    low, high = found.residual[first].min(), found.residual[first].max()
    share = 9 / 72  # nine dekads of SIM-1T before SMAP, of two years
    assert (inherited >= 0.99 * share * low).all() and (inherited <= 1.01 * share * high).all()
