"""Every real sample with the entry that reads it, a place, and how another library decodes it.

Shipped entries take part with the name that they give files; where none describes a sample, a small one stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from handmade.grids import CATALOGUE
from independent import (
    Decode,
    Decoded,
    Numbers,
    Raw,
    area_mean,
    by_centres,
    by_gdal,
    by_hdf,
    by_netcdf,
    by_scipy,
    holder,
    largest_class,
    nearest,
    points,
)

from rssm.config.catalogue import Product
from rssm.grid import Region

PLAIN: dict[str, Any] = {
    "title": "x", "sensor": "x", "algorithm": "x", "span": ("2000D01", None), "version": "1", "licence": "x", "cite": "x",
    "kind": "factor", "reader": "cf", "units": "1", "valid_range": (0, 1), "step": "day",
}  # fmt: skip
STATIC = {"step": "static", "maps": "static"}
EASE2, POLAR = "EPSG:6933", "EPSG:6931"
NO_VALUE = "every cell holds the fill"


@dataclass(frozen=True)
class Sample:
    """A file below `real/`, how it is read, and what it must give on the pixels of a region by a definition.

    empty   why no pixel has a value, if none has
    """

    path: str
    product: Product
    day: date
    region: Region
    decode: Decode
    definition: Callable[[Any, Region], Numbers]
    empty: str = ""

    def __str__(self) -> str:
        name, grid = self.path.rpartition("/")[2], self.product.native_grid or "grid of the file"
        return f"{name[:40]}, {', '.join(self.product.names('value')) or 'band 1'}, {grid}"

    def expected(self, decoded: Decoded) -> Numbers:
        return self.definition(decoded, self.region)


def shipped(name: str, folder: str, **changes: Any) -> Product:
    """A shipped entry, with its own name of files in the samples' folder."""
    own = CATALOGUE[name]
    files = f"{folder}/{own.files.rpartition('/')[2]}"
    return Product.model_validate(own.model_dump() | {"files": files} | changes)


def entry(files: str, value: str, **about: Any) -> Product:
    variables = {"value": value} if value else {}
    return Product.model_validate(PLAIN | {"id": "SAMPLE", "files": files, "variables": variables} | about)


def plain(name: str, low: float, high: float, scale: float = 1.0) -> Callable[[Raw], Numbers]:
    """Numbers of one variable, missing where a value lies outside low…high."""

    def value(raw: Raw) -> Numbers:
        return inside(raw(name), low, high, scale)

    return value


def inside(numbers: Numbers, low: float, high: float, scale: float = 1.0) -> Numbers:
    values = np.asarray(numbers, float) * scale
    return np.where((values >= low) & (values <= high), values, np.nan)


def picture(low: float, high: float, scale: float = 1.0) -> Callable[[Numbers], Numbers]:
    return lambda numbers: inside(numbers, low, high, scale)


def _cci(raw: Raw) -> Numbers:
    return np.where(raw("flag") == 0, inside(raw("sm"), 0, 1), np.nan)


def _first_layer(name: str) -> Callable[[Raw], Numbers]:
    return lambda raw: inside(raw(name)[0], -500, 9000)


def _mean_of_first_day(raw: Raw) -> Numbers:
    """Of 6-hourly numbers, packed."""
    values = raw("swvl1") * 1.145436283188871e-05 + 0.37204845818763604
    of_first = raw("time") // 24 == raw("time")[0] // 24
    numbers = inside(values[of_first], -1e-6, 1)  # the edge of a range forgives rounding
    return np.nansum(numbers, axis=0) / np.where((n := np.isfinite(numbers).sum(axis=0)) > 0, n, np.nan)


def _axis_with_gaps(name: str, over: int) -> Callable[[Raw], Numbers]:
    """Of a map of coordinates that hold -9999 beyond the swaths, one good number for each column or row."""

    def axis(raw: Raw) -> Numbers:
        numbers = raw(f"{SMAP_AM}/{name}").astype(float)
        return np.where(numbers == -9999, -np.inf, numbers).max(axis=over)

    return axis


def _tenths(name: str) -> Callable[[Raw], Numbers]:
    """An axis in tenths of a degree without the rounding of float32, which is a ten-thousandth of a cell."""
    return lambda raw: np.round(raw(name).astype(float), 1)


