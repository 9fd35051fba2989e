"""What files say of themselves is held against their names and the catalogue: days, product, times given twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import h5py
import numpy as np
import pytest
from dated_files import DAILY, MONTHLY, hours, refused, written
from handmade.hdf4 import GLOBE, hdf4, structure
from pyhdf.SD import SD, SDC
from real_samples import ANY_VALUE, described

from rssm.config.catalogue import Options

# -- days ----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_grids")
@pytest.mark.parametrize("hour", [0, 3, 12, 23.9, 24])
def test_a_daily_file_may_be_stamped_from_first_to_last_moment_and_no_other_day_passes(
    tmp_path: Path, hour: float
) -> None:
    path, day = written(tmp_path / "x.nc", hours(date(2015, 12, 31)) + hour), date(2015, 12, 31)
    assert refused(DAILY, path, day) == ""
    for away in (-365, -31, -4, -2, 2, 4, 31):  # 31 December once passed as 27 December
        text = refused(DAILY, path, day + timedelta(days=away))
        assert "holds maps of" in text and "as its name says" in text and "Check its name" in text
    for away in (-1, 1):  # twelve hours of other time zones are forgiven, so that only noon is of one day
        assert hour != 12 or refused(DAILY, path, day + timedelta(days=away))


@pytest.mark.usefixtures("small_grids")
@pytest.mark.parametrize("day", [date(2015, 8, 1), date(2015, 8, 16), date(2015, 8, 31)])
def test_august_does_not_pass_as_july_nor_july_as_august(tmp_path: Path, day: date) -> None:
    august, july = (date(2015, 8, 1), date(2015, 8, 31)), (date(2015, 7, 1), date(2015, 7, 31))
    september = date(2015, 9, 1), date(2015, 9, 30)
    path = written(tmp_path / "x.nc", hours(day))
    assert refused(MONTHLY, path, *august) == "" and refused(MONTHLY, path, *september)
    assert bool(refused(MONTHLY, path, *july)) == (day.day > 1)  # the first moment may end July
    edges = hours(august[0]), hours(september[0])
    for name, sure in (
        ("bounds", written(tmp_path / "b.nc", hours(day), bounds=[edges])),
        (
            "whole",
            written(
                tmp_path / "w.nc", hours(day), time_coverage_start="20150801T000000Z", time_coverage_end="2015-08-31"
            ),
        ),
    ):
        assert refused(MONTHLY, sure, *august) == "", name
        assert refused(MONTHLY, sure, *july) and refused(MONTHLY, sure, *september), name


@pytest.mark.usefixtures("small_grids")
def test_hours_that_end_at_the_midnight_that_names_them_pass(tmp_path: Path) -> None:
    midnight = hours(date(2015, 4, 1))
    assert (
        refused(DAILY, written(tmp_path / "x.nc", midnight, bounds=[(midnight - 3, midnight)]), date(2015, 4, 1)) == ""
    )
    assert refused(DAILY, written(tmp_path / "x.nc", midnight, bounds=[(midnight - 24, midnight)]), date(2015, 4, 1))
    centred = written(tmp_path / "x.nc", midnight, bounds=[(midnight - 12, midnight + 12)])  # as C3S counts its days
    assert refused(DAILY, centred, date(2015, 4, 1)) == ""


@pytest.mark.usefixtures("small_grids")
def test_a_time_beside_the_map_and_strange_terms(tmp_path: Path) -> None:
    path = written(tmp_path / "x.nc", hours(date(2015, 4, 1)), scalar=True)
    assert refused(DAILY, path, date(2015, 4, 1)) == "" and refused(DAILY, path, date(2015, 4, 4))
    for units, calendar, time in (
        ("months since 1900-01-01", "standard", 1383),  # one map, whose name holds a date: nothing to check
        ("days since 1850-01-01", "360_day", 59000),
        ("milliseconds since 2015-04-01", "standard", 1000),
        ("weeks since 2015-03-25 00:00:00.0 +0:00", "gregorian", 1),
        ("days since 1850-01-01 00:00:00", "noleap", 165 * 365 + 90),
        ("day as %Y%m%d.%f", "proleptic_gregorian", 20150401.5),
    ):
        path = written(tmp_path / "y.nc", time, units, calendar=calendar)
        assert refused(DAILY, path, date(2015, 4, 1)) == "", units
    path = written(tmp_path / "z.nc", [165 * 365 + 90], "days since 1850-01-01 00:00:00", calendar="noleap")
    assert refused(DAILY, path, date(2015, 5, 13))  # which it would be with leap days


def test_dates_of_real_files(real: Path) -> None:
    """Each passes under its own name and under no other."""
    smap = {"native_grid": "ease2_m36", "options": Options(layer=0), **ANY_VALUE}
    for file, day, changes in (
        ("esa_cci_sm/ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20100701000000-fv04.5.nc", date(2010, 7, 1), {}),
        (
            "c3s_sm/C3S-SOILMOISTURE-L3S-SSMV-COMBINED-DAILY-20140101000000-TCDR-v201801.0.0.nc",
            date(2014, 1, 1),
            {"keep": {}},
        ),
        ("gldas/GLDAS_NOAH025_3H.A20160101.0300.021.nc4", date(2016, 1, 1), {"product": "GLDAS"}),
        (
            "cgls/c_gls_SWI1km_201706011200_CEURO_SCATSAR_V1.0.1.nc",
            date(2017, 6, 1),
            {"native_grid": "latlon_1/112", "variables": {"value": "SSF"}},
        ),
        (
            "imerg/GPM_3IMERGHH_bounds.nc4",
            date(2020, 1, 1),
            {"product": "IMERG", "variables": {"value": "Grid/precipitationCal"}, "file_units": ["mm/hr"]},
        ),
    ):
        changes = dict(changes)
        name = changes.pop("product", "CCI")
        product = described(
            name,
            **(ANY_VALUE if name == "CCI" else {})
            | {"variables": {"value": "sm"} if name == "CCI" else described(name).variables}
            | changes,
        )
        assert refused(product, real / file, day) == "", file
        for away in (-31, -4, 4, 31, 365):
            assert "as its name says" in refused(product, real / file, day + timedelta(days=away)), file
    swath = real / "smap/SMAP_L2_SM_P_02801_A_20150811T013002_R18290_001.h5"  # metadata of the whole file
    product = described(
        "CCI", reader="hdf5", **smap | {"variables": {"value": "Soil_Moisture_Retrieval_Data/landcover_class_fraction"}}
    )
    assert "as its name says" in refused(product, swath, date(2015, 8, 12))
    assert "as its name says" not in refused(product, swath, date(2015, 8, 11))
    tile = described("LST", native_grid="ease1_25km", variables={"value": "LST_{overpass}_1km"})
    assert "puts its grid" in refused(tile, next((real / "modis").glob("MOD11A1*.hdf")), date(2021, 8, 15))
    assert "holds maps of 2021-08-15" in refused(tile, next((real / "modis").glob("MOD11A1*.hdf")), date(2021, 8, 19))


# -- product -----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_grids")
def test_a_file_of_another_product_is_told_by_what_it_says(tmp_path: Path) -> None:
    day, path = date(2015, 4, 1), tmp_path / "x.nc"
    product = DAILY.model_copy(update={"identity": {"title": ["*Soil Moisture*", "SM"], "shortname": "cci"}})
    written(path, hours(day), title="ESA CCI Soil moisture v04.5")
    assert refused(product, path, day) == ""
    written(path, hours(day), title="Land surface temperature")
    text = refused(product, path, day)
    assert "says title is 'Land surface temperature'" in text and "'*Soil Moisture*' or 'SM'" in text
    assert "Check CCI.identity in the catalogue" in text
    assert refused(product, written(path, hours(day)), day) == ""  # it says nothing


def test_real_files_say_what_they_are(real: Path) -> None:
    names = {"Metadata/DatasetIdentification/shortName": "SPL4SMAU"}
    product = described(
        "CCI",
        native_grid="ease2_m09",
        variables={"value": "Analysis_Data/sm_rootzone_analysis"},
        identity=names,
        keep={},
    )
    path, day = real / "smap/SMAP_L4_SM_aup_dimension_list_input.h5", date(2015, 4, 1)
    assert "shortName" not in refused(product, path, day)
    for reader in ("cf", "hdf5"):
        other = product.model_copy(update={"identity": {**names, "Title": "SMAP L3*"}, "reader": reader})
        assert "says Title is 'SMAP L4_SM Analysis Update (AUP) Data Granule'" in refused(other, path, day)
    tile = described("LST", variables={"value": "LST_{overpass}_1km"}, identity={"SHORTNAME": "MYD11C3"})
    assert "says SHORTNAME is 'MOD11A1'" in refused(
        tile, next((real / "modis").glob("MOD11A1*.hdf")), date(2021, 8, 15)
    )
    vegetation = described(
        "LST", variables={"value": "1 km 16 days NDVI"}, options=Options(), identity={"SHORTNAME": "MOD13A2"}
    )
    assert "puts its grid" in refused(vegetation, next((real / "modis").glob("MOD13A2*.hdf")), date(2021, 8, 13))


@pytest.mark.usefixtures("small_grids")
def test_hdf4_says_its_days_in_the_metadata_of_nasa(tmp_path: Path) -> None:
    path = tmp_path / "x.hdf"
    hdf4(path, {"LAI": (np.full((12, 24), 10, "u1"), {})}, structure("GLASS01B01", GLOBE))
    file = SD(str(path), SDC.WRITE)
    entry = '  OBJECT = {0}\n    NUM_VAL = 1\n    VALUE = "{1}"\n  END_OBJECT = {0}\n'
    metadata = entry.format("RANGEENDINGDATE", "2015-08-08") + entry.format("RANGEBEGINNINGDATE", "2015-08-01")
    file.attr("CoreMetadata.0").set(SDC.CHAR, metadata + " " * 45_000)
    file.end()
    product = described("LAI-GLASS")
    assert refused(product, path, date(2015, 8, 1), date(2015, 8, 8)) == ""
    assert refused(product, path, date(2015, 7, 28), date(2015, 8, 4)) == ""  # they share days
    assert "2015-07-24 … 2015-07-31, as its name says" in refused(product, path, date(2015, 7, 24), date(2015, 7, 31))


@pytest.mark.usefixtures("small_grids")
def test_hdf5_without_axes_says_its_days_in_attributes(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["sm"] = np.zeros((12, 24), "f4")
        file.attrs["ObservationStartDateTime"] = "2015-08-01T00:00:00.000Z"
        file.attrs["ObservationEndDateTime"] = np.bytes_("2015-08-01T23:59:59.000Z")
    product = DAILY.model_copy(update={"reader": "hdf5"})
    assert refused(product, path, date(2015, 8, 1)) == ""
    assert refused(product, path, date(2015, 7, 31)) and refused(product, path, date(2015, 8, 2))
