"""Real files of the sensors' soil moisture, read by our readers and by another library, or held against their headers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
from handmade.grids import CATALOGUE
from numpy.testing import assert_allclose, assert_array_equal
from pyproj import Transformer
from real_samples import ANY_VALUE, at, described, raw, read_one
from scipy.io import netcdf_file

from rssm.archive.grids import NATIVE_GRIDS, box_of, centres, whole
from rssm.archive.listing import found_at
from rssm.archive.readers.decode import Stored, screen
from rssm.archive.readers.dispatch import read
from rssm.config.catalogue import Options
from rssm.errors import InputError

FROZEN = 32 + 64 + 128 + 256  # snow or ice, permanent ice, frozen by radiometer, frozen by model


def test_cci_combined(real: Path) -> None:
    path = real / "esa_cci_sm/ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20100701000000-fv04.5.nc"
    field = read_one(CATALOGUE["CCI"], path, date(2010, 7, 1))
    moisture, flag = raw(path, "sm")[0], raw(path, "flag")[0]
    assert_array_equal(field.values, np.where((flag == 0) & (moisture != -9999), moisture, np.nan))
    assert field.error is not None
    there = np.isfinite(field.values)
    uncertainty = raw(path, "sm_uncertainty")[0]  # some values have none
    assert_array_equal(field.error[there], np.where(uncertainty == -9999, np.nan, uncertainty)[there])
    assert at(field, -140.0, -30.0) != at(field, -140.0, -30.0)  # the Pacific is missing


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("C3S-SOILMOISTURE-L3S-SSMV-COMBINED-DAILY-20140101000000-TCDR-v201801.0.0.nc", date(2014, 1, 1)),
        ("C3S-SOILMOISTURE-L3S-SSMV-PASSIVE-DEKADAL-20170701000000-ICDR-v201706.0.0.nc", date(2017, 7, 1)),
    ],
)
def test_c3s_whose_lists_of_references_are_stale(real: Path, name: str, day: date) -> None:
    """These files were repacked: the lists in their scales point nowhere, the ones in their variables are right."""
    product = described("CCI", keep={}, variables={"value": "sm"})
    field = read_one(product, real / "c3s_sm" / name, day)
    with netCDF4.Dataset(real / "c3s_sm" / name) as data:
        other = data["sm"][0].filled(np.nan)
    assert_array_equal(field.values, other)


def test_copernicus_soil_water_index(real: Path) -> None:
    path = real / "cgls/c_gls_SWI1km_201706011200_CEURO_SCATSAR_V1.0.1.nc"
    product = described("ASCAT-SWI", native_grid="latlon_1/112", variables={"value": "SWI_005", "state": "SSF"})
    longitude, latitude = raw(path, "lon"), raw(path, "lat")
    box = box_of(NATIVE_GRIDS["latlon_1/112"], longitude[0], latitude[-1], longitude[-1], latitude[0], margin=1)
    field = read_one(product, path, date(2017, 6, 1), box)
    numbers, state = raw(path, "SWI_005")[0], raw(path, "SSF")[0]
    counts = {code: int((numbers == code).sum()) for code in (251, 252, 255)}
    assert counts == {251: 8669, 252: 36145, 255: 9}  # as counted when the file was first looked at
    expected = np.where((numbers <= 200) & np.isin(state, (0, 1, 255)), numbers / 200, np.nan).astype(np.float32)
    x, y = centres(field.grid, field.box)  # cells begin on the degree here, their centres do not: a shifted grid
    rows, columns = np.abs(y - latitude[0]).argmin(), np.abs(x - longitude[0]).argmin()
    assert y[rows] == pytest.approx(latitude[0]) and x[columns] == pytest.approx(longitude[0])
    inside = field.values[rows : rows + 448, columns : columns + 448]
    assert_allclose(inside, expected, rtol=0, atol=1e-6)
    assert np.isfinite(field.values).sum() == np.isfinite(expected).sum()


def test_smos_on_ease2_in_classic_netcdf(real: Path) -> None:
    path = real / "smos/SM_OPER_MIR_CLF31A_20150506T000000_20150506T235959_300_002_7.DBL.nc"
    product = described("SMOS-IC", keep={}, variables={"value": "Soil_Moisture"})
    field = read_one(product, path, date(2015, 5, 6))
    with netcdf_file(path, mmap=False) as file:
        variable = file.variables["Soil_Moisture"]
        numbers, scale = variable.data, variable.scale_factor
        latitude, longitude = file.variables["lat"].data, file.variables["lon"].data
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:6933", always_xy=True)
    a, _, c, _, e, f = field.grid.transform
    row = int((to_metres.transform(0, latitude[0])[1] - f) // e)  # the southernmost of the cut
    column = int((to_metres.transform(longitude[0], 0)[0] - c) // a)
    expected = np.where(numbers == -32768, np.nan, numbers * np.float64(scale)).astype(np.float32)[::-1]
    assert_allclose(field.values[row - 100 : row + 1, column : column + 151], expected, atol=1e-6)
    assert field.notes["valid"] == int((numbers != -32768).sum())


def test_flags_of_a_real_smap_granule(real: Path) -> None:
    """The swath file holds the same variables as the daily grid: 592 retrievals are recommended, 1333 were made."""
    path = real / "smap/SMAP_L2_SM_P_02801_A_20150811T013002_R18290_001.h5"
    group = "Soil_Moisture_Retrieval_Data"
    variables = {}
    with h5py.File(path) as file:
        for role, name in (("value", "soil_moisture"), ("quality", "retrieval_qual_flag"), ("surface", "surface_flag")):
            data = file[f"{group}/{name}"]
            variables[role] = Stored(name, data[...][None], dict(data.attrs))
    product, found = CATALOGUE["SMAP_E"], found_at(path, date(2015, 8, 11))
    cells, notes = screen(described("SMAP_E", keep={}), variables, strict=False)
    assert notes["valid"] == 1333 and cells.numbers.max() == pytest.approx(0.731, abs=1e-3)
    quality, surface = variables["quality"].numbers[0], variables["surface"].numbers[0]
    there = cells.there[0]
    # Bit 128, frozen by radiometer, is set wherever the freeze/thaw retrieval failed (8 of quality): it says nothing there.
    assert there.any() and (surface[there & (quality & 8 > 0)] & 128 > 0).all()
    frozen = (surface & (FROZEN - 128) > 0) | ((surface & 128 > 0) & (quality & 8 == 0))
    kept, notes = screen(product, variables, strict=False)
    assert_array_equal(kept.there[0], there & (quality & 4 == 0) & ~frozen)
    assert notes["valid"] > int((there & (quality & 4 == 0) & (surface & FROZEN == 0)).sum())  # the old rule
    _, strict = screen(product, variables, strict=True)
    assert strict["valid"] == int((there & (quality & 1 == 0) & ~frozen).sum())
    with pytest.raises(InputError, match="holds 17251 cells"):
        read(product, found, whole(NATIVE_GRIDS["ease2_m09"]))


def test_smap_subset_on_maps_of_coordinates_with_gaps(real: Path) -> None:
    """Latitude and longitude hold -9999 beyond the swaths, without saying so."""
    path = real / "smap/SC_SPL3SMP_subsetted_with_maskfill_mf.nc4"
    name = "Soil_Moisture_Retrieval_Data_AM/landcover_class_fraction"
    product = described(
        "CCI", native_grid="ease2_m36", variables={"value": name}, options=Options(layer=0), **ANY_VALUE
    )
    field = read_one(product, path, date(2015, 4, 6))
    numbers, latitude = raw(path, name)[..., 0], raw(path, "Soil_Moisture_Retrieval_Data_AM/latitude")
    longitude = raw(path, "Soil_Moisture_Retrieval_Data_AM/longitude")
    valid = (numbers != -9999) & (latitude != -9999)
    assert valid.sum() > 100
    for row, column in np.argwhere(valid)[::97]:
        assert at(field, longitude[row, column], latitude[row, column]) == numbers[row, column]
    assert np.isfinite(field.values).sum() == (numbers != -9999).sum()


def test_smap_freeze_thaw_subset_with_axes_in_metres(real: Path) -> None:
    path = real / "smap/SPL3FTP_subsetted.nc4"
    group = "Freeze_Thaw_Retrieval_Data_Global"
    product = described(
        "CCI",
        native_grid="ease2_m36",
        units="m",
        variables={"value": f"{group}/altitude_dem"},
        options=Options(layer=0),
        **ANY_VALUE,
    )
    field = read_one(product, path, date(2015, 4, 1))
    numbers, x, y = raw(path, f"{group}/altitude_dem")[0], raw(path, f"{group}/x"), raw(path, f"{group}/y")
    to_degrees = Transformer.from_crs("EPSG:6933", "EPSG:4326", always_xy=True)
    for row, column in np.argwhere(numbers != -9999)[::131]:
        assert at(field, *to_degrees.transform(x[column], y[row])) == numbers[row, column]


def test_a_grid_that_is_none_of_ours_is_refused(real: Path) -> None:
    product = described(
        "CCI", native_grid="ease2_m09", variables={"value": "Analysis_Data/sm_rootzone_analysis"}, keep={}
    )
    with pytest.raises(InputError, match="cells"):
        read_one(product, real / "smap/SMAP_L4_SM_aup_dimension_list_input.h5")


def test_the_catalogue_names_the_variables_of_the_real_smap_e_granule(real: Path) -> None:
    layout = (real / "layouts/SMAP_L3_SM_P_E_R18240.layout.txt").read_text()
    for role in ("value", "quality", "surface"):
        first = CATALOGUE["SMAP_E"].names(role)[0]
        for overpass, suffix in (("AM", ""), ("PM", "_pm")):
            assert f" {first.replace('{overpass}', overpass).replace('/', '_')}{suffix} (" in layout


def test_the_catalogue_states_what_the_real_lprm_granule_says(real: Path) -> None:
    layout = (real / "layouts/LPRM-AMSR2_L3_A_SOILM3_V001.das.txt").read_text()
    product = CATALOGUE["AMSR2-LPRM-X"]
    for role in ("value", "error"):
        (name,) = product.names(role)
        part = layout.split(f"    {name} {{")[1].split("}")[0]
        said = {line.split()[1]: line.split()[2].strip(';"') for line in part.splitlines() if len(line.split()) >= 3}
        assert float(said["scale_factor"]) == pytest.approx(product.scale[role], rel=1e-6)
        assert float(said["_FillValue"]) in product.fill and said["units"] in product.file_units
