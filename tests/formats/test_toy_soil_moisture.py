"""The toy Earth's soil-moisture files, read by outside libraries as their formats prescribe."""

from __future__ import annotations

import warnings
from datetime import date

import h5py
import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pyhdf.SD import SD
from toy_archive import Written, compare, day_with_values, ease

from rssm.toy.observe import observe


def test_smap_granule(toy: Written) -> None:
    seen = toy.seen("SMAP_E")
    index = day_with_values(seen)
    day = date.fromordinal(int(seen.days[index]))
    rows, columns = ease("ease2_m09", seen)
    with h5py.File(toy.file("SMAP_E", f"{day:%Y%m%d}")) as file:
        for number, (half, tail) in enumerate((("PM", "_pm"), ("AM", ""))):
            group = file[f"Soil_Moisture_Retrieval_Data_{half}"]
            value = group[f"soil_moisture_scav{tail}"]
            assert value.shape == (1624, 3856) and value.dtype == np.float32
            assert value.attrs["_FillValue"] == -9999 and value.attrs["units"] == "cm**3/cm**3"
            quality = group[f"retrieval_qual_flag_scav{tail}"]
            assert quality.dtype == np.uint16 and quality.fillvalue == 65534 == quality.attrs["_FillValue"]
            assert quality[0, 0] == 65534 and quality.attrs["flag_masks"] == "1s, 2s, 4s, 8s"
            surface = group[f"surface_flag{tail}"][:][rows, columns]
            good = (quality[:][rows, columns] & 4 == 0) & (surface & (32 | 64 | 128 | 256) == 0)
            shown = np.where(good, value[:][rows, columns], np.nan)
            compare(shown, seen.screened[index, number], 0)
            assert ("_FillValue" in group[f"latitude{tail}"].attrs) == (half == "PM")
            assert group[f"latitude{tail}"][0, 0] == -9999
            seconds = group[f"tb_time_seconds{tail}"][:]
            assert (date(2000, 1, 1).toordinal() * 86400 + 43200 + seconds.max()) // 86400 == day.toordinal()


def test_swi10_dekad(toy: Written) -> None:
    path = toy.file("ASCAT-SWI", "20110711")
    with netCDF4.Dataset(path) as file:
        assert file["SWI_001"].dimensions == ("time", "lat", "lon") and file.dimensions["time"].isunlimited()
        assert netCDF4.num2date(file["time"][0], file["time"].units).strftime("%Y%m%d %H") == "20110711 12"
        assert file["lat"][0] > file["lat"][-1]
        file.set_auto_maskandscale(False)
        raw, state = file["SWI_001"][0], file["SSF"][0]
        assert raw.dtype == np.uint8 and file["SWI_001"].scale_factor == 0.5 and file["SWI_001"]._FillValue == 255
        assert file["SWI_001"]._Unsigned == "true"
        latitude, longitude = file["lat"][:], file["lon"][:]
    first = toy.earth.year(2011).first
    seen = observe(toy.earth, "ASCAT-SWI", np.arange(first + 191, first + 201))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        share = np.nanmean(np.clip(seen.value[:, 0] / seen.porosity, 0, 1), axis=0)
    row = abs(latitude[:, None] - seen.cells.latitude[:, 0]).argmin(axis=0)
    column = abs(longitude[:, None] - seen.cells.longitude[0]).argmin(axis=0)
    block = raw[row[:, None], column]
    land = block <= 200
    assert land.sum() > 500 and set(np.unique(block[~land])) <= {251, 252, 255}
    assert_allclose(block[land] * 0.005, share[land], atol=0.0026)
    assert set(np.unique(state[row[:, None], column])) <= {0, 1, 255} and raw[0, 0] == 255


def test_smos_runs_south_to_north(toy: Written) -> None:
    seen = toy.seen("SMOS-IC")
    index = day_with_values(seen)
    day = date.fromordinal(int(seen.days[index]))
    with netCDF4.Dataset(toy.file("SMOS-IC", f"CDF3SD_{day:%Y%m%d}")) as file:
        assert file["Soil_Moisture"].shape == (584, 1388) and file["Soil_Moisture"].dimensions == ("lat", "lon")
        latitude, longitude = file["lat"][:], file["lon"][:]
        assert_allclose([latitude[0], latitude[-1]], [-83.5171, 83.5171], atol=1e-3)
        assert_allclose([longitude[0], longitude[-1]], [-179.8703, 179.8703], atol=1e-3)
        row = abs(latitude[:, None] - seen.cells.latitude[:, 0]).argmin(axis=0)
        column = abs(longitude[:, None] - seen.cells.longitude[0]).argmin(axis=0)
        good = file["Quality_Flag"][:].filled(2)[row[:, None], column] == 0
        value = np.where(good, file["Soil_Moisture"][:].filled(np.nan)[row[:, None], column], np.nan)
    compare(value, seen.screened[index, 1], 0)


