"""Composites: files of a 0.25° grid with a few cells, averaged by hand."""

from datetime import date
from hashlib import sha256

import h5py
import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.archive.listing import list_files
from rssm.calendar import DEKADS
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest, Inputs
from rssm.errors import InputError
from rssm.grid import GRID, Region
from rssm.ingest import regrid
from rssm.ingest.composite import composite_year
from rssm.ingest.index import read_index
from rssm.maps import read_map, write_map

REGION = Region(29, 30, 100, 1)  # one zone; its cells are rows 240…243, columns 1120…1123
D10, D11 = DEKADS.parse("2015D10"), DEKADS.parse("2015D11")


def product(**changes):
    fields = {
        "id": "TEST", "title": "test product", "kind": "soil_moisture", "sensor": "S", "algorithm": "A",
        "reader": "hdf5", "version": "1", "licence": "none", "cite": "none", "native_grid": "latlon_0.25",
        "files": "{date:%Y%m%d}_{orbit:A|D}_{version}.h5", "variables": {"value": "sm"}, "units": "m3 m-3",
        "fill": [-9999], "valid_range": (0.0, 1.0), "error": {"constant": 0.06}, "span": ("2015D01", None),
        "step": "day",
    }  # fmt: skip
    return Product(**(fields | changes))


def write_file(path, **variables):
    """A global file whose named variables hold cells: (row, column) → value, all else fill."""
    with h5py.File(path, "w") as file:
        for name, cells in variables.items():
            data = file.create_dataset(name, (720, 1440), "f4", chunks=(40, 40), fillvalue=-9999)
            data.attrs["_FillValue"] = np.float32(-9999)
            for cell, value in cells.items():
                data[cell] = value


def compose(folder, entry=None, dekads=(D10,), **options):
    """Layers of the last dekad, and the records."""
    entry = entry or product()
    maps = {dekad: folder / "maps" / f"{DEKADS.label(dekad)}.tif" for dekad in dekads}
    options = {"region": REGION} | options
    records = composite_year(
        entry, list_files(folder, entry, 2015), maps, folder / "maps/2015.json", **{"grid": GRID, **options}
    )
    return read_map(maps[dekads[-1]])[0], records


def test_day_and_night_of_a_dekad_are_averaged_alike(tmp_path):
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1120): 0.10, (241, 1121): 0.50})
    write_file(tmp_path / "20150401_D_1.h5", sm={(240, 1120): 0.20})
    write_file(tmp_path / "20150410_A_1.h5", sm={(240, 1120): 0.30})
    write_file(tmp_path / "20150411_A_1.h5", sm={(240, 1120): 0.90})  # the next dekad
    layers, _ = compose(tmp_path)
    assert_allclose(layers["value"][:2, :2], 0.20, rtol=1e-6)  # the cell's four pixels
    assert_allclose(layers["value"][2:5, 2:5], 0.50, rtol=1e-6)
    assert_array_equal(layers["n_obs"][:3, :3], [[3, 3, 0], [3, 3, 0], [0, 0, 1]])
    assert_allclose(layers["error"][0, 0], 0.06 / np.sqrt(3), rtol=1e-6)
    assert_allclose(layers["error"][2, 2], 0.06, rtol=1e-6)
    assert np.count_nonzero(~np.isnan(layers["value"])) == np.count_nonzero(~np.isnan(layers["error"])) == 4 + 9


def test_correlated_errors_do_not_average_out(tmp_path):
    for day in (1, 2, 3, 4):
        write_file(tmp_path / f"2015040{day}_A_1.h5", sm={(240, 1120): 0.2})
    for correlation, expected in ((1.0, 0.06), (0.5, 0.06 * np.sqrt(2.5 / 4))):
        layers, _ = compose(tmp_path, ingest=Ingest(error_correlation=correlation))
        assert layers["error"][0, 0] == pytest.approx(expected)


def test_a_products_own_errors_come_first_and_the_catalogue_fills_their_gaps(tmp_path):
    entry = product(variables={"value": "sm", "error": "sm_error"})
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1120): 0.1, (241, 1121): 0.5}, sm_error={(240, 1120): 0.03})
    write_file(tmp_path / "20150402_A_1.h5", sm={(240, 1120): 0.2}, sm_error={(240, 1120): 0.04})
    layers, _ = compose(tmp_path, entry)
    assert layers["error"][0, 0] == pytest.approx(np.sqrt((0.03**2 + 0.04**2) / 2) / np.sqrt(2))
    assert layers["error"][2, 2] == pytest.approx(0.06)


