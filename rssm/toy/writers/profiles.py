"""Stations with sensors at several depths: archives as of the ISMN, and text files as of CEMADEN.

Stations stand in clusters, as real networks do, and a few alone. Each sensor measures the truth of its layer with a gain
and an offset of its own, which is why targets are scaled; it has a record of some years with gaps, six values a day, and
flags for frost and for values out of range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.config.toy import STATION_YEARS
from rssm.errors import InputError
from rssm.toy.noise import normal, uniform
from rssm.toy.profiles import true_years
from rssm.toy.truth import Earth
from rssm.toy.writers.layers import Asked, Layer, Native, checksum

DEPTHS = {0.05: 0, 0.10: 0, 0.20: 1, 0.50: 2}  # of sensors, m → layer of the truth
SHARES = {0.05: 0.75, 0.10: 0.35, 0.20: 0.7, 0.50: 0.55}  # of stations that have one there
NETWORKS = (("TOYSCAN", "Hydraprobe"), ("TOY-SOIL", "5TM"), ("TOYMESONET", "CS655"))
CLUSTERS, ALONE, IN_CLUSTER = (
    0.10,
    0.10,
    4,
)  # shares of zones that hold a cluster or one station, and stations of a cluster
HOURS = (0, 4, 8, 12, 16, 20)
LOST = 0.04  # share of spells of ten days without values


@dataclass(frozen=True)
class Station:
    """A station: its network, name, pixel in the patch and on the grid, and the years of its record."""

    network: int
    name: str
    row: int
    column: int
    key: int
    first: int
    last: int


def ismn(asked: Asked) -> Iterator[Native]:
    """Header and values, a file a sensor."""
    earth, places = asked.earth, _stations(asked.earth, "")
    if not places:
        raise InputError(
            "region: no station of the toy Earth stands there, from which networks learn. Choose a larger one."
        )
    truth = _Truth.of(earth, places)
    folder = asked.product.files.split("*")[0]
    for at, station in enumerate(places):
        network, sensor = NETWORKS[station.network]
        latitude, longitude = _place(earth, station)
        head = f"{network} {network} {station.name} {latitude:.5f} {longitude:.5f}"
        head += f" {float(earth.geography.elevation[station.row, station.column]):.2f}"
        for depth in _depths(earth, station):
            stamps, value, flag = truth.record(earth, at, station, depth)
            lines = [f"{head} {depth:.4f} {depth:.4f} {sensor}"]
            pairs = zip(stamps, np.char.mod("%.4f", value).tolist(), flag, strict=True)
            lines += [f"{stamp} {number} {mark} M" for stamp, number, mark in pairs]
            span = f"{station.first}0101_{station.last}1231"
            name = f"{network}_{network}_{station.name}_sm_{depth:.6f}_{depth:.6f}_{sensor}_{span}.stm"
            yield _text(f"{folder}{network}/{station.name}/{name}", "\n".join(lines) + "\n", value)


def cemaden(asked: Asked) -> Iterator[Native]:
    """A table a station, with a column for each depth."""
    earth, places = asked.earth, _stations(asked.earth, "cemaden")
    if not places:
        return
    truth = _Truth.of(earth, places)
    for at, station in enumerate(places):
        latitude, longitude = _place(earth, station)
        depths = [depth for depth in _depths(earth, station) if depth != 0.05] or [0.10]
        records = [truth.record(earth, at, station, depth) for depth in depths]
        texts = [
            (stamps, np.where(np.array(flag) == "G", np.char.mod("%.4f", value), "")) for stamps, value, flag in records
        ]
        columns = [dict(zip(stamps, column.tolist(), strict=True)) for stamps, column in texts]
        lines = ["station,latitude,longitude,datetime," + ",".join(f"vwc_{round(100 * d)}cm" for d in depths)]
        head = f"{station.name},{latitude:.5f},{longitude:.5f}"
        for stamp in sorted(set().union(*columns)):  # a depth may be lost while another measures
            values = ",".join(column.get(stamp, "") for column in columns)
            lines.append(f"{head},{stamp.replace('/', '-')},{values}")
        name = asked.product.files.replace("*", station.name)
        yield _text(name, "\n".join(lines) + "\n", np.concatenate([value for _, value, _ in records]))


WRITERS = {"ISMN-DEPTHS": ismn, "CEMADEN": cemaden}


def _stations(earth: Earth, stream: str) -> list[Station]:
    """Stations of the area: clusters and single ones in hashed zones, on land. Those of CEMADEN are few and alone."""
    found, grid, toy = [], earth.patch.grid, earth.toy
    for zone in earth.area.region.zones():
        draw = float(uniform(0, f"zones {stream}", zone.south, zone.west)[0])
        count = IN_CLUSTER if draw < CLUSTERS else 1 if draw < CLUSTERS + ALONE else 0
        if stream:
            count = 1 if draw < ALONE / 2 else 0
        corner = grid.zone_window(zone)
        network = int(uniform(0, "networks", zone.south // 4, zone.west // 5)[0] * len(NETWORKS))
        for number in range(count):
            across, down, begin, length = uniform(0, f"stations {stream}", zone.south, zone.west, number, np.arange(4))
            row = corner.row + int(down * grid.zone_pixels) - earth.patch.row
            column = (corner.column + int(across * grid.zone_pixels) - earth.patch.column) % grid.columns
            first = toy.soil_from + 1 + int(begin * 0.6 * STATION_YEARS)
            last = min(first + 1 + int(length * 6), toy.soil_from + STATION_YEARS)
            if earth.geography.land[row, column]:
                key = (row + earth.patch.row) * grid.columns + (column + earth.patch.column) % grid.columns
                name = f"{stream.upper()}{zone.name}-{number}"
                found.append(Station(network, name, row, column, 8 * key + number, first, last))
    return found


def _place(earth: Earth, station: Station) -> tuple[float, float]:
    """Latitude and longitude, somewhere within the pixel."""
    beside = (uniform(0, "beside", station.key, np.arange(2)) - 0.5) * 0.2
    latitude = float(earth.geography.latitude[station.row, 0] + beside[0])
    longitude = float(earth.geography.longitude[0, station.column] + beside[1])
    return latitude, (longitude + 180) % 360 - 180


def _depths(earth: Earth, station: Station) -> list[float]:
    """Depths of a station's sensors; one at least."""
    draws = uniform(0, "depths", station.key, np.arange(len(DEPTHS)))
    return [depth for draw, depth in zip(draws, DEPTHS, strict=True) if draw < SHARES[depth]] or [0.05]


