"""Calibration of the stated uncertainty: which factor counts where, the shipped table, and bad ones."""

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pytest import approx

from bench.worlds import run
from rssm.config.product import TABLES
from rssm.errors import InputError
from rssm.product.uncertainty.calibration import Calibration, Factor, read_calibration, write_calibration
from rssm.product.uncertainty.recipe import LEVELS, NORMAL
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.product import DataSet


def test_the_product_profile_takes_the_shipped_table_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scope = scope_of({})
    assert DataSet(scope).calibration() == ["results/rsssm/given/calibration.tsv"]  # a job copies it there
    calibration = read_calibration([scope.given["calibration.tsv"]])
    assert scope.run.chains == 8
    assert all(calibration.factor(round_, "*").c > 0.5 for round_ in "12345")
    assert calibration.source.startswith("calibration_fused.tsv: Fitted ") and "8 chains" in calibration.source


@pytest.mark.parametrize("settings", [{"chains": 1}, {"profile": "paper"}, {"profile": "paper", "chains": 8}])
def test_one_chain_or_the_article_has_no_calibration(settings):
    assert DataSet(scope_of(settings)).calibration() == []


def test_the_most_particular_factor_counts(tmp_path):
    own, of_round, of_all = Factor(1.5, 0.4), Factor(1.2, 0.4), Factor(2.0, 0.5)
    rows = [("1", "10", own, 900), ("1", "*", of_round, 5000), ("*", "*", of_all, 9000)]
    write_calibration(tmp_path / "c.tsv", rows, "fitted on this\nand that")
    table = read_calibration([tmp_path / "c.tsv"])
    assert table.source == "c.tsv: fitted on this and that"
    assert [table.factor("1", "10"), table.factor("1", "7"), table.factor("3", "10")] == [own, of_round, of_all]
    c, b, dry = table.over("1", np.array([[10, 7], [-1, 10]]))
    assert c == approx(np.array([[1.5, 1.2], [1.2, 1.5]]))
    assert b == approx(np.full((2, 2), 0.4))
    assert_array_equal(dry, 0)


def test_a_table_says_below_which_moisture_soil_is_dry_or_does_not(tmp_path):
    rows = [("1", "*", Factor(1.2, 0.4, 0.11), 5), ("*", "*", Factor(2.0, 0.5), 9)]
    for count, names in ((2, "c\tb\tpoints\tdry"), (1, "c\tb\tpoints\tdry")):
        write_calibration(tmp_path / "c.tsv", rows[:count])
        assert (tmp_path / "c.tsv").read_text().splitlines()[0] == f"round\tstratum\t{names}"
        assert list(read_calibration([tmp_path / "c.tsv"]).factors.values()) == [row[2] for row in rows[:count]]
    write_calibration(tmp_path / "c.tsv", rows[1:])
    assert (tmp_path / "c.tsv").read_text() == "round\tstratum\tc\tb\tpoints\n*\t*\t2.0000\t0.5000\t9\n"


def test_without_a_table_c_and_b_are_one_and_the_source_says_so():
    none = read_calibration([])
    assert none == Calibration({}) and "not calibrated" in none.source
    c, b, dry = none.over("5", np.array([[-1, 3]]))
    assert_array_equal([c, b, dry], [np.ones((1, 2)), np.ones((1, 2)), np.zeros((1, 2))])


@pytest.mark.parametrize("name", TABLES.values())
def test_the_tables_that_are_shipped_are_as_the_harness_writes_them(tmp_path, name):
    shipped = Path(__file__).resolve().parents[2] / name
    table, lines = read_calibration([shipped]), shipped.read_text().splitlines()
    about = "\n".join(line.removeprefix("# ") for line in lines if line.startswith("#"))
    points = [int(line.split("\t")[4]) for line in lines if line[0] in "12345*"]
    rows = [(r, s, factor, n) for ((r, s), factor), n in zip(table.factors.items(), points, strict=True)]
    write_calibration(tmp_path / "c.tsv", rows, about)
    assert (tmp_path / "c.tsv").read_bytes() == shipped.read_bytes()
    assert {("*", "*"), *((r, "*") for r in "12345")} <= set(table.factors)
    assert all(0.5 < factor.c < 2 for factor in table.factors.values())
    assert len({(factor.b, factor.dry) for factor in table.factors.values()}) == 1


