"""How much ingestion costs beyond reading: `python -m bench.ingest [results/bench/ingest.json]`.

Global files of true shape and like compression are written for one dekad; reading and decompressing with h5py or netCDF4
alone, and compositing, take turns in one process, so that a noisy machine disturbs both alike. Reading alone means: all
chunks, with the libraries' own inflate, of just the variables that the composite needs (value and flags, or value and
error), as stored, nothing done with them. The composite reads the same chunks its own way (`rssm.archive.readers.chunks`),
so that a ratio may be below 1. `smap_ratio` and `lprm_ratio`: time of a composite job over that of reading alone, median over
turns, writing of the map of 5 million pixels included; `…_unwritten`: without it. `peak_mb`: the largest resident memory.

`smap_pinned`: processor time of that job with a checksum of every file (`inputs.pin: sha256`) over that without, where
files hold nothing but what it reads; `smap_pinned_tenth`: where what it reads is a tenth of them. Files lie in memory.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import h5py
import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.archive.grids import NATIVE_GRIDS
from rssm.archive.listing import list_files
from rssm.calendar import DEKADS
from rssm.config.catalogue import Product, load_catalogue
from rssm.config.ingest import Inputs
from rssm.files import atomic
from rssm.grid import GRID
from rssm.ingest.composite import composite_year, composites

DEKAD = DEKADS.parse("2015D10")
GLOBE = GRID.everywhere
TURNS = 5
KINDS = 3  # different days; the others are the same files under other dates
SMAP_CHUNK = (406, 964)
Array = NDArray[np.float32]


def main(target: str = "results/bench/ingest.json") -> None:
    """Measure, print and write the figures."""
    catalogue = load_catalogue("config/products.yaml")
    with TemporaryDirectory() as folder:
        smap, lprm = Path(folder, "smap"), Path(folder, "lprm")
        figures = ratios("smap", smap, catalogue["SMAP_E"], write_smap, read_smap)
        figures["smap_pinned"] = pinned(smap, catalogue["SMAP_E"])
        pad(smap)
        figures["smap_pinned_tenth"] = pinned(smap, catalogue["SMAP_E"])
        figures |= ratios("lprm", lprm, catalogue["AMSR2-LPRM-X"], write_lprm, read_lprm)
    figures["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    text = json.dumps(figures, indent=1)
    with atomic(target) as path:
        path.write_text(text + "\n", encoding="utf-8")
    print(text)


def ratios(
    name: str, folder: Path, product: Product, write: Callable[[Path], None], read: Callable[[Path, Product], None]
) -> dict[str, float]:
    """Medians over turns of the time to composite a dekad over the time to read the same variables."""
    write(folder)
    files = list_files(folder, product, 2015)
    maps = {DEKAD: folder / "2015D10.tif"}

    def reading() -> None:
        for found in files:
            read(found.path, product)

    jobs: list[Callable[[], object]] = [
        reading,
        lambda: list(composites(product, files, [DEKAD], region=GLOBE, grid=GRID)),
        lambda: composite_year(product, files, maps, folder / "2015.json", region=GLOBE, grid=GRID),
    ]
    turns = np.array([[seconds(job) for job in jobs] for _ in range(TURNS + 1)])[1:]  # the first loads libraries
    alone, unwritten, whole = np.median(turns, axis=0)
    print(f"{product.id}: reading {alone:.2f} s, composite {unwritten:.2f} s, with its map {whole:.2f} s")
    return {
        f"{name}_ratio": round(float(np.median(turns[:, 2] / turns[:, 0])), 3),
        f"{name}_ratio_unwritten": round(float(np.median(turns[:, 1] / turns[:, 0])), 3),
    }


def pinned(folder: Path, product: Product) -> float:
    """Processor time to composite a dekad with a checksum of every file over that without, median over turns."""
    files = list_files(folder, product, 2015)

    def job(inputs: Inputs) -> float:
        start = process_time()
        maps = {DEKAD: folder / "2015D10.tif"}
        composite_year(product, files, maps, folder / "2015.json", region=GLOBE, grid=GRID, inputs=inputs)
        return process_time() - start

    return round(float(np.median([job(Inputs(pin="sha256")) / job(Inputs(pin="size")) for _ in range(TURNS)])), 3)


def pad(folder: Path) -> None:
    """Give files nine times as much again, which no job reads; days that share a file still do."""
    for path in {path.stat().st_ino: path for path in folder.rglob("*.h5")}.values():
        more = np.random.default_rng(1).integers(0, 255, 9 * path.stat().st_size, dtype="u1")
        with h5py.File(path, "a") as file:
            file["others"] = more


def seconds(job: Callable[[], object]) -> float:
    """Time that a job takes."""
    start = perf_counter()
    job()
    return perf_counter() - start


def swath(shape: tuple[int, int], seed: int, width: float) -> tuple[Array, NDArray[np.bool_]]:
    """Soil moisture with noise, and where a day's swaths cross made-up continents: about a seventh of all cells."""
    generator = np.random.default_rng(seed)
    row, column = np.mgrid[0 : shape[0], 0 : shape[1]] / np.array([shape[0], shape[1]])[:, None, None]
    land = np.sin(9 * column + 5 * row) + np.sin(17 * column - 11 * row) > 0.5
    crossing = (column * 14.6 + row * 2 + seed / 3) % 1 < width
    values = 0.25 + 0.1 * np.sin(40 * column) * np.cos(30 * row) + generator.normal(0, 0.03, shape)
    return values.clip(0.02, 0.6).astype(np.float32), land & crossing