@dataclass(frozen=True)
class _Truth:
    """What stations stand on: water (layer, day, station), m³ m⁻³, warmth (day, station), K, of days from `first` on."""

    first: int
    water: NDArray[np.float32]
    warmth: NDArray[np.float32]

    @classmethod
    def of(cls, earth: Earth, places: Sequence[Station]) -> _Truth:
        rows, columns = np.array([(place.row, place.column) for place in places]).T
        last = max(place.last for place in places)
        water, warmth = [], []
        for air, soil in true_years(earth.toy, earth.geography, last):
            water.append(soil[:, :, rows, columns])
            warmth.append(air.temperature[:, rows, columns])
        first = date(earth.toy.soil_from, 1, 1).toordinal()
        return cls(first, np.concatenate(water, axis=1), np.concatenate(warmth))

    def record(
        self, earth: Earth, at: int, station: Station, depth: float
    ) -> tuple[list[str], NDArray[np.float32], list[str]]:
        """Times, values and flags of a sensor, six a day where it works."""
        seed, cm = earth.toy.seed, round(100 * depth)
        days = np.arange(date(station.first, 1, 1).toordinal(), date(station.last + 1, 1, 1).toordinal())
        days = days[uniform(seed, f"lost {cm}", station.key, days // 10) >= LOST]
        own = normal(seed, f"sensor {cm}", station.key, np.arange(2))
        true = self.water[DEPTHS[depth], days - self.first, at]
        value = true * (1 + np.float32(0.15) * own[0]) + np.float32(0.04) * own[1]
        value = value + np.float32(0.008) * normal(seed, f"patch {cm}", station.key, days)
        hourly = normal(seed, f"probe {cm}", station.key, days[:, None], np.arange(len(HOURS)))
        value = np.maximum(value[:, None] + np.float32(0.004) * hourly, 0.001).astype(np.float32)
        frost = np.repeat(self.warmth[days - self.first, at] < 273.15, len(HOURS)) & (depth < 0.15)
        flat = value.reshape(-1)
        flag = np.where(frost, "D01", np.where(flat > 0.6, "C03", "G")).tolist()
        dates = (date.fromordinal(int(day)).strftime("%Y/%m/%d") for day in days)
        return [f"{day} {hour:02d}:00" for day in dates for hour in HOURS], flat, flag


def _text(name: str, text: str, values: NDArray[np.float32]) -> Native:
    def save(path: Path) -> None:
        path.write_text(text, encoding="latin-1", newline="")

    return Native(name, save, checksum(name, [Layer("values", values)]))
