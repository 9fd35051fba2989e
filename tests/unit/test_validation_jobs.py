"""The jobs of validation on made-up files: from maps and station records to tables."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.spec import canonical, parsed
from rssm.tsv import read_tsv
from rssm.validation.samples.product import read_samples
from rssm.validation.samples.reference import read_reference
from rssm.validation.scores.article_tables import score_tables
from rssm.validation.scores.compare import scores
from rssm.validation.scores.stability import stability, step_at
from rssm.validation.scores.table import read_table
from rssm.validation.specs import Pair, SamplesSpec, ScoresSpec, TablesSpec
from rssm.validation.statistics.status import Status
from tests.unit.validation_files import AREA, FIRST, SPEC, STEPS, Made, write_station_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("validation"))


def rows_of(table: dict, **about: str) -> list[int]:
    return [k for k in range(len(table["value"])) if all(table[name][k] == value for name, value in about.items())]


def test_specifications_survive_the_way_to_the_command_line() -> None:
    assert parsed(ScoresSpec, canonical(SPEC)) == SPEC
    assert parsed(SamplesSpec, canonical(SamplesSpec(AREA, "dekad"))) == SamplesSpec(AREA, "dekad")


def test_samples_are_the_maps_at_the_stations(made: Made) -> None:
    found = read_samples(made.samples[0])
    assert (found.product, found.step.tolist()) == ("RSSSM", list(STEPS))
    wanted = made.values["RSSSM"][:, made.row, made.column].T.astype(np.float32)
    assert_array_equal(found.values, wanted)
    assert read_samples(made.samples[1]).step[0] == FIRST + 45  # SMAP_E has no earlier maps


def test_the_station_file_says_how_pixels_are_grouped(made: Made) -> None:
    labels = read_reference(made.stations).labels
    assert labels["climate"][int(made.pixel[2])] == "BSk"
    assert labels["climate"][int(made.pixel[4])] == ""
    assert (labels["density"][int(made.pixel[1])], labels["relief"][int(made.pixel[3])]) == ("dense", "rough")


def test_scores_are_of_the_common_samples_of_each_pair(made: Made) -> None:
    table = read_table(made.scores, "scores")
    (at,) = rows_of(
        table,
        comparison="RSSSM~SMAP_E",
        product="RSSSM",
        reference="stations",
        kind="all",
        pattern="overall",
        metric="rmse",
    )
    error = made.values["RSSSM"].astype(np.float32)[:, made.row, made.column].T - made.measured
    late = error[:, 45:]
    assert table["value"][at] == approx(np.sqrt(np.nanmean(late**2)), abs=1e-6)
    assert (table["n"][at], table["status"][at], table["interval"][at]) == (np.isfinite(late).sum(), "ok", "ok")
    assert table["low"][at] < table["value"][at] < table["high"][at]
    (at,) = rows_of(table, comparison="RSSSM~ASCAT-SWI", product="RSSSM", kind="all", pattern="overall", metric="rmse")
    assert table["value"][at] == approx(np.sqrt(np.nanmean(error[1:] ** 2)), abs=1e-6)  # ASCAT lacks the first pixel
    (at,) = rows_of(table, comparison="RSSSM~ASCAT-SWI", product="RSSSM", place=str(made.pixel[24]), metric="rmse")
    assert table["status"][at] == "too_few"


def test_the_likeness_to_the_target_in_the_stations_pixels_is_told(made: Made) -> None:
    table = read_table(made.scores, "scores")
    (at,) = rows_of(table, reference="SMAP_E", product="RSSSM", kind="all", pattern="overall", metric="rmse")
    assert table["value"][at] == approx(np.hypot(0.02, 0.015), rel=0.05)


def test_differences_tell_the_better_product(made: Made) -> None:
    table = read_table(made.scores, "differences")
    (at,) = rows_of(
        table, comparison="RSSSM~ASCAT-SWI", kind="all", pattern="temporal", statistic="mean", metric="ubrmse"
    )
    assert table["high"][at] < 0
    assert table["p"][at] < 0.05


def test_scores_have_the_same_bits_in_every_run_and_order(made: Made, tmp_path: Path) -> None:
    again = str(tmp_path / "again.nc")
    scores(made.samples[::-1], [made.stations], SPEC, [again])
    for name in ("scores", "differences"):
        for column, values in read_table(made.scores, name).items():
            assert_array_equal(read_table(again, name)[column], values)


def test_a_pair_that_never_meets_says_so_in_every_row(made: Made, tmp_path: Path) -> None:
    spec = replace(SPEC, pairs=(Pair("RSSSM", "SMAP_E", (FIRST, FIRST + 9)),), target="")
    out = str(tmp_path / "scores.nc")
    scores(made.samples, [made.stations], spec, [out])
    for name in ("scores", "differences"):
        table = read_table(out, name)
        assert set(table["status"]) == set(table["interval"]) == {"no_overlap"}
        assert np.isnan(table["value"]).all()


def test_a_product_without_samples_is_refused(made: Made, tmp_path: Path) -> None:
    spec = replace(SPEC, pairs=(Pair("RSSSM", "CCI", (FIRST, STEPS[-1])),))
    with pytest.raises(InputError, match=r"CCI.*RSSSM~CCI.*no samples"):
        scores(made.samples, [made.stations], spec, [str(tmp_path / "scores.nc")])
    assert not list(tmp_path.iterdir())


def test_samples_of_other_stations_are_refused(made: Made, tmp_path: Path) -> None:
    other = write_station_file(tmp_path / "other.nc", made.pixel[:9], STEPS, made.measured[:9])
    with pytest.raises(InputError, match="other pixels"):
        scores(made.samples, [other], SPEC, [str(tmp_path / "scores.nc")])


def test_tables_stand_beside_the_articles(made: Made, tmp_path: Path) -> None:
    out = [str(tmp_path / name) for name in ("overall.csv", "temporal.csv", "spatial.csv", "scores.md")]
    score_tables([made.scores], [str(ROOT / "config/published.tsv")], TablesSpec(("Left out: CCI is lost.",)), out)
    with Path(out[1]).open() as file:
        rows = list(csv.DictReader(file))
    ours = [row for row in rows if row["source"] == "here"]
    assert {row["comparison"] for row in ours} == {"RSSSM~SMAP_E", "RSSSM~ASCAT-SWI"}
    assert len(ours) == 2 * 2 * 2 * 5  # pairs, products, mean and median, metrics
    (known,) = [
        row for row in rows
        if (row["source"], row["comparison"], row["product"], row["statistic"], row["metric"])
        == ("published", "RSSSM~ASCAT-SWI", "ASCAT-SWI", "mean", "anomaly_r")
    ]  # fmt: skip
    assert (float(known["value"]), known["low"]) == (0.554, "")
    text = Path(out[3]).read_text()
    assert "| RSSSM~ASCAT-SWI | RSSSM | here | mean | 23 |" in text
    assert "\nLeft out: CCI is lost.\n" in text
    assert "| RSSSM~GLEAM-B | GLEAM-B | published | median |" in text
    ascat = next(line for line in text.splitlines() if line.startswith("| RSSSM~ASCAT-SWI | RSSSM | published | mean"))
    assert "**0.687**" in ascat and "**0.627**" in ascat


def test_the_articles_values_are_complete_and_as_printed() -> None:
    rows = [row for _, row in read_tsv(ROOT / "config/published.tsv")]
    count = {pattern: sum(row["pattern"] == pattern for row in rows) for pattern in ("temporal", "spatial")}
    assert count == {"temporal": 7 * 2 * 2 * 5, "spatial": 7 * 2 * 2 * 4}
    assert len({tuple(row[name] for name in list(row)[:5]) for row in rows}) == len(rows)
    by = {tuple(list(row.values())[:5]): float(row["value"]) for row in rows}
    assert by["spatial", "RSSSM~GLDAS", "RSSSM", "mean", "bias"] == -0.005
    assert by["temporal", "RSSSM~CCI", "CCI", "median", "ubrmse"] == 0.047
    assert by["overall", "RSSSM~GLEAM-A", "GLEAM-A", "value", "rmse"] == 0.142


def test_a_broken_table_of_published_values_is_refused(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "published.tsv"
    path.write_text("pattern\tcomparison\tproduct\tstatistic\tmetric\tvalue\ntemporal\ta~b\ta\tmean\tr\tgood\n")
    out = [str(tmp_path / name) for name in ("a.csv", "b.csv", "c.csv", "d.md")]
    with pytest.raises(InputError, match=r"published.tsv: line 2.*'good'"):
        score_tables([made.scores], [str(path)], TablesSpec(), out)
    assert [found.name for found in tmp_path.iterdir()] == ["published.tsv"]


# -- stability -----------------------------------------------------------------------------------------------------------


def test_drifts_and_steps_of_scores_are_told(made: Made, tmp_path: Path) -> None:
    out = [str(tmp_path / "slopes.tsv"), str(tmp_path / "steps.tsv")]
    stability([made.scores], SPEC, out)
    slopes = [row for _, row in read_tsv(out[0])]
    (rmse,) = [
        row for row in slopes
        if (row["comparison"], row["product"], row["pattern"], row["metric"])
        == ("RSSSM~ASCAT-SWI", "RSSSM", "overall", "rmse")
    ]  # fmt: skip
    assert (rmse["n"], rmse["status"]) == ("5", "ok")
    assert float(rmse["low"]) < 0.005 and float(rmse["high"]) > -0.005
    assert {row["status"] for row in slopes if row["comparison"] == "RSSSM~SMAP_E"} == {"too_few_years"}
    steps = [row for _, row in read_tsv(out[1])]
    assert {(row["joint"], row["first"]) for row in steps} == {("SMAP", "2016D19")}
    assert all((row["value"] == "-") == (row["status"] != "ok") for row in steps)


def test_a_step_is_found_where_it_is_and_its_size_is_told() -> None:
    rng, steps = np.random.default_rng(2), np.arange(2003 * 36, 2013 * 36)
    joint = 2008 * 36
    values = 0.01 * np.sin(steps * 2 * np.pi / 36) + rng.normal(0, 0.003, steps.size)
    calm = step_at(steps, values, joint, DEKADS, 3, 9)
    assert calm.status == Status.OK and calm.low < 0 < calm.high
    jump = step_at(steps, values + 0.02 * (steps >= joint), joint, DEKADS, 3, 9)
    assert jump.low < 0.02 < jump.high and jump.p < 0.001
    # winters are missing on one side: the season must not pass for a step
    gaps = (steps >= joint) | (steps % 36 >= 9)
    assert abs(step_at(steps[gaps], values[gaps], joint, DEKADS, 3, 9).value) < 0.002
    assert step_at(steps, values, 2003 * 36 + 9, DEKADS, 3, 9).status == Status.TOO_FEW_BLOCKS
    assert step_at(steps, np.zeros(steps.size), joint, DEKADS, 3, 9).status == Status.CONSTANT
