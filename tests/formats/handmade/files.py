"""The handmade files by name: whose each is, its true name, and what writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from handmade.grids import CATALOGUE, Expected
from handmade.hdf4 import ae_land, glass, land_cover, lst
from handmade.references import cci, era5_land, gldas, gleam, imerg
from handmade.soil_moisture import fengyun, jaxa, lprm, smap, smap_old, smos, swi
from handmade.surface import constants, freeze_thaw, geov2, koppen, topography, vegetation
from rssm.archive.listing import Found, list_files
from rssm.config.catalogue import Product


@dataclass(frozen=True)
class Made:
    """One hand-made file: whose it is, its true name, and what writes it."""

    product: str
    name: str
    write: Callable[[Path], Expected]

    def found(self, root: Path) -> tuple[Product, Found, Expected]:
        """Write it where the catalogue's pattern looks for it, and find it there."""
        product = CATALOGUE[self.product]
        for year in ("2008", "2009", "2010", "2011", "2012", "2015", "2016"):
            folder = root / product.files.replace("{year}", year).rsplit("/", 1)[0]
            folder.mkdir(parents=True, exist_ok=True)
            expected = self.write(folder / self.name)
            if files := list_files(root, product):
                return product, files[0], expected
            (folder / self.name).unlink()
        raise AssertionError(f"{self.name} does not match {product.files}")


FILES = {
    "smap": Made("SMAP_E", "SMAP_L3_SM_P_E_20150401_R18240_001.h5", smap),
    "smap_old": Made("SMAP_E", "SMAP_L3_SM_P_E_20150401_R12170_001.h5", smap_old),
    "swi": Made("ASCAT-SWI", "c_gls_SWI10_201504011200_GLOBE_ASCAT_V3.1.1.nc", swi),
    "smos": Made("SMOS-IC", "SM_RE06_MIR_CDF3SD_20150401T000000_20150401T235959_105_001_8.DBL.nc", smos),
    "jaxa": Made("AMSR2-JAXA", "GW1AM2_20150401_01D_EQMA_L3SGSMCHF3300300.h5", jaxa),
    "lprm_amsr2": Made(
        "AMSR2-LPRM-X",
        "LPRM-AMSR2_L3_A_SOILM3_V001_20150324183145.nc4",
        lprm("AMSR2-LPRM-X", "soil_moisture_x_error", ("Longitude", "Latitude"), "A"),
    ),
    "lprm_tmi": Made(
        "TMI-LPRM-X",
        "LPRM-TMI_L3_NT_SOILM3_V001-20120407T210538Z_20150324.nc",
        lprm("TMI-LPRM-X", "sm_x_error", ("Latitude", "Longitude"), "NT"),
    ),
    "fengyun": Made("FY-3B-NSMC", "FY3B_MWRIX_GBAL_L2_VSM_MLT_ESD_20150324_AOAD_025KM_MS.HDF", fengyun),
    "ae_land": Made("AMSR-E-NSIDC", "AMSR_E_L3_DailyLand_V06_20110401.hdf", ae_land),
    "geov2": Made("LAI-VGT", "c_gls_LAI_200907100000_GLOBE_VGT_V2.0.2.nc", geov2),
    "glass": Made("LAI-GLASS", "GLASS01B01.V04.A2008361.hdf", glass),
    "lst": Made("LST", "MYD11C3.A2015091.006.2015125012028.hdf", lst),
    "land_cover": Made("LANDCOVER", "MCD12C1.A2015001.006.2018053185652.hdf", land_cover),
    "vegetation": Made("NONTREE", "VCF5KYR_2010001_001_2018224205008.tif", vegetation),
    "koppen": Made("KOPPEN", "Beck_KG_V1_present_0p5.tif", koppen),
    "topography": Made("TOPOGRAPHY", "topo_wetland.nc", topography),
    "constants": Made("SAND", "SMAP_L4_SM_lmc_00000000T000000_Vv4030_001.h5", constants),
    "freeze_thaw": Made("FREEZE-THAW", "SSMI_37V_CO_FT_2012_day366.h5", freeze_thaw),
    "gldas": Made("GLDAS", "GLDAS_NOAH025_3H.A20160101.0300.021.nc4", gldas),
    "era5_land": Made("ERA5-LAND", "era5land_swvl1_201504.nc", era5_land),
    "cci": Made("CCI", "ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20100701000000-fv04.5.nc", cci),
    "gleam": Made("GLEAM-A", "SMsurf_2015_GLEAM_v3.3a.nc", gleam),
    "imerg": Made("IMERG", "3B-DAY.MS.MRG.3IMERG.20150401-S000000-E235959.V06.nc4", imerg),
}