def test_an_error_that_nobody_states_is_unknown(tmp_path):
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1120): 0.1})
    layers, _ = compose(tmp_path, product(error={}))
    assert np.isnan(layers["error"]).all() and not np.isnan(layers["value"][0, 0])


def test_an_error_may_grow_with_the_value(tmp_path):
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1120): 0.4})
    layers, _ = compose(tmp_path, product(error={"constant": 0.03, "relative": 0.1}))
    assert layers["error"][0, 0] == pytest.approx(0.05)


def test_every_dekad_has_a_map_and_says_how_full_it_is(tmp_path):
    for day in range(1, 11):
        write_file(tmp_path / f"201504{day:02d}_A_1.h5", sm={(240, 1120): 0.1})
    write_file(tmp_path / "20150411_D_1.h5", sm={(240, 1120): 0.3})
    layers, records = compose(tmp_path, dekads=(D10, D11, D11 + 1))
    assert [records[label]["status"] for label in records] == ["complete", "partial", "missing"]
    assert np.isnan(layers["value"]).all() and not layers["n_obs"].any()
    tags = read_map(tmp_path / "maps/2015D12.tif")[1]
    assert (tags["status"], tags["label"], tags["calendar_id"]) == ("missing", "2015D12", "dekad")


def test_the_index_names_files_counts_and_checksums(tmp_path):
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1120): 0.1, (241, 1120): 1.5})
    compose(tmp_path)
    entry = read_index(tmp_path / "maps/2015.json")["2015D10"]
    assert entry["files"] == ["20150401_A_1.h5"] and entry["out_of_range"] == 1 and entry["pixels"] == 4
    assert entry["map"] == "2015D10.tif"
    assert entry["sha256"] == sha256((tmp_path / "maps/2015D10.tif").read_bytes()).hexdigest()


def test_days_outside_the_products_span_are_not_used(tmp_path):
    write_file(tmp_path / "20150410_A_1.h5", sm={(240, 1120): 0.1})
    write_file(tmp_path / "20150411_A_1.h5", sm={(240, 1120): 0.1})
    layers, records = compose(tmp_path, product(span=("2015D01", "2015D10")), dekads=(D10, D11))
    assert records["2015D11"]["status"] == "missing" and np.isnan(layers["value"]).all()


def test_the_newest_version_of_a_day_counts_and_the_older_is_noted(tmp_path):
    write_file(tmp_path / "20150401_A_V9.h5", sm={(240, 1120): 0.9})
    write_file(tmp_path / "20150401_A_V10.h5", sm={(240, 1120): 0.1})
    layers, records = compose(tmp_path)
    assert layers["value"][0, 0] == pytest.approx(0.1) and layers["n_obs"][0, 0] == 1
    assert records["2015D10"]["superseded"] == ["20150401_A_V9.h5"]


def test_two_files_with_days_in_common_are_refused_or_the_later_is_left_out_and_told(tmp_path):
    entry = product(step="8day")
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1120): 0.1})
    write_file(tmp_path / "20150406_A_1.h5", sm={(240, 1120): 0.5})  # 6 to 8 April twice
    write_file(tmp_path / "20150406_D_1.h5", sm={(240, 1120): 0.3})  # another overpass
    with pytest.raises(InputError, match=r"20150406_A_1\.h5 stands for 2015-04-06 to 2015-04-13 as 20150401_A_1\.h5"):
        compose(tmp_path, entry)
    layers, records = compose(tmp_path, entry, inputs=Inputs(on_bad_file="skip"))
    assert layers["value"][0, 0] == pytest.approx(0.2) and layers["n_obs"][0, 0] == 2
    (skipped,) = records["2015D10"]["skipped"]
    assert skipped["file"] == "20150406_A_1.h5" and "Remove one of them" in skipped["reason"]


