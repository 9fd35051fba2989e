"""Sensors and their records, however they are stored; and the ledger of what of them was dropped, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError


@dataclass(frozen=True, order=True)
class Sensor:
    """A sensor of soil moisture: what it is called and where it is, degrees and metres below the surface (`centimetres`).

    Files that say the same of all this hold one sensor's records.
    """

    network: str
    station: str
    name: str
    top: float
    bottom: float
    latitude: float
    longitude: float

    @property
    def depth(self) -> str:
        return f"{self.top:.2f}-{self.bottom:.2f}"

    @property
    def site(self) -> tuple[str, str]:
        """Network and station."""
        return self.network, self.station


class Records(NamedTuple):
    """Records of a file in any order.

    time    (record,) datetime64, UTC
    value   (record,) m³ m⁻³, NaN where there is none
    flag    (record,) position in `flags`
    """

    time: NDArray[np.datetime64]
    value: NDArray[np.float64]
    flag: NDArray[np.integer]
    flags: tuple[str, ...]


class StationFile(Protocol):
    """A file with the records of one sensor."""

    @property
    def where(self) -> str:
        """Its name, for people."""
        ...

    def sensor(self) -> Sensor:
        """Whose records it holds, from its head alone."""
        ...

    def records(self) -> Records:
        """All its records."""
        ...


def centimetres(depth: float) -> float:
    """A depth in whole centimetres, metres: two inches are 0.05 m, and were given so in older archives."""
    return round(depth, 2)


def placed(where: str, latitude: float, longitude: float, hint: str) -> tuple[float, float]:
    """Coordinates that are a place on Earth, longitude within −180…180°; one sentence where they are none."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 360):  # NaN compares false
        raise InputError(f"{where}: latitude {latitude:g}, longitude {longitude:g} are no place on Earth. {hint}")
    return latitude, longitude - 360 if longitude >= 180 else longitude


def check_unit(where: str, value: NDArray[np.float64]) -> None:
    """Refuse good values most of which no volumetric soil moisture can have: they are in another unit."""
    if value.size and (middle := float(np.median(value))) > 1:
        raise InputError(
            f"{where}: half of its good values are {middle:.3g} or more, expected soil moisture in m3 m-3, within 0 to 1."
            " Is it in per cent? Correct the file, or take it out."
        )


class Dropped(NamedTuple):
    """Something that does not count: a whole sensor or file, steps of it, or records.

    records, steps  how many; None where nobody counted them, as in a file that was not read
    """

    network: str
    station: str
    sensor: str
    depth: str
    reason: str
    steps: int | None
    records: int | None
    file: str


@dataclass
class Ledger:
    """What was dropped, a line for each sensor and reason; `on_bad_file`: fail, or go on without it."""

    on_bad_file: str = "fail"
    rows: list[Dropped] = field(default_factory=list)

    def unreadable(self, file: StationFile, error: InputError) -> None:
        """Stop at a file that nobody could read, or note it."""
        if self.on_bad_file == "fail":
            raise error
        self.rows.append(Dropped("-", "-", "-", "-", f"unreadable: {error}", None, None, file.where))

    def sensor(
        self,
        sensor: Sensor,
        files: Iterable[StationFile],
        reason: str,
        records: int | None = None,
        steps: int | None = None,
    ) -> None:
        """A sensor, or so many of its steps and records; nothing is written of none."""
        if records == 0 and not steps:
            return
        where = ", ".join(file.where for file in files)
        self.rows.append(Dropped(*sensor.site, sensor.name, sensor.depth, reason, steps, records, where))

    def sorted(self) -> list[Dropped]:
        """Lines by network, station, sensor, depth and reason."""
        return sorted(self.rows, key=lambda row: (*row[:5], row.file))


def by_sensor(files: Iterable[StationFile], ledger: Ledger) -> dict[Sensor, list[StationFile]]:
    """Files of each sensor, sensors in the order of their names."""
    found: dict[Sensor, list[StationFile]] = {}
    for file in files:
        try:
            found.setdefault(file.sensor(), []).append(file)
        except InputError as error:
            ledger.unreadable(file, error)
    return {sensor: sorted(found[sensor], key=lambda file: file.where) for sensor in sorted(found)}
