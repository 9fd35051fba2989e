"""Tables and figures of the dry-down: regions, quantiles, places in the year, and files that hold what they show."""

from __future__ import annotations

import csv
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose
from pytest import approx

from rssm.analysis.dry_down.figures.level import dry_level
from rssm.analysis.dry_down.figures.map import dry_map
from rssm.analysis.dry_down.figures.season import dry_season
from rssm.analysis.dry_down.figures.thresholds import dry_thresholds
from rssm.analysis.dry_down.groups import circular_mean, dry_groups
from rssm.analysis.dry_down.rows import Row, read_rows
from rssm.analysis.dry_down.specs import DryDownSpec, GroupsSpec
from rssm.analysis.quantiles import quantiles
from rssm.grid import GRID
from rssm.ingest.index import write_index
from rssm.maps import write_map
from tests.unit.made_dry_earth import AREA, LAND, SET, WINDOW, DryEarth


@pytest.fixture(scope="module")
def earth(tmp_path_factory: pytest.TempPathFactory) -> DryEarth:
    return DryEarth(tmp_path_factory.mktemp("dry"))


@pytest.fixture(scope="module")
def tables(earth: DryEarth) -> list[str]:
    """The table and the page; the north is BSk, the south Cfb."""
    classes = np.where(np.arange(WINDOW.rows)[:, None] < WINDOW.rows // 2, 7, 15) * np.ones(WINDOW.shape)
    path = earth.folder / "KOPPEN/KOPPEN_static.tif"
    write_map(path, {"value": classes}, GRID, WINDOW, {"product": "KOPPEN"})
    index = str(path.with_name("static.json"))
    entries = {"static": {"map": path.name, "status": "complete"}}
    write_index(index, "KOPPEN", "static", entries, calendar_id="static")
    out = [str(earth.folder / name) for name in ("dry_down.csv", "dry_down.md")]
    spec = GroupsSpec(AREA, "dekad", "KOPPEN", ("Something is left out.",), SET.threshold)
    dry_groups([earth.path], [LAND], [index], spec, out)
    return out


def one(rows: list[Row], region: str, what: str, at: str = "") -> Row:
    (found,) = [row for row in rows if (row.region, row.what, row.at) == (region, what, at)]
    return found


def test_regions_have_the_medians_of_their_cells(earth: DryEarth, tables: list[str]) -> None:
    rows = read_rows(tables[0])
    assert {(row.family, row.region) for row in rows} == {
        ("whole", "all"), ("climate", "B arid"), ("climate", "C temperate"), ("class", "BSk"), ("class", "Cfb"),
    }  # fmt: skip
    constants = earth.result.values["time_constant"]
    for region, north in (("BSk", True), ("Cfb", False)):
        row = one(rows, region, "time_constant")
        own = constants[(earth.result.latitude > 41) == north]
        assert own.min() - 1e-3 <= row.low <= row.value <= row.high <= own.max() + 1e-3  # six digits are written
        assert (row.cells, one(rows, region, "status", "ok").cells) == (8, 8)
    assert one(rows, "all", "threshold_used", "10").value == approx(1)
    season = [row for row in rows if (row.region, row.what) == ("all", "season")]
    assert sum(row.cells for row in season) <= earth.result.values["cases"].sum()


def test_the_page_tells_regions_and_what_is_left_out(tables: list[str]) -> None:
    page = Path(tables[1]).read_text()
    (line,) = [line for line in page.splitlines() if line.startswith("| B arid |")]
    assert line.startswith("| B arid | 8 | 8 | 10 |")
    assert "Something is left out." in page and "85 %" in page
    assert "| BSk |" not in page  # the long table has classes


def test_figures_hold_what_they_show(earth: DryEarth, tables: list[str], tmp_path: Path) -> None:
    for name, draw, columns in (
        ("season", dry_season, "family,region,dekad,decline_m3m3,dry_pairs"),
        ("level", dry_level, "family,region,soil_moisture_m3m3,decline_m3m3,dry_pairs"),
        ("thresholds", dry_thresholds, "family,region,threshold_mm_or_reason,share_of_cells,cells"),
    ):
        out = [str(tmp_path / f"{name}.{kind}") for kind in ("svg", "png", "csv")]
        draw(tables[:1], out)
        with Path(out[2]).open() as file:
            assert file.readline().strip() == columns
            regions = {row[1] for row in csv.reader(file)}
        assert regions == {"all", "B arid", "C temperate"}, name
    out = [str(tmp_path / f"map.{kind}") for kind in ("svg", "png", "nc")]
    dry_map([earth.path], DryDownSpec("SM", AREA, SET), out)
    with netCDF4.Dataset(out[2]) as file:
        shown = file["time_constant"][:]
        assert shown.shape == (4, 4) and file["lat"][0] == 41.75 and file["lon"][0] == -3.75
        assert_allclose(shown.ravel(), earth.result.values["time_constant"])
        assert file["time_constant"].units == "days"


def test_figures_of_an_earth_without_results(tmp_path: Path) -> None:
    header = ",".join(Row._fields)
    (tmp_path / "t.csv").write_text(f"{header}\nwhole,all,status,too_few,8,,,8\n")
    for draw in (dry_season, dry_level, dry_thresholds):
        out = [str(tmp_path / f"{draw.__name__}.{kind}") for kind in ("svg", "png", "csv")]
        draw([str(tmp_path / "t.csv")], out)
        assert Path(out[1]).stat().st_size > 1000


def test_weighted_quantiles_by_hand() -> None:
    values, weight = np.array([3.0, 1.0, 2.0]), np.array([1.0, 2.0, 1.0])
    # sorted 1, 2, 3 with weights 2, 1, 1: their middles lie at 0.25, 0.625 and 0.875
    assert quantiles(values, weight, (0.25, 0.5, 0.875)) == approx([1.0, 1 + 0.25 / 0.375, 3.0])


def test_the_mean_of_december_and_january_is_not_july() -> None:
    assert circular_mean(np.array([36.0, 2.0]), np.ones(2)) == 1
    assert circular_mean(np.array([35.0, 1.0]), np.ones(2)) == 36
    assert circular_mean(np.array([10.0, 20.0]), np.array([1.0, 0.0])) == 10