def test_a_bad_file_stops_the_job_or_is_left_out_and_told(tmp_path):
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1120): 0.1})
    (tmp_path / "20150402_A_1.h5").write_bytes((tmp_path / "20150401_A_1.h5").read_bytes()[:3000])
    with pytest.raises(InputError, match=r"20150402_A_1\.h5"):
        compose(tmp_path)
    layers, records = compose(tmp_path, inputs=Inputs(on_bad_file="skip"))
    assert layers["n_obs"][0, 0] == 1
    (skipped,) = records["2015D10"]["skipped"]
    assert skipped["file"] == "20150402_A_1.h5" and "truncated" in skipped["reason"]
    assert records["2015D10"]["files"] == ["20150401_A_1.h5"]


def test_overpasses_of_one_file_are_pooled_and_a_file_bad_in_one_is_left_out_whole(tmp_path):
    entry = product(
        files="{date:%Y%m%d}.h5", variables={"value": "{overpass}_sm"}, options={"overpasses": ["Asc", "Desc"]}
    )
    write_file(tmp_path / "20150401.h5", Asc_sm={(240, 1120): 0.1}, Desc_sm={(240, 1120): 0.3})
    write_file(tmp_path / "20150402.h5", Asc_sm={(240, 1120): 0.9})
    layers, _ = compose(tmp_path, entry, inputs=Inputs(on_bad_file="skip"))
    assert layers["value"][0, 0] == pytest.approx(0.2) and layers["n_obs"][0, 0] == 2


def test_saturation_is_multiplied_by_pore_space(tmp_path):
    entry = product(units="saturation", error={"constant": 0.1})
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1120): 0.5, (241, 1121): 0.5})
    pores = np.full((10, 10), 0.4)
    pores[2:5, 2:5] = np.nan
    write_map(tmp_path / "pores.tif", {"value": pores}, GRID, GRID.window(REGION), {})
    layers, _ = compose(tmp_path, entry, porosity=tmp_path / "pores.tif")
    assert layers["value"][0, 0] == pytest.approx(0.2) and layers["error"][0, 0] == pytest.approx(0.04)
    assert np.isnan(layers["value"][2, 2]) and layers["n_obs"][2, 2] == 0  # no pore space, no soil moisture
    assert read_map(tmp_path / "maps/2015D10.tif")[1]["units"] == "m3 m-3"
    with pytest.raises(InputError, match="a porosity map is needed"):
        compose(tmp_path, entry)


def test_noise_is_removed_from_the_composite_not_from_single_days(tmp_path):
    """15 cells at 0.2 and one cell (4 pixels) at 0.8 on average; n = 100, its distance is 4.9 standard deviations."""
    cells = {(row, column): 0.2 for row in range(240, 244) for column in range(1120, 1124)}
    write_file(tmp_path / "20150401_A_1.h5", sm=cells | {(240, 1120): 0.9})
    write_file(tmp_path / "20150402_A_1.h5", sm=cells | {(240, 1120): 0.7})
    layers, records = compose(tmp_path)
    assert records["2015D10"]["denoised"] == 4 and records["2015D10"]["pixels"] == 96
    assert np.isnan(layers["value"][:2, :2]).all() and np.isnan(layers["error"][:2, :2]).all()
    assert not layers["n_obs"][:2, :2].any()
    layers, records = compose(tmp_path, ingest=Ingest(sigma=None))
    assert layers["value"][0, 0] == pytest.approx(0.8) and "denoised" not in records["2015D10"]


def test_a_region_across_the_dateline(tmp_path):
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1439): 0.1, (240, 0): 0.3})
    layers, _ = compose(tmp_path, region=Region(29, 30, 179, 2))
    assert_allclose(layers["value"][0, [9, 10]], [0.1, 0.3], rtol=1e-6)
    assert np.count_nonzero(layers["n_obs"]) == 6 + 4


def test_bands_of_a_large_grid_give_the_same_maps(tmp_path, monkeypatch):
    generator = np.random.default_rng(3)
    region = Region(26, 30, 100, 3)
    for day in (1, 2, 5):
        cells = {(240 + r, 1120 + c): generator.random() for r in range(16) for c in range(12)}
        write_file(tmp_path / f"2015040{day}_A_1.h5", sm=cells)
    whole, _ = compose(tmp_path, region=region)
    monkeypatch.setattr(regrid, "BAND_CELLS", 60)
    parts, _ = compose(tmp_path, region=region)
    for name, layer in whole.items():
        assert_array_equal(parts[name], layer)


