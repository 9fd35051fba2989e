"""Maps that follow from other products' maps: formulas worked by hand, the job, and what it refuses; spread within pixels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from numpy.testing import assert_allclose

from rssm.archive.fields import Box
from rssm.config.catalogue import load_catalogue, sources_of
from rssm.config.ingest import Inputs
from rssm.errors import InputError
from rssm.grid import Area, grid_of
from rssm.ingest.derive import derive
from rssm.ingest.factor import _spread
from rssm.ingest.formulas import of_step, of_years, specific_humidity
from rssm.ingest.pool import Pool
from rssm.ingest.specs import DeriveSpec
from rssm.land import read_land
from rssm.maps import read_map
from tests.unit.made_maps import land_tif, written_year

GRID = grid_of("wgs84_0.25_90_-60_-180")
AREA = Area(GRID.id, GRID.region(40, 41, 10, 11))
CATALOGUE = Path(__file__).parents[2] / "config/somo/products.yaml"


def f4(*values: float) -> np.ndarray:
    return np.array([values], np.float32)


def test_specific_humidity_of_a_saturated_parcel() -> None:
    # at 20 °C saturation is 2339 Pa (tables); q = 0.622 e / (p − 0.378 e) at 1013.25 hPa
    assert specific_humidity(f4(293.15), f4(101_325))[0, 0] == pytest.approx(
        0.622 * 2339 / (101_325 - 0.378 * 2339), rel=2e-3
    )
    assert specific_humidity(f4(293.15), f4(70_000)) > specific_humidity(f4(293.15), f4(101_325))


def test_sums_and_logarithms() -> None:
    assert_allclose(of_step("sum", [f4(5, 1), f4(-3, np.nan)]), [[2, np.nan]])
    assert_allclose(of_step("log1p", [f4(0, np.e - 1, -1e-9)]), [[0, 1, 0]], atol=1e-6)


def test_means_of_many_years() -> None:
    rain, net = np.array([[2.0, 0.0]]), np.array([[9.8, 9.8]])
    assert_allclose(of_years("yearly_total", [rain], 365.25), [[730.5, 0]])
    assert_allclose(of_years("aridity", [net, rain], 365.25), [[2.0, np.nan]])  # 9.8 MJ evaporate 4 mm; no rain: none


def test_the_spread_of_cells_within_a_pixel() -> None:
    pool = Pool.empty(Box(slice(0, 2), slice(0, 2)))
    pool.total[:], pool.count[:] = [[100, 300], [100, 300]], 1

    def mean(values: np.ndarray) -> np.ndarray:
        return np.full((1, 1), np.mean(values), np.float32)

    assert_allclose(_spread({"": pool}, mean, ())["value"], 100)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    land_tif(tmp_path / "land.tif", GRID)
    return tmp_path


def test_a_year_of_maps_follows_from_years_of_two_products(folder: Path) -> None:
    days = 365
    for name, value in (("ERA5-SSR", 12.0), ("ERA5-STR", -5.0)):
        written_year(folder / name, name, 2001, AREA, [np.full((4, 4), value + day / 100) for day in range(days)])
    entry = load_catalogue(CATALOGUE)["ERA5-SNR"]
    sources = [str(folder / f"{name}/2001.json") for name in ("ERA5-SSR", "ERA5-STR")]
    spec = DeriveSpec(entry, Inputs(), AREA)
    out = folder / "ERA5-SNR/2001.json"
    derive("ERA5-SNR", "2001", sources, [str(folder / "land.tif")], spec, [str(out)])
    maps = json.loads(out.read_text())["maps"]
    assert len(maps) == days
    assert {entry["status"] for entry in maps.values()} == {"complete"}
    last = read_map(out.parent / maps["2001-12-31"]["map"])[0]["value"]
    assert_allclose(last, 7 + 2 * 364 / 100, rtol=1e-6)


def test_one_map_follows_from_all_days_of_some_years(folder: Path) -> None:
    for year, value in ((2001, 1.0), (2004, 3.0)):
        days = 366 if year == 2004 else 365
        written_year(folder / "ERA5-TP", "ERA5-TP", year, AREA, [np.full((4, 4), value)] * days)
    sources = [str(folder / f"ERA5-TP/{year}.json") for year in (2001, 2004)]
    out = folder / "ERA5-RAIN/static.json"
    spec = DeriveSpec(load_catalogue(CATALOGUE)["ERA5-RAIN"], Inputs(), AREA)
    derive("ERA5-RAIN", "static", sources, [str(folder / "land.tif")], spec, [str(out)])
    (entry,) = json.loads(out.read_text())["maps"].values()
    total = read_map(out.parent / entry["map"])[0]["value"]
    assert_allclose(total, (365 + 3 * 366) / 2, rtol=1e-6)


def test_nothing_on_land_is_refused_and_leaves_no_index(folder: Path) -> None:
    written_year(folder / "ERA5-TP", "ERA5-TP", 2001, AREA, [np.full((4, 4), np.nan)] * 365)
    assert read_land(folder / "land.tif", GRID, AREA.window).all()
    out = folder / "ERA5-LOG-TP/2001.json"
    spec = DeriveSpec(load_catalogue(CATALOGUE)["ERA5-LOG-TP"], Inputs(), AREA)
    with pytest.raises(InputError, match=r"ERA5-LOG-TP, 2001: no value on land .* ERA5-TP"):
        derive("ERA5-LOG-TP", "2001", [str(folder / "ERA5-TP/2001.json")], [str(folder / "land.tif")], spec, [str(out)])
    assert not out.exists()


def test_a_catalogue_is_held_to_what_its_formulas_need(tmp_path: Path) -> None:
    assert sources_of(load_catalogue(CATALOGUE), "ERA5-ARIDITY") == [
        *("ERA5-ARIDITY", "ERA5-SNR", "ERA5-TP", "ERA5-SSR", "ERA5-STR"),
    ]
    raw = yaml.safe_load(CATALOGUE.read_text())
    cases = {
        "ERA5-Q.derive.of: 'ERA5-DEW' is not in the catalogue": {
            "formula": "specific_humidity",
            "of": ["ERA5-DEW", "ERA5-SP"],
        },
        "follows from ERA5-Q itself": {"formula": "sum", "of": ["ERA5-Q", "ERA5-SP"]},
        "takes 2 products, not 1": {"formula": "specific_humidity", "of": ["ERA5-SP"]},
        "maps: day, which yearly_total does not make": {"formula": "yearly_total", "of": ["ERA5-TP"]},
    }
    for sentence, derived in cases.items():
        changed = tmp_path / "products.yaml"
        changed.write_text(yaml.safe_dump(raw | {"ERA5-Q": raw["ERA5-Q"] | {"derive": derived}}))
        with pytest.raises(InputError, match=sentence):
            load_catalogue(changed)
