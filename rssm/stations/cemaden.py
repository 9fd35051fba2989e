"""Tables of CEMADEN's stations: one a station, with its place and time in columns, and one column a depth.

No file of the archive was seen here. A table is read whose header names station, latitude, longitude and time, in English
or Portuguese, and depths as a number before `cm`; values are volumetric, in m³ m⁻³ or per cent, and empty where missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.stations.sensors import Records, Sensor, centimetres, placed

NETWORK = "CEMADEN"
NAMES = {
    "station": ("station", "code", "codestacao", "cod_estacao", "estacao"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "long"),
    "time": ("datetime", "datahora", "data_hora", "time", "date", "data"),
}
DEPTH = re.compile(r"(\d+) ?cm")
EXPECTED = "a header that names station, latitude, longitude, datetime, and depths such as vwc_10cm"


def cemaden_files(place: str) -> list[CemadenSensor]:
    """The sensors of a table, or of all tables of a folder, by name and depth."""
    path = Path(place)
    if not path.exists():
        raise InputError(f"{place}: no such file or folder. Check stations.cemaden.")
    files = sorted(path.rglob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{place}: holds no file *.csv. Check stations.cemaden.")
    return [CemadenSensor(file, depth) for file in files for depth in sorted(_depths(_header(file), file))]


@dataclass(frozen=True)
class CemadenSensor:
    """One depth of a table; centimetres."""

    path: Path
    depth: int

    @property
    def where(self) -> str:
        return f"{self.path} ({self.depth} cm)"

    def sensor(self) -> Sensor:
        header, rows = _table(self.path)
        if not rows:
            raise InputError(f"{self.path}: holds no records. Take it out.")
        station, *place = (rows[0][_column(header, what, self.path)] for what in ("station", "latitude", "longitude"))
        try:
            north, east = map(float, place)
        except ValueError:
            raise InputError(f"{self.path}: {' '.join(place)} is no place. Expected {EXPECTED}.") from None
        latitude, longitude = placed(str(self.path), north, east, "Correct the file.")
        metres = centimetres(self.depth / 100)
        return Sensor(NETWORK, station, "-", metres, metres, latitude, longitude)

    def records(self) -> Records:
        header, rows = _table(self.path)
        at, when = _depths(header, self.path)[self.depth], _column(header, "time", self.path)
        try:
            time = np.array([row[when].replace(" ", "T") for row in rows], "M8[s]")
            value = np.array([row[at] or "nan" for row in rows], np.float64)
        except ValueError as error:
            raise InputError(f"{self.path}: cannot be read as a table of soil moisture ({error}).") from None
        return Records(time, _volumetric(value), np.zeros(len(rows), np.intp), ("G",))


def _volumetric(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values in m³ m⁻³; per cent is recognised by its size."""
    there = value[np.isfinite(value)]
    return value * 0.01 if there.size and float(np.median(there)) > 1 else value


def _header(path: Path) -> list[str]:
    with path.open(encoding="latin-1") as file:
        return _cells(file.readline())


@lru_cache(maxsize=1)  # the sensors of a table are asked one after the other
def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    lines = path.read_text(encoding="latin-1").splitlines()
    header, *rows = [_cells(line) for line in lines if line.strip()] or [[]]
    if bad := next((number for number, row in enumerate(rows, 2) if len(row) != len(header)), 0):
        raise InputError(f"{path}: line {bad} has another number of columns than the header. Expected {EXPECTED}.")
    return header, rows


def _cells(line: str) -> list[str]:
    return [cell.strip().strip('"') for cell in line.strip().split(";" if ";" in line else ",")]


def _column(header: Sequence[str], what: str, path: Path) -> int:
    small = [name.lower() for name in header]
    found = next((small.index(name) for name in NAMES[what] if name in small), None)
    if found is None:
        raise InputError(f"{path}: no column says the {what}. Expected {EXPECTED}.")
    return found


def _depths(header: Sequence[str], path: Path) -> dict[int, int]:
    """Depth in centimetres → its column."""
    found = {int(match[1]): at for at, name in enumerate(header) if (match := DEPTH.search(name.lower()))}
    if not found:
        raise InputError(f"{path}: no column is a depth. Expected {EXPECTED}.")
    return found
