"""The report of a data set on EASE-Grid 2.0 by 3 days: cells lie where the grid says, also in the browser."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
import rasterio
from affine import Affine
from made_report import CAPTIONS, specification
from pytest import approx

from bench.browser import CHROMIUM, browser
from rssm.calendar import CALENDARS
from rssm.config.product import DataSet, Layers
from rssm.grid import Area, Region, Window
from rssm.product.formats.layers import LAYERS, Codes, layers_with
from rssm.product.formats.netcdf import year_file
from rssm.product.records.attributes import global_attributes
from rssm.product.records.frame import Frame
from rssm.product.specs import Edition
from rssm.report.maps import described
from rssm.report.report import report
from rssm.report.specs import PackSpec
from rssm.report.year import read_year, report_year

CALENDAR = CALENDARS["3day"]
AREA = Area("ease2_m25", Region(-1, 1, -1, 2))
FRAME = Frame.of(AREA, CALENDAR.id)
STEPS = range(CALENDAR.of(date(2015, 4, 1)), CALENDAR.of(date(2015, 4, 1)) + 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Page, packed year and land mask; soil moisture grows from west to east, the first row is sea."""
    folder, known = tmp_path_factory.mktemp("ease_report"), DataSet()
    edition = Edition("rsssm", "1.0", None, known.about, {}, "0" * 16)
    record = {"extends": None, "uncertainty_calibration": "none", "inputs": {}, "versions": {}, "networks": {}}
    about = global_attributes("2015", edition, FRAME, STEPS, record)
    shape = FRAME.window.shape
    values = {layer.name: np.zeros(shape, layer.dtype) for layer in LAYERS}
    values["soil_moisture"] = np.broadcast_to(1000 + 100 * np.arange(shape[1]), shape).astype("i2")
    with year_file(folder / "2015.nc", FRAME, STEPS, layers_with(Codes(["NN1-1"], ["1"], 2)), Layers(), about) as file:
        for at in range(len(STEPS)):
            file.put(at, values)
    whole, window = np.zeros((FRAME.grid.rows, FRAME.grid.columns), np.uint8), FRAME.window
    columns = np.arange(window.column, window.column + window.columns) % FRAME.grid.columns
    whole[window.row + 1 : window.row + window.rows, columns] = 1
    land = str(folder / "land.tif")
    profile = {"driver": "GTiff", "height": whole.shape[0], "width": whole.shape[1], "count": 1, "dtype": "uint8"}
    profile |= {"crs": FRAME.grid.crs, "transform": Affine(*FRAME.grid.transform(Window(0, 0, *whole.shape)))}
    with rasterio.open(land, "w", **profile) as file:
        file.write(whole, 1)
    pack = PackSpec(AREA, CALENDAR.id, 1, 0.001, None)
    report_year("2015", [str(folder / "2015.nc")], [land], pack, [str(folder / "2015.json")])
    release = folder / "release.json"
    release.write_text(
        json.dumps({"first": "a", "last": "b", "configuration": "-", "extends": None, "files": {}, "networks": {}})
    )
    known = [str(folder / "2015.json")], [land], [], [str(release)], [], [], [str(CAPTIONS)], [str(folder / "none")]
    spec = specification(AREA, False, CALENDAR.id)
    report(*known, spec, [str(folder / "report.html")])
    return folder / "report.html", described(spec, [read_year(folder / "2015.json")], land, 1, 0.001, None)


def test_edges_are_those_of_the_grid(made):
    _, meta = made
    assert meta["lat"] == approx(FRAME.grid.row_edges(FRAME.window), abs=1e-5)
    assert meta["lon"] == approx(FRAME.grid.column_edges(FRAME.window), abs=1e-5)
    assert meta["cells"] == (FRAME.window.rows - 1) * FRAME.window.columns
    assert meta["period"] == "3-day period"


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")
def test_the_browser_finds_cells_where_they_are(made):
    page, _ = made
    with browser() as tab:
        tab.size(1280, 900)
        tab.open(page)
        assert tab.complaints == []
        last = FRAME.window.columns - 1
        lat, lon = tab.run(f"report.map.where(report.map.nearest(1, {last}))")
        assert lat == approx(FRAME.grid.row_centres(FRAME.window)[1], abs=1e-4)
        assert lon == approx(FRAME.grid.column_centres(FRAME.window)[last], abs=1e-4)
        value = tab.run(
            f"(async () => {{ await report.choose(report.map.nearest(1, {last})); return report.series.moisture[0]; }})()"
        )
        assert value == approx((1000 + 100 * last) * 1e-4, abs=0.0006)
        assert tab.run("report.cube.steps.length") == len(STEPS)
