"""What dry-down and contributions recover of what is known, and what they cost: `python -m bench.dry_down [results/bench/dry_down.json]`.

made_up       an Earth of 16 cells that dries exponentially (tests/unit/made_dry_earth.py), with and without an error of pixels
toy           the toy Earth of the demo's region: its true soil moisture as the data set, its rain and leaves by day as the truth
contributions two networks whose target depends on known inputs by known shares (tests/unit/made_lessons.py)
cost          a year at 0.1° over the globe, and the join of 16 such years: processor time and largest memory, a process each
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray

from rssm.analysis.dry_down.find import Drying, find_dry
from rssm.analysis.dry_down.interception import intercepted
from rssm.analysis.dry_down.join import dry_down
from rssm.analysis.dry_down.relation import APART, relate
from rssm.analysis.dry_down.specs import DryDownSpec, DryYearSpec
from rssm.analysis.dry_down.year import dry_year
from rssm.calendar import CALENDARS, DEKADS
from rssm.config.dry_down import DryDown
from rssm.config.product import Layers
from rssm.config.toy import Toy
from rssm.files import atomic
from rssm.grid import GRID, Area, Region
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.product.formats.layers import LAYERS, Codes, layers_with
from rssm.product.formats.netcdf import year_file
from rssm.product.records.frame import Frame
from rssm.toy.truth import Earth, leaf_area
from tests.unit.made_dry_earth import CONSTANT, RESIDUAL, DryEarth
from tests.unit.made_lessons import TRUE, Tile

SET = DryDown()
GLOBE = Area(GRID.id, GRID.everywhere)
DEMO = Area(GRID.id, Region(39, 42, -3, 3))
LAND, YEAR, YEARS = "resources/land.tif", 2015, 16
Figures = dict[str, Any]


def main(target: str = "results/bench/dry_down.json") -> None:
    """Measure, print and write the figures."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        figures = {"made_up": made_up(folder), "toy": toy(), "contributions": shares(folder), "cost": cost(folder)}
    text = json.dumps(figures, indent=1)
    with atomic(target) as path:
        path.write_text(text + "\n", encoding="utf-8")
    print(text)


# -- what is recovered ---------------------------------------------------------------------------------------------------


def made_up(folder: Path) -> Figures:
    """Largest errors over cells."""
    figures: Figures = {}
    for noise in (0.0, 0.02, 0.05):
        (own := folder / f"noise{noise}").mkdir()
        earth = DryEarth(own, noise)
        values, north = earth.result.values, earth.result.latitude > 41
        truth = np.where(north, *CONSTANT)
        kept = (earth.kept.sum(axis=0) / earth.rain.sum())[0, [0, -1]]
        share = np.where(earth.result.longitude < -3, *kept)
        figures[f"pixel_error_{noise}"] = {
            "time_constant_relative": _largest(values["time_constant"] / truth - 1),
            "residual_m3m3": _largest(values["residual"] - RESIDUAL),
            "intercepted_relative": _largest(values["intercepted"] / share - 1),
            "r": [_round(end) for end in (values["r"].min(), values["r"].max())],
            "cells_without_result": int((values["status"] != Drying.OK).sum()),
        }
    return figures


def toy(first: int = 2003, last: int = 2010) -> Figures:
    """Time constants and interception of the toy's pixels from means of dekads, against its days."""
    with rasterio.open(LAND) as source:
        earth = Earth(Toy(), DEMO, source.read(1) == 1)
    rows, columns = earth.inner
    land = earth.geography.land[rows, columns]
    moisture, effective, days = [], [], []
    for year in range(first, last + 1):
        truth = earth.year(year)
        leaves = leaf_area(earth.geography, truth)
        parts = [_days(step, truth.first) for step in DEKADS.year(year)]
        rain, area = truth.rain[:, rows, columns][:, land], leaves[:, rows, columns][:, land]
        by_day = intercepted(rain, area, SET.interception)
        for step, part in zip(DEKADS.year(year), parts, strict=True):
            mean = rain[part].mean(axis=0)
            month = area[_days_of_month(step, truth.first)].mean(axis=0)
            by_dekad = intercepted(mean, month, SET.interception) * DEKADS.days(step)
            effective.append(mean * DEKADS.days(step) - by_dekad)
            days.append((rain[part].sum(axis=0), by_day[part].sum(axis=0), by_dekad))
            moisture.append(truth.moisture[part][:, rows, columns][:, land].mean(axis=0))
    return _toy_figures(earth, np.array(moisture).T, np.array(effective).T, np.array(days), first, last)


