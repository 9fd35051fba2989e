"""Made-up stations: archives of the ISMN in both of its formats, text files, maps and yearly files about their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import netCDF4
import numpy as np

from rssm.calendar import DEKADS
from rssm.config.validation import Stations
from rssm.grid import GRID, Area, Region
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.product.values.flags import BITS
from rssm.validation.stations.specs import StationsSpec

AREA = Area(GRID.id, Region(40, 42, -2, 4))
STEPS = (2015 * 36, 2015 * 36 + 5)  # January and February 2015
ROLES = {"water": "WATER", "land_cover": "LANDCOVER", "topography": "TOPOGRAPHY", "climate": "KOPPEN"}
LAND = str(Path(__file__).resolve().parents[2] / "resources" / "land.tif")
HERE = (41.55, -1.45)  # centre of a pixel
Record = tuple[str, float, str]


def spec(**changes) -> StationsSpec:
    """What the job is asked; settings of stations or of the specification by name."""
    own = {name: changes.pop(name) for name in list(changes) if name in Stations.model_fields}
    return StationsSpec(
        **({"area": AREA, "calendar": "dekad", "steps": STEPS, "maps": ROLES} | changes), stations=Stations(**own)
    )


def daily(first: str, days: int, value: float | Sequence[float] = 0.2, flag: str = "G") -> list[Record]:
    """A record at noon of some days."""
    dates = np.datetime64(first) + np.arange(days)
    values = np.broadcast_to(value, days).tolist()
    return [
        (f"{day} 12:00".replace("-", "/"), number, flag) for day, number in zip(dates.tolist(), values, strict=True)
    ]


def stm(
    folder: Path,
    records: Sequence[Record],
    *,
    network: str = "NET",
    station: str = "S-1",
    place: tuple[float, float] = HERE,
    depth: tuple[float, float] = (0.05, 0.05),
    sensor: str = "5TM",
    ceop: bool = False,
    end: str = "\n",
) -> Path:
    """Write a file of a sensor's soil moisture as the ISMN does."""
    about = f"{network} {network} {station} {place[0]:.5f} {place[1]:.5f} 100.00 {depth[0]:.4f} {depth[1]:.4f}"
    if ceop:
        lines = [f"{time} {time} {about} {value:.4f} {flag} M" for time, value, flag in records]
    else:
        lines = [f"{about} {sensor}", *(f"{time} {value:.4f} {flag} M" for time, value, flag in records)]
    name = f"{network}_{network}_{station}_sm_{depth[0]:.6f}_{depth[1]:.6f}_{sensor}_20150101_20151231.stm"
    path = folder / network / station / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + end for line in lines), newline="")
    return path


def maps(folder: Path, product: str, of: dict[str, float | np.ndarray], calendar: str) -> str:
    """Maps of a product, label → value everywhere or layer (row, column), and their index."""
    window = AREA.window
    for label, value in of.items():
        write_map(folder / product / f"{label}.tif", {"value": np.broadcast_to(value, window.shape)}, GRID, window, {})
    entries = {label: {"map": f"{label}.tif", "status": "complete"} for label in of}
    write_index(folder / product / "all.json", product, "", entries, calendar_id=calendar)
    return str(folder / product / "all.json")


def layer(value: float, place: tuple[float, float], there: float) -> np.ndarray:
    """A layer of one value, and another in the pixel of a place."""
    window = AREA.window
    row, column = GRID.pixel(place[1], place[0])
    made = np.full(window.shape, value, np.float32)
    made[row - window.row, (column - window.column) % GRID.columns] = there
    return made


def described(folder: Path, **changed: dict[str, float | np.ndarray]) -> list[str]:
    """Indices of maps of dry, flat, cold steppe with grass; changed as asked, by role."""
    of: dict[str, tuple[str, dict[str, float | np.ndarray]]] = {
        "water": ("dekad", dict.fromkeys(labels(), 0.01)),
        "land_cover": ("year", {"2015": 10}),
        "topography": ("static", {"static": 0.05}),
        "climate": ("static", {"static": 7}),
    }
    return [maps(folder, ROLES[role], changed.get(role, own), calendar) for role, (calendar, own) in of.items()]


def labels() -> list[str]:
    return [DEKADS.label(step) for step in range(STEPS[0], STEPS[1] + 1)]


def flagged_year(path: Path, flags: np.ndarray) -> str:
    """A yearly file of the data set that holds flags (step, row, column) and what its reader asks for."""
    window, calendar = AREA.window, DEKADS
    with netCDF4.Dataset(path, "w") as file:
        file.setncatts({"kind": "year of the data set", "layout": 1, "grid_id": GRID.id, "calendar_id": calendar.id})
        for name, size in (("time", len(flags)), ("lat", window.rows), ("lon", window.columns), ("bnds", 2)):
            file.createDimension(name, size)
        file.createVariable("period", str, ("time",))[:] = np.array(labels()[: len(flags)], object)
        for name, edges in (("lat", GRID.row_edges(window)), ("lon", GRID.column_edges(window))):
            file.createVariable(f"{name}_bnds", "f8", (name, "bnds"))[:] = np.stack([edges[:-1], edges[1:]], 1)
        file.createVariable("depth_bnds", "f8", ("bnds",))[:] = [0, 0.05]
        moisture = file.createVariable("soil_moisture", "i2", ("time", "lat", "lon"))
        moisture.coverage_content_type = "physicalMeasurement"
        stored = file.createVariable("flags", "u2", ("time", "lat", "lon"))
        bits, meanings = zip(*BITS, strict=True)
        stored.setncatts({"flag_masks": np.array(bits, np.uint16), "flag_meanings": " ".join(meanings)})
        stored[:] = flags
    return str(path)
