"""Figures of validation: what their data say, that they are the same files each time, and what they say where nothing is."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from numpy.testing import assert_allclose
from pytest import approx

from rssm.atlas.sheet import MAPPED
from rssm.validation.efficiency import efficiency, efficiency_table, read_likeness
from rssm.validation.figures.efficiency import efficiency_figure
from rssm.validation.figures.rival import rival_figures
from rssm.validation.figures.specs import FigureSpec, MapSpec
from rssm.validation.figures.triple_map import triple_map
from rssm.validation.scores.compare import scores
from rssm.validation.scores.table import read_table
from rssm.validation.specs import Bootstrap, EfficiencySpec, TripleSpec
from rssm.validation.triple.tiles import read_triple, triple
from tests.unit.validation_files import AREA, FIRST, SPEC, YEARS, Made

LAND = str(Path(__file__).resolve().parents[2] / "resources/land.tif")
FIGURES = ("scatter", "climate", "seasons", "years")
KINDS = ("svg", "png", "csv")
ASCAT = SPEC.pairs[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("figures"))


def drawn(made: Made, folder: Path, pair=ASCAT, table: str = "") -> dict[str, Path]:
    out = {f"{figure}.{kind}": folder / f"{figure}_{pair.rival}.{kind}" for figure in FIGURES for kind in KINDS}
    samples = [path for path in made.samples if Path(path).stem in (pair.product, pair.rival)]
    spec = FigureSpec(pair, "SMAP_E", "dekad")
    rival_figures(pair.rival, samples, [made.stations], [table or made.scores], spec, [str(p) for p in out.values()])
    return out


@pytest.fixture(scope="module")
def ascat(made: Made, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return drawn(made, tmp_path_factory.mktemp("ascat"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_pictures_are_there_and_not_empty(ascat: dict[str, Path]) -> None:
    for figure in FIGURES:
        picture = imread(ascat[f"{figure}.png"])
        assert min(picture.shape[:2]) > 400 and picture.std() > 0.05
        assert ascat[f"{figure}.svg"].read_text().startswith("<?xml")


def test_all_pairs_are_in_the_density(made: Made, ascat: dict[str, Path]) -> None:
    found = rows(ascat["scatter.csv"])
    table = read_table(made.scores, "scores")
    (n,) = {
        int(n) for n, *about in zip(*(table[name] for name in ("n", "comparison", "kind", "pattern")), strict=True)
        if about == ["RSSSM~ASCAT-SWI", "all", "overall"]
    }  # fmt: skip
    assert {(row["x"], row["y"]) for row in found} == {("RSSSM", "stations"), ("ASCAT-SWI", "stations")}
    assert [sum(int(row["pairs"]) for row in found if row["panel"] == panel) for panel in "12"] == [n, n]


def test_the_data_set_is_drawn_against_its_target_too(made: Made, tmp_path: Path) -> None:
    found = rows(drawn(made, tmp_path, SPEC.pairs[0])["scatter.csv"])
    assert ("RSSSM", "SMAP_E") in {(row["x"], row["y"]) for row in found}


def test_boxes_hold_the_scores_of_pixels_by_their_climate(made: Made, ascat: dict[str, Path]) -> None:
    found = [row for row in rows(ascat["climate.csv"]) if row["metric"] == "r" and row["product"] == "RSSSM"]
    assert len(found) == 23  # of 25 pixels one has too few records, one no ASCAT
    of = {int(row["pixel"]): row["climate"] for row in found}
    assert of[int(made.pixel[2])] == "BSk" and of[int(made.pixel[4])] == "unknown"
    table = read_table(made.scores, "scores")
    chosen = (table["comparison"] == "RSSSM~ASCAT-SWI") & (table["statistic"] == "pixel") & (table["metric"] == "r")
    chosen &= (table["product"] == "RSSSM") & (table["status"] == "ok")
    assert_allclose(sorted(float(row["value"]) for row in found), np.sort(table["value"][chosen]), rtol=1e-5)


def test_seasons_and_years_are_those_of_the_scores(made: Made, ascat: dict[str, Path]) -> None:
    season = {(row["metric"], row["product"], row["place_in_year"]): row for row in rows(ascat["seasons.csv"])}
    table = read_table(made.scores, "scores")
    chosen = (table["comparison"] == "RSSSM~ASCAT-SWI") & (table["statistic"] == "dekad") & (table["metric"] == "rmse")
    chosen &= (table["product"] == "RSSSM") & (table["status"] == "ok")
    first = chosen & np.array([str(place).endswith("D07") for place in table["place"]])
    row = season["rmse", "RSSSM", "7"]
    assert (int(row["years"]), float(row["median"])) == (
        first.sum(),
        approx(np.median(table["value"][first]), rel=1e-5),
    )
    yearly = [
        r for r in rows(ascat["years.csv"]) if (r["pattern"], r["metric"], r["product"]) == ("spatial", "rmse", "RSSSM")
    ]
    assert [row["year"] for row in yearly] == [str(year) for year in YEARS]


def test_figures_have_the_same_bytes_in_every_run(made: Made, ascat: dict[str, Path], tmp_path: Path) -> None:
    for name, path in drawn(made, tmp_path).items():
        assert path.read_bytes() == ascat[name].read_bytes(), name


def test_panels_without_a_score_say_why(made: Made, tmp_path: Path) -> None:
    table = str(tmp_path / "scores.nc")
    pair = replace(ASCAT, span=(FIRST, FIRST + 9))
    scores(made.samples, [made.stations], replace(SPEC, pairs=(pair,), target=""), [table])
    found = drawn(made, tmp_path, pair, table)
    assert rows(found["climate.csv"]) == []
    assert imread(found["climate.png"]).std() > 0.02


def test_the_density_against_the_target_is_that_of_all_years(made: Made, tmp_path: Path) -> None:
    spec = EfficiencySpec("RSSSM", "SMAP_E", AREA, "dekad", ((FIRST + 45, FIRST + 143),), bootstrap=Bootstrap(20))
    parts = []
    for year, own, target in zip(YEARS, made.maps["RSSSM"], made.maps["SMAP_E"], strict=True):
        parts.append(str(tmp_path / f"{year}.nc"))
        efficiency(str(year), [own], [target], spec, [parts[-1]])
    efficiency_table(parts, spec, [str(tmp_path / "efficiency.tsv"), str(tmp_path / "all.nc")])
    efficiency_figure([str(tmp_path / "all.nc")], spec, [str(tmp_path / f"figure.{kind}") for kind in KINDS])
    found = rows(tmp_path / "figure.csv")
    known = read_likeness(str(tmp_path / "all.nc")).density
    pairs = {x: sum(int(row["pairs"]) for row in found if row["x"] == x) for x in {row["x"] for row in found}}
    assert pairs == {"RSSSM, in sample": known[1].sum(), "RSSSM, out of sample": known[0].sum()}


def test_maps_of_errors_show_every_pixel_that_has_one(made: Made, tmp_path: Path) -> None:
    spec = TripleSpec(("RSSSM", "ASCAT-SWI", "SMAP_E"), AREA, "dekad", ("COVER", FIRST), bootstrap=Bootstrap(20))
    tile = str(tmp_path / "N40W003.nc")
    triple("N40W003", *(made.maps[name] for name in spec.names), [LAND], spec, [tile])
    triple_map(
        [tile], [LAND], MapSpec(AREA, spec.names), [str(tmp_path / f"triple.{kind}") for kind in ("svg", "png", "nc")]
    )
    known = read_triple(tile)
    with MAPPED.opened(tmp_path / "triple.nc") as file:
        found = {score: file[f"{score}_RSSSM"][:] for score in ("r", "error_sd")}
        assert_allclose(file["lat"][:], 40.95 - 0.1 * np.arange(10))
    for score, field in found.items():
        there = known.values[score][0]
        assert_allclose(field[np.isfinite(field)], there[np.isfinite(there)], rtol=1e-6)
