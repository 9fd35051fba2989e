"""Validation on toy Earths, whose truth is known: stations that err by a known amount, and three products that do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from numpy.testing import assert_array_less

from rssm.calendar import DEKADS
from rssm.config.load import read_yaml
from rssm.one_process import make_world, run_rounds, series
from rssm.toy.composites import composite
from rssm.toy.truth import Earth
from rssm.validation.samples.record import Record
from rssm.validation.scores.evaluate import evaluate
from rssm.validation.scores.groups import kinds_of
from rssm.validation.scores.results import Result
from rssm.validation.specs import Least
from rssm.validation.statistics.blocks import Blocks
from rssm.validation.statistics.status import Status
from rssm.validation.triple.collocation import triple_collocation
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.scope import RsssmScope

ROOT = Path(__file__).resolve().parents[2]
ERROR, MEMORY = 0.03, 0.5  # of a station: m³ m⁻³, and how much of it the next dekad keeps


def scope(period: tuple[str, str], **toy: Any) -> RsssmScope:
    config, _ = read_yaml(ROOT / "config/tiny.yaml")
    period_of = {"first": period[0], "last": period[1]}
    return scope_of({**config, "period": period_of, "chains": 1, "toy": toy}, ROOT)


# -- stations ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, dict[tuple[str, str, int, str], Result]], Record]:
    """Results against truth and against stations in every fifth pixel of the tiny world, and the record of truth."""
    workflow = Rounds(scope(("2014D01", "2016D36"), days_per_dekad=3))
    world = make_world(workflow.scope)
    steps = world.truth.step
    maps = {
        "RSSSM": series(run_rounds(workflow, world), steps),
        **{name: world.cubes[name].at(steps, DEKADS) for name in ("ASCAT-SWI", "SMOS-IC")},
    }
    truth = world.truth.values.astype(float)[::5]
    rng = np.random.default_rng(4)
    error = rng.normal(0, ERROR, truth.shape)
    for at in range(1, len(steps)):
        error[:, at] = MEMORY * error[:, at - 1] + np.sqrt(1 - MEMORY**2) * error[:, at]
    row, column = np.nonzero(np.isfinite(truth))
    found, records = {}, {}
    for name, reference in (("truth", truth), ("stations", truth + error)):
        products = {product: values[::5][row, column].astype(float) for product, values in maps.items()}
        record = Record(
            world.truth.pixel[::5][row].astype(np.int64),
            steps[column].astype(np.int64),
            reference[row, column],
            products,
        )
        records[name] = record.of(tuple(maps))
        blocks = Blocks.over(records[name].step, 9, 400, seed=1)
        results = evaluate(records[name], kinds_of(records[name], DEKADS, {}, {})[:1], blocks, DEKADS, Least())
        found[name] = {
            (of.about.product, of.about.pattern + " " + of.about.statistic, of.about.place, of.about.metric): of
            for of in results
        }
    return found, records["truth"]


def expected(found: dict, key: tuple[str, str, int, str], variance: float) -> float:
    """What a score against truth becomes against a reference with an error of ERROR."""
    value = found[key].value
    if key[-1] in ("rmse", "ubrmse"):
        return float(np.hypot(value, ERROR))
    return value * np.sqrt(variance / (variance + ERROR**2)) if key[-1] == "r" else value


def test_scores_against_stations_are_those_against_truth_but_for_the_stations_known_error(both: tuple) -> None:
    found, record = both
    held, rows = [], []
    pixels, of_sample = record.places
    variance = {int(pixel): record.reference[of_sample == k].var() for k, pixel in enumerate(pixels)}
    for key, seen in found["stations"].items():
        product, pattern, place, metric = key
        if pattern == "temporal pixel" and metric != "anomaly_r" and seen.interval == Status.OK:
            held.append(seen.low <= expected(found["truth"], key, variance[place]) <= seen.high)
        if pattern == "overall value" and metric != "r2":
            wanted = expected(found["truth"], key, record.reference.var())
            rows.append((product, metric, found["truth"][key].value, wanted, seen.value, seen.low, seen.high))
    for row in rows:  # the table of docs/validation.md: pytest -s
        print("| {} | {} | {:.4f} | {:.4f} | {:.4f} | {:.4f} to {:.4f} |".format(*row))
    assert len(held) > 400
    assert np.mean(held) > 0.85
    assert all(low <= wanted <= high for *_, wanted, _, low, high in rows)


def test_stations_rank_the_products_as_truth_does(both: tuple) -> None:
    found, _ = both
    order = {
        name: sorted(("RSSSM", "ASCAT-SWI", "SMOS-IC"), key=lambda p: of[p, "temporal mean", -1, "ubrmse"].value)
        for name, of in found.items()
    }
    assert order["stations"] == order["truth"]
    assert order["truth"][0] == "RSSSM"


# -- triple collocation --------------------------------------------------------------------------------------------------


def three(names: tuple[str, ...], steps: np.ndarray, **toy: Any) -> np.ndarray:
    """Composites (product, pixel, step) of the null world, whose errors are independent of the factors."""
    of = scope(("2010D01", "2016D36"), world="null", days_per_dekad=3, **toy)
    assert of.run.toy is not None
    with rasterio.open(of.land) as file:
        earth = Earth(of.run.toy, of.area, file.read(1) == 1)
    years = np.unique(steps // 36)
    maps = [[composite(earth, name, list(DEKADS.year(int(year))), DEKADS) for year in years] for name in names]
    values = np.stack([np.concatenate(of_product) for of_product in maps])
    return values.reshape(len(names), len(steps), -1).transpose(0, 2, 1).astype(float)


def recovered(names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each product: known and found error variance, medians over pixels, and the share of intervals that hold it.

    Without noise products show what their errors were added to.
    """
    steps = np.arange(2011 * 36, 2017 * 36)
    values, calm = three(names, steps), three(names, steps, noise=0)
    found = triple_collocation(values, steps, Blocks.over(steps, 9, 300, seed=1), Least())
    known = np.nanvar(np.where(np.isfinite(values).all(axis=0), values - calm, np.nan), axis=-1)
    sure = found.interval == Status.OK
    assert_array_less(180, sure.sum(axis=1))
    held = (found.low[0] ** 2 <= known) & (known <= found.high[0] ** 2)
    out = [
        (np.median(known[k][of]), np.median(found.error_sd[k][of] ** 2), held[k][of].mean())
        for k, of in enumerate(sure)
    ]
    for name, of, row in zip(names, sure, out, strict=True):  # the table of docs/validation.md: pytest -s
        print("| {} | {:.6f} | {:.6f} | {:.2f} of {} |".format(name, *row, of.sum()))
    return tuple(np.array(column) for column in zip(*out, strict=True))


def test_triple_collocation_recovers_the_known_error_variances_within_its_intervals() -> None:
    """Radiometers that see the same three days of each dekad."""
    known, found, held = recovered(("SMAP_E", "SMOS-IC", "AMSR2-JAXA"))
    assert_array_less(0.9, held)
    assert_array_less(np.abs(found / known - 1), 0.15)


def test_what_two_products_share_is_laid_on_the_third() -> None:
    """ASCAT-SWI holds all ten days of a dekad, the radiometers three: what they miss together is not seen as theirs."""
    known, found, held = recovered(("SMAP_E", "ASCAT-SWI", "SMOS-IC"))
    assert found[1] > 1.1 * known[1]
    assert held[0] < 0.9
