"""Every form in which the Climate Data Store has delivered ERA5 tells the same days: files are written here by plain netCDF4."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import netCDF4
import numpy as np
import pytest
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.commands.contents import contents
from rssm.config.catalogue import Product, load_catalogue
from rssm.config.ingest import Ingest, Inputs
from rssm.errors import InputError
from rssm.grid import Area, grid_of
from rssm.ingest.factor import factor_year
from rssm.ingest.native import native_files
from rssm.ingest.write_year import places
from rssm.maps import read_maps

GRID = grid_of("wgs84_0.25_90_-60_-180")
AREA = Area(GRID.id, GRID.region(10, 11, -1, 1))
CATALOGUE = load_catalogue(Path(__file__).parents[2] / "config/somo/products.yaml")
DAY = CALENDARS["day"]
FIRST = date(2003, 3, 29)
STEPS = range(DAY.parse("2003-03-29"), DAY.parse("2003-04-01"))  # three days
LATITUDE, LONGITUDE = np.arange(12, 8.9, -0.25), np.arange(-2, 2.1, 0.25)  # nodes of a request for an area
HOURS = 73  # with the midnight that ends the last day
FINAL = 31  # hours that are final in a mixture: 00–06 of the second day are its last
T2M, TP = CATALOGUE["ERA5-HOURLY-T2M"], CATALOGUE["ERA5-HOURLY-TP"]
F64 = NDArray[np.float64]


def truth() -> dict[str, F64]:
    """Values (hour, row, column): of sums that of the hour which ends then."""
    draw = np.random.default_rng(5)
    shape = (HOURS, LATITUDE.size, LONGITUDE.size)
    return {"t2m": 290 + 5 * draw.standard_normal(shape), "tp": 0.002 * draw.random(shape)}


FIELDS = truth()
ABOUT = {"t2m": ("2 metre temperature", "K"), "tp": ("Total precipitation", "m")}


def expected(name: str) -> F64:
    """Daily means or sums (day, row, column) of the region's pixels, by hand: mm and K."""
    hours = FIELDS[name]
    if name == "tp":
        daily = np.stack([1000 * hours[24 * day + 1 : 24 * day + 25].sum(axis=0) for day in range(3)])
    else:
        daily = np.stack([hours[24 * day : 24 * day + 24].mean(axis=0) for day in range(3)])
    height = np.abs(np.diff(np.sin(np.radians(np.arange(12, 8.9, -0.125)))))  # of half cells, from the first node down
    upper, lower = height[::2][:, None], height[1::2][:, None]
    rows = (daily[:, :-1] * upper + daily[:, 1:] * lower) / (upper + lower)
    pixels = (rows[:, :, :-1] + rows[:, :, 1:]) / 2
    return pixels[:, 4:8, 4:12]  # 11° to 10° N, 1° W to 1° E


def axes(file: Any, latitude: F64, longitude: F64, kind: str = "f8") -> None:
    for name, values, units in (
        ("latitude", latitude, "degrees_north"),
        ("longitude", longitude, "degrees_east"),
    ):
        file.createDimension(name, values.size)
        file.createVariable(name, kind, (name,)).setncatts({"units": units, "long_name": name})
        file[name][:] = values


def filled(file: Any, name: str, dimensions: tuple[str, ...], values: F64, packed: bool, **options: Any) -> None:
    """A variable as it comes: numbers with NaN, or 16 bits by a scale and an offset of its own."""
    long_name, units = ABOUT[name]
    fill = np.int16(-32767) if packed else np.float32(np.nan)
    variable = file.createVariable(name, "i2" if packed else "f4", dimensions, fill_value=fill, **options)
    variable.setncatts({"units": units, "long_name": long_name})
    if packed:
        variable.missing_value = np.int16(-32767)
        low, high = np.nanmin(values), np.nanmax(values)
        variable.scale_factor, variable.add_offset = (high - low) / 65532, (high + low) / 2
        variable.set_auto_maskandscale(False)
        numbers = np.nan_to_num(np.rint((values - variable.add_offset) / variable.scale_factor), nan=-32767)
        values = numbers.astype(np.int16)
    variable[:] = values


def store(
    path: Path,
    latitude: F64 = LATITUDE,
    longitude: F64 = LONGITUDE,
    packed: bool = False,
    endless: bool = False,
    hours: slice = slice(None),
) -> None:
    """As the store writes since 2024: `valid_time`, and in words what version each hour is."""
    for name, kind in (("t2m", "instant"), ("tp", "accum")):
        with netCDF4.Dataset(path / f"data_stream-oper_stepType-{kind}.nc", "w") as file:
            number = np.arange(HOURS)[hours]
            file.createDimension("valid_time", None if endless else number.size)
            time = file.createVariable("valid_time", "i8", ("valid_time",))
            time.setncatts({"units": "seconds since 1970-01-01", "calendar": "proleptic_gregorian"})
            start = (FIRST - date(1970, 1, 1)).days * 86400
            axes(file, latitude, longitude)
            time[:] = start + 3600 * number
            file.createVariable("number", "i8", ())[...] = 0
            words = np.where(number < FINAL, "0001", "0005").astype(object)
            file.createVariable("expver", str, ("valid_time",))[:] = words
            values = FIELDS[name][hours, :: 1 if latitude[0] > latitude[-1] else -1]
            filled(file, name, ("valid_time", "latitude", "longitude"), values, packed, zlib=True)


