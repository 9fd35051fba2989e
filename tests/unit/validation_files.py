"""Files that the jobs of validation read, made up: maps with their index, records of stations, a little world of both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rssm.calendar import DEKADS
from rssm.grid import GRID, Area, Region, Window
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.validation.samples.product import samples
from rssm.validation.samples.reference import STATIONS
from rssm.validation.scores.compare import scores
from rssm.validation.specs import Bootstrap, Pair, SamplesSpec, ScoresSpec

CLIMATES = ("unknown", "Aw", "BSk", "Cfb")
AREA = Area(GRID.id, Region(40, 41, -3, 1))
WINDOW = AREA.window
YEARS, FIRST = (2014, 2015, 2016, 2017, 2018), 2014 * 36
STEPS = range(FIRST, FIRST + 180)
PRODUCTS = {"RSSSM": 0.02, "SMAP_E": 0.015, "ASCAT-SWI": 0.05}  # error, m³ m⁻³


def write_year_maps(folder: Path, product: str, steps: Sequence[int], values: np.ndarray, window: Window) -> str:
    """Maps (step, row, column) of a product's year and their index; a step that is NaN throughout is `missing`."""
    entries = {}
    for step, field in zip(steps, values, strict=True):
        label = DEKADS.label(step)
        path = folder / product / f"{product}_{label}.tif"
        write_map(path, {"value": field.astype(np.float32)}, GRID, window, {"product": product, "label": label})
        entries[label] = {"map": path.name, "status": "complete" if np.isfinite(field).any() else "missing"}
    index = folder / product / f"{steps[0] // 36}.json"
    write_index(index, product, "", entries, calendar_id="dekad")
    return str(index)


def write_station_file(path: Path, pixel: np.ndarray, steps: Sequence[int], values: np.ndarray) -> str:
    """Records (pixel, step) of stations; every other pixel is dense, every third rough, climates take turns."""
    with STATIONS.created(path) as file:
        file.setncatts({"grid_id": GRID.id, "calendar_id": DEKADS.id, "dense": 2, "flat": 0.1})
        file.createDimension("pixel", pixel.size)
        file.createDimension("time", len(steps))
        file.createVariable("pixel", "i4", ("pixel",))[:] = pixel
        file.createVariable("step", "i4", ("time",))[:] = np.array(steps)
        file.createVariable("soil_moisture", "f8", ("pixel", "time"))[:] = values
        number = np.arange(pixel.size)
        climate = file.createVariable("climate", "i1", ("pixel",))
        climate.setncatts({"flag_values": np.arange(4, dtype=np.int8), "flag_meanings": " ".join(CLIMATES)})
        climate[:] = number % 4
        file.createVariable("n_stations", "i2", ("pixel",))[:] = 1 + number % 2
        file.createVariable("topography", "f4", ("pixel",))[:] = np.where(number % 3, 0.05, 0.2)
    return str(path)


SPEC = ScoresSpec(
    calendar_id="dekad",
    pairs=(Pair("RSSSM", "SMAP_E", (FIRST + 45, STEPS[-1])), Pair("RSSSM", "ASCAT-SWI", (FIRST, STEPS[-1]))),
    target="SMAP_E",
    spells={"target": {"in": ((FIRST + 45, STEPS[-1]),), "outside": ((FIRST, FIRST + 44),)}},
    joints={"SMAP": FIRST + 90},
    bootstrap=Bootstrap(replicates=100),
)


class Made:
    """A little world: truth, products and stations of 25 of the 100 pixels, as files."""

    def __init__(self, folder: Path) -> None:
        rng = np.random.default_rng(1)
        wave = 0.25 + 0.07 * np.sin(np.arange(180) * 2 * np.pi / 36)
        self.truth = wave[:, None, None] + rng.normal(0, 0.04, (180, *WINDOW.shape)) + rng.normal(0, 0.04, WINDOW.shape)
        self.values = {name: self.truth + rng.normal(0.01, sd, self.truth.shape) for name, sd in PRODUCTS.items()}
        self.values["SMAP_E"][:45] = np.nan
        self.values["ASCAT-SWI"][:, 0, 0] = np.nan
        self.maps = {
            name: [write_year_maps(folder, name, list(DEKADS.year(year)), values[k * 36 : k * 36 + 36], WINDOW)
                   for k, year in enumerate(YEARS)]
            for name, values in self.values.items()
        }  # fmt: skip
        self.row, self.column = np.divmod(np.arange(0, 100, 4), 10)
        pixel = (self.row + WINDOW.row) * GRID.columns + self.column + WINDOW.column
        measured = self.truth[:, self.row, self.column].T + rng.normal(0, 0.01, (25, 180))
        measured[rng.random(measured.shape) < 0.1] = np.nan
        measured[24, 15:] = np.nan
        self.measured, self.pixel = measured, pixel
        self.stations = write_station_file(folder / "stations.nc", pixel, STEPS, measured)
        self.samples = []
        for name, indices in self.maps.items():
            self.samples.append(str(folder / f"samples/{name}.nc"))
            samples(name, indices, [self.stations], SamplesSpec(AREA, "dekad"), [self.samples[-1]])
        self.scores = str(folder / "scores.nc")
        scores(self.samples, [self.stations], SPEC, [self.scores])
