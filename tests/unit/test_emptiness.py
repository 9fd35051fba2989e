"""Products that bring nothing: a year without a value on land, one emptied by screening, one without files."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest, Inputs
from rssm.cubes.series import series
from rssm.cubes.specs import SeriesPart, SeriesSpec
from rssm.errors import InputError
from rssm.grid import GRID, Area, Region
from rssm.ingest.archive_report import share_on_land
from rssm.ingest.emptiness import brings_nothing, empty_year
from rssm.ingest.index import read_index, write_index
from rssm.ingest.land_mask import write_land
from rssm.ingest.product_year import ingest
from rssm.ingest.specs import IngestSpec

REGION = Region(29, 30, 100, 1)  # one zone; its 0.25° cells are rows 240…243, columns 1120…1123
AREA = Area(GRID.id, REGION)


def product(**changes: object) -> Product:
    fields = {
        "id": "TEST", "title": "test product", "kind": "soil_moisture", "sensor": "S", "algorithm": "A",
        "reader": "hdf5", "version": "1", "licence": "none", "cite": "none", "native_grid": "latlon_0.25",
        "files": "{date:%Y%m%d}_{version}.h5", "variables": {"value": "sm", "quality": "q"}, "units": "m3 m-3",
        "fill": [-9999], "valid_range": (0.0, 1.0), "span": ("2015D01", None), "step": "day",
        "keep": {"quality": {"one_of": [0]}},
    }  # fmt: skip
    return Product(**(fields | changes))


@pytest.fixture
def land(tmp_path: Path) -> str:
    """Land in the western half of the zone."""
    mask = np.zeros((GRID.rows, GRID.columns), np.uint8)
    window = GRID.window(REGION)
    mask[window.row : window.row + 10, window.column : window.column + 5] = 1
    write_land(tmp_path, mask > 0, GRID)
    return str(tmp_path / "land.tif")


def write_file(path: Path, quality: int, cells: dict[tuple[int, int], float]) -> None:
    path.parent.mkdir(exist_ok=True)
    with h5py.File(path, "w") as file:
        for name, fill in (("sm", -9999), ("q", 255)):
            data = file.create_dataset(name, (720, 1440), "f4", chunks=(40, 40), fillvalue=fill)
            for cell, value in cells.items():
                data[cell] = value if name == "sm" else quality


def make(folder: Path, land: str, entry: Product | None = None, year: str = "2015", **inputs: object) -> dict:
    spec = IngestSpec(entry or product(), Inputs(root=str(folder / "archive"), **inputs), Ingest(sigma=None), AREA)  # type: ignore[arg-type]
    out = folder / "maps/TEST" / f"{year}.json"
    ingest("TEST", year, [], [], [land], [], spec, [str(out)])
    return read_index(out)


WEST, EAST = (241, 1120), (241, 1123)


def test_the_share_of_land_with_a_value_is_counted_within_the_span(tmp_path, land):
    write_file(tmp_path / "archive/20150401_1.h5", 0, {WEST: 0.2, EAST: 0.3})
    maps = make(tmp_path, land, product(span=("2015D10", "2015D11")))
    assert [maps[label]["land"] for label in ("2015D09", "2015D10", "2015D11", "2015D12")] == [0, 50, 50, 0]
    on_land = maps["2015D10"]["on_land"]
    assert 0 < on_land < maps["2015D10"]["pixels"]  # the eastern cell lies at sea
    assert share_on_land(maps.values()) == pytest.approx(on_land / 100)


@pytest.mark.parametrize(
    ("quality", "cells", "found"),
    [
        (1, {WEST: 0.2, EAST: 0.2}, "of 2 values in and around the region (1 files) 2 were screened, 0 out of range and 0 kept"),
        (0, {WEST: 20.0}, "0 were screened, 1 out of range and 0 kept; 15 were missing. Check its valid_range, units and scale"),
        (0, {EAST: 0.2}, "0 out of range and 1 kept; 15 were missing. Check its variable and fill value"),
        (0, {}, "of 0 values"),
    ],
)  # fmt: skip
def test_files_without_a_value_on_land_stop_the_job_and_leave_nothing(tmp_path, land, quality, cells, found):
    write_file(tmp_path / "archive/20150401_1.h5", quality, cells)
    with pytest.raises(InputError, match=r"^TEST, 2015: no value on land in any of its 36 maps") as stopped:
        make(tmp_path, land)
    assert found in str(stopped.value) and "inputs.on_empty: report" in str(stopped.value)
    assert list((tmp_path / "maps").rglob("*.*")) == []


def test_it_goes_on_where_that_is_allowed_and_says_so(tmp_path, land, capsys):
    write_file(tmp_path / "archive/20150401_1.h5", 1, {WEST: 0.2})
    maps = make(tmp_path, land, on_empty="report")
    assert share_on_land(maps.values()) == 0
    assert "TEST, 2015: no value on land" in capsys.readouterr().err
    make(tmp_path, land, product(kind="mask", units="1"))  # no rainforest here: nothing to stop for
    assert "no value on land" in capsys.readouterr().err


def test_a_year_without_files_is_reported_and_a_sound_one_is_not(tmp_path, land, capsys):
    write_file(tmp_path / "archive/20150401_1.h5", 0, {WEST: 0.2})
    make(tmp_path, land)
    assert capsys.readouterr().err == ""
    make(tmp_path, land, year="2016")
    assert "TEST, 2016: no file of it was found; its maps hold no value." in capsys.readouterr().err


def test_screening_may_take_a_set_share_and_no_more():
    step = {"land": 10, "on_land": 1, "files": ["a"], "skipped": [], "valid": 1, "screened": 60, "out_of_range": 39}
    assert empty_year(product(), "2015", [step], Inputs(screened_share=0.99)) == (None, False)
    text, stops = empty_year(product(), "2015", [step], Inputs(screened_share=0.98))
    assert stops and text.startswith("TEST, 2015: screening leaves 1.00% of its values: of 100 values")
    assert "Check its quality rule" in text
    assert empty_year(product(), "2015", [{**step, "land": 0}], Inputs(screened_share=0))[0] is None  # beyond its span


def test_skipped_files_are_no_files():
    step = {"land": 10, "on_land": 0, "files": [], "skipped": [{"file": "a.nc", "reason": "cut off"}]}
    text, stops = empty_year(product(), "2015", [step], Inputs())
    assert not stops and "none of its files can be read (1 were left out)" in text


def test_a_product_without_a_value_in_all_years_stops_its_series(tmp_path, land, capsys):
    empty = {f"2015D{n:02d}": {"map": f"{n}.tif", "status": "missing", "land": 50, "on_land": 0} for n in (1, 2)}
    assert brings_nothing("P", empty.values(), False)
    assert brings_nothing("P", [*empty.values(), {"land": 50, "on_land": 1}], False) is None
    assert brings_nothing("SIM-1T", [{"pixels": 0}], False) is None  # nobody counted
    (tmp_path / "P").mkdir()
    for entry in empty.values():
        (tmp_path / "P" / entry["map"]).write_text("")
    write_index(tmp_path / "P/2015.json", "P", "2015", empty)
    part = {"P": SeriesPart("dekad", (2015 * 36, 2015 * 36 + 1))}
    given = ("P", [str(tmp_path / "P/2015.json")], [land])
    with pytest.raises(InputError, match=r"P: no value on land in any of the 2 maps .* inputs.on_empty: report"):
        series(*given, SeriesSpec(part), [str(tmp_path / "s.json")])
    series(*given, SeriesSpec(part, "report"), [str(tmp_path / "s.json")])
    assert "P: no value on land" in capsys.readouterr().err