def _toy_figures(earth: Earth, moisture: Any, effective: Any, days: Any, first: int, last: int) -> Figures:
    change = np.diff(moisture, axis=1)
    level, earlier, later = (moisture[:, 1:] + moisture[:, :-1]) / 2, effective[:, :-1], effective[:, 1:]
    dry = find_dry(change, earlier + later, SET)
    found = relate(change, level, earlier, later, np.arange(1, moisture.shape[1]) % 36, dry)
    truth = _true_constant(earth, dry.dry, first, last)
    good = np.isfinite(found.constant)
    fallen, by_day, by_dekad = days.sum(axis=0)
    return {
        "pixels": int(good.size),
        "with_result": int((dry.status == Drying.OK).sum()),
        "with_time_constant": int(good.sum()),
        "time_constant_true_median_days": _round(np.median(truth[good])),
        "time_constant_ratio_median": _round(np.median(found.constant[good] / truth[good])),
        "time_constant_ratio_quartiles": [
            _round(q) for q in np.quantile(found.constant[good] / truth[good], [0.25, 0.75])
        ],
        "time_constant_r": _round(np.corrcoef(found.constant[good], truth[good])[0, 1]),
        "intercepted_true_share": _round(by_day.sum() / fallen.sum()),
        "intercepted_from_dekads_share": _round(by_dekad.sum() / fallen.sum()),
    }


def _true_constant(earth: Earth, dry: NDArray[np.bool_], first: int, last: int) -> NDArray[np.float64]:
    """Mean (pixel,) over dry cases of the days in which the toy's soil dries by a factor of e (`rssm.toy.truth`)."""
    rows, columns = earth.inner
    geography, land = earth.geography, earth.geography.land[rows, columns]
    constants = []
    for year in range(first, last + 1):
        truth = earth.year(year)
        warm = np.exp(-(truth.temperature - 286) / 14)
        whole = np.clip(9 * warm * (0.6 + 1.6 * geography.clay) / (1 + 0.5 * geography.tree), 2.5, 30)
        own = whole[:, rows, columns][:, land]
        constants += [own[_days(step, truth.first)].mean(axis=0) for step in DEKADS.year(year)]
    of = np.array(constants).T
    pair = (of[:, 1:] + of[:, :-1]) / 2
    total = np.where(dry, np.exp(-APART / pair), 0).sum(axis=1) / np.maximum(dry.sum(axis=1), 1)
    return np.asarray(-APART / np.log(np.where(total > 0, total, np.nan)))


def _days(step: int, first: int) -> slice:
    return slice(DEKADS.start(step).toordinal() - first, DEKADS.end(step).toordinal() - first + 1)


def _days_of_month(step: int, first: int) -> slice:
    months = CALENDARS["month"]
    month = months.of(DEKADS.start(step))
    return slice(months.start(month).toordinal() - first, months.end(month).toordinal() - first + 1)


def shares(folder: Path) -> Figures:
    """True and recovered shares of the network with all inputs."""
    (own := folder / "lessons").mkdir()
    rows = [row for row in Tile(own).contribute(own / "t.tsv") if row["network"] == "N1"]
    found = {name: [float(row["share"]) for row in rows if row["input"] == name] for name in TRUE}
    return {name: {"true": _round(TRUE[name]), "found": [_round(share) for share in found[name]]} for name in TRUE}


