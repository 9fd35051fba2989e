"""Measurements of stations as records of pixels: what the data set is held against.

Sensors no deeper than asked, in the region and on its land, in pixels with little water; of these the records with good
flags; of these the steps with enough days; of these what is free of snow and ice. Whatever goes, goes into a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.place import window_index
from rssm.errors import InputError
from rssm.stations.ismn_archive import ismn_files
from rssm.stations.sensors import Dropped, Ledger, Records, Sensor, StationFile, by_sensor, centimetres, check_unit
from rssm.stations.steps import Days, Means, is_good, joined, pixel_means, screened, step_means
from rssm.stations.texts import text_files
from rssm.tsv import write_tsv
from rssm.validation.stations.file import StationRecords, write_stations
from rssm.validation.stations.places import Ground, ground, hidden, on_land, pixel_at
from rssm.validation.stations.specs import StationsSpec

Files = Mapping[Sensor, Sequence[StationFile]]
USED = (
    *("network", "station", "sensor", "depth", "latitude", "longitude", "pixel"),
    *("climate", "land_cover", "relief", "density", "first", "last", "steps", "records", "file"),
)


class Used(NamedTuple):
    """A sensor with means: the pixel that holds it, and the files of its records."""

    sensor: Sensor
    files: Sequence[StationFile]
    pixel: int
    means: Means


def stations(
    ismn: Sequence[str],
    csv: Sequence[str],
    land: Sequence[str],
    maps: Sequence[str],
    netcdf: Sequence[str],
    spec: StationsSpec,
    out: Sequence[str],
) -> None:
    """Write the records of all pixels that hold stations, the table of sensors used, and that of what was dropped.

    ismn    archives of the ISMN: zip files or folders
    csv     text files of sensors, or folders of them
    land    mask of the whole grid
    maps    indices of the products that describe pixels (`spec.maps`), all years
    netcdf  yearly files of the data set, which flag snow and ice; without them no step is hidden
    """
    ledger = Ledger(spec.on_bad_file)
    files = by_sensor([*_all(ismn, ismn_files), *_all(csv, text_files)], ledger)
    pixel = _placed(files, land[0], spec, ledger)
    in_region = len(pixel)
    numbers = np.unique(np.array(list(pixel.values()), np.int64))
    known = ground(maps, numbers, spec)
    _without_water(files, pixel, numbers, known, spec, ledger)
    used = _with_means(files, pixel, spec, ledger)
    used = _of_one_depth(_seen(used, netcdf, spec, ledger), spec, ledger)
    if not used and (in_region or not files):  # that an archive knows no station of a region is no mistake
        raise InputError(
            f"No record of a station is left: {_reasons(ledger)}. Check validation.stations and the archives."
        )
    records = _records(used, numbers, known, spec)
    write_tsv(out[2], Dropped._fields, ledger.sorted(), _reasons(ledger))
    write_tsv(out[1], USED, _used_rows(used, records))
    write_stations(out[0], records)


def _all(places: Sequence[str], listed: Callable[[str], Sequence[StationFile]]) -> list[StationFile]:
    return [file for place in places for file in listed(place)]


def _placed(files: Files, land: str, spec: StationsSpec, ledger: Ledger) -> dict[Sensor, int]:
    """Pixel of each sensor that is not too deep, lies in the region and on its land."""
    grid, window = spec.area.grid, spec.area.window
    limit, pixel = centimetres(spec.stations.depth or 0), {}
    for sensor in files:
        at = pixel_at(grid, sensor.latitude, sensor.longitude)
        if spec.stations.depth is not None and sensor.bottom > limit:
            ledger.sensor(sensor, files[sensor], f"deeper than {limit:g} m")
        elif spec.depths and not spec.depths.hold(sensor):
            ledger.sensor(sensor, files[sensor], f"not {spec.depths.top:g} to {spec.depths.bottom:g} m deep")
        elif at is None or not window_index(np.array([at]), window, grid)[0].all():
            ledger.sensor(sensor, files[sensor], "outside the region")
        else:
            pixel[sensor] = at
    dry = on_land(np.array(list(pixel.values()), np.int64), land, grid, window)
    for sensor, is_land in zip(list(pixel), dry, strict=True):
        if not is_land:
            ledger.sensor(sensor, files[sensor], "no land pixel")
            del pixel[sensor]
    return pixel


def _without_water(
    files: Files,
    pixel: dict[Sensor, int],
    numbers: NDArray[np.int64],
    known: Ground,
    spec: StationsSpec,
    ledger: Ledger,
) -> None:
    """Drop the sensors of pixels that are too wet."""
    limit = spec.stations.water
    wet = set(numbers[known.water > limit].tolist())  # NaN compares false: what no map knows stays
    for sensor in [sensor for sensor, at in pixel.items() if at in wet]:
        ledger.sensor(sensor, files[sensor], f"water above {limit:g} of the pixel")
        del pixel[sensor]


def _with_means(files: Files, pixel: Mapping[Sensor, int], spec: StationsSpec, ledger: Ledger) -> list[Used]:
    """Means of the steps of each sensor; those without any are dropped."""
    settings, steps = spec.stations, range(spec.steps[0], spec.steps[1] + 1)
    days = Days.of(CALENDARS[spec.calendar], steps, settings.min_observations)
    used = []
    for sensor, at in pixel.items():
        read = [records for file in files[sensor] if (records := _read(file, spec, ledger)) is not None]
        if not read:
            continue
        records = joined(read)
        counts, reasons = screened(records, days, settings.flags)
        for reason, count in reasons:
            ledger.sensor(sensor, files[sensor], reason, count)
        means, (few, behind) = step_means(records.time[counts], records.value[counts], days)
        ledger.sensor(sensor, files[sensor], f"fewer than {settings.min_observations} days", behind, few)
        if np.isfinite(means.value).any():
            used.append(Used(sensor, files[sensor], at, means))
        elif not records.time.size:
            ledger.sensor(sensor, files[sensor], "no records")
    return used


def _read(file: StationFile, spec: StationsSpec, ledger: Ledger) -> Records | None:
    """Records of a file; None where it cannot be read and may be skipped."""
    try:
        records = file.records()
        check_unit(file.where, records.value[is_good(records, spec.stations.flags)])
    except InputError as error:
        ledger.unreadable(file, error)
        return None
    return records


def _seen(used: Sequence[Used], netcdf: Sequence[str], spec: StationsSpec, ledger: Ledger) -> list[Used]:
    """Means without those of steps in which the data set hides their pixel under snow or ice."""
    under = hidden(netcdf, np.array([one.pixel for one in used], np.int64), spec)
    kept = []
    for one, gone in zip(used, under, strict=True):
        lost = gone & np.isfinite(one.means.value)
        steps, behind = int(lost.sum()), int(one.means.records[lost].sum())
        ledger.sensor(one.sensor, one.files, "snow or ice", behind, steps)
        means = Means(np.where(gone, np.nan, one.means.value), np.where(gone, 0, one.means.records))
        if np.isfinite(means.value).any():
            kept.append(one._replace(means=means))
    return kept


def _of_one_depth(used: list[Used], spec: StationsSpec, ledger: Ledger) -> list[Used]:
    """Of a layer's sensors in each pixel those of the depth nearest to the one asked for."""
    if not spec.depths:
        return used
    of_pixel: dict[int, list[Sensor]] = {}
    for one in used:
        of_pixel.setdefault(one.pixel, []).append(one.sensor)
    best = {pixel: spec.depths.chosen(sensors) for pixel, sensors in of_pixel.items()}
    kept = []
    for one in used:
        if (one.sensor.top, one.sensor.bottom) == best[one.pixel]:
            kept.append(one)
        else:
            steps, behind = int(np.isfinite(one.means.value).sum()), int(one.means.records.sum())
            ledger.sensor(one.sensor, one.files, spec.depths.otherwise, behind, steps)
    return kept


