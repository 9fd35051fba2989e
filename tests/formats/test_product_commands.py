"""What people do with the data set: extract a series or a box, inspect a file, look at a year."""

import csv
import io

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose, assert_array_equal, assert_equal

from rssm.commands import extract, inspect
from rssm.errors import InputError
from rssm.product.formats.layers import LAYERS
from rssm.product.quicklook import quicklook
from rssm.product.quicklook_spec import QuicklookSpec


def test_a_series_has_flags_and_uncertainty(product, capsys):
    extract.main(["--lon", "-1.04", "--lat", "41.06", "--period", "2015-01-05", "2015D03", "--store", product.zarrs[1]])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["period"] for row in rows] == ["2015D01", "2015D02", "2015D03"]
    with xr.load_dataset(product.netcdf[1]) as data:
        expected = data.sel(lon=-1.05, lat=41.05, method="nearest")
        for k, row in enumerate(rows):
            for name in ("soil_moisture", "total_uncertainty"):
                value = float(expected[name].values[k])
                assert row[name] == ("" if np.isnan(value) else f"{value:.4f}")
            assert int(row["flags"]) == int(expected["flags"].values[k])
            words = row["flag_words"].split("|")
            assert ("snow_ice_observed" in words) == bool(int(row["flags"]) & 1)
        assert rows[0]["network_used"] in ("none", "NN1-1", "NN1-2")


def test_a_box_comes_as_cf_series(product, tmp_path):
    out = tmp_path / "box.nc"
    extract.main(["--bbox", "-1.5", "40.2", "-0.5", "41.2", "--store", product.zarrs[1], "-o", str(out)])
    with xr.load_dataset(out) as found, xr.load_dataset(product.netcdf[1]) as data:
        assert found.sizes == {"place": 100, "time": 18, "bnds": 2}
        assert found["flags"].dtype == np.uint16
        for place in (0, 57, 99):
            series = found.isel(place=place)
            expected = data.sel(lat=float(series["lat"]), lon=float(series["lon"]), method="nearest")
            assert_allclose(series["soil_moisture"].values[6:], expected["soil_moisture"].values, atol=1e-6)


def test_a_box_on_its_grid_is_cut_out_of_the_year(product, tmp_path):
    """All layers, sea too: the second year's maps to the last bit."""
    out = tmp_path / "box.nc"
    box = ["--bbox", "0.2", "40", "1.9", "41.2", "--period", "2015", "2015"]
    extract.main([*box, "--grid", "--store", product.zarrs[1], "-o", str(out)])
    with (
        xr.open_dataset(out, mask_and_scale=False) as found,
        xr.open_dataset(product.netcdf[1], mask_and_scale=False) as year,
    ):
        expected = year.sel(lat=found["lat"], lon=found["lon"], method="nearest", tolerance=1e-6)
        inside = {"lat": found["lat"].values, "lon": found["lon"].values}
        assert found.sizes["time"] == 12 and found.attrs["cdm_data_type"] == "Grid" and "featureType" not in found.attrs
        outside = expected["fill_distance"].values == -1
        assert outside.any() and not outside.all() and inside["lat"].size > 5
        for layer in LAYERS:
            assert found[layer.name].dtype == expected[layer.name].dtype
            assert_array_equal(found[layer.name].values, expected[layer.name].values, layer.name)
            assert_equal(found[layer.name].attrs, expected[layer.name].attrs)


def test_longitudes_are_printed_as_they_were_asked_for(product, tmp_path, capsys):
    rest = ["--lat", "41.06", "--period", "2015D01", "2015D01", "--store", product.zarrs[1]]
    shown = []
    for lon in ("-1.04", "358.96"):
        extract.main(["--lon", lon, *rest])
        shown.append(next(csv.DictReader(io.StringIO(capsys.readouterr().out))))
    assert [row.pop("lon") for row in shown] == ["-1.05", "358.95"] and shown[0] == shown[1]
    for west, east, first, last in (("-1", "1", -0.95, 0.95), ("359", "1", 359.05, 360.95)):
        box = ["--bbox", west, "41", east, "41.5", "--store", product.zarrs[1], "-o", str(tmp_path / "box.nc")]
        extract.main([*box, "--grid"])
        with xr.load_dataset(tmp_path / "box.nc") as found:
            assert_allclose(found["lon"].values[[0, -1]], [first, last], atol=1e-9)
            assert found.attrs["geospatial_lon_min"] == pytest.approx(first)
    with pytest.raises(InputError, match=r"The nearest is --lon 3\d\d\.\d5"):
        extract.main(["--lon", "357.9", *rest])