def _largest(values: NDArray[np.floating]) -> float:
    return _round(np.abs(values).max())


def _round(value: Any) -> float:
    return float(f"{float(value):.3g}")


# -- what it costs -------------------------------------------------------------------------------------------------------


def cost(folder: Path) -> Figures:
    """A year of the globe, and all years together."""
    netcdf, rain, leaves = globe(folder)
    spec = DryYearSpec(GLOBE, "dekad", SET.covered, ("LEAVES", YEAR), SET.interception)
    out = str(folder / f"{YEAR}.nc")
    year = alone(dry_year, str(YEAR), [netcdf], [rain], [leaves], [LAND], spec, [out])
    years = [_moved(out, folder / f"{first}.nc", first) for first in range(YEAR - YEARS + 1, YEAR + 1)]
    join = alone(dry_down, years, DryDownSpec("SM", GLOBE, SET), [str(folder / "dry_down.nc")])
    return {"year": year, "join": join, "year_file_mb": _round(Path(out).stat().st_size / 1e6)}


def globe(folder: Path) -> tuple[str, str, str]:
    """A year of the data set, and indices of rain and leaves; three dekads that differ stand for all."""
    rng, window = np.random.default_rng(1), GLOBE.window
    with rasterio.open(LAND) as source:
        land = source.read(1) == 1
    frame, named = Frame(GRID, window, DEKADS), layers_with(Codes(["N"], ["1"], 10))
    kinds = []
    for k in range(3):
        field = np.where(land, rng.normal(0.25 - 0.01 * k, 0.01, window.shape), np.nan).astype(np.float32)
        layers = {layer.name: np.zeros(window.shape, layer.stored_dtype("int16")) for layer in LAYERS}
        kinds.append(layers | {"soil_moisture": np.where(land, field / 1e-4, -9999).astype(np.int16)})
    netcdf = str(folder / "RSSSM.nc")
    with year_file(netcdf, frame, list(DEKADS.year(YEAR)), named, Layers(), frame.ids) as file:
        for at in range(36):
            file.put(at, kinds[at % 3])
    rain = _maps(folder, "RAIN", "dekad", [rng.exponential(0.3, window.shape) for _ in range(3)])
    return netcdf, rain, _maps(folder, "LEAVES", "month", [rng.uniform(0, 5, window.shape)])


def _maps(folder: Path, name: str, calendar_id: str, fields: list[NDArray[np.float64]]) -> str:
    """Index of a year's maps, of which some are the same file."""
    calendar, entries = CALENDARS[calendar_id], {}
    for k, field in enumerate(fields):
        write_map(folder / f"{name}/{k}.tif", {"value": field}, GRID, GLOBE.window, {"product": name})
    for at, step in enumerate(calendar.year(YEAR)):
        entries[calendar.label(step)] = {"map": f"{at % len(fields)}.tif", "status": "complete"}
    index = str(folder / f"{name}/{YEAR}.json")
    write_index(index, name, str(YEAR), entries, calendar_id=calendar_id)
    return index


def _moved(path: str, to: Path, year: int) -> str:
    """The same year at another time."""
    import netCDF4

    if str(to) != path:
        to.write_bytes(Path(path).read_bytes())
        with netCDF4.Dataset(to, "a") as file:
            file["dekad"][:] = np.array(DEKADS.year(year))
    return str(to)


def alone(job: Callable[..., Any], *arguments: Any) -> Figures:
    """Processor time and largest memory of a job in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measured, job, *arguments).result()


def _measured(job: Callable[..., Any], *arguments: Any) -> Figures:
    start = process_time()
    job(*arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"processor_s": _round(process_time() - start), "peak_mb": round(peak)}


if __name__ == "__main__":
    main(*sys.argv[1:])
