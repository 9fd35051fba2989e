"""What reading stations costs: `python -m bench.stations [results/bench/stations.json [sensors]]`.

An archive of the ISMN, made up: 200 sensors with 16 years of hourly records, in the format header and values, as a folder
and as a zip file.

bytes            of the folder; zip_bytes: of the zip file
floor_s          processor time of reading the folder's bytes alone
folder_s, zip_s  processor time of the job; peak_mb: its largest resident memory
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np

from rssm.calendar import DEKADS
from rssm.config.validation import Stations
from rssm.files import atomic
from rssm.grid import GRID, Area
from rssm.validation.stations.pixel_records import stations
from rssm.validation.stations.specs import StationsSpec

FIRST, LAST = 2003, 2018
LAND = str(Path(__file__).resolve().parents[1] / "resources" / "land.tif")


def main(target: str = "results/bench/stations.json", sensors: str = "200") -> None:
    """Measure, print and write the figures."""
    with TemporaryDirectory() as folder:
        archive = write_archive(Path(folder) / "ISMN", int(sensors))
        packed = pack(archive, Path(folder) / "ISMN.zip")
        files = sorted(archive.rglob("*.stm"))
        figures = {
            "sensors": float(sensors),
            "bytes": float(sum(file.stat().st_size for file in files)),
            "zip_bytes": float(packed.stat().st_size),
            "floor_s": timed(lambda: sum(len(file.read_bytes()) for file in files)),
            "folder_s": timed(lambda: run(archive, Path(folder) / "out")),
            "zip_s": timed(lambda: run(packed, Path(folder) / "out")),
        }
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = json.dumps({name: round(value, 2) for name, value in figures.items()}, indent=1)
    with atomic(target) as path:
        path.write_text(text + "\n", encoding="utf-8")
    print(text)


def timed(job: Callable[[], object]) -> float:
    """Processor time of a job, seconds."""
    start = process_time()
    job()
    return process_time() - start


def run(archive: Path, out: Path) -> None:
    """The job, over all of the grid."""
    steps = DEKADS.year(FIRST)[0], DEKADS.year(LAST)[-1]
    spec = StationsSpec(Area(GRID.id, GRID.everywhere), DEKADS.id, steps, Stations(), {})
    names = [str(out / name) for name in ("stations.nc", "used.tsv", "dropped.tsv")]
    stations([str(archive)], [], [LAND], [], [], spec, names)


def write_archive(folder: Path, sensors: int) -> Path:
    """Files of ten networks' stations, two in most pixels; one record in thirteen is flagged."""
    hours = np.arange(f"{FIRST}-01-01T00", f"{LAST + 1}-01-01T00", dtype="M8[h]")
    times = [str(hour).replace("-", "/").replace("T", " ") + ":00" for hour in hours]
    rng, flags = np.random.default_rng(0), np.array(["G", "D01,D03", "C03"])
    for number in range(sensors):
        network, station, place = f"NET{number % 10}", f"S{number}", number // 2
        head = f"{network} {network} {station} {40.05 + place % 10 / 10:.5f} {-1.95 + place // 10 / 10:.5f} 100.00"
        values = rng.uniform(0.02, 0.5, hours.size).tolist()
        given = flags[rng.choice(3, hours.size, p=[0.92, 0.06, 0.02])].tolist()
        lines = [f"{time} {value:8.4f} {flag} M" for time, value, flag in zip(times, values, given, strict=True)]
        name = f"{network}_{network}_{station}_sm_0.050000_0.050000_5TM_{FIRST}0101_{LAST}1231.stm"
        path = folder / network / station / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([f"{head} 0.05 0.05 5TM", *lines]) + "\n")
    return folder


def pack(folder: Path, path: Path) -> Path:
    """The folder as a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for member in sorted(folder.rglob("*.stm")):
            file.write(member, member.relative_to(folder))
    return path


if __name__ == "__main__":
    main(*sys.argv[1:])