def test_the_same_files_give_the_same_bytes(tmp_path):
    write_file(tmp_path / "20150401_A_1.h5", sm={(240, 1120): 0.1})
    compose(tmp_path)
    first = {path.name: path.read_bytes() for path in (tmp_path / "maps").iterdir()}
    compose(tmp_path)
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "maps").iterdir()}


def test_smap_morning_and_evening(tmp_path):
    """A granule of true shape with one 9 km cell, screened by its quality flag in the evening of the second day."""
    entry = product(
        reader="smap",
        files="SMAP_L3_SM_P_E_{date:%Y%m%d}_{version}.h5",
        variables={"value": "Soil_Moisture_Retrieval_Data_{overpass}/soil_moisture",
                   "quality": "Soil_Moisture_Retrieval_Data_{overpass}/retrieval_qual_flag"},
        options={"overpasses": ["AM", "PM"]},
        keep={"quality": {"without": [1]}},
        native_grid="ease2_m09",
    )  # fmt: skip
    # 0.05° N, 0.05° E is 0.7 cells north and 0.5 cells east of the corner of rows 811 | 812, columns 1927 | 1928
    for day, flags in ((date(2015, 4, 1), (0, 0)), (date(2015, 4, 2), (0, 1))):
        with h5py.File(tmp_path / f"SMAP_L3_SM_P_E_{day:%Y%m%d}_R1.h5", "w") as file:
            for name, suffix, value, flag in (("AM", "", 0.2, flags[0]), ("PM", "_pm", 0.3, flags[1])):
                group = file.create_group(f"Soil_Moisture_Retrieval_Data_{name}")
                moisture = group.create_dataset(
                    f"soil_moisture{suffix}", (1624, 3856), "f4", chunks=(203, 241), fillvalue=-9999
                )
                quality = group.create_dataset(
                    f"retrieval_qual_flag{suffix}", (1624, 3856), "u2", chunks=(203, 241), fillvalue=65534
                )
                moisture[811, 1928], quality[811, 1928] = value, flag
    layers, records = compose(tmp_path, entry, region=Region(0, 1, 0, 1))
    assert layers["value"][9, 0] == pytest.approx((0.2 + 0.3 + 0.2) / 3)
    assert layers["n_obs"][9, 0] == 3 and records["2015D10"]["screened"] == 1


def test_a_real_file_lands_where_its_own_coordinates_say(real, tmp_path):
    """ESA CCI, one day of 0.25°: each pixel against the nearest cell by the file's latitude and longitude."""
    name = "ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20100701000000-fv04.5.nc"
    entry = product(
        files=f"{name.replace('20100701', '{date:%Y%m%d}')}", reader="cf", variables={"value": "sm", "quality": "flag"},
        keep={"quality": {"one_of": [0]}}, span=("2010D01", None),
    )  # fmt: skip
    dekad, region = DEKADS.parse("2010D19"), Region(35, 45, -105, 10)
    maps = {dekad: tmp_path / "m.tif"}
    files = list_files(real / "esa_cci_sm", entry, 2010)
    composite_year(entry, files, maps, tmp_path / "i.json", region=region, grid=GRID, ingest=Ingest(sigma=None))
    found = read_map(tmp_path / "m.tif")[0]["value"]
    _, _, west, _, _, north = GRID.transform(GRID.window(region))
    with netCDF4.Dataset(real / "esa_cci_sm" / name) as source:
        moisture = np.where(source["flag"][0] == 0, source["sm"][0].filled(np.nan), np.nan)
        # 1e-9 puts a pixel centre on an edge into the cell south and east of it
        rows = [np.abs(source["lat"][:] - (north - 0.05 - 0.1 * i - 1e-9)).argmin() for i in range(100)]
        columns = [np.abs(source["lon"][:] - (west + 0.05 + 0.1 * j + 1e-9)).argmin() for j in range(100)]
    assert np.count_nonzero(~np.isnan(found)) > 1000
    assert_allclose(found, moisture[np.ix_(rows, columns)].astype(np.float32), rtol=1e-6)
