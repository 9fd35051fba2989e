"""Daily means of what every sensor measured: flags that count, enough values a day, enough days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.cubes.place import window_index
from rssm.errors import InputError
from rssm.files import Kind
from rssm.somo.site_files import DAY
from rssm.somo.specs import RecordsSpec
from rssm.stations.cemaden import cemaden_files
from rssm.stations.ismn_archive import ismn_files
from rssm.stations.sensors import Dropped, Ledger, Sensor, StationFile, by_sensor, check_unit
from rssm.stations.steps import Days, joined, screened
from rssm.stations.texts import text_files
from rssm.tsv import write_tsv

RECORDS = Kind("daily records of sensors")


@dataclass(frozen=True)
class Daily:
    """Daily means of a sensor.

    pixel  that holds it
    day    (record,) ascending
    value  (record,) m³ m⁻³
    """

    sensor: Sensor
    pixel: int
    day: NDArray[np.int32]
    value: NDArray[np.float32]


def somo_stations(
    ismn: Sequence[str], csv: Sequence[str], cemaden: Sequence[str], spec: RecordsSpec, out: Sequence[str]
) -> None:
    """Write daily means of all sensors in the region, and the table of what was dropped.

    ismn     archives of the ISMN: zip files or folders
    csv      text files of sensors, or folders of them
    cemaden  files of CEMADEN, or folders of them
    """
    ledger = Ledger(spec.on_bad_file)
    listed: list[tuple[Sequence[str], Callable[[str], Sequence[StationFile]]]] = [
        (ismn, ismn_files),
        (csv, text_files),
        (cemaden, cemaden_files),
    ]
    files = [file for places, of in listed for place in places for file in of(place)]
    daily = [made for sensor, own in by_sensor(files, ledger).items() if (made := _daily(sensor, own, spec, ledger))]
    if not daily:
        reasons = ", ".join(sorted({row.reason for row in ledger.rows})) or "the archives hold none in the region"
        raise InputError(f"No sensor is left: {reasons}. Check the archives of stations and `stations`.")
    write_daily(out[0], daily)
    write_tsv(out[1], Dropped._fields, ledger.sorted())


def _daily(sensor: Sensor, files: Sequence[StationFile], spec: RecordsSpec, ledger: Ledger) -> Daily | None:
    """Daily means of a sensor; none where it is dropped, with the reason in the ledger."""
    grid = spec.area.grid
    inside = grid.south < sensor.latitude < grid.north
    row, column = grid.pixel(sensor.longitude, sensor.latitude) if inside else (-1, 0)
    pixel = row * grid.columns + column
    if not inside or not window_index(np.array([pixel]), spec.area.window, grid)[0].all():
        ledger.sensor(sensor, files, "outside the region")
        return None
    parts = []
    for file in files:
        try:
            parts.append(file.records())
        except InputError as error:
            ledger.unreadable(file, error)
    if not parts:
        return None
    records = joined(parts)
    days = Days.of(DAY, range(spec.days[0], spec.days[1] + 1), 1)
    left, counted = screened(records, days, spec.flags)
    for reason, dropped in counted:
        ledger.sensor(sensor, files, reason, dropped)
    check_unit(files[0].where, records.value[left])
    number = days.number(records.time[left])
    count = np.bincount(number, minlength=days.step.size)
    total = np.bincount(number, records.value[left], minlength=days.step.size)
    few = (count > 0) & (count < spec.per_day)
    ledger.sensor(sensor, files, f"days of fewer than {spec.per_day} values", int(count[few].sum()), int(few.sum()))
    day = np.flatnonzero(count >= spec.per_day)
    if day.size < spec.least_days:
        ledger.sensor(sensor, files, f"fewer than {spec.least_days} days", int(count[day].sum()), int(day.size))
        return None
    return Daily(sensor, pixel, (day + spec.days[0]).astype(np.int32), (total[day] / count[day]).astype(np.float32))


TEXTS, NUMBERS = ("network", "station", "name"), ("top", "bottom", "latitude", "longitude")


def write_daily(path: str | Path, daily: Sequence[Daily]) -> None:
    """Records of all sensors one after the other; those of sensor i are start[i]:start[i + 1]."""
    with RECORDS.created(path) as file:
        start = np.cumsum([0, *(each.day.size for each in daily)])
        for name, size in (("sensor", len(daily)), ("edge", start.size), ("record", int(start[-1]))):
            file.createDimension(name, size)
        for name in TEXTS:
            texts = np.array([getattr(each.sensor, name) for each in daily], object)
            file.createVariable(name, str, ("sensor",))[:] = texts
        for name in NUMBERS:
            file.createVariable(name, "f8", ("sensor",))[:] = [getattr(each.sensor, name) for each in daily]
        file.createVariable("pixel", "i4", ("sensor",))[:] = [each.pixel for each in daily]
        file.createVariable("start", "i8", ("edge",))[:] = start
        for name, kind in (("day", "i4"), ("value", "f4")):
            variable = file.createVariable(name, kind, ("record",), compression="zlib", complevel=1, shuffle=True)
            variable[:] = np.concatenate([getattr(each, name) for each in daily])


def read_daily(path: str | Path) -> list[Daily]:
    with RECORDS.opened(path) as file:
        network, station, name = (file[text][:] for text in TEXTS)
        numbers = [file[number][:] for number in NUMBERS]
        pixel, start, day, value = (file[array][:] for array in ("pixel", "start", "day", "value"))
    return [
        Daily(
            Sensor(str(network[i]), str(station[i]), str(name[i]), *(float(number[i]) for number in numbers)),
            int(pixel[i]),
            day[start[i] : start[i + 1]],
            value[start[i] : start[i + 1]],
        )
        for i in range(pixel.size)
    ]
