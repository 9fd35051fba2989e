"""What writing the data set costs: `python -m bench.product [results/bench/product.json [dekads]]`.

Global maps of made-up soil moisture pass through the jobs as they run in the workflow, each in a process of its own:
`…_wall_s_per_dekad` is wall time on one core, `…_s_per_dekad` processor time, which a busy machine hardly changes,
`…_peak_mb` the job's largest resident memory, `…_mb_per_dekad` size on disk. The year job has eight chains; three
different dekads stand for the year.

Ratios: processor time of our writer over that of the plain library given the same arrays, chunks and compression, in
turns within one process, median over turns. The plain writers of Zarr read the yearly file with netCDF4 first, as ours
do; `ratio_all_formats` is the sum over formats of ours over that of theirs.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, NamedTuple, cast

import netCDF4
import numpy as np
import rasterio
import zarr
from affine import Affine
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.config.product import Layers
from rssm.files import atomic
from rssm.grid import GRID
from rssm.ingest.index import read_index
from rssm.layer import MISSING, Layer
from rssm.product.formats.cog import BLOCK, write_cog
from rssm.product.formats.layers import LAYERS
from rssm.product.formats.netcdf import YearReader, year_file
from rssm.product.formats.zarr_cubes import CODEC, cubes, write_maps, write_points, zone_order
from rssm.product.records.frame import Frame
from rssm.product.year import product_year
from tests.made_inputs import Made, make_inputs

GLOBE = GRID.everywhere
FRAME = Frame(GRID, GRID.window(GLOBE), DEKADS)
WINDOW = FRAME.window
FIRST, KINDS, CHAINS, TURNS = 2015 * 36, 3, 8, 3
LAND = "resources/land.tif"
Stored = list[dict[str, NDArray[Any]]]


def main(target: str = "results/bench/product.json", dekads: str = "36") -> None:
    """Measure, print and write the figures."""
    with TemporaryDirectory() as folder:
        figures = {"dekads": float(dekads)} | jobs(Path(folder), int(dekads))
        figures |= ratios(Path(folder) / "ratios", figures.pop("netcdf_path"))
    text = json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=1)
    with atomic(target) as path:
        path.write_text(text + "\n", encoding="utf-8")
    print(text)


# ----- whole jobs -----------------------------------------------------------------------------------------------------


def jobs(folder: Path, dekads: int) -> dict[str, Any]:
    """Time, memory and disk of the year's job and of that of the cubes."""
    made = alone(inputs, folder, dekads)[0]
    cost = alone(run_year, made)[1]
    figures: dict[str, Any] = {f"year_{name}": value for name, value in cost.per(dekads).items()}
    figures["netcdf_path"] = made.out[1]
    zarrs = [str(folder / "maps.zarr"), str(folder / "points.zarr")]
    cost = alone(cubes, [made.out[1]], [LAND], made.files, zarrs)[1]
    figures |= {f"cubes_{name}": value for name, value in cost.per(dekads).items()}
    for name, place in {"geotiff": Path(made.out[0]).parent, "netcdf": Path(made.out[1]).parent}.items():
        figures[f"{name}_mb_per_dekad"] = size(place) / dekads
    return figures | {f"{Path(path).stem}_zarr_mb_per_dekad": size(Path(path)) / dekads for path in zarrs}


class Cost(NamedTuple):
    """Wall and processor seconds of a call, and the largest resident memory of its process, MB."""

    wall: float
    cpu: float
    peak: float

    def per(self, dekads: int) -> dict[str, float]:
        return {"wall_s_per_dekad": self.wall / dekads, "s_per_dekad": self.cpu / dekads, "peak_mb": self.peak}


def alone(function: Callable[..., Any], *arguments: Any) -> tuple[Any, Cost]:
    """Result and cost of a call in a fresh process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        result: tuple[Any, Cost] = pool.submit(measured, function, *arguments).result()
        return result


def measured(function: Callable[..., Any], *arguments: Any) -> tuple[Any, Cost]:
    wall, cpu = perf_counter(), process_time()
    result = function(*arguments)
    cost = Cost(perf_counter() - wall, process_time() - cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return result, cost


def inputs(folder: Path, dekads: int) -> Made:
    """Inputs of a year of which only a few dekads differ."""
    made = make_inputs(folder, GLOBE, range(FIRST, FIRST + KINDS), LAND, CHAINS)
    for path in made.inputs["maps"]:
        maps = read_index(path)
        if DEKADS.label(FIRST) in maps:
            about = json.loads(Path(path).read_text())
            about["maps"] = {DEKADS.label(FIRST + k): maps[DEKADS.label(FIRST + k % KINDS)] for k in range(dekads)}
            Path(path).write_text(json.dumps(about))
    return replace(made, spec=replace(made.spec, steps=(FIRST, FIRST + dekads - 1)))


def run_year(made: Made) -> None:
    product_year("2015", **made.inputs, spec=made.spec, out=made.out)


def size(folder: Path) -> float:
    """MB on disk of a folder's files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


# ----- ours against plain libraries -----------------------------------------------------------------------------------