@pytest.mark.parametrize("product", ["AMSR2-JAXA", "AMSR-E-JAXA"])
def test_jaxa_counts_from_the_prime_meridian(toy: Written, product: str) -> None:
    seen = toy.seen(product)
    index = day_with_values(seen)
    day = date.fromordinal(int(seen.days[index]))
    with h5py.File(toy.file(product, f"{day:%Y%m%d}_01D_EQMA")) as file:
        data = file["Geophysical Data"]
        assert data.shape == (1800, 3600, 1) and data.dtype == np.int16 and data.attrs["UNIT"] == "%"
        row = np.floor((90 - seen.cells.latitude[:, 0]) * 10).astype(int)
        column = np.floor((seen.cells.longitude[0] % 360) * 10).astype(int)
        count = data[:][row[:, None], column, 0].astype(float)
        assert file["Time Information"].shape == (1800, 3600)
        assert data[0, 0, 0] == -32767  # nobody looked there
    compare(np.where(count < 0, np.nan, count * 0.1 / 100), seen.screened[index, 0], 0.001)
    assert_array_equal(count == -32767, ~seen.seen[index, 0])


@pytest.mark.parametrize(
    ("product", "part", "number", "error"),
    [
        ("AMSR2-LPRM-X", "_A_SOILM3_V001_{}013000.nc4", 0, "soil_moisture_x_error"),
        ("AMSR-E-LPRM-X", "_D_SOILM3_V002_{}.nc", 1, "sm_x_error"),
        ("TMI-LPRM-X", "_NT_SOILM3_V001-20120407T210538Z_{}.nc", 1, "sm_x_error"),
        ("WindSat-LPRM-X", "_DY_SOILM3_V001-20130227T181254Z_{}.nc", 0, "sm_x_error"),
    ],
)
def test_lprm_is_longitude_first(toy: Written, product: str, part: str, number: int, error: str) -> None:
    seen = toy.seen(product)
    index = day_with_values(seen)
    day = date.fromordinal(int(seen.days[index]))
    with netCDF4.Dataset(toy.file(product, part.format(f"{day:%Y%m%d}"))) as file:
        value = file["soil_moisture_x"]
        assert value.dimensions == ("Longitude", "Latitude") and value.shape == (1440, 720)
        assert value.dtype == np.int16 and value._FillValue == -32767 and value.units == "percent"
        latitude, longitude = file["Latitude"][:], file["Longitude"][:]
        assert_allclose([latitude[0], latitude[-1], longitude[0]], [89.875, -89.875, -179.875])
        row = abs(latitude[:, None] - seen.cells.latitude[:, 0]).argmin(axis=0)
        column = abs(longitude[:, None] - seen.cells.longitude[0]).argmin(axis=0)
        compare(value[:].filled(np.nan).astype(float).T[row[:, None], column] / 100, seen.screened[index, number], 0.01)
        assert file[error].scale_factor == np.float32(0.01)
        if product == "AMSR2-LPRM-X":
            assert "_FillValue" not in file["mask"].ncattrs() and file["mask"].dtype == np.int16


def test_fengyun_holds_both_directions(toy: Written) -> None:
    seen = toy.seen("FY-3B-NSMC")
    index = day_with_values(seen)
    rows, columns = ease("ease1_25km", seen)
    with h5py.File(toy.file("FY-3B-NSMC", f"{date.fromordinal(int(seen.days[index])):%Y%m%d}")) as file:
        for number, half in enumerate(("Ascending", "Descending")):
            data = file[f"{half} Soil Moisture"]
            assert data.shape == (586, 1383)
            count = data[:][rows, columns]
            shown = np.where(count == data.attrs["FillValue"], np.nan, count * data.attrs["Slope"])
            compare(shown, seen.screened[index, number], 0.001)


def test_land3_is_hdf_eos2(toy: Written) -> None:
    seen = toy.seen("AMSR-E-NSIDC")
    index = day_with_values(seen)
    rows, columns = ease("ease1_25km", seen)
    file = SD(str(toy.file("AMSR-E-NSIDC", f"{date.fromordinal(int(seen.days[index])):%Y%m%d}")))
    text = file.attributes()["StructMetadata.0"]
    assert text.count("GROUP=GRID_") == 4 and 'GridName="Descending_Land_Grid"' in text and "XDim=1383" in text
    for number, orbit in enumerate("AD"):
        data = file.select(f"{orbit}_Soil_Moisture")
        assert tuple(data.info()[2]) == (586, 1383)
        count = data[:][rows, columns].astype(float)
        flag = file.select(f"{orbit}_Inversion_QC_Flag")[:][rows, columns]
        assert_array_equal(count == 9999, ~seen.seen[index, number])
        shown = np.where((abs(count) == 9999) | ((flag & 127) > 0), np.nan, count * 0.001)
        compare(shown, seen.screened[index, number], 0.001)
    file.end()
