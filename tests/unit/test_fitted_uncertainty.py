"""Uncertainty calibrated on held-out years: a known recipe is found again, the job's table, and the plan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytest import approx

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.grid import GRID, Area, Region
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.paths import SIMULATED
from rssm.product.specs import CalibrateSpec
from rssm.product.uncertainty.calibration import ANY, read_calibration
from rssm.product.uncertainty.fitted import ENOUGH, Points, calibrate_run, fit
from rssm.product.uncertainty.held_out import FIELDS, Skill, write_skill
from rssm.product.uncertainty.recipe import total_sigma
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.calibration import Calibrating
from rssm.workflow.rsssm.product import DataSet

B, C = 0.4, (0.8, 1.3)  # by round
ROUNDS = ("1", "2", "3")
HELD_OUT = {"calibration": "held_out"}


def points(n: int = 60_000, few: int = 0) -> Points:
    """Normal errors of the size that the recipe states, in two of three rounds; twice as large in class 7."""
    rng = np.random.default_rng(5)
    round_, cover = rng.integers(0, 2, n), rng.choice([0, 7, 10], n)
    total = rng.uniform(1e-4, 8e-3, n)
    sigma = total_sigma(total, 0.0, np.array(C)[round_] * np.where(cover == 7, 2, 1), B)
    cover[:few] = 3
    return Points((sigma * rng.standard_normal(n)).astype(np.float32), total.astype(np.float32), round_, cover)


def test_a_known_recipe_is_found_again() -> None:
    found = {(round_, stratum): factor for round_, stratum, factor, _ in fit(points(), ROUNDS)}
    assert [factor.b for factor in found.values()] == approx([B] * len(found), abs=0.05)
    for round_, c in zip(ROUNDS, C, strict=False):
        assert found[round_, "10"].c == approx(c, rel=0.08)  # drawn a little toward its round
        assert found[round_, "7"].c == approx(2 * c, rel=0.08)
        assert found[round_, "10"].c < found[round_, ANY].c < found[round_, "7"].c
    assert set(found) == {(ANY, ANY), *((r, k) for r in "12" for k in (ANY, "7", "10"))}  # 0 is no class, 3 no points


def test_too_few_points_take_the_factor_of_the_round_and_a_round_without_that_of_all(tmp_path) -> None:
    rows = fit(points(few=ENOUGH), ROUNDS)
    assert not [row for row in rows if row[1] == "3"]  # half of them in each round
    assert all(n >= ENOUGH for *_, n in rows)


# -- the job ----------------------------------------------------------------------------------------------------------

REGION = Region(40, 41, 0, 2)
WINDOW = GRID.window(REGION)
YEAR = range(DEKADS.parse("2017D01"), DEKADS.parse("2017D36") + 1)
SPREAD, RESIDUAL = 0.02, 0.0004  # between two chains (sample deviation), and R


@pytest.fixture
def job(tmp_path: Path):
    """Runs the job on a year of SIM-1 that errs by c = 1.5; returns the table."""

    def run(steps: range = YEAR):
        rng, indices = np.random.default_rng(1), []
        sigma = float(total_sigma(SPREAD**2, RESIDUAL, 1.5, 1.0))
        for product in ("SIM-1", "SMAP_E", "LANDCOVER"):
            entries = {}
            for step in steps if product != "LANDCOVER" else [0]:
                label = DEKADS.label(step) if product != "LANDCOVER" else "static"
                truth = np.random.default_rng(step).uniform(0.1, 0.4, WINDOW.shape).astype(np.float32)
                layers = {"value": truth if product == "SMAP_E" else np.full_like(truth, 7)}
                if product == "SIM-1":
                    value = truth + rng.normal(0, sigma, truth.shape).astype(np.float32)
                    half = np.float32(SPREAD / np.sqrt(2))
                    network = np.zeros_like(truth)
                    network[0] = -1  # nothing was simulated there
                    layers = {"value": value, "chain0": value - half, "chain1": value + half, "network": network}
                write_map(tmp_path / product / f"{label}.tif", layers, GRID, WINDOW, {"networks": "NN1-2"})
                entries[label] = {"map": f"{label}.tif", "status": "complete"}
            indices.append(str(tmp_path / product / "2017.json"))
            write_index(indices[-1], product, "2017", entries, calendar_id="static" if "static" in entries else "dekad")
        fields = {name: np.full((2, 2), RESIDUAL, np.float32) for name in FIELDS}
        fields["residual"][0] = 9.0  # of the other network
        write_skill(tmp_path / "1.nc", Skill(("NN1-1", "NN1-2"), ("N40E000", "N40E001"), fields, "f" * 64))
        spec = CalibrateSpec(Area(GRID.id, REGION), "dekad", SIMULATED, tuple(steps), ROUNDS, ("SMAP_E",), "LANDCOVER")
        calibrate_run(indices, [str(tmp_path / "1.nc")], spec, [str(tmp_path / "c.tsv")])
        return read_calibration([tmp_path / "c.tsv"])

    return run


def test_the_job_reads_estimates_target_skill_and_land_cover(job) -> None:
    table = job()
    size = float(total_sigma(SPREAD**2, RESIDUAL, *table.factor("1", "7")[:2]))
    assert size == approx(float(total_sigma(SPREAD**2, RESIDUAL, 1.5, 1.0)), rel=0.04)
    assert table.factor("3", "7") == table.factor(ANY, ANY) and ("3", ANY) not in table.factors
    assert table.source == (
        "c.tsv: Fitted on held-out years 2017 of SMAP_E, against which errors are counted; "
        "of too few points, so with the factor of all: round 2, 3."
    )


def test_too_few_points_in_all_are_refused(job) -> None:
    with pytest.raises(InputError, match=r"SMAP_E, 2017: 180 points .* 1000 are needed .*held_out_years"):
        job(YEAR[:1])


# -- the plan ---------------------------------------------------------------------------------------------------------


def configured(years: list[int], **changes: object) -> dict:
    uncertain = {"product": {"uncertainty": HELD_OUT}, "training": {"split": {"held_out_years": years}}}
    return {**uncertain, **changes}


def test_the_plan_calibrates_on_the_held_out_years_of_the_rounds_that_simulate_them() -> None:
    scope = scope_of(configured([2017, 2018], chains=1))  # held-out error calibrates one chain too
    asked = Calibrating(scope, DataSet(scope))
    assert asked.wanted and asked.rounds == ["1"]
    assert asked.maps() == ["FUSED-1/2017", "FUSED-1/2018", "SMAP_E/2017", "SMAP_E/2018", *DataSet(scope).land_cover()]
    assert len(scope.held_out_steps) == 72
    assert DataSet(scope).calibration() == ["results/rsssm/held_out/calibration_held_out.tsv"]
    shipped = scope_of({})
    assert not Calibrating(shipped, DataSet(shipped)).wanted


def test_which_calibration_counts_shows_in_the_digest_of_a_configuration() -> None:
    split = {"training": {"split": {"held_out_years": [2017]}}}
    tables = [{"calibration": None}, HELD_OUT, {}]
    digests = {DataSet(scope_of({**split, "product": {"uncertainty": t}})).edition.config for t in tables}
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (configured([]), r"held_out needs years that no round learns from: set training.split.held_out_years"),
        (configured([2017], training_of_round={"2": {"split": {"gap": 2}}}), r"also in training_of_round"),
        (configured([2005]), r"of the held-out years \(2005\) no round simulates a step in which SMAP_E has values"),
    ],
)
def test_years_that_cannot_serve_are_refused_in_a_sentence(settings, complaint) -> None:
    with pytest.raises(InputError, match=complaint):
        scope_of(settings)
