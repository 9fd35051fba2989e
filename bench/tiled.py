"""Memory and time of a year of the globe from estimates of tiles: SoMo.ml's layers by days on 0.25°, CASM's by three days on 25 km.

    python -m bench.tiled [--steps 48]

Memory is that of a block of steps, whatever the length of the year, so some steps tell of all.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from rssm.calendar import CALENDARS
from rssm.casm.layers import DECLARED as CASM
from rssm.config.product import About
from rssm.config.tiled import TiledDataSet
from rssm.cubes.estimates import write_estimates
from rssm.declared import LayerTable
from rssm.grid import Area, Region, grid_of
from rssm.ingest.land_mask import write_land
from rssm.product.specs import Edition, TiledYearSpec
from rssm.product.tiled_year import tiled_year
from rssm.somo.layers import DECLARED as SOMO

GLOBE = Region(-60, 80, -180, 360)
METHODS = {
    "somo": (SOMO.tables[0], "wgs84_0.25_90_-60_-180", "day"),
    "casm": (CASM.tables[0], "ease2_m25", "3day"),
}
LAND = 0.3  # of the pixels of a tile


def estimates(folder: Path, table: LayerTable, grid_id: str, calendar: str, steps: range) -> list[str]:
    """Made-up estimates of all tiles of ten degrees, a part of whose pixels are land."""
    grid, rng, paths = grid_of(grid_id), np.random.default_rng(1), []
    for tile in grid.tiles(GLOBE, 10):
        window = grid.window(Region(tile.south, tile.south + 10, tile.west, 10))
        rows = np.arange(window.row, window.row + window.rows)
        columns = (np.arange(window.columns) + window.column) % grid.columns
        pixel = (rows[:, None] * grid.columns + columns).ravel()
        pixel = np.sort(rng.choice(pixel, int(LAND * pixel.size), replace=False))
        shape = (len(steps), pixel.size)
        names = {name: layer for layer in table.layers for name, _ in layer.estimates}
        layers = {
            name: rng.random(shape, np.float32) if layer.real else np.ones(shape, layer.dtype)
            for name, layer in names.items()
        }
        paths.append(str(folder / "merged" / f"{tile.name}.nc"))
        write_estimates(paths[-1], tile.name, grid, CALENDARS[calendar], steps, pixel, layers)
    return paths


def measure(method: str, count: int, folder: Path) -> None:
    """Make a part of a year in this process; print megabytes at most, and seconds a step."""
    table, grid_id, calendar = METHODS[method]
    first = CALENDARS[calendar].year(2016)[0]
    steps = range(first, first + count)
    if not (folder / "land.tif").exists():
        grid = grid_of(grid_id)
        estimates(folder, table, grid_id, calendar, steps)
        write_land(folder, np.ones((grid.rows, grid.columns), bool), grid)
        return
    settings = TiledDataSet()
    edition = Edition(method, "1.0", None, About(), {}, "0" * 16, estimate=None, texts=SOMO.texts)
    spec = TiledYearSpec(
        edition, Area(grid_id, GLOBE), calendar, None, settings.layers, settings.formats,
        table=table, steps=(steps[0], steps[-1]), calibrated="none", code="0",
    )  # fmt: skip
    made, before = sorted(map(str, (folder / "merged").glob("*.nc"))), process_time()
    out = [str(folder / "geotiff/a.json"), str(folder / "netcdf/a.nc")]
    tiled_year(table.prefix, "2016", made, [], [str(folder / "land.tif")], [], spec, out)
    spent, most = process_time() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows, columns = asdict(spec.frame.window)["rows"], asdict(spec.frame.window)["columns"]
    size = Path(out[1]).stat().st_size / 1e6
    print(
        f"{method}: {rows} × {columns} × {count} steps: {most:.0f} MB at most, {spent / count:.2f} s a step, {size:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=48)
    parser.add_argument("--one", nargs=2, metavar=("METHOD", "FOLDER"), help="measure one method in this process")
    given = parser.parse_args()
    if given.one:
        measure(given.one[0], given.steps, Path(given.one[1]))
        return
    for method in METHODS:
        with TemporaryDirectory() as folder:
            for _ in ("prepare", "measure"):
                call = [sys.executable, __file__, "--steps", str(given.steps), "--one", method, folder]
                subprocess.run(call, check=True)


if __name__ == "__main__":
    main()