def _records(used: Sequence[Used], numbers: NDArray[np.int64], known: Ground, spec: StationsSpec) -> StationRecords:
    """Means and attributes of the pixels that hold sensors with means."""
    pixel, position = np.unique(np.array([one.pixel for one in used], np.int64), return_inverse=True)
    steps = range(spec.steps[0], spec.steps[1] + 1)
    where = np.searchsorted(numbers, pixel)
    sites = [
        {one.sensor.site for one, own in zip(used, position, strict=True) if own == at} for at in range(pixel.size)
    ]
    return StationRecords(
        spec.area.grid,
        CALENDARS[spec.calendar],
        pixel.astype(np.int32),
        steps,
        pixel_means([one.means for one in used], position.tolist(), (pixel.size, len(steps))),
        known.at(where),
        [", ".join(sorted({network for network, _ in own})) for own in sites],
        np.array([len(own) for own in sites], np.int16),
        spec.stations.dense,
        spec.stations.flat,
    )


def _used_rows(used: Sequence[Used], records: StationRecords) -> list[tuple[object, ...]]:
    """A line for each sensor with means."""
    columns = zip(records.climate, records.land_cover, records.relief, records.density, strict=True)
    about = dict(zip(records.pixel.tolist(), columns, strict=True))
    label, rows = records.calendar.label, []
    for sensor, files, pixel, means in used:
        there = np.flatnonzero(np.isfinite(means.value))
        first, last = (label(records.steps[int(there[at])]) for at in (0, -1))
        named = (*sensor.site, sensor.name, sensor.depth, f"{sensor.latitude:.5f}", f"{sensor.longitude:.5f}", pixel)
        where = ", ".join(file.where for file in files)
        rows.append((*named, *about[pixel], first, last, there.size, int(means.records.sum()), where))
    return rows


def _reasons(ledger: Ledger) -> str:
    """How many sensors, steps and records were dropped for each reason, flags together, in a sentence."""
    total: dict[str, NDArray[np.int64]] = {}
    for row in ledger.rows:
        reason = "flagged" if row.reason.startswith("flag ") else row.reason.partition(":")[0]
        total.setdefault(reason, np.zeros(3, np.int64))
        total[reason] += np.array([1, row.steps or 0, row.records or 0])
    parts = (f"{reason}: {n} lines, {steps} steps, {records} records" for reason, (n, steps, records) in total.items())
    return "; ".join(sorted(parts)) or "nothing was dropped"