def legacy(path: Path, order: str = "", texts: bool = False, packed: bool = True) -> None:
    """As it wrote before: one classic file of 16 bits, in which a mixture of versions has a dimension of its own."""
    form = "NETCDF4" if texts else "NETCDF3_64BIT_OFFSET"
    with netCDF4.Dataset(path / "download.nc", "w", format=form) as file:
        axes(file, LATITUDE, LONGITUDE, "f4")
        file.createDimension("time", HOURS)
        time = file.createVariable("time", "i4", ("time",))
        time.setncatts({"units": "hours since 1900-01-01 00:00:00.0", "long_name": "time", "calendar": "gregorian"})
        time[:] = (FIRST - date(1900, 1, 1)).days * 24 + np.arange(HOURS)
        dimensions = ("time", "latitude", "longitude")
        if order:
            file.createDimension("expver", 2)
            version = file.createVariable("expver", str if texts else "i4", ("expver",))
            version[:] = np.array(["0001", "0005"], object) if texts else [1, 5]
            dimensions = ("time", "expver", *dimensions[1:]) if order == "time first" else ("expver", *dimensions)
        for name, values in FIELDS.items():
            if order:
                both = np.stack([values, values], axis=1)
                both[FINAL:, 0] = np.nan
                both[: FINAL - 5, 1] = np.nan  # of some hours both are there: the final one counts
                both[FINAL - 5 : FINAL, 1] += 3 * values.std()
                values = both if order == "time first" else both.swapaxes(0, 1)
            filled(file, name, dimensions, values, packed)


def daily(path: Path, time: str = "valid_time", noon: bool = False) -> None:
    """Daily statistics, of which the store has the days' means or sums already."""
    for name, named in (("t2m", "2m_temperature_0_daily-mean"), ("tp", "total_precipitation_0_daily-sum")):
        with netCDF4.Dataset(path / f"{named}.nc", "w") as file:
            file.createDimension(time, 3)
            since = file.createVariable(time, "i8", (time,))
            since.setncatts({"units": f"{'hours' if noon else 'days'} since {FIRST}", "standard_name": "time"})
            since[:] = np.arange(3) * (24 if noon else 1) + (12 if noon else 0)
            axes(file, LATITUDE, LONGITUDE)
            file.createVariable("number", "i8", ())[...] = 0
            hours = FIELDS[name][1:] if name == "tp" else FIELDS[name][:72]
            days = hours.reshape(3, 24, *hours.shape[1:])
            filled(
                file,
                name,
                (time, "latitude", "longitude"),
                days.sum(axis=1) if name == "tp" else days.mean(axis=1),
                False,
            )


def grib(archive: Path, codes: Any) -> None:
    """As the store keeps it: a message an hour; sums are of a forecast's hour, and the last of a month lies with the next."""
    for name, values in FIELDS.items():
        written = {"2003-03": b"", "2003-04": b""}
        for hour, field in enumerate(values):
            made = codes.codes_grib_new_from_samples("regular_ll_sfc_grib1")
            base = datetime(FIRST.year, FIRST.month, FIRST.day) + timedelta(hours=hour - (name == "tp"))
            keys: dict[str, Any] = {"Ni": LONGITUDE.size, "Nj": LATITUDE.size, "jScansPositively": 0}
            keys |= {"latitudeOfFirstGridPointInDegrees": 12, "latitudeOfLastGridPointInDegrees": 9}
            keys |= {"longitudeOfFirstGridPointInDegrees": 358, "longitudeOfLastGridPointInDegrees": 2}
            keys |= {"iDirectionIncrementInDegrees": 0.25, "jDirectionIncrementInDegrees": 0.25}
            keys |= {"dataDate": int(base.strftime("%Y%m%d")), "dataTime": 100 * base.hour, "bitsPerValue": 24}
            keys |= {"shortName": "tp" if name == "tp" else "2t"}
            if name == "tp":
                keys |= {"stepType": "accum", "stepRange": "0-1"}
            for key, value in keys.items():
                codes.codes_set(made, key, value)
            codes.codes_set_values(made, field.ravel())
            written["2003-03" if hour < 72 else "2003-04"] += bytes(codes.codes_get_message(made))
            codes.codes_release(made)
        for month, messages in written.items():
            (archive / month).mkdir(parents=True, exist_ok=True)
            (archive / month / f"{name}.grib").write_bytes(messages)


