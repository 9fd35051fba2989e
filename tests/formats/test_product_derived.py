"""Months, climatology and anomalies, computed again from the files that they rest on."""

from datetime import date

import numpy as np
import xarray as xr
from made_product import make_year
from numpy.testing import assert_allclose, assert_array_equal

from rssm.product.derived import anomaly, climatology
from rssm.product.specs import ClimatologySpec


def test_a_month_is_the_mean_of_its_dekads_weighted_by_days(product):
    with xr.load_dataset(product.netcdf[1]) as data, xr.load_dataset(product.month) as months:
        february = data["soil_moisture"].values[3:6].astype(np.float64)
        days = np.array([10, 10, 8])[:, None, None] * np.isfinite(february)
        with np.errstate(invalid="ignore"):
            expected = np.nansum(february * days, axis=0) / days.sum(axis=0)
        assert_allclose(months["soil_moisture"].values[1], expected, atol=6e-5)
        assert_array_equal(months["days"].values[1], days.sum(axis=0))
        assert [str(edge)[:10] for edge in months["time_bnds"].values[1]] == ["2015-02-01", "2015-03-01"]
        assert months["period"].values.tolist() == ["2015-01", "2015-02", "2015-03", "2015-04"]


def test_anomalies_refer_to_the_mean_of_enough_years(tmp_path, land):
    steps = {year: range(year * 36 + 18, year * 36 + 20) for year in (2012, 2013, 2014, 2015)}
    paths = []
    for year, span in steps.items():
        made = make_year(tmp_path / str(year), span, land, chains=1)
        paths = [*paths, made.out[1]]
    climatology(paths[:3], ClimatologySpec(made.spec.layers, "0" * 16, None), [str(tmp_path / "c.nc")])
    anomaly("2015", paths[3:], [str(tmp_path / "c.nc")], made.files, [str(tmp_path / "a.nc")])
    values = np.stack([xr.load_dataset(path)["soil_moisture"].values for path in paths]).astype(np.float64)
    known = np.isfinite(values[:3]).all(axis=0)
    with xr.load_dataset(tmp_path / "c.nc", decode_times=False) as mean, xr.load_dataset(tmp_path / "a.nc") as found:
        assert_allclose(mean["soil_moisture"].values[known], values[:3].mean(axis=0)[known], atol=6e-5)
        assert_allclose(mean["standard_deviation"].values[known], values[:3].std(axis=0, ddof=1)[known], atol=6e-5)
        assert np.isnan(mean["soil_moisture"].values[~known]).all()  # fewer than three years
        assert mean["climatology_bnds"].values[0].tolist() == [
            (date(2012, 7, 1) - date(1970, 1, 1)).days,
            (date(2014, 7, 11) - date(1970, 1, 1)).days,
        ]
        expected = np.where(known, values[3] - values[:3].mean(axis=0), np.nan)
        assert_allclose(found["anomaly"].values, expected, atol=1.1e-4)
