"""Stations of the toy Earth, written as the ISMN's archives are: they come back as its truth and the error of representation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from toy_archive import Written, area

from rssm.calendar import DEKADS
from rssm.config.ingest import Ingest, Inputs
from rssm.config.toy import Toy
from rssm.config.validation import Stations
from rssm.grid import GRID
from rssm.ingest.product_year import ingest
from rssm.ingest.specs import IngestSpec
from rssm.toy.archive import write_year
from rssm.toy.noise import normal
from rssm.toy.truth import Earth
from rssm.tsv import read_tsv
from rssm.validation.stations.file import StationRecords, read_stations
from rssm.validation.stations.pixel_records import stations
from rssm.validation.stations.specs import Role, StationsSpec

AREA = area(40, 42, -2, 0)
YEARS = range(2010, 2013)
ROLES: dict[Role, str] = {
    "water": "WATER",
    "land_cover": "LANDCOVER",
    "topography": "TOPOGRAPHY",
    "climate": "KOPPEN",
}
NOISE = 0.015  # m³ m⁻³, of a day
PERIOD = YEARS[0] * 36, YEARS[-1] * 36 + 35


@pytest.fixture(scope="module")
def earth() -> Earth:
    return Earth(Toy(), AREA)


def maps_of(toy: Written, product: str, land: str, folder: Path) -> str:
    """Index of a product's maps, made of the toy's native files as a run makes them."""
    toy.manifest(product)
    year, index = str(toy.year(product) or "static"), folder / product / "all.json"
    spec = IngestSpec(toy.catalogue[product], Inputs(root=str(toy.root)), Ingest(), AREA)
    ingest(product, year, [], [], [land], [], spec, [str(index)])
    return str(index)


@pytest.fixture(scope="module")
def found(earth: Earth, toy: Written, land: str, tmp_path_factory: pytest.TempPathFactory) -> StationRecords:
    """What the job makes of the toy's archive, and of maps made of it."""
    root = tmp_path_factory.mktemp("stations")
    write_year(earth, "ISMN", toy.catalogue["ISMN"], None, root)
    spec = StationsSpec(AREA, "dekad", PERIOD, Stations(), ROLES)
    out = [str(root / name) for name in ("stations.nc", "used.tsv", "dropped.tsv")]
    maps = [maps_of(toy, product, land, root) for product in ROLES.values()]
    stations([str(root / "ISMN")], [], [land], maps, [], spec, out)
    dropped = [row for _, row in read_tsv(out[2])]
    assert {row["reason"] for row in dropped} <= {
        *("outside the period", "fewer than 5 days", "no land pixel", "water above 0.05 of the pixel"),
        *(f"flag {flag}" for flag in ("D01", "D01,D03", "C03", "D05")),
    }
    used = [row for _, row in read_tsv(out[1])]
    assert {row["network"] for row in used} == {"TOYNET", "TOY-MESH"}
    for row in used:  # every record is used, or dropped for one reason
        lost = sum(int(d["records"]) for d in dropped if d["station"] == row["station"])
        assert int(row["records"]) + lost == (date(2019, 1, 1) - date(2003, 1, 1)).days
    return read_stations(out[0])


def daily_truth(earth: Earth, pixel: int) -> np.ndarray:
    """Truth (day,) of a pixel in all years."""
    row, column = divmod(pixel, GRID.columns)
    at = row - earth.patch.row, (column - earth.patch.column) % GRID.columns
    return np.concatenate([earth.year(year).moisture[:, at[0], at[1]] for year in YEARS])


def test_dekads_are_the_truth_with_the_gain_and_offset_of_the_place(earth: Earth, found: StationRecords) -> None:
    """What remains is the probe's noise, of which a dekad's mean has 1/√days, and the few days that flags took."""
    first = date(YEARS[0], 1, 1).toordinal()
    days = np.array(
        [DEKADS.of(date.fromordinal(first + n)) - PERIOD[0] for n in range(sum(366 - (y % 4 > 0) for y in YEARS))]
    )
    compared = 0
    for pixel, value, records in zip(found.pixel.tolist(), found.means.value, found.means.records, strict=True):
        gain, offset = normal(earth.toy.seed, "station", pixel, np.arange(2))
        truth = np.bincount(days, daily_truth(earth, pixel)) / np.bincount(days)
        expected = truth * (1 + 0.1 * gain) + 0.03 * offset
        whole = (records == np.bincount(days)) & (expected > 0.03)  # no day flagged, none held at the least value
        error = (value - expected)[whole]
        allowed = NOISE / np.sqrt(np.bincount(days)[whole])
        assert np.abs(error / allowed).max() < 5
        assert 0.8 < np.sqrt(np.mean((error / allowed) ** 2)) < 1.2
        compared += int(whole.sum())
    assert found.pixel.size >= 8 and compared > 500


def test_most_dekads_of_each_pixel_have_a_plausible_value(found: StationRecords) -> None:
    assert found.stations.min() >= 1
    assert np.isfinite(found.means.value).mean() > 0.5
    assert np.nanmin(found.means.value) >= 0 and np.nanmax(found.means.value) < 0.7


def test_pixels_are_described_as_the_earth_is(earth: Earth, found: StationRecords) -> None:
    ground, truth = found.ground, earth.geography
    row, column = np.divmod(found.pixel, GRID.columns)
    at = row - earth.patch.row, (column - earth.patch.column) % GRID.columns
    told = np.isfinite(ground.topography)
    np.testing.assert_allclose(ground.topography[told], truth.relief[at][told] / 100, atol=0.06)  # of the nearest point
    assert told.sum() >= 8 and set(np.array(found.relief)[~told]) <= {"unknown"}
    assert (ground.water <= 0.05).all()  # those with more are left out
    assert (ground.land_cover == truth.cover(2011)[at]).mean() > 0.8  # its cells are finer than pixels
    assert set(found.climate) <= {"BWk", "BSk", "Csa", "Cfb"}  # what the toy has between 32° and 48° N
