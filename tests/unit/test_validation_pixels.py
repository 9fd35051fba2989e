"""Jobs of validation over all pixels: years of the data set as they are read, training efficiency, triple collocation."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pytest import approx

from rssm.calendar import CALENDARS, DEKADS
from rssm.errors import InputError
from rssm.grid import GRID, Region, Window
from rssm.product.formats.netcdf import YearReader
from rssm.product.values.flags import Flag, has
from rssm.product.year import product_year
from rssm.tsv import read_tsv
from rssm.validation.coverage import coverage
from rssm.validation.efficiency import efficiency, efficiency_table, read_likeness
from rssm.validation.samples.fields import fields
from rssm.validation.specs import Bootstrap, CoverageSpec, EfficiencySpec, TripleSpec
from rssm.validation.triple.tiles import triple, triple_table
from tests.made_inputs import make_inputs
from tests.unit.validation_files import AREA, FIRST, PRODUCTS, WINDOW, YEARS, Made, write_year_maps

ROOT = Path(__file__).resolve().parents[2]

LAND = str(ROOT / "resources/land.tif")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("validation"))


def test_a_year_of_the_data_set_is_read_as_its_maps_are(tmp_path: Path) -> None:
    """Across the dateline, and in a window that reaches beyond the file."""
    region = Region(64, 66, 179, 2)
    made = make_inputs(tmp_path, region, range(2015 * 36 + 18, 2015 * 36 + 20), LAND)
    product_year("2015", **made.inputs, spec=made.spec, out=made.out)
    with YearReader(made.out[1]) as year:
        whole = {step: year.values(year.main, k) for k, step in enumerate(year.steps)}
        window = year.window
    same = dict(fields([made.out[1]], window, GRID, DEKADS, filled=True))
    assert list(same) == list(whole)
    for step, field in same.items():
        assert_array_equal(field, whole[step])
        assert np.isfinite(field).any()
    around = Window(window.row - 3, window.column + 15, 10, 10)
    for step, field in fields([made.out[1]], around, GRID, DEKADS, filled=True):
        assert_array_equal(field[3:, :5], whole[step][:7, 15:])
        assert np.isnan(field[:3]).all() and np.isnan(field[:, 5:]).all()
    with YearReader(made.out[1]) as year:
        filled = {step: has(year.stored("flags", k), Flag.GAP_FILLED) for k, step in enumerate(year.steps)}
    for step, field in fields([made.out[1]], window, GRID, DEKADS):  # unless asked for, filled values are none
        assert (filled[step] & np.isfinite(whole[step])).any()
        assert_array_equal(field, np.where(filled[step], np.nan, whole[step]))
    with pytest.raises(InputError, match="stands on grid"):
        next(fields([made.out[1]], window, GRID, CALENDARS["month"]))


# -- all pixels ----------------------------------------------------------------------------------------------------------

LIKE = EfficiencySpec("RSSSM", "SMAP_E", AREA, "dekad", ((FIRST + 45, FIRST + 143),), bootstrap=Bootstrap(100))


def test_efficiency_adds_up_years_in_and_out_of_sample(made: Made, tmp_path: Path) -> None:
    parts = []
    for year, own, target in zip(YEARS, made.maps["RSSSM"], made.maps["SMAP_E"], strict=True):
        parts.append(str(tmp_path / f"{year}.nc"))
        efficiency(str(year), [own], [target], LIKE, [parts[-1]])
    out = [str(tmp_path / "efficiency.tsv"), str(tmp_path / "density.nc")]
    efficiency_table(parts, LIKE, out)
    rows = {(row["sample"], row["metric"]): row for _, row in read_tsv(out[0])}
    x, y = (made.values[name].astype(np.float32).astype(float) for name in ("RSSSM", "SMAP_E"))
    for label, of in {"in_sample": slice(45, 144), "out_of_sample": slice(144, 180), "all": slice(45, 180)}.items():
        assert float(rows[label, "rmse"]["value"]) == approx(np.sqrt(np.mean((x - y)[of] ** 2)), rel=1e-5)
        r2 = np.corrcoef(x[of].ravel(), y[of].ravel())[0, 1] ** 2
        assert float(rows[label, "r2"]["value"]) == approx(r2, rel=1e-4)
    assert float(rows["all", "r"]["low"]) < float(rows["all", "r"]["value"]) < float(rows["all", "r"]["high"])
    assert rows["2018", "r"]["interval"] == "too_few_blocks"
    found = read_likeness(out[1])
    assert found.density.sum() == found.sums.n.sum() == 135 * 100
    assert found.density[1].sum() == 99 * 100


# -- coverage ------------------------------------------------------------------------------------------------------------


def test_coverage_counts_land_with_and_without_rainforest(made: Made, tmp_path: Path) -> None:
    forest = np.where(np.arange(100).reshape(10, 10) < 20, 1.0, 0.0)[None]
    rain = write_year_maps(tmp_path, "RAIN", [0], forest, WINDOW)
    Path(rain).write_text(Path(rain).read_text().replace('"dekad"', '"static"').replace('"0000D01"', '"static"'))
    spans = {"RSSSM": (FIRST, FIRST + 179), "ASCAT-SWI": (FIRST, FIRST + 179), "SMAP_E": (FIRST + 45, FIRST + 179)}
    spec = CoverageSpec("RSSSM", spans, AREA, "dekad", "RAIN")
    maps = [made.maps["ASCAT-SWI"][1], made.maps["SMAP_E"][1], rain]
    coverage("2015", [made.maps["RSSSM"][1]], maps, [LAND], spec, [str(tmp_path / "2015.tsv")])
    rows = {(row["product"], row["land"]): row for _, row in read_tsv(tmp_path / "2015.tsv")}
    assert {row["pixels"] for (_, land), row in rows.items() if land == "all"} == {"100"}
    assert rows["ASCAT-SWI", "without_rainforest"]["pixels"] == "80"
    share = {key: (int(row["steps"]), float(row["share"])) for key, row in rows.items()}
    assert share["RSSSM", "all"] == (36, approx(1))
    assert share["ASCAT-SWI", "all"] == (36, approx(0.99))  # the first pixel, of the forest, has none
    assert share["ASCAT-SWI", "without_rainforest"] == (36, approx(1))
    assert share["SMAP_E", "all"] == (27, approx(1))  # from the tenth dekad of the year on


# -- triple collocation --------------------------------------------------------------------------------------------------


def test_triple_collocation_of_a_tile_and_its_table(made: Made, tmp_path: Path) -> None:
    spec = TripleSpec(("RSSSM", "ASCAT-SWI", "SMAP_E"), AREA, "dekad", ("COVER", FIRST), bootstrap=Bootstrap(50))
    out = str(tmp_path / "N40W003.nc")
    triple("N40W003", *(made.maps[name] for name in spec.names), [LAND], spec, [out])
    cover = np.where(np.arange(100).reshape(10, 10) < 50, 4.0, 7.0)[None]
    table = str(tmp_path / "triple.tsv")
    triple_table([out], [write_year_maps(tmp_path, "COVER", [FIRST], cover, WINDOW)], spec, [table])
    with netCDF4.Dataset(out) as file:
        file.set_auto_mask(False)
        error, status, n = file["error_sd"][:], file["status"][:], file["n"][:]
        assert file["status"].flag_meanings.split()[0] == "ok"
    assert_array_equal(np.isfinite(error), status == 0)
    assert n.max() == 135 and (n == 0).sum() == 1
    assert_allclose(np.nanmedian(error, axis=1), [PRODUCTS[name] for name in spec.names], rtol=0.15)
    rows = {(row["land_cover"], row["product"], row["score"]): row for _, row in read_tsv(table)}
    whole = rows["all", "RSSSM", "error_sd"]
    assert float(whole["median"]) == approx(float(np.nanmedian(error[0])), rel=1e-4)
    assert "no_overlap:1" in whole["without"]
    assert sum(int(rows[label, "RSSSM", "r"]["pixels"]) for label in ("4", "7")) == int(whole["pixels"])


def test_products_that_never_meet_are_refused(made: Made, tmp_path: Path) -> None:
    spec = TripleSpec(("RSSSM", "ASCAT-SWI", "SMAP_E"), AREA, "dekad", ("COVER", FIRST))
    out = tmp_path / "out/tile.nc"
    with pytest.raises(InputError, match="no step in common"):
        triple(
            "N40W003",
            made.maps["RSSSM"][:1],
            made.maps["ASCAT-SWI"][:1],
            made.maps["SMAP_E"][:1],
            [LAND],
            spec,
            [str(out)],
        )
    assert not out.exists()
