"""Every family of files: what was written by hand is what the reader returns, whole and in parts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
from handmade.files import FILES
from handmade.grids import CATALOGUE, SMALL, Expected
from numpy.testing import assert_allclose, assert_array_equal

from rssm.archive.fields import Box, Field
from rssm.archive.grids import centres, whole
from rssm.archive.listing import Found, found_at
from rssm.archive.readers.dispatch import read
from rssm.config.catalogue import Product
from rssm.errors import InputError

pytestmark = pytest.mark.usefixtures("small_grids")


def written(name: str, root: Path) -> tuple[Product, Found, Expected]:
    return FILES[name].found(root)


def read_whole(product: Product, found: Found, strict: bool = False) -> list[Field]:
    return read(product, found, whole(SMALL[product.native_grid or ""]), strict=strict)


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    product, found, expected = written(name, tmp_path)
    fields = read_whole(product, found)
    assert [(f.start, f.overpass) for f in fields] == [(day, overpass) for day, overpass, _ in expected]
    for field, (_, _, values) in zip(fields, expected, strict=True):
        assert field.values.dtype == np.float32 and np.isfinite(values).sum() > 50
        assert_allclose(field.values, values, rtol=0, atol=2e-6 * product.valid_range[1])


@pytest.mark.parametrize("name", FILES)
def test_a_box_is_a_part_of_the_whole(tmp_path: Path, name: str) -> None:
    product, found, _ = written(name, tmp_path)
    for box in (Box(slice(2, 7), slice(3, 15)), Box(slice(9, 10), slice(23, 24)), Box(slice(0, 1), slice(0, 24))):
        for part, field in zip(read(product, found, box), read_whole(product, found), strict=True):
            assert_array_equal(part.values, field.values[box.rows, box.columns])
            assert part.box == box


@pytest.mark.parametrize("name", FILES)
def test_notes_count_every_cell_once(tmp_path: Path, name: str) -> None:
    product, found, _ = written(name, tmp_path)
    for field in read_whole(product, found):
        assert set(field.notes) == {"valid", "screened", "out_of_range", "missing"}
        if name not in ("era5_land",):  # means over times count each
            assert field.notes["valid"] == np.isfinite(field.values).sum()
            assert sum(field.notes.values()) == field.values.size


# -- quality, errors, ranges -----------------------------------------------------------------------------------------


def test_the_product_of_36_km_needs_another_pattern_and_grid_only(tmp_path: Path) -> None:
    entry, found, expected = written("smap", tmp_path)
    path = found.path.rename(found.path.with_name("SMAP_L3_SM_P_20150401_R18290_001.h5"))
    name = entry.files.replace("SMAP_L3_SM_P_E_", "SMAP_L3_SM_P_")
    coarse = entry.model_copy(update={"files": name, "native_grid": "ease2_m36"})
    fields = read_whole(coarse, found_at(path, date(2015, 4, 1)))
    assert [field.grid.id for field in fields] == ["ease2_m36"] * 2
    for field, (_, _, values) in zip(fields, expected, strict=True):
        assert_allclose(field.values, values, rtol=1e-6)


def test_smap_screens_failures_and_frost_and_strict_screens_what_is_not_recommended(tmp_path: Path) -> None:
    product, found, _ = written("smap", tmp_path)
    usual, strict = read_whole(product, found)[0], read_whole(product, found, strict=True)[0]
    assert np.isfinite(usual.values[3]).any() and np.isfinite(usual.values[0]).any()  # dense, not recommended: kept
    assert np.isnan(usual.values[1:3]).all()  # not successful; frozen
    assert np.isnan(strict.values[:3]).all() and np.isfinite(strict.values[3]).any()
    assert usual.notes["screened"] > 0


def test_values_out_of_range_are_missing_and_counted(tmp_path: Path) -> None:
    product, found, _ = written("smap_old", tmp_path)
    with h5py.File(found.path, "r+") as file:
        file["Soil_Moisture_Retrieval_Data/soil_moisture"][0, :3] = 1.5, -0.2, np.nan
    (field,) = read_whole(product, found)
    assert np.isnan(field.values[0, :3]).all() and field.notes["out_of_range"] == 2


def test_a_file_of_nothing_but_fill_is_no_mistake_and_shows_in_the_notes(tmp_path: Path) -> None:
    product, found, _ = written("smap_old", tmp_path)
    with h5py.File(found.path, "r+") as file:
        file["Soil_Moisture_Retrieval_Data/soil_moisture"][...] = -9999
    (field,) = read_whole(product, found)
    assert field.notes == {"valid": 0, "screened": 0, "out_of_range": 0, "missing": field.values.size}


@pytest.mark.parametrize(("name", "error"), [("lprm_amsr2", 0.05), ("lprm_tmi", 0.05), ("smos", 0.05), ("cci", 0.03)])
def test_the_products_own_error_is_in_its_unit_and_only_where_there_is_a_value(
    tmp_path: Path, name: str, error: float
) -> None:
    product, found, _ = written(name, tmp_path)
    (field,) = read_whole(product, found)
    assert field.error is not None
    assert_array_equal(np.isnan(field.error), np.isnan(field.values))
    assert_allclose(field.error[np.isfinite(field.error)], error, rtol=1e-5)


def test_without_an_error_variable_there_is_no_error_layer(tmp_path: Path) -> None:
    product, found, _ = written("lprm_amsr2", tmp_path)
    with netCDF4.Dataset(found.path, "r+") as data:
        data.renameVariable("soil_moisture_x_error", "something_else")
    assert read_whole(product, found)[0].error is None


def test_the_surface_state_is_a_mask_of_its_own(tmp_path: Path) -> None:
    _, found, _ = written("swi", tmp_path)
    (field,) = read_whole(CATALOGUE["SNOW"], found)
    assert_array_equal(field.values[:5, 0], np.array([0, 1, np.nan, np.nan, 0], np.float32))


# -- parts of time and space -------------------------------------------------------------------------------------------


def test_only_the_days_asked_for_are_read(tmp_path: Path) -> None:
    product, found, expected = written("gleam", tmp_path)
    box = whole(SMALL["latlon_0.25"])
    fields = read(product, found, box, date(2015, 1, 2), date(2015, 6, 30))
    assert [field.start for field in fields] == [date(2015, 1, 2)]
    assert_array_equal(fields[0].values, expected[1][2])
    assert read(product, found, box, date(2015, 3, 1), date(2015, 3, 10)) == []


def test_a_cut_of_the_grid_lies_where_its_axes_say_and_the_rest_is_missing(tmp_path: Path) -> None:
    product, found, expected = written("cci", tmp_path)
    values, cut = expected[0][2], tmp_path / "cut.nc"
    with netCDF4.Dataset(found.path) as whole_file, netCDF4.Dataset(cut, "w") as data:
        for name, size in (("time", 1), ("lat", 4), ("lon", 5)):
            data.createDimension(name, size)
        data.createVariable("lat", "f8", ("lat",))[:] = whole_file["lat"][3:7]
        data.createVariable("lon", "f8", ("lon",))[:] = whole_file["lon"][10:15]
        for name in ("sm", "flag"):
            variable = data.createVariable(
                name, whole_file[name].dtype, ("time", "lat", "lon"), fill_value=-9999 if name == "sm" else 127
            )
            variable[:] = whole_file[name][:, 3:7, 10:15]
    (field,) = read_whole(product, found_at(cut, date(2010, 7, 1)))
    inside = np.full(values.shape, np.nan, np.float32)
    inside[3:7, 10:15] = values[3:7, 10:15]
    assert_array_equal(field.values, inside)


def test_maps_of_latitude_and_longitude_with_gaps_serve_as_axes(tmp_path: Path) -> None:
    values = np.random.default_rng(4).random((10, 24)).astype(np.float32)
    longitude, latitude = centres(SMALL["ease1_25km"], whole(SMALL["ease1_25km"]))
    x, y = np.meshgrid(longitude, latitude)
    x[np.eye(10, 24, dtype=bool)] = y[np.eye(10, 24, dtype=bool)] = -9999
    path = tmp_path / "fw_20150401.nc"
    with netCDF4.Dataset(path, "w") as data:
        data.createDimension("rows", 10)
        data.createDimension("columns", 24)
        for name, numbers in (("cell_lat", y), ("cell_lon", x), ("fw", values)):
            data.createVariable(name, "f4", ("rows", "columns"))[:] = numbers[::-1]
    (field,) = read_whole(CATALOGUE["WATER"], found_at(path, date(2015, 4, 1)))
    assert_array_equal(field.values, values)


# -- collections of points -----------------------------------------------------------------------------------------------


def collection(path: Path, kind: str) -> None:
    """Three points with 2, 1 and 2 numbers on 1 and 2 April, in one of the layouts of CF."""
    point, day, value = [0, 0, 1, 2, 2], [0, 1, 0, 0, 0.25], [0.1, 0.2, 0.3, 0.4, 0.6]
    with netCDF4.Dataset(path, "w") as data:
        data.createDimension("locations", 3)
        data.createVariable("lon", "f4", ("locations",))[:] = [-172.5, -157.5, 7.5]
        data.createVariable("lat", "f4", ("locations",))[:] = [82.5, 67.5, -7.5]
        if kind == "orthogonal":
            data.createDimension("time", 3)
            times, numbers = [0, 0.25, 1], np.full((3, 3), -9.0)
            numbers[[0, 0, 1, 2, 2], [0, 2, 0, 0, 1]] = value
            data.createVariable("sm", "f4", ("locations", "time"), fill_value=-9)[:] = numbers
        else:
            data.createDimension("obs", 5)
            times = day
            data.createVariable("sm", "f4", ("obs",), fill_value=-9)[:] = value
            if kind == "contiguous":
                rows = data.createVariable("row_size", "i4", ("locations",))
                rows[:], rows.sample_dimension = [2, 1, 2], "obs"
            else:
                index = data.createVariable("locationIndex", "i4", ("obs",))
                index[:], index.instance_dimension = point, "locations"
        variable = data.createVariable("time", "f8", ("time",) if kind == "orthogonal" else ("obs",))
        variable[:], variable.units = times, "days since 2015-04-01 06:00:00"


@pytest.mark.parametrize("kind", ["orthogonal", "contiguous", "indexed"])
def test_time_series_on_points_need_a_catalogue_entry_only(tmp_path: Path, kind: str) -> None:
    product = Product.model_validate(
        CATALOGUE["TOPOGRAPHY"].model_dump()
        | {"variables": {"value": "sm"}, "multiply": 1.0, "file_units": [], "fill": [], "step": "day", "maps": "dekad"}
        | {"files": "new/{year}.nc"}
    )
    collection(tmp_path / "x.nc", kind)
    first, second = read_whole(product, found_at(tmp_path / "x.nc", date(2015, 1, 1), date(2015, 12, 31)))
    assert (first.start, second.start) == (date(2015, 4, 1), date(2015, 4, 2))
    assert_allclose([first.values[0, 0], first.values[1, 1], first.values[6, 12]], [0.1, 0.3, 0.5], rtol=1e-6)
    assert np.isfinite(first.values).sum() == 3 and np.isfinite(second.values).sum() == 1
    assert second.values[0, 0] == np.float32(0.2)


# -- bad files -------------------------------------------------------------------------------------------------------------


def complaint(product: Product, found: Found) -> str:
    with pytest.raises(InputError) as caught:
        read_whole(product, found)
    text = str(caught.value)
    assert text.startswith(f"{product.id}") and found.name in text and "\nExpected " in text
    assert "inputs.on_bad_file: skip" in text
    return text


@pytest.mark.parametrize("name", FILES)
def test_an_empty_a_foreign_and_a_truncated_file_get_different_errors(tmp_path: Path, name: str) -> None:
    product, found, _ = written(name, tmp_path)
    data = found.path.read_bytes()
    found.path.write_bytes(b"")
    assert "is empty (0 bytes)" in complaint(product, found)
    found.path.write_bytes(b"<html><body>Please log in</body></html>" * 20)
    assert "is no" in complaint(product, found)
    found.path.write_bytes(data[: len(data) * 2 // 3])
    assert "truncated" in complaint(product, found) or name in ("vegetation", "koppen")
    found.path.unlink()
    assert "cannot be read (No such file or directory)" in complaint(product, found)


def test_another_products_file_names_what_it_has_and_what_was_expected(tmp_path: Path) -> None:
    _, found, _ = written("cci", tmp_path)
    text = complaint(CATALOGUE["AMSR2-LPRM-X"], found)
    assert "has no variable 'soil_moisture_x' (it has flag, lat, lon, sm, sm_uncertainty)" in text
    assert "LPRM_AMSR2_A/D_SOILM3 V001" in text and "AMSR2-LPRM-X.variables.value" in text
    _, found, _ = written("constants", tmp_path)
    assert "groups Soil_Moisture_Retrieval_Data_AM" in complaint(CATALOGUE["SMAP_E"], found)
    _, found, _ = written("lst", tmp_path)
    assert "has no variable 'LAI' (it has LST_Day_CMG" in complaint(CATALOGUE["LAI-GLASS"], found)


def test_another_grid_is_reported(tmp_path: Path) -> None:
    product, found, _ = written("constants", tmp_path)
    text = complaint(product.model_copy(update={"native_grid": "latlon_0.1"}), found)
    assert "holds 10 × 24 cells" in text and "12 × 24 (latlon_0.1)" in text
    product, found, _ = written("gldas", tmp_path)
    assert "gldas" not in complaint(product.model_copy(update={"native_grid": "ease2_m25"}), found).split("\n")[1]
    product, found, _ = written("vegetation", tmp_path)
    assert "cells along an axis" in complaint(product.model_copy(update={"native_grid": "latlon_0.25_gldas"}), found)
    product, found, _ = written("lst", tmp_path)
    assert "puts its grid" in complaint(product.model_copy(update={"native_grid": "ease1_25km"}), found)


def test_another_scale_or_unit_than_the_catalogues_is_refused(tmp_path: Path) -> None:
    product, found, _ = written("lprm_amsr2", tmp_path)
    with netCDF4.Dataset(found.path, "r+") as data:
        data["soil_moisture_x"].scale_factor = np.float32(0.01)
    assert "the scale 0.01" in complaint(product, found)
    product, found, _ = written("gldas", tmp_path)
    with netCDF4.Dataset(found.path, "r+") as data:
        data["SoilMoi0_10cm_inst"].units = "m3 m-3"
    assert "in 'm3 m-3'" in complaint(product, found)


def test_a_file_whose_own_time_is_another_years_is_refused(tmp_path: Path) -> None:
    product, found, _ = written("gldas", tmp_path)
    renamed = found.path.with_name("GLDAS_NOAH025_3H.A20120101.0300.021.nc4")
    found.path.rename(renamed)
    assert "holds maps of 2016-01-01" in complaint(product, found_at(renamed, date(2012, 1, 1)))


def test_a_station_product_has_no_reader(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.touch()
    with pytest.raises(InputError, match="used by the validation"):
        read(CATALOGUE["ISMN"], found_at(path), Box(slice(0, 1), slice(0, 1)))
