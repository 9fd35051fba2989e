"""Daily means of what every sensor measured, network by network: flags that count, enough values a day; then enough days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.cubes.place import window_index
from rssm.errors import InputError
from rssm.files import Kind
from rssm.somo.site_files import DAY
from rssm.somo.specs import RecordsSpec, StationsSpec
from rssm.stations.cemaden import cemaden_files
from rssm.stations.ismn_archive import ismn_files
from rssm.stations.sensors import Dropped, Ledger, Sensor, StationFile, by_sensor, check_unit
from rssm.stations.steps import Days, joined, screened
from rssm.stations.texts import text_files
from rssm.tsv import NOTHING, read_tsv, write_tsv

RECORDS = Kind("daily records of sensors")


@dataclass(frozen=True)
class Daily:
    """Daily means of a sensor.

    pixel  that holds it
    day    (day,) ascending
    value  (day,) m³ m⁻³
    behind (day,) measurements behind each mean
    """

    sensor: Sensor
    pixel: int
    day: NDArray[np.int32]
    value: NDArray[np.float32]
    behind: NDArray[np.int32]


def somo_records(
    part: str, ismn: Sequence[str], csv: Sequence[str], cemaden: Sequence[str], spec: RecordsSpec, out: Sequence[str]
) -> None:
    """Write daily means of the sensors of a network in the region, and the table of what was dropped.

    part     what the network, or what else is read at once, is called; `spec` and the places say what is read
    ismn     archives of the ISMN: zip files or folders
    csv      text files of sensors, or folders of them
    cemaden  files of CEMADEN, or folders of them
    """
    ledger = Ledger(spec.on_bad_file)
    listed: list[tuple[Sequence[str], Callable[[str], Sequence[StationFile]]]] = [
        (ismn, lambda place: ismn_files(place, spec.network)),
        (csv, text_files),
        (cemaden, cemaden_files),
    ]
    files = [file for places, of in listed for place in places for file in of(place)]
    daily = [made for sensor, own in by_sensor(files, ledger).items() if (made := _daily(sensor, own, spec, ledger))]
    write_daily(out[0], daily)
    write_tsv(out[1], Dropped._fields, ledger.sorted())


def somo_stations(records: Sequence[str], dropped: Sequence[str], spec: StationsSpec, out: Sequence[str]) -> None:
    """Join networks: write the sensors of all that have enough days, and the table of what was dropped anywhere.

    records, dropped  of every network; of a day that two archives of other formats give one sensor, the first counts
    """
    ledger = Ledger(rows=[_dropped(row) for path in dropped for _, row in read_tsv(path, Dropped._fields)])
    of_sensor: dict[Sensor, list[Daily]] = {}
    for daily in (daily for path in records for daily in read_daily(path)):
        of_sensor.setdefault(daily.sensor, []).append(daily)
    kept = []
    for sensor in sorted(of_sensor):
        daily = _union(of_sensor[sensor])
        if daily.day.size >= spec.least_days:
            kept.append(daily)
        else:
            reason, steps = f"fewer than {spec.least_days} days", int(daily.day.size)
            ledger.sensor(sensor, (), reason, int(daily.behind.sum()), steps)
    if not kept:
        reasons = ", ".join(sorted({row.reason for row in ledger.rows})) or "the archives hold none in the region"
        raise InputError(f"No sensor is left: {reasons}. Check the archives of stations and `stations`.")
    write_daily(out[0], kept)
    write_tsv(out[1], Dropped._fields, ledger.sorted())


def _dropped(row: Mapping[str, str]) -> Dropped:
    """A line of a table, with its numbers."""
    numbers = {name: None if row[name] == NOTHING else int(row[name]) for name in ("steps", "records")}
    return Dropped(**{**row, **numbers})  # type: ignore[arg-type]


def _union(parts: Sequence[Daily]) -> Daily:
    """One sensor's days in several parts; of a day that several have, the first part's mean."""
    first, *others = parts
    if not others:
        return first
    day, at = np.unique(np.concatenate([part.day for part in parts]), return_index=True)
    joined = (np.concatenate([getattr(part, name) for part in parts])[at] for name in ("value", "behind"))
    return Daily(first.sensor, first.pixel, day, *joined)


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
    means, behind = (total[day] / count[day]).astype(np.float32), count[day].astype(np.int32)
    return Daily(sensor, pixel, (day + spec.days[0]).astype(np.int32), means, behind)


SERIES = {"day": "i4", "value": "f4", "behind": "i4"}
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
        for name, kind in SERIES.items():
            variable = file.createVariable(name, kind, ("record",), compression="zlib", complevel=1, shuffle=True)
            variable[:] = np.concatenate([np.empty(0, kind), *(getattr(each, name) for each in daily)])


def read_daily(path: str | Path) -> list[Daily]:
    with RECORDS.opened(path) as file:
        network, station, name = (file[text][:] for text in TEXTS)
        numbers = [file[number][:] for number in NUMBERS]
        pixel, start, *series = (file[array][:] for array in ("pixel", "start", *SERIES))
    return [
        Daily(
            Sensor(str(network[i]), str(station[i]), str(name[i]), *(float(number[i]) for number in numbers)),
            int(pixel[i]),
            *(values[start[i] : start[i + 1]] for values in series),
        )
        for i in range(pixel.size)
    ]
