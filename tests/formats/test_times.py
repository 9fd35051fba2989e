"""Many times in one file: each once, each of its day, whatever the name says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from dated_files import DAILY, MONTHLY, X, Y, hours, refused, written
from handmade.grids import CATALOGUE
from numpy.testing import assert_allclose
from real_samples import read_one

from rssm.archive.grids import NATIVE_GRIDS, whole
from rssm.archive.listing import ALWAYS, found_at, list_files
from rssm.archive.readers.dispatch import read
from rssm.calendar import DEKADS
from rssm.config.catalogue import Product
from rssm.grid import GRID, Region
from rssm.ingest.composite import composites
from rssm.ingest.native import native_files


@pytest.mark.usefixtures("small_grids")
def test_a_time_given_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "x.nc", [0, 6, 6, 12])
    text = refused(DAILY, path, date(2015, 1, 1))
    assert "holds the time 2015-01-01T06:00:00 more than once" in text and "each time once" in text
    assert refused(DAILY, written(tmp_path / "x.nc", [12, 0, 6]), date(2015, 1, 1)) == ""  # in any order


@pytest.mark.usefixtures("small_grids")
def test_a_whole_record_in_one_file_needs_no_date_in_its_name(tmp_path: Path) -> None:
    days = [hours(date(2015, 1, 31)), hours(date(2015, 2, 1)), hours(date(2016, 7, 1))]
    written(tmp_path / "record.nc", days)
    product = Product.model_validate(DAILY.model_dump() | {"files": "record*.nc"})
    for year in (None, 1990, 2015, 2016):
        (found,) = list_files(tmp_path, product, year)
        assert (found.start, found.end) == ALWAYS
    box = whole(NATIVE_GRIDS["latlon_0.25"])
    fields = read(product, found, box, date(2015, 2, 1), date(2016, 12, 31))
    assert [field.start for field in fields] == [date(2015, 2, 1), date(2016, 7, 1)]
    assert_allclose([field.values[0, 0] for field in fields], [0.02, 0.03], rtol=1e-6)
    assert read(product, found, box, date(2017, 1, 1), date(2017, 12, 31)) == []
    written(tmp_path / "record.nc", hours(date(2015, 2, 1)), scalar=True)
    (field,) = read(product, list_files(tmp_path, product)[0], box)
    assert field.start == date(2015, 2, 1)
    written(tmp_path / "record.nc", 1.0, "month")
    assert "says no time" in refused(product, tmp_path / "record.nc", *ALWAYS)
    assert "{date:…} in CCI.files" in refused(product, tmp_path / "record.nc", *ALWAYS)


@pytest.mark.usefixtures("small_grids")
def test_times_on_edges_belong_to_the_days_their_bounds_say(tmp_path: Path) -> None:
    edges = [hours(date(2015, month, 1)) for month in (7, 8, 9)]
    path = written(tmp_path / "record.nc", edges[1:], bounds=np.stack([edges[:-1], edges[1:]], axis=1))
    fields = read(MONTHLY, found_at(path), whole(NATIVE_GRIDS["latlon_0.25"]))
    assert [field.start for field in fields] == [date(2015, 7, 1), date(2015, 8, 1)]  # stamped as they end
    after = MONTHLY.model_copy(update={"stamp": "after"})
    path = written(tmp_path / "stamps.nc", edges[1:])
    fields = read(after, found_at(path), whole(NATIVE_GRIDS["latlon_0.25"]))
    assert [field.start for field in fields] == [date(2015, 7, 31), date(2015, 8, 31)]


@pytest.mark.usefixtures("small_grids")
def test_a_file_without_records_gives_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "x.nc", np.zeros(0))
    assert read(DAILY, found_at(path, date(2015, 1, 1)), whole(NATIVE_GRIDS["latlon_0.25"])) == []


@pytest.mark.usefixtures("small_grids")
def test_per_cent_without_file_units_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "x.nc", 0)
    with netCDF4.Dataset(path, "r+") as data:
        data["sm"].units = "%"
    product = DAILY.model_copy(update={"file_units": []})
    text = refused(product, path, date(2015, 1, 1))
    assert "gives 'sm' in '%'" in text and "becomes 'm3 m-3' when multiplied by 1" in text
    assert "Check CCI.file_units and multiply in the catalogue" in text
    assert_allclose(read_one(product.model_copy(update={"multiply": 0.01}), path, date(2015, 1, 1)).values, 1e-4)


@pytest.mark.usefixtures("small_grids")
def test_a_month_of_hours_that_ends_with_the_first_of_the_next_is_of_its_own_month(tmp_path: Path) -> None:
    july = date(2015, 7, 1), date(2015, 7, 31)
    path = written(tmp_path / "x.nc", hours(july[0]) + np.arange(0, 31 * 24 + 1, 24))
    assert refused(DAILY, path, *july) == ""
    assert "holds maps of 2015-07-01 … 2015-08-01" in refused(DAILY, path, date(2015, 8, 1), date(2015, 8, 31))
    assert refused(DAILY, path, date(2015, 6, 1), date(2015, 6, 30)) and refused(DAILY, path, date(2015, 8, 1))
    assert refused(DAILY, path, date(2015, 7, 1)) == ""  # named by its first day


@pytest.mark.usefixtures("small_grids")
def test_variables_may_be_written_to_different_times(tmp_path: Path) -> None:
    """Along a dimension without a limit each array of HDF5 has its own length; what was not written is missing."""
    path = tmp_path / "x.nc"
    with netCDF4.Dataset(path, "w") as data:
        for name, size in (("time", None), ("lat", 12), ("lon", 24)):
            data.createDimension(name, size)
        data.createVariable("lat", "f8", ("lat",))[:], data.createVariable("lon", "f8", ("lon",))[:] = Y, X
        data.createVariable("time", "f8", ("time",))[:] = [0, 24, 48]
        data["time"].units = "hours since 2015-01-01"
        data.createVariable("sm", "f4", ("time", "lat", "lon"))[:2] = 0.5
        data.createVariable("flag", "i1", ("time", "lat", "lon"))[:] = np.zeros((3, 12, 24))
    product = DAILY.model_copy(update={"keep": CATALOGUE["CCI"].keep, "variables": {"value": "sm", "quality": "flag"}})
    fields = read(product, found_at(path, date(2015, 1, 1), date(2015, 12, 31)), whole(NATIVE_GRIDS["latlon_0.25"]))
    assert [field.start for field in fields] == [date(2015, 1, 1), date(2015, 1, 2)]
    assert all((field.values == 0.5).all() for field in fields)


def test_maps_of_a_whole_record_without_a_date_in_its_name(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "record.nc", "w") as data:
        for name, numbers in (("time", [89, 90, 100, 800]), ("lat", [29.875, 29.625]), ("lon", [100.125, 100.375])):
            data.createDimension(name, len(numbers))
            data.createVariable(name, "f8", (name,))[:] = numbers
        data["time"].units = "days since 2015-01-01"
        sm = data.createVariable("sm", "f4", ("time", "lat", "lon"), fill_value=-9999)
        sm.units, sm[:] = "m3 m-3", np.array([9, 1, 2, 3])[:, None, None] / 10
    fields = DAILY.model_dump() | {"files": "*.nc", "kind": "soil_moisture", "span": ("2015D01", None)}
    product, first = Product.model_validate(fields), DEKADS.parse("2015D10")
    steps = range(first, first + 3)
    files = native_files(tmp_path, product, "2015")
    made = composites(product, files, steps, region=Region(29, 30, 100, 1), grid=GRID)
    means = [
        float(np.nanmean(layers["value"])) if np.isfinite(layers["value"]).any() else None for _, layers, _ in made
    ]
    assert means == [pytest.approx(0.1), pytest.approx(0.2), None]
    assert native_files(tmp_path, product, "1990")[0].name == "record.nc"