def ratios(folder: Path, netcdf: str) -> dict[str, float]:
    """Ours over plain, of each format and of all."""
    folder.mkdir()
    storage = Layers()
    steps = [FIRST, FIRST + 1]
    with YearReader(netcdf) as source:
        stored = [{layer.name: source.stored(layer.name, k) for layer in LAYERS} for k in range(len(steps))]
        named = list(source.layers.values())
    both = str(folder / "both.nc")
    our_netcdf(both, stored, steps, named, storage)
    land = stored[0]["flags"] > 0
    turns: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "geotiff": (
            lambda: write_cog(folder / "a.tif", stored[0], FRAME, named, storage, {}),
            lambda: plain_cog(folder / "b.tif", stored[0], storage.level),
        ),
        "netcdf": (
            lambda: our_netcdf(str(folder / "a.nc"), stored, steps, named, storage),
            lambda: plain_netcdf(folder / "b.nc", stored, storage),
        ),
        "zarr_maps": (lambda: our_maps(folder / "a.zarr", both), lambda: plain_maps(folder / "b.zarr", both)),
        "zarr_points": (
            lambda: our_points(folder / "a.zarr", both, land, storage),
            lambda: plain_points(folder / "b.zarr", both, land, storage.points),
        ),
    }
    per_dekad = {"geotiff": 1, "netcdf": len(steps), "zarr_maps": len(steps), "zarr_points": len(steps)}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in turns}
    for _ in range(TURNS):
        for name, (ours, plain) in turns.items():
            times[name].append((measured(ours)[1].cpu, measured(plain)[1].cpu))
    figures: dict[str, float] = {}
    sums = np.zeros(2)
    for name, pairs in times.items():
        ours, plain = np.median(pairs, axis=0) / per_dekad[name]
        sums += ours, plain
        figures |= {f"{name}_s_per_dekad": ours, f"{name}_plain_s_per_dekad": plain}
        figures[f"{name}_ratio"] = float(np.median([a / b for a, b in pairs]))
    return figures | {"ratio_all_formats": float(sums[0] / sums[1])}


def our_netcdf(path: str, stored: Stored, steps: list[int], named: Sequence[Layer], storage: Layers) -> None:
    with year_file(path, FRAME, steps, named, storage, FRAME.ids) as file:
        for at, layers in enumerate(stored):
            file.put(at, layers)


def our_maps(path: Path, netcdf: str) -> None:
    with YearReader(netcdf) as source:
        write_maps(path, [source], Layers(), {})


def our_points(path: Path, netcdf: str, land: NDArray[np.bool_], storage: Layers) -> None:
    with YearReader(netcdf) as source:
        write_points(path, [source], land, storage, {})


def plain_cog(path: Path, stored: dict[str, NDArray[Any]], level: int) -> None:
    """GDAL's COG driver given the same bands."""
    profile = {"driver": "COG", "dtype": "int16", "nodata": MISSING, "count": len(LAYERS), "crs": GRID.crs}
    packing = {"compress": "deflate", "level": level, "predictor": "yes", "blocksize": BLOCK}
    shape = {"height": WINDOW.rows, "width": WINDOW.columns, "transform": Affine(*GRID.transform(WINDOW))}
    with rasterio.open(path, "w", **profile, **packing, **shape, overview_resampling="nearest") as target:
        for band, values in enumerate(stored.values(), 1):
            target.write(values.astype("int16", copy=False), band)


def plain_netcdf(path: Path, stored: Stored, storage: Layers) -> None:
    """netCDF4 given the same arrays."""
    with netCDF4.Dataset(path, "w") as file:
        for name, length in (("time", len(stored)), ("lat", WINDOW.rows), ("lon", WINDOW.columns)):
            file.createDimension(name, length)
        for layer in LAYERS:
            variable = file.createVariable(
                layer.name,
                layer.dtype,
                ("time", "lat", "lon"),
                zlib=True,
                complevel=cast(Any, storage.level),
                chunksizes=(1, storage.rows, storage.columns),
                fill_value=MISSING if layer.real else False,
            )
            variable.set_auto_maskandscale(False)
        for at, layers in enumerate(stored):
            for name, values in layers.items():
                file[name][at] = values


def plain_maps(path: Path, netcdf: str) -> None:
    """netCDF4 and zarr, a chunk per map."""
    with netCDF4.Dataset(netcdf) as file:
        file.set_auto_maskandscale(False)
        group = zarr.open_group(str(path), mode="w", zarr_format=2)
        for layer in LAYERS:
            plain_array(group, layer.name, file[layer.name][:], (1, *WINDOW.shape))


def plain_points(path: Path, netcdf: str, land: NDArray[np.bool_], points: int) -> None:
    """netCDF4 and zarr, all land pixels of the file at once."""
    row, column = zone_order(land, FRAME)
    with netCDF4.Dataset(netcdf) as file:
        file.set_auto_maskandscale(False)
        group = zarr.open_group(str(path), mode="w", zarr_format=2)
        for layer in LAYERS:
            values = np.ascontiguousarray(file[layer.name][:][:, row, column].T)
            plain_array(group, layer.name, values, (points, values.shape[1]))


def plain_array(group: Any, name: str, values: NDArray[Any], chunks: tuple[int, ...]) -> None:
    array = group.create_array(name, shape=values.shape, chunks=chunks, dtype=values.dtype, compressors=CODEC)
    array[:] = values


if __name__ == "__main__":
    main(*sys.argv[1:])
