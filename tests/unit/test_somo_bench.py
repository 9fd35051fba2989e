"""What `bench.somo` measures, on made-up series: stations that stand for less than their cell, runs that are apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.somo.experiment import Apart, Row, apart
from bench.somo.likeness import agreement
from bench.somo.skill import of_others, written
from bench.somo.world import measured


def soil(sites: int, days: int) -> np.ndarray:
    """(site, day) a season with noise."""
    season = 0.25 + 0.05 * np.cos(np.arange(days) * 2 * np.pi / 365.25)
    return (season + 0.02 * np.random.default_rng(0).normal(size=(sites, days))).astype(np.float32)


def test_agreement_is_the_median_over_cells_with_days_enough() -> None:
    truth = soil(5, 800)
    other = np.where(np.arange(5)[:, None] == 0, -truth, truth)
    other[1, 150:] = np.nan  # too few days to count: or the median would be of an even number
    assert agreement(truth, other) == pytest.approx((1, 1))
    assert agreement(truth[:1], other[:1]) == pytest.approx((-1, -1))


def test_a_station_stands_for_less_than_its_cell() -> None:
    truth = np.stack([soil(40, 2000)] * 3)
    said = measured(truth, 7)
    there = np.isfinite(said).mean()
    assert 0.2 < there < 0.8
    for layer in range(3):
        r, _ = agreement(truth[layer], said[layer])
        assert 0.65 < r < 0.9


def test_runs_are_apart_by_climate_and_year() -> None:
    late = np.zeros((2, 3, 730), np.float32)  # (member, site, day)
    early = late.copy()
    early[0, 2, 365:] = 0.004
    rows = {(row.climate, row.year): row for row in apart([early], [late], np.array([1, 1, 29], np.uint8), "paper", 3)}
    assert set(rows) == {(name, year) for name in ("all", "Af", "ET") for year in (1, 2)}
    assert rows["all", 1].mean == rows["Af", 2].mean == 0
    polar, every = rows["ET", 2], rows["all", 2]
    assert (polar.cells, polar.mean, polar.single, polar.cell) == (1, *map(pytest.approx, (0.002, 0.004, 0.002)))
    assert every.mean == pytest.approx(0.002 / np.sqrt(3))


def test_scores_of_other_runs_are_read_as_they_were_written(tmp_path: Path) -> None:
    scores = [Row("paper", 3, 1, "ridge", "30 0", 7, 0.5, float("nan"), 0.1)]
    starts = [Apart("drift", 3, 2, "Cfb", 11, 1, 0.001, 0.002, 0.003)]
    written(tmp_path / "scores.csv", scores)
    written(tmp_path / "starts.csv", starts)
    rows, apart = of_others([tmp_path])
    assert repr((rows, apart)) == repr((scores, starts))  # NaN equals no NaN