FORMS: dict[str, Callable[[Path], None]] = {
    "store": store,
    "store, south first": lambda path: store(path, latitude=LATITUDE[::-1]),
    "store, unlimited": lambda path: store(path, endless=True),
    "store, packed": lambda path: store(path, packed=True),
    "store, 358° to 362°": lambda path: store(path, longitude=LONGITUDE + 360),
    "legacy": legacy,
    "legacy, versions": lambda path: legacy(path, "time first"),
    "legacy, versions first": lambda path: legacy(path, "version first"),
    "legacy, versions in words": lambda path: legacy(path, "time first", texts=True, packed=False),
    "daily": daily,
    "daily, time": lambda path: daily(path, "time"),
    "daily, noon": lambda path: daily(path, noon=True),
}


def entry(product: Product, form: str) -> Product:
    """The catalogue's entry for a form: of the legacy form one file holds all."""
    if form.startswith("daily"):
        return CATALOGUE[product.id.replace("HOURLY-", "")]
    return product.model_copy(update={"files": "ERA5-HOURLY/{date:%Y-%m}/download.nc"}) if form == "legacy" else product


def maps_of(product: Product, root: Path, folder: Path) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Values (day, row, column), and what the index says of the days."""
    found = {step: place for step, place in places(product, "2003", folder).items() if step in STEPS}
    index = folder / "2003.json"
    about = {"inputs": Inputs(root=str(root)), "ingest": Ingest(sigma=None)}
    files = native_files(root, product, "2003")
    factor_year(product, files, found, index, region=AREA.region, grid=GRID, **about)
    said = json.loads(index.read_text())["maps"]
    assert {entry["status"] for entry in said.values()} == {"complete"}
    return np.stack([layers["value"] for layers, _ in read_maps(found.values())]), said


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("product", "name", "near"), [(T2M, "t2m", 1e-3), (TP, "tp", 2e-3)])
def test_every_form_tells_the_same_days(form: str, product: Product, name: str, near: float, tmp_path: Path) -> None:
    folder = tmp_path / ("ERA5" if form.startswith("daily") else "ERA5-HOURLY") / "2003-03"
    folder.mkdir(parents=True)
    FORMS[form](folder)
    made, said = maps_of(entry(product, form.partition(",")[0]), tmp_path, tmp_path / "maps")
    np.testing.assert_allclose(made, expected(name), atol=near)
    preliminary = [day.get("preliminary") for day in said.values()]
    if form.startswith("store") or "versions" in form:
        first, second, third = preliminary
        assert first == 0 < second < third  # the last final hour is 06 of the second day
    else:
        assert preliminary == [None] * 3


@pytest.mark.parametrize(("product", "name", "near"), [(T2M, "2t", 1e-3), (TP, "tp", 2e-3)])
def test_grib_tells_the_same_days(product: Product, name: str, near: float, tmp_path: Path) -> None:
    codes = pytest.importorskip("eccodes", reason="ecCodes is not installed (extra `grib`)", exc_type=ImportError)
    grib(tmp_path / "ERA5-HOURLY", codes)
    files = f"ERA5-HOURLY/{{date:%Y-%m}}/{'tp' if name == 'tp' else 't2m'}.grib"
    asked = product.model_copy(update={"reader": "grib", "files": files, "variables": {"value": name}})
    made, _ = maps_of(asked, tmp_path, tmp_path / "maps")
    np.testing.assert_allclose(made, expected("tp" if name == "tp" else "t2m"), atol=near)


def test_hours_of_a_day_in_two_files_count_one_by_one(tmp_path: Path) -> None:
    """The midnight that ends March lies in April's file."""
    for month, hours in (("2003-03", slice(0, 72)), ("2003-04", slice(72, 73))):
        folder = tmp_path / "ERA5-HOURLY" / month
        folder.mkdir(parents=True)
        store(folder, hours=hours)
    made, _ = maps_of(TP, tmp_path, tmp_path / "maps")
    np.testing.assert_allclose(made, expected("tp"), atol=2e-3)


def test_a_person_sees_which_hours_are_preliminary(tmp_path: Path) -> None:
    folder = tmp_path / "ERA5-HOURLY" / "2003-03"
    folder.mkdir(parents=True)
    store(folder)
    told = contents(folder / "data_stream-oper_stepType-instant.nc")
    assert told.texts["expver"].count("0005") == HOURS - FINAL
    maps_of(T2M, tmp_path, tmp_path / "maps")
    (_, note) = contents(tmp_path / "maps" / "2003.json").notes
    assert note == "preliminary: some values of 2 maps, 2003-03-30 to 2003-03-31, are not final yet"


def test_a_zip_file_under_another_name_is_said_to_be_one(tmp_path: Path) -> None:
    folder = tmp_path / "ERA5-HOURLY" / "2003-03"
    folder.mkdir(parents=True)
    store(tmp_path)
    with ZipFile(folder / "data_stream-oper_stepType-instant.nc", "w") as archive:
        archive.write(tmp_path / "data_stream-oper_stepType-instant.nc", "data_stream-oper_stepType-instant.nc")
    with pytest.raises(InputError, match="zip"):
        maps_of(T2M, tmp_path, tmp_path / "maps")