SMAP_AM, SMAP_L2 = "Soil_Moisture_Retrieval_Data_AM", "Soil_Moisture_Retrieval_Data"
FROZEN = "Freeze_Thaw_Retrieval_Data"
C3S: dict[str, Any] = {"variables": {"value": "sm"}, "keep": {}}
CLASS: dict[str, Any] = {"units": "class", "scale": {"value": 1}}
COPERNICUS: dict[str, Any] = {"units": "saturation", "multiply": 0.01, "fill": [241, 242, 251, 252, 253, 254, 255]}
GEOS = "geos/GEOS-CF.v01.rpl.aqc_tavg_1hr_g1440x721_v1.{date:%Y%m%d}_0030z.nc4"
NDVI: dict[str, Any] = {"reader": "hdf4", "scale": {"value": 1e4}, "multiply": 1e-8, "valid_range": (-0.2, 1)}
LST: dict[str, Any] = {"reader": "hdf4", "scale": {"value": 0.02}, "units": "K", "valid_range": (150, 360)}
HEIGHT: dict[str, Any] = {"units": "m", "valid_range": (-500, 9000), "options": {"layer": 0}}

SAMPLES = [
    Sample(
        "esa_cci_sm/ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20100701000000-fv04.5.nc",
        shipped("CCI", "esa_cci_sm"), date(2010, 7, 1), Region(20, 40, 10, 20), by_netcdf(_cci), holder,
    ),
    Sample(
        "c3s_sm/C3S-SOILMOISTURE-L3S-SSMV-COMBINED-DAILY-20140101000000-TCDR-v201801.0.0.nc",
        shipped("CCI", "c3s_sm", files="c3s_sm/C3S-*-DAILY-{date:%Y%m%d}000000-TCDR-{version}.nc", **C3S),
        date(2014, 1, 1), Region(0, 20, 10, 20), by_netcdf(plain("sm", 0, 1)), holder,
    ),
    Sample(
        "c3s_sm/C3S-SOILMOISTURE-L3S-SSMV-PASSIVE-DEKADAL-20170701000000-ICDR-v201706.0.0.nc",
        entry("c3s_sm/C3S-*-DEKADAL-{date:%Y%m%d}000000-ICDR-{version}.nc", "sm", units="m3 m-3", step="dekad"),
        date(2017, 7, 1), Region(-20, 0, 15, 20), by_netcdf(plain("sm", 0, 1)), holder,
    ),
    *(
        Sample(
            f"cgls/c_gls_{stem}.nc", entry(files, name, native_grid=native, **COPERNICUS), day, Region(42, 44, -1, 3),
            by_netcdf(lambda raw, name=name: inside(raw(name), 0, 200) / 200), area_mean, empty,
        )
        for native in (None, "latlon_1/112")  # cells begin on the degree; the named grid is centred on it
        for stem, files, name, day, empty in (
            ("SWI1km_201706011200_CEURO_SCATSAR_V1.0.1",
             "cgls/c_gls_SWI1km_{date:%Y%m%d}1200_CEURO_SCATSAR_{version}.nc", "SWI_005", date(2017, 6, 1), ""),
            ("SSM1km_201706020000_CEURO_S1CSAR_V1.1.1",
             "cgls/c_gls_SSM1km_{date:%Y%m%d}0000_CEURO_S1CSAR_{version}.nc", "ssm", date(2017, 6, 2), NO_VALUE),
        )
    ),
    Sample(
        "smos/SM_OPER_MIR_CLF31A_20150506T000000_20150506T235959_300_002_7.DBL.nc",
        entry("smos/SM_OPER_MIR_CLF31A_{date:%Y%m%d}T000000_{end:%Y%m%d}T235959_{version}.DBL.nc", "Soil_Moisture",
              native_grid="ease2_m25", units="m3 m-3"),
        date(2015, 5, 6), Region(35, 60, 5, 30),
        by_scipy(lambda raw: inside(np.where(raw("Soil_Moisture") == -32768, -1, raw("Soil_Moisture")), 0, 1,
                                    3.05185094759971e-05), "lon", "lat", EASE2), holder,
    ),
    Sample(
        "smap/SMAP_L2_SM_P_02801_A_20150811T013002_R18290_001.h5",
        entry("smap/SMAP_L2_SM_P_{orbit}_A_{date:%Y%m%d}T{time:%H%M%S}_{version}.h5", f"{SMAP_L2}/soil_moisture",
              reader="points", options={"reach": 25.0}, units="m3 m-3"),
        date(2015, 8, 11), Region(60, 70, -165, 20),
        points(plain(f"{SMAP_L2}/soil_moisture", 0, 1), 25.0, f"{SMAP_L2}/longitude", f"{SMAP_L2}/latitude"), nearest,
    ),
    Sample(
        "smap/SC_SPL3SMP_subsetted_with_maskfill_mf.nc4",
        entry("smap/SC_SPL3SMP_*.nc4", f"{SMAP_AM}/landcover_class_fraction", native_grid="ease2_m36",
              options={"layer": 0}, **STATIC),
        date.min, Region(45, 75, -120, 80),
        by_netcdf(lambda raw: inside(raw(f"{SMAP_AM}/landcover_class_fraction")[..., 0], 0, 1),
                  _axis_with_gaps("longitude", 0), _axis_with_gaps("latitude", 1), degrees=EASE2), holder,
    ),
    *(
        Sample(
            "smap/SPL3FTP_subsetted.nc4",
            entry("smap/SPL3FTP_subsetted.nc4", f"{FROZEN}_{side}/altitude_dem", **HEIGHT, **STATIC),
            date.min, region,
            by_netcdf(_first_layer(f"{FROZEN}_{side}/altitude_dem"), f"{FROZEN}_{side}/x", f"{FROZEN}_{side}/y", crs),
            definition,
        )
        for side, crs, region, definition in (
            ("Global", EASE2, Region(60, 80, -70, 60), holder),
            ("Polar", POLAR, Region(55, 80, -100, 60), by_centres),
        )
    ),
    Sample(
        "smap/SMAP_L4_SM_aup_dimension_list_input.h5",
        entry("smap/SMAP_L4_SM_aup_*.h5", "Analysis_Data/sm_rootzone_analysis", units="m3 m-3", **STATIC),
        date.min, Region(25, 38, 63, 6), by_netcdf(plain("Analysis_Data/sm_rootzone_analysis", 0, 1), "x", "y"),
        area_mean,
    ),
    Sample(
        "smap/SMAP_L3_FT_P_fill_uint_input.tif",
        entry("smap/SMAP_L3_FT_P_*.tif", "", reader="geotiff", fill=[254], scale={"value": 1}, **STATIC),
        date.min, Region(45, 75, -120, 60),
        by_gdal(picture(0, 1), "+proj=cea +lat_ts=30 +datum=WGS84"), holder,
    ),
    Sample(
        "gldas/GLDAS_NOAH025_3H.A20160101.0300.021.nc4", shipped("GLDAS", "gldas"), date(2016, 1, 1),
        Region(-30, 0, -70, 20), by_netcdf(plain("SoilMoi0_10cm_inst", 0, 1, 0.01)), holder,
    ),
    Sample(
        "gldas/GLDASp4_landmask_025d.nc4", entry("gldas/GLDASp4_landmask_025d.nc4", "GLDAS_mask", **STATIC), date.min,
        Region(-40, -10, 110, 50), by_netcdf(plain("GLDAS_mask", 0, 1)), holder,
    ),
    Sample(
        "era5/example_downloaded_raw.nc", entry("era5/example_downloaded_raw.nc", "swvl1", units="m3 m-3"),
        date(2010, 1, 1), Region(-60, 80, -20, 60), by_scipy(_mean_of_first_day, "longitude", "latitude"), holder,
    ),
    Sample(
        "era5/landmask_0.1_0.1.nc", entry("era5/landmask_0.1_0.1.nc", "land", **STATIC), date.min,
        Region(40, 50, -10, 20), by_netcdf(plain("land", 0, 1), _tenths("longitude"), _tenths("latitude")), area_mean,
    ),
    *(
        Sample(
            "geos/GEOS-CF.v01.rpl.aqc_tavg_1hr_g1440x721_v1.20180101_0030z.nc4",
            entry(GEOS, "O3_lev=72", native_grid=native, units="mol mol-1"), date(2018, 1, 1), Region(35, 37, -80, 3),
            by_netcdf(plain("O3_lev=72", 0, 1), "longitude", "latitude"), holder,
        )
        for native in (None, "latlon_0.25")
    ),
    Sample(
        "imerg/GPM_3IMERGHH_bounds.nc4",
        entry("imerg/GPM_3IMERGHH_bounds.nc4", "Grid/precipitationCal", units="mm day-1", multiply=24.0,
              valid_range=(0, 1e4)),
        date(2020, 1, 1), Region(30, 45, -30, 15),
        by_netcdf(lambda raw: inside(raw("Grid/precipitationCal").T, 0, 1e4, 24), "Grid/lon", "Grid/lat"), holder,
    ),
    Sample(
        "imerg/8836633_GIOVANNI-timeAvgMap.GPM_3IMERGHH_07_precipitation.20210829-20210829.110W_25N_78W_35N.tif",
        entry("imerg/*.{date:%Y%m%d}-{end:%Y%m%d}.{place}.tif", "", reader="geotiff", units="mm day-1", multiply=24.0,
              valid_range=(0, 1e4)),
        date(2021, 8, 29), Region(25, 35, -110, 32), by_gdal(picture(0, 1e4, 24)), holder,
    ),
    Sample(
        "koppen/Beck_KG_V1_future_0p5.tif", shipped("KOPPEN", "koppen"), date.min, Region(-20, 20, 10, 30),
        by_gdal(picture(1, 30)), holder,
    ),
    Sample(
        "koppen/koppen_subset.tif",
        entry("koppen/koppen_subset.tif", "", reader="geotiff", valid_range=(1, 30), **CLASS, **STATIC),
        date.min, Region(35, 37, -80, 2), by_gdal(picture(1, 30)), largest_class,
    ),
    Sample(
        "modis/MCD12C1.A2019001.006.2020220162300.tif",
        shipped("LANDCOVER", "modis", files="modis/MCD12C1.A{date:%Y%j}.{version}.tif", reader="geotiff", variables={}),
        date(2019, 1, 1), Region(0, 10, 10, 10), by_gdal(picture(0, 17)), largest_class,
    ),
    *(
        Sample(
            "modis/MOD11A1.A2021227.h11v05.061.2021228105320.hdf",
            entry("modis/MOD11A1.A{date:%Y%j}.h11v05.061.{version}.hdf", f"LST_{half}_1km", **LST), date(2021, 8, 15),
            Region(32, 36, -82, 6),
            by_hdf(f"LST_{half}_1km", picture(150, 360, 0.02), -7783653.638366, 4447802.079066), by_centres,
        )
        for half in ("Day", "Night")
    ),
    Sample(
        "modis/MOD13A2.A2021225.h11v06.061.2021320163717.hdf",
        entry("modis/MOD13A2.A{date:%Y%j}.h11v06.061.{version}.hdf", "1 km 16 days NDVI", **NDVI), date(2021, 8, 13),
        Region(20, 30, -75, 12),
        by_hdf("1 km 16 days NDVI", picture(-0.2, 1, 1e-4), -7783653.637667, 3335851.559), by_centres,
    ),
    Sample(
        "ascat/topo_wetland.nc", shipped("TOPOGRAPHY", "ascat"), date.min, Region(28, 31, 82, 4),
        points(lambda raw: inside(raw("topo"), 0, 100) / 100, 12.5), nearest,
    ),
    Sample(
        "grids/ease36land.nc",
        entry("grids/ease36land.nc", "gpi", reader="points", options={"reach": 25.0}, valid_range=(0, 1e6),
              scale={"value": 1}, **STATIC),
        date.min, Region(40, 45, 0, 8), points(plain("gpi", 0, 1e6), 25.0), nearest,
    ),
    Sample(
        "grids/Grid_Point_Mask_USGS.nc",
        entry("grids/Grid_Point_Mask_USGS.nc", "USGS_Land_Flag", native_grid="ease2_m25", scale={"value": 1}, **STATIC),
        date.min, Region(35, 60, 5, 30), by_netcdf(plain("USGS_Land_Flag", 0, 1), degrees=EASE2), holder,
    ),
    Sample(
        "grids/NSIDC0772_LatLon_EASE2_M36km_v1.0.nc",
        entry("grids/NSIDC0772_*.nc", "latitude", units="degrees", valid_range=(-90, 90), **STATIC), date.min,
        Region(-40, 0, 110, 40), by_netcdf(plain("latitude", -90, 90), "x", "y", EASE2), holder,
    ),
]  # fmt: skip