def repeat(folder: Path, name: Callable[[int], str]) -> None:
    """Give the files of the first days to the days that follow."""
    for day in range(KINDS + 1, 11):
        (folder / name(day)).hardlink_to(folder / name((day - 1) % KINDS + 1))


def write_smap(folder: Path) -> None:
    """Granules of SPL3SMP_E, morning and evening, of ten days."""
    (folder / "SMAP_E" / "2015").mkdir(parents=True)
    shape = NATIVE_GRIDS["ease2_m09"].shape
    packing = {"chunks": SMAP_CHUNK, "compression": "gzip"}

    def name(day: int) -> str:
        return f"SMAP_E/2015/SMAP_L3_SM_P_E_201504{day:02d}_R18240_001.h5"

    for day in range(1, KINDS + 1):
        with h5py.File(folder / name(day), "w") as file:
            for half, (group, suffix) in enumerate({"AM": "", "PM": "_pm"}.items()):
                values, seen = swath(shape, 2 * day + half, width=0.5)
                flags = np.where(seen, np.random.default_rng(day).choice([0, 1, 7], shape, p=[0.5, 0.4, 0.1]), 65534)
                stored = {
                    "soil_moisture_scav": (np.where(seen & (flags < 7), values, -9999).astype("f4"), -9999),
                    "retrieval_qual_flag_scav": (flags.astype("u2"), 65534),
                    "surface_flag": (np.where(seen, (values * 3).astype("u2"), 65534).astype("u2"), 65534),
                }
                for variable, (data, fill) in stored.items():
                    path = f"Soil_Moisture_Retrieval_Data_{group}/{variable}{suffix}"
                    file.create_dataset(path, data=data, fillvalue=fill, **packing).attrs["_FillValue"] = (
                        data.dtype.type(fill)
                    )
    repeat(folder, name)


def read_smap(path: Path, product: Product) -> None:
    """The variables of a granule that the catalogue names, with h5py alone."""
    with h5py.File(path) as file:
        for overpass, suffix in (("AM", ""), ("PM", "_pm")):
            for role in product.variables:
                file[product.names(role)[0].replace("{overpass}", overpass) + suffix][...]


def write_lprm(folder: Path) -> None:
    """LPRM files of AMSR2, ascending and descending, of ten days: (Longitude, Latitude), int16 per cent."""
    (folder / "AMSR2-LPRM-X" / "2015").mkdir(parents=True)
    for half, orbit in enumerate("AD"):

        def name(day: int, orbit: str = orbit) -> str:
            return f"AMSR2-LPRM-X/2015/LPRM-AMSR2_L3_{orbit}_SOILM3_V001_201504{day:02d}053417.nc4"

        for day in range(1, KINDS + 1):
            values, seen = swath((720, 1440), 2 * day + half, width=0.6)
            with netCDF4.Dataset(folder / name(day), "w") as file:
                for axis, centres in (
                    ("Longitude", np.arange(-179.875, 180, 0.25)),
                    ("Latitude", np.arange(89.875, -90, -0.25)),
                ):
                    file.createDimension(axis, centres.size)
                    file.createVariable(axis, "f4", (axis,))[:] = centres
                for variable, scale in (("soil_moisture_x", 1.0), ("soil_moisture_x_error", 0.01)):
                    stored = file.createVariable(
                        variable, "i2", ("Longitude", "Latitude"), zlib=True, fill_value=-32767
                    )
                    stored.set_auto_maskandscale(False)
                    stored.setncatts({"units": "percent", "scale_factor": scale})
                    stored[:] = np.where(seen, np.round(values * (100 if scale == 1 else 1000)), -32767).T.astype("i2")
        repeat(folder, name)


def read_lprm(path: Path, product: Product) -> None:
    """The variables of a file that the catalogue names, with netCDF4 alone, as stored."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        for role in product.variables:
            file[product.names(role)[0]][:]


if __name__ == "__main__":
    main(*sys.argv[1:])