def test_a_series_as_json_has_the_numbers_of_the_csv(product, capsys):
    asked = ["--lon", "-1.04", "--lat", "41.06", "--period", "2015", "2015", "--store", product.zarrs[1]]
    extract.main(asked)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    extract.main([*asked, "--json"])
    found = extract.Extracted.model_validate_json(capsys.readouterr().out)
    (place,) = found.places
    assert [step.label for step in found.steps] == [row["period"] for row in rows]
    assert ["" if v is None else f"{v:.4f}" for v in place.layers["soil_moisture"]] == [
        r["soil_moisture"] for r in rows
    ]
    for name in ("flags", "network_used"):
        assert [str(value) for value in place.layers[name]] == [row[name] for row in rows]
    assert ["|".join(words) for words in place.flag_words] == [row["flag_words"] for row in rows]
    assert found.units["soil_moisture"] == "m3 m-3" and found.about["id"].startswith("RSSSM")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--lon", "1", "--lat", "41", "--grid", "-o", "x.nc"], "give --bbox W S E N and -o FILE.nc"),
        (["--bbox", "0", "40", "1", "41", "--grid"], "give --bbox W S E N and -o FILE.nc"),
        (["--lon", "1", "--lat", "41", "--json", "-o", "x.nc"], "--json goes to the screen"),
        (["--lon", "1.9", "--lat", "40.1"], r"no land pixel .* The nearest is --lon"),
        (["--lon", "1"], "give either --lon and --lat, or --bbox"),
        (["--lon", "-1", "--lat", "41", "--layers", "soil"], "no layer soil. There are: soil_moisture"),
        (["--lon", "-1", "--lat", "41", "--period", "2001D01", "2001D03"], "holds 2014D31–2015D12"),
        (["--bbox", "100", "0", "101", "1"], "no land pixel"),
        (["--lon", "-1", "--lat", "41", "-o", "x.txt"], r"ends in .csv or .nc"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(product, arguments, complaint):
    with pytest.raises(InputError, match=complaint):
        extract.main([*arguments, "--store", product.zarrs[1]])


def test_inspect_reports_what_each_file_holds(product, capsys):
    made = product.made.inputs
    files = [product.folder / "geotiff" / "RSSSM_2015D05.tif", product.netcdf[1], product.zarrs[0], product.years[1]]
    inspect.main([*map(str, files), made["skill"][0], made["maps"][0].replace("2015.json", "SIM-1_2015D05.tif")])
    text = capsys.readouterr().out
    for expected in (
        "Cloud-Optimized GeoTIFF 2015D05",
        "Year of the data set: 12 time",
        "Zarr cube",
        "Index of RSSSM 2015: 12 maps",
    ):
        assert expected in text
    assert "Held-out skill of a round" in text and "Map SIM-1 2015D05: 30 rows × 40 columns" in text
    (product.root / "x.nc").write_text("no")
    with pytest.raises(InputError, match="cannot be read as NetCDF"):
        inspect.main([str(product.root / "x.nc")])


def test_a_sheet_is_drawn_for_a_year(product, tmp_path, land):
    import matplotlib.image

    spec = QuicklookSpec(product.made.spec.area, None)
    quicklook("2015", product.netcdf[1:], [land], spec, [str(tmp_path / "a.png")])
    picture = matplotlib.image.imread(tmp_path / "a.png")
    assert picture.shape[0] > 400 and picture.shape[1] > 600
    assert len(np.unique((picture[..., :3] * 255).astype(np.uint8).reshape(-1, 3), axis=0)) > 200  # not an empty page
    quicklook("2015", product.netcdf[1:], [land], spec, [str(tmp_path / "b.png")])
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