def test_files_and_guide_state_the_half_widths_of_intervals() -> None:
    root = Path(__file__).resolve().parents[2]
    said = re.search(r"within ([\d., ]+) sigma.* drier than ([\d.]+) .*within ([\d., ]+) sigma", _source("fused"))
    assert said and float(said[2]) == run.DRY["fused"] and said[1] == ", ".join(f"{width:.2f}" for width in NORMAL)
    guide = (root / "docs/product.md").read_text("utf-8")
    levels = (f"{100 * level:.0f}" for level in LEVELS)
    for level, usual, dry in zip(levels, said[1].split(", "), said[3].split(", "), strict=True):
        assert f"\n| {level} % | {usual} σ | {dry} σ |\n" in guide
    assert "within" not in _source("chain")


def _source(estimate: str) -> str:
    """What files say of the table that is shipped for an estimate."""
    return read_calibration([Path(__file__).resolve().parents[2] / TABLES[estimate]]).source


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("round\tc\n1\t2\n", "expected the columns round, stratum, c, b, points"),
        ("round\tstratum\tc\tb\tpoints\n1\t*\n", "line 2 has 2 columns, expected 5"),
        ("round\tstratum\tc\tb\tpoints\n1\t*\tx\t1\t5\n", "line 2: c and b are x, 1; expected numbers"),
        ("round\tstratum\tc\tb\tpoints\n1\t*\t0\t1\t5\n", "positive"),
        ("round\tstratum\tc\tb\tpoints\n1\t*\t1\t1.5\t5\n", "from 0 to 1"),
        ("round\tstratum\tc\tb\tpoints\tdry\n1\t*\t1\t1\t5\tx\n", "c and b and dry are 1, 1, x; expected numbers"),
        ("round\tstratum\tc\tb\tpoints\tdry\n1\t*\t1\t1\t5\t11\n", "dry is 11; expected soil moisture from 0 to 1"),
    ],
)
def test_a_bad_table_is_named(tmp_path, text, complaint):
    (tmp_path / "c.tsv").write_text(text)
    with pytest.raises(InputError, match=complaint):
        read_calibration([tmp_path / "c.tsv"])


def test_a_table_without_a_row_for_all_fails_where_it_is_asked():
    with pytest.raises(InputError, match="no factor for round 2, stratum 4"):
        Calibration({("1", "*"): Factor(1.1)}, "c.tsv").factor("2", "4")


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        (None, "Expected the table of calibrated factors"),
        ("round\tc\n1\t2\n", "expected the columns round, stratum, c, b, points"),
        ("round\tstratum\tc\tb\tpoints\n1\t*\t1\t1\t5\n", "no factor for round 2"),
    ],
)
def test_a_table_that_cannot_serve_is_refused_before_anything_runs(tmp_path, table, complaint):
    if table:
        (tmp_path / "c.tsv").write_text(table)
    with pytest.raises(InputError, match=complaint):
        scope_of({"product": {"uncertainty": {"calibration": str(tmp_path / "c.tsv")}}})


@pytest.mark.parametrize(("chains", "calibrated"), [(8, True), (9, True), (7, False), (2, False)])
def test_fewer_chains_than_the_table_was_fitted_with_are_not_called_calibrated(chains, calibrated):
    scope = scope_of({"chains": chains})
    found = [scope.given[Path(path).name] for path in DataSet(scope).calibration()]
    assert bool(found) is calibrated
    assert ("not calibrated" not in read_calibration(found).source) is calibrated


def test_a_table_that_names_no_chains_asks_for_none(tmp_path):
    write_calibration(tmp_path / "c.tsv", [("*", "*", Factor(1.2, 0.5), 9)], "fitted on stations")
    asked = {"chains": 2, "product": {"uncertainty": {"calibration": str(tmp_path / "c.tsv")}}}
    assert DataSet(scope_of(asked)).calibration()
