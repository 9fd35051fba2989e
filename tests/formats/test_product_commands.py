"""What people do with the data set: extract a series or a box, inspect a file, look at a year."""

import csv
import io

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from rssm.commands import extract, inspect
from rssm.errors import InputError
from rssm.product.quicklook import quicklook
from rssm.product.quicklook_spec import QuicklookSpec

pytestmark = pytest.mark.xdist_group("product_files")


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


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
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
