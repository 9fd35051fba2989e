"""What analysis costs at 0.1° over all land: `python -m bench.analysis [results/bench/analysis.json [years]]`.

A made-up year of the data set is reduced; copies of what it comes to, with noise, stand for the other years. Each job runs
in a process of its own: `…_s` is processor time, `…_mb` its largest resident memory.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import netCDF4
import numpy as np

from bench.product import FRAME, LAND, alone
from rssm.analysis.figures.means import mean_map, month_maps
from rssm.analysis.figures.trends import trend_map
from rssm.analysis.means import means
from rssm.analysis.season import season
from rssm.analysis.specs import FigureSpec, MeansSpec, SeasonSpec, TrendSpec, YearSpec
from rssm.analysis.trends import difference, trend_maps
from rssm.analysis.year import year_sums
from rssm.calendar import DEKADS
from rssm.config.product import Layers
from rssm.files import atomic
from rssm.grid import GRID, Area
from rssm.land import read_land
from rssm.layer import MISSING
from rssm.product.formats.layers import LAYERS, Codes, layers_with
from rssm.product.formats.netcdf import year_file

AREA = Area(GRID.id, GRID.everywhere)
FIRST = 2003
KINDS = 3  # different dekads, in turn


def main(target: str = "results/bench/analysis.json", years: str = "16") -> None:
    """Measure, print and write the figures."""
    figures: dict[str, float] = {"years": float(years)}
    with TemporaryDirectory() as name:
        folder = Path(name)
        made = str(folder / "made.nc")
        write_made(made)
        one = str(folder / "years" / f"{FIRST}.nc")
        last = (FIRST + int(years)) * 36 - 1
        where = AREA, DEKADS.id
        cost = {"year_sums": alone(year_sums, "RSSSM", str(FIRST), [made], [LAND], [], YearSpec(*where), [one])[1]}
        figures["year_file_mb"] = Path(one).stat().st_size / 2**20
        files = copies(one, int(years))
        joined, told, apart = ([str(folder / f"{name}.nc")] for name in ("means", "trends", "difference"))
        lines = [str(folder / f"picture.{kind}") for kind in ("svg", "png", "nc")]
        spec, shown = TrendSpec(*where), FigureSpec(*where, "RSSSM")
        cost["means"] = alone(means, files, MeansSpec(*where, (FIRST * 36, last)), joined)[1]
        cost["trends"] = alone(trend_maps, joined, spec, told)[1]
        cost["difference"] = alone(difference, joined, joined, spec, apart)[1]
        cost["season"] = alone(season, files, files, [LAND], [], SeasonSpec(*where), [str(folder / "season.nc")])[1]
        cost["mean_map"] = alone(mean_map, joined, [], [LAND], shown, lines)[1]
        cost["month_maps"] = alone(month_maps, joined, [LAND], shown, lines)[1]
        cost["trend_map"] = alone(trend_map, told, [], [LAND], shown, lines)[1]
    for job, spent in cost.items():
        figures |= {f"{job}_s": spent.cpu, f"{job}_mb": spent.peak}
    text = json.dumps({name: round(value, 1) for name, value in figures.items()}, indent=1)
    with atomic(target) as path:
        path.write_text(text + "\n", encoding="utf-8")
    print(text)


def write_made(path: str) -> None:
    """A year of all land; three dekads take turns."""
    rng, window = np.random.default_rng(1), FRAME.window
    land = read_land(LAND, GRID, window)
    row, column = np.indices(window.shape, dtype=np.float32)
    dekads = []
    for kind in range(KINDS):
        field = 2500 + 1200 * np.sin(row / 90 + kind) * np.cos(column / 130) + rng.normal(0, 200, window.shape)
        known = land & (rng.random(window.shape) < 0.9)
        stored = {layer.name: np.zeros(window.shape, layer.dtype) for layer in LAYERS}
        stored["soil_moisture"] = np.where(known, field, MISSING).astype(np.int16)
        stored["total_uncertainty"] = np.where(known, 500 + field / 10, MISSING).astype(np.int16)
        dekads.append(stored)
    steps = list(DEKADS.year(FIRST))
    with year_file(path, FRAME, steps, layers_with(Codes(["NN1"], ["1"], 10)), Layers(level=1), FRAME.ids) as file:
        for at in range(len(steps)):
            file.put(at, dekads[at % KINDS])


def copies(one: str, years: int) -> list[str]:
    """The reduced year, and noisy ones after it."""
    rng, paths = np.random.default_rng(2), [one]
    for year in range(1, years):
        paths.append(str(Path(one).with_name(f"{FIRST + year}.nc")))
        shutil.copy(one, paths[-1])
        with netCDF4.Dataset(paths[-1], "a") as file:
            file.set_auto_mask(False)
            file["step"][:] = file["step"][:] + 36 * year
            for month in range(12):
                mean = file["mean"][month]
                file["mean"][month] = mean + rng.normal(0, 0.01, mean.shape).astype(np.float32)
    return paths


if __name__ == "__main__":
    arguments: Sequence[str] = sys.argv[1:]
    main(*arguments)
