"""Scores by hand, and those of pytesmo on the same pairs."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pytest import approx

from rssm.calendar import DEKADS
from rssm.validation.samples.record import Record
from rssm.validation.scores.evaluate import differences, evaluate
from rssm.validation.scores.groups import kinds_of
from rssm.validation.scores.results import Result
from rssm.validation.scores.spatial import weighed_middles
from rssm.validation.scores.temporal import middles_of
from rssm.validation.specs import Least
from rssm.validation.statistics.blocks import Blocks, interval, p_value, settled
from rssm.validation.statistics.metrics import metrics_of, scores_of
from rssm.validation.statistics.status import Status
from rssm.validation.statistics.sums import Sums

FIRST = 2003 * 36


def record(reference: np.ndarray, **products: np.ndarray) -> Record:
    """A record of arrays (pixel, dekad) from 2003D01 on, of what the stations have."""
    pixel, step = np.nonzero(np.isfinite(reference))
    taken = {name.upper(): values[pixel, step] for name, values in products.items()}
    return Record(pixel * 10, step + FIRST, reference[pixel, step], taken)


def results_of(of: Record, labels: dict | None = None, spells: dict | None = None) -> list[Result]:
    blocks = Blocks.over(of.step, 9, 200, seed=1)
    return evaluate(of, kinds_of(of, DEKADS, labels or {}, spells or {}), blocks, DEKADS, Least())


def pick(results: list[Result], **about: object) -> Result:
    (found,) = [one for one in results if all(getattr(one.about, name) == value for name, value in about.items())]
    return found


def seasonal(pixels: int, dekads: int, seed: int, noise: float = 0.03) -> tuple[np.ndarray, np.ndarray]:
    """Truth (pixel, dekad) and one estimate of it."""
    rng = np.random.default_rng(seed)
    wave = 0.25 + 0.08 * np.sin(np.arange(dekads) * 2 * np.pi / 36)
    truth = wave + rng.normal(0, 0.04, (pixels, dekads)) + rng.normal(0, 0.05, (pixels, 1))
    return truth, truth + rng.normal(0.01, noise, truth.shape)


# -- by hand ---------------------------------------------------------------------------------------------------------------


def test_five_pairs_by_hand() -> None:
    x, y = np.array([0.1, 0.2, 0.3, 0.2, 0.2]), np.array([0.1, 0.1, 0.3, 0.3, 0.2])
    found = metrics_of(Sums.of(x, y, np.zeros(5, np.int64), 1))
    assert found["bias"][0] == approx(0, abs=1e-12)
    assert found["rmse"][0] == approx(np.sqrt(0.02 / 5))
    assert found["ubrmse"][0] == approx(np.sqrt(0.02 / 5))
    assert found["r"][0] == approx(0.02 / np.sqrt(0.02 * 0.04))


def test_pairs_with_a_gap_on_either_side_do_not_count() -> None:
    x, y = np.array([0.1, np.nan, 0.3, 0.5]), np.array([0.2, 0.9, np.nan, 0.6])
    sums = Sums.of(x, y, np.zeros(4, np.int64), 1)
    assert sums.n[0] == 2
    assert metrics_of(sums)["bias"][0] == approx(-0.1)


@pytest.mark.parametrize(
    ("x", "y", "status"),
    [
        ([0.2] * 30, np.linspace(0.1, 0.3, 30), Status.CONSTANT),
        (np.linspace(0.1, 0.3, 30), [np.float32(0.2)] * 30, Status.CONSTANT),
        (np.linspace(0.1, 0.3, 30), np.linspace(0.1, 0.3, 30), Status.OK),
        (np.linspace(0.1, 0.3, 20), np.linspace(0.1, 0.3, 20), Status.TOO_FEW),
        ([np.nan] * 30, np.linspace(0.1, 0.3, 30), Status.NO_OVERLAP),
    ],
)
def test_a_correlation_says_why_it_is_missing(x: list[float], y: list[float], status: Status) -> None:
    found = scores_of(Sums.of(np.array(x), np.array(y), np.zeros(len(x), np.int64), 1), 21)
    assert found["r"].status[0] == status
    assert np.isfinite(found["r"].value[0]) == (status == Status.OK)
    assert (found["rmse"].status[0] == Status.OK) == (status in (Status.OK, Status.CONSTANT))


def test_more_than_twenty_records_make_a_pixel_and_twenty_pixels_a_dekad() -> None:
    truth, estimate = seasonal(20, 40, seed=2)
    truth[0, 20:], truth[1, 21:] = np.nan, np.nan  # 20 records, 21 records
    results = results_of(record(truth, a=estimate))
    of_pixel = {place: pick(results, statistic="pixel", place=place, metric="rmse").status for place in (0, 10)}
    assert of_pixel == {0: Status.TOO_FEW, 10: Status.OK}
    assert pick(results, kind="all", pattern="temporal", statistic="mean", metric="rmse").n == 19
    of_dekad = {at: pick(results, statistic="dekad", place=FIRST + at, metric="rmse").status for at in (0, 30)}
    assert of_dekad == {0: Status.OK, 30: Status.TOO_FEW}


def test_anomalies_take_the_mean_of_a_place_in_the_year_from_three_years_or_more() -> None:
    """Two dekads of the year carry all variation between years; the season itself is what the estimate gets wrong."""
    dekads = 36 * 3
    year, season = np.arange(dekads) // 36, np.arange(dekads) % 36
    truth = (0.2 + 0.002 * season + 0.01 * (year - 1))[None]
    estimate = (0.5 - 0.005 * season + 0.02 * (year - 1))[None]
    results = results_of(record(truth, a=estimate))
    assert pick(results, statistic="pixel", metric="r").value < 0
    anomaly = pick(results, statistic="pixel", metric="anomaly_r")
    assert (anomaly.value, anomaly.n) == (approx(1), dekads)
    truth[0, :20] = np.nan  # 20 places of the year are left with two years
    assert pick(results_of(record(truth, a=estimate)), statistic="pixel", metric="anomaly_r").n == 16 * 3
    truth[0, 36:] = np.where(np.arange(dekads - 36) < 36, truth[0, 36:], np.nan)
    short = pick(results_of(record(truth, a=estimate)), statistic="pixel", metric="anomaly_r")
    assert (short.status, short.n) == (Status.TOO_FEW_YEARS, 0)


def test_one_station_has_temporal_scores_and_says_why_it_has_no_spatial_ones() -> None:
    truth, estimate = seasonal(1, 36 * 4, seed=3)
    results = results_of(record(truth, a=estimate))
    pixel = pick(results, statistic="pixel", metric="r")
    mean = pick(results, kind="all", pattern="temporal", statistic="mean", metric="r")
    assert (mean.value, mean.n, mean.low, mean.high) == (pixel.value, 1, pixel.low, pixel.high)
    spatial = pick(results, kind="all", pattern="spatial", statistic="mean", metric="r")
    assert (spatial.status, spatial.interval, spatial.n) == (Status.TOO_FEW, Status.TOO_FEW, 0)


def test_no_number_is_missing_without_a_reason() -> None:
    truth, estimate = seasonal(25, 36 * 4, seed=4)
    estimate[3] = 0.2  # constant
    truth[4, 5:] = np.nan
    labels = {"climate": {0: "Aw", 30: "BSk", 40: ""}}
    spells = {"target": {"in": ((FIRST, FIRST + 3),), "long ago": ((0, 9),)}}
    results = results_of(record(truth, a=estimate), labels, spells)
    for one in results:
        assert np.isfinite(one.value) == (one.status == Status.OK)
        assert np.isfinite([one.low, one.high]).all() == (one.interval == Status.OK)
    assert {one.status for one in results} == {Status.OK, Status.TOO_FEW, Status.CONSTANT, Status.NO_OVERLAP}


def test_groups_hold_the_samples_of_their_pixels_and_spans() -> None:
    truth, estimate = seasonal(40, 72, seed=5)
    labels = {"climate": {k * 10: ("Aw" if k < 30 else "BSk") for k in range(40)}}
    spells = {"target": {"in": ((FIRST + 36, FIRST + 71),), "out": ((FIRST, FIRST + 35),)}}
    results = results_of(record(truth, a=estimate), labels, spells)

    def rmse(of: tuple[slice, slice]) -> float:
        return float(np.sqrt(np.mean((estimate - truth)[of] ** 2)))

    wanted = {
        ("climate", "Aw"): rmse((slice(0, 30), slice(None))),
        ("climate", "BSk"): rmse((slice(30, 40), slice(None))),
        ("target", "in"): rmse((slice(None), slice(36, 72))),
        ("year", "2003"): rmse((slice(None), slice(0, 36))),
        ("dekad_of_year", "03"): rmse((slice(None), slice(2, None, 36))),
    }
    for (kind, group), value in wanted.items():
        assert pick(results, kind=kind, group=group, pattern="overall", metric="rmse").value == approx(value)
    bsk = pick(results, kind="climate", group="BSk", pattern="temporal", statistic="mean", metric="rmse")
    assert bsk.value == approx(np.sqrt(((estimate - truth)[30:] ** 2).mean(axis=1)).mean())
    few = pick(results, kind="climate", group="BSk", pattern="spatial", statistic="mean", metric="rmse")
    assert few.status == Status.TOO_FEW  # ten pixels a dekad


# -- against pytesmo ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_scores_agree_with_pytesmo(seed: int) -> None:
    pytesmo = pytest.importorskip("pytesmo.metrics")
    truth, estimate = seasonal(30, 120, seed)
    truth[np.random.default_rng(seed).random(truth.shape) < 0.2] = np.nan
    results = results_of(record(truth, a=estimate))
    theirs = {
        "r": pytesmo.pearson_r,
        "rmse": pytesmo.rmsd,
        "bias": pytesmo.bias,
        "ubrmse": pytesmo.ubrmsd,
    }
    checked = 0
    for one in results:
        if one.about.statistic in ("pixel", "dekad") and one.about.metric in theirs and one.status == Status.OK:
            at = one.about.place
            where = (at // 10, slice(None)) if one.about.statistic == "pixel" else (slice(None), at - FIRST)
            known = np.isfinite(truth[where])
            assert one.value == approx(theirs[one.about.metric](estimate[where][known], truth[where][known]), abs=1e-6)
            checked += 1
    assert checked > 4 * 100


# -- intervals ---------------------------------------------------------------------------------------------------------------


def test_replicates_are_made_of_whole_blocks_and_are_the_same_in_every_run() -> None:
    steps = np.concatenate([np.arange(FIRST, FIRST + 27), np.arange(FIRST + 90, FIRST + 99)])
    a, b = (Blocks.over(order, 9, 50, seed=7) for order in (steps, steps[::-1]))
    assert_allclose(a.weights, b.weights)
    assert (a.weights.sum(axis=1) == 4).all()  # as many as there are
    assert (a.weights[:, 3:10] == 0).all()  # between the two spells there are none
    assert not np.array_equal(a.weights, Blocks.over(steps, 9, 50, seed=8).weights)


def test_a_replicate_that_holds_every_block_once_is_the_record() -> None:
    truth, estimate = seasonal(3, 90, seed=6)
    of = record(truth, a=estimate)
    blocks = Blocks(int(of.step[0]) // 9, 9, np.ones((1, 10)))
    pixels, at = of.places
    found = blocks.metrics(of.products["A"], of.reference, of.step, at, pixels.size)
    for name, values in metrics_of(Sums.of(of.products["A"], of.reference, at, pixels.size)).items():
        assert_allclose(found[name][:, 0], values)


def test_means_and_medians_of_replicates_by_hand() -> None:
    found = weighed_middles(np.array([3.0, 1.0, 2.0]), np.array([[1.0, 1, 1], [0, 2, 0], [2, 1, 1], [0, 0, 0]]))
    assert_allclose(found["mean"], [2, 1, 9 / 4, np.nan])
    assert_allclose(found["median"], [2, 1, 2.5, np.nan])
    found = middles_of(np.array([[1.0, np.nan], [2, 5], [4, 7], [np.nan, np.nan]]))
    assert_allclose(found["mean"], [7 / 3, 6])
    assert_allclose(found["median"], [2, 6])


def test_the_interval_is_that_of_percentiles_and_leaves_out_replicates_without_a_value() -> None:
    drawn = np.random.default_rng(1).normal(size=(3, 400))
    drawn[1, :100] = np.nan
    low, high = interval(drawn)
    assert_allclose(np.stack([low, high]), np.nanpercentile(drawn, [2.5, 97.5], axis=1))


def test_p_is_small_where_no_replicate_crosses_zero_and_one_where_half_do() -> None:
    assert p_value(np.linspace(0.1, 1, 199)) == approx(2 / 200)
    assert p_value(np.linspace(-1, 1, 200)) == approx(1)


def test_replicates_are_moved_onto_the_value_and_widened_as_few_blocks_ask() -> None:
    drawn = np.array([[0.1, 0.2, 0.3, np.nan], [0.7, 0.8, 0.9, 0.8]])
    wide = 2.3646 / 1.9600 * np.sqrt(8 / 7)  # Student's t of seven degrees of freedom
    found = settled(drawn, np.array([0.5, 0.95]), np.array([8, 8]), (-1, 1))
    assert_allclose(found[0], [0.5 - 0.1 * wide, 0.5, 0.5 + 0.1 * wide, np.nan], rtol=1e-4)
    assert_allclose(found[1], [0.95 - 0.1 * wide, 0.95, 1, 0.95], rtol=1e-4)
    assert_allclose(settled(drawn, np.array([0.2, 0.8]), 10_000), drawn, rtol=1e-3)


def lasting(rng: np.random.Generator, shape: tuple[int, ...], spread: float) -> np.ndarray:
    """Noise of which each dekad keeps 0.6 of the one before."""
    out = rng.normal(0, spread, shape)
    for at in range(1, shape[-1]):
        out[..., at] = 0.6 * out[..., at - 1] + 0.8 * out[..., at]
    return out


def test_intervals_and_p_of_means_are_right_about_as_often_as_they_say() -> None:
    """Forty stations of twenty months each, in four years; weather and errors last, and are shared in part.

    The true mean score is that of all worlds; both products err alike, so nothing should be called different. Of 400
    worlds, intervals held 87 (bias) to 96 % (r), and 1 to 9 % were called different: bounds leave room for the luck of 80.
    """
    steps, worlds, metrics = np.arange(144), 80, ("r", "rmse", "ubrmse", "bias")
    start = np.random.default_rng(0).integers(0, 84, (40, 1))
    there = (steps >= start) & (steps < start + 60)
    found: dict[str, list[Result]] = {metric: [] for metric in metrics}
    different: dict[str, list[bool]] = {metric: [] for metric in metrics}
    for seed in range(worlds):
        rng = np.random.default_rng(seed)
        wave = 0.25 + 0.06 * np.sin(steps * 2 * np.pi / 36)
        truth = wave + lasting(rng, (40, 144), 0.03) + lasting(rng, (144,), 0.02)
        a, b = (truth + lasting(rng, (40, 144), 0.03) + lasting(rng, (144,), 0.015) for _ in range(2))
        of = record(np.where(there, truth, np.nan), a=a, b=b)
        blocks = Blocks.over(of.step, 9, 200, seed)
        results = evaluate(of, kinds_of(of, DEKADS, {}, {})[:1], blocks, DEKADS, Least())
        apart = differences(results, "A", "B")
        for metric in metrics:
            about = {"kind": "all", "pattern": "temporal", "statistic": "mean", "metric": metric}
            found[metric].append(pick(results, product="A", **about))
            p = {one.apart.about: one.p for one in apart}[found[metric][-1].about]
            different[metric].append(p < 0.05)
    for metric, each in found.items():
        true = np.mean([one.value for one in each])
        held = np.mean([one.low <= true <= one.high for one in each])
        assert 0.85 <= held <= 0.995, metric
        assert all(one.low < one.value < one.high for one in each)
        assert np.mean(different[metric]) <= 0.15, metric


def test_differences_are_paired_and_of_the_bias_in_amount() -> None:
    truth, good = seasonal(25, 36 * 5, seed=8)
    bad = good + np.random.default_rng(9).normal(-0.04, 0.01, good.shape)
    results = results_of(record(truth, a=good, b=bad))
    found = {
        one.apart.about.metric: one
        for one in differences(results, "A", "B")
        if (one.apart.about.kind, one.apart.about.pattern, one.apart.about.statistic) == ("all", "temporal", "mean")
    }
    ours, theirs = (
        pick(results, product=p, kind="all", pattern="temporal", statistic="mean", metric="rmse") for p in "AB"
    )
    rmse = found["rmse"]
    assert rmse.apart.value == approx(ours.value - theirs.value)
    assert rmse.p < 0.01 and rmse.apart.high < 0
    assert rmse.apart.high - rmse.apart.low < (ours.high - ours.low) + (theirs.high - theirs.low)
    assert found["bias"].apart.value == approx(0.01 - 0.03, abs=0.003)


def test_means_are_over_the_pixels_that_all_products_have_a_score_of() -> None:
    truth, estimate = seasonal(25, 72, seed=10)
    flat = estimate.copy()
    flat[0] = 0.2
    results = results_of(record(truth, a=estimate, b=flat))
    about = {"kind": "all", "pattern": "temporal", "statistic": "mean", "metric": "r"}
    assert [pick(results, product=name, **about).n for name in "AB"] == [24, 24]
    assert pick(results, product="A", statistic="pixel", place=0, metric="r").status == Status.OK
