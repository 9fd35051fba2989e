"""Patterns of file names, listings, versions and the inventory, on folders of empty files."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rssm.archive.inventory import coverage, inventory, table
from rssm.archive.listing import ALWAYS, digest, list_files, overpass_of, resolve_duplicates
from rssm.archive.patterns import compile_pattern
from rssm.calendar import DEKADS
from rssm.config.catalogue import Product, load_catalogue
from rssm.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = load_catalogue(ROOT / "config" / "products.yaml")


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


# True names, as the agencies publish them: product, year, name, first and last day, what distinguishes it, version.
NAMES = [
    ("SMAP_E", "SMAP_L3_SM_P_E_20150401_R18240_001.h5", "2015-04-01", "2015-04-01", "", "R18240_001"),
    ("ASCAT-SWI", "c_gls_SWI10_201504211200_GLOBE_ASCAT_V3.1.1.nc", "2015-04-21", "2015-04-30", "", "V3.1.1"),
    (
        "SMOS-IC",
        "SM_RE06_MIR_CDF3SA_20150401T000000_20150401T235959_105_001_8.DBL.nc",
        "2015-04-01",
        "2015-04-01",
        "A",
        "_105_001_8",
    ),
    ("AMSR2-JAXA", "GW1AM2_20150401_01D_EQMD_L3SGSMCHF3300300.h5", "2015-04-01", "2015-04-01", "D", "3300300"),
    ("AMSR2-LPRM-X", "LPRM-AMSR2_L3_A_SOILM3_V001_20150401212531.nc4", "2015-04-01", "2015-04-01", "A", "V001"),
    (
        "TMI-LPRM-X",
        "LPRM-TMI_L3_NT_SOILM3_V001-20120407T210538Z_20150324.nc",
        "2015-03-24",
        "2015-03-24",
        "NT",
        "20120407T210538Z",
    ),
    ("FY-3B-NSMC", "FY3B_MWRIX_GBAL_L2_VSM_MLT_ESD_20150401_AOAD_025KM_MS.HDF", "2015-04-01", "2015-04-01", "", ""),
    ("AMSR-E-LPRM-X", "LPRM-AMSR_E_L3_D_SOILM3_V002_20110401020304.nc", "2011-04-01", "2011-04-01", "D", "V002"),
    ("AMSR-E-NSIDC", "AMSR_E_L3_DailyLand_V06_20110401.hdf", "2011-04-01", "2011-04-01", "", "V06"),
    ("LAI-VGT", "c_gls_LAI_200907100000_GLOBE_VGT_V2.0.2.nc", "2009-07-01", "2009-07-10", "", "V2.0.2"),
    ("LAI-PROBAV", "c_gls_LAI-RT6_201507100000_GLOBE_PROBAV_V2.0.2.nc", "2015-07-01", "2015-07-10", "", "V2.0.2"),
    ("LAI-GLASS", "GLASS01B01.V04.A2008361.hdf", "2008-12-26", "2008-12-31", "", "V04"),
    ("LST", "MYD11C3.A2015091.006.2015125012028.hdf", "2015-04-01", "2015-04-30", "MYD", "006.2015125012028"),
    ("LANDCOVER", "MCD12C1.A2015001.006.2018053185652.hdf", "2015-01-01", "2015-12-31", "", "006.2018053185652"),
    ("FREEZE-THAW", "SSMI_37V_CO_FT_2012_day366.h5", "2012-12-31", "2012-12-31", "", ""),
    ("GLDAS", "GLDAS_NOAH025_3H.A20160101.0300.021.nc4", "2016-01-01", "2016-01-01", "", "021"),
    (
        "CCI",
        "ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20100701000000-fv04.5.nc",
        "2010-07-01",
        "2010-07-01",
        "",
        "v04.5",
    ),
    ("ERA5-LAND", "era5land_swvl1_201504.nc", "2015-04-01", "2015-04-30", "", ""),
]


@pytest.mark.parametrize(("name", "file", "start", "end", "overpass", "version"), NAMES, ids=[n[0] for n in NAMES])
def test_true_names_are_found_and_understood(
    tmp_path: Path, name: str, file: str, start: str, end: str, overpass: str, version: str
) -> None:
    product, year = CATALOGUE[name], int(start[:4])
    folder = tmp_path / product.files.replace("{year}", str(year)).rsplit("/", 1)[0]
    touch(folder, file, "readme.txt", file + ".tmp")
    for asked in (year, None):
        (found,) = list_files(tmp_path, product, asked)
        assert found.path.name == found.name == file
        assert (found.start, found.end) == (date.fromisoformat(start), date.fromisoformat(end))
        assert overpass_of(product, found) == overpass
        assert found.fields.get("version", "").strip("_") == version.strip("_")
    assert list_files(tmp_path, product, year + 1) == []


def test_yearly_files_shared_by_two_products_and_static_files_need_no_year_folder(tmp_path: Path) -> None:
    touch(tmp_path, "VCF5KYR/VCF5KYR_2010001_001_2018224205008.tif")
    touch(tmp_path, "SMAP-CONSTANTS/SMAP_L4_SM_lmc_00000000T000000_Vv4030_001.h5")
    for name in ("TREE", "NONTREE"):
        (found,) = list_files(tmp_path, CATALOGUE[name], 2010)
        assert (found.start, found.end) == (date(2010, 1, 1), date(2010, 12, 31))
    for name in ("SAND", "CLAY", "POROSITY"):
        (found,) = list_files(tmp_path, CATALOGUE[name], 2010)
        assert (found.start, found.end) == ALWAYS


def product_with(**changes: object) -> Product:
    return Product.model_validate(CATALOGUE["SMAP_E"].model_dump() | changes)


def test_a_folder_a_day_as_the_agency_keeps_it(tmp_path: Path) -> None:
    product = product_with(files="SPL3SMP_E.005/{date:%Y.%m.%d}/SMAP_L3_SM_P_E_{date:%Y%m%d}_{version}.h5")
    touch(tmp_path, *(f"SPL3SMP_E.005/2015.04.{d:02d}/SMAP_L3_SM_P_E_201504{d:02d}_R18_001.h5" for d in (1, 2, 30)))
    touch(tmp_path, "SPL3SMP_E.005/2016.04.01/SMAP_L3_SM_P_E_20160401_R18_001.h5")
    assert [found.start.day for found in list_files(tmp_path, product, 2015)] == [1, 2, 30]


def test_a_stamp_after_the_dekad_counts_for_the_dekad_before(tmp_path: Path) -> None:
    touch(tmp_path, "ASCAT-SWI/2015/c_gls_SWI10_201503011200_GLOBE_ASCAT_V3.1.1.nc")
    product = CATALOGUE["ASCAT-SWI"].model_copy(update={"stamp": "after"})
    (found,) = list_files(tmp_path, product, 2015)
    assert (found.start, found.end) == (date(2015, 2, 21), date(2015, 2, 28))


def test_impossible_dates_and_other_products_are_not_listed(tmp_path: Path) -> None:
    touch(
        tmp_path,
        "SMAP_E/2015/SMAP_L3_SM_P_E_20150230_R18240_001.h5",
        "SMAP_E/2015/SMAP_L3_SM_P_20150401_R18240_001.h5",
        "SMAP_E/2015/SMAP_L3_SM_P_E_20140401_R18240_001.h5",  # of another year than its folder
    )
    assert list_files(tmp_path, CATALOGUE["SMAP_E"], 2015) == []
    assert list_files(tmp_path / "nowhere", CATALOGUE["SMAP_E"], 2015) == []


def test_what_a_killed_job_or_a_download_left_is_no_file_of_a_product(tmp_path: Path) -> None:
    product = CATALOGUE["SMAP_E"].model_copy(update={"files": "*/{date:%Y%m%d}*.h5"})
    touch(tmp_path, "2015/20150401.h5", "2015/.20150402.123.part.h5", ".2015.d4e5/20150403.h5")
    assert [found.name for found in list_files(tmp_path, product, 2015)] == ["20150401.h5"]
    product = product.model_copy(update={"files": "2015/*{date:%Y%m%d}*.h5"})
    assert [found.name for found in list_files(tmp_path, product, 2015)] == ["20150401.h5"]
    product = product.model_copy(update={"files": "2015/.{date:%Y%m%d}*.h5"})  # asked for by name
    assert [found.name for found in list_files(tmp_path, product, 2015)] == [".20150402.123.part.h5"]


def test_the_newest_version_of_a_day_is_kept_and_v10_is_newer_than_v9(tmp_path: Path) -> None:
    folder = tmp_path / "SMAP_E/2015"
    touch(folder, *(f"SMAP_L3_SM_P_E_20150401_{v}_001.h5" for v in ("R9999", "R16510", "R18240")))
    touch(folder, "SMAP_L3_SM_P_E_20150402_R16510_001.h5")
    kept, dropped = resolve_duplicates(CATALOGUE["SMAP_E"], list_files(tmp_path, CATALOGUE["SMAP_E"], 2015))
    assert [found.fields["version"] for found in kept] == ["R18240_001", "R16510_001"]
    assert [found.fields["version"] for found in dropped] == ["R16510_001", "R9999_001"]


def test_orbits_satellites_and_hours_are_no_duplicates(tmp_path: Path) -> None:
    touch(
        tmp_path / "TMI-LPRM-X/2015",
        *(f"LPRM-TMI_L3_{o}_SOILM3_V001-20120407T210538Z_20150301.nc" for o in ("DY", "NT")),
    )
    touch(tmp_path / "LST/2015", *(f"{s}11C3.A2015091.006.2015125012028.hdf" for s in ("MOD", "MYD")))
    touch(tmp_path / "GLDAS/2015", *(f"GLDAS_NOAH025_3H.A20150101.{h:02d}00.021.nc4" for h in range(0, 24, 3)))
    for name, count in (("TMI-LPRM-X", 2), ("LST", 2), ("GLDAS", 8)):
        kept, dropped = resolve_duplicates(CATALOGUE[name], list_files(tmp_path, CATALOGUE[name], 2015))
        assert (len(kept), dropped) == (count, [])


def test_the_digest_sees_every_change_of_name_size_and_time(tmp_path: Path) -> None:
    product, folder = CATALOGUE["SMAP_E"], tmp_path / "SMAP_E/2015"
    names = [f"SMAP_L3_SM_P_E_201504{day:02d}_R18240_001.h5" for day in (1, 2, 3)]
    touch(folder, *names)
    seen = {digest(list_files(tmp_path, product, 2015))}
    assert digest(list_files(tmp_path, product, 2015)) in seen
    (folder / names[0]).write_bytes(b"x")
    seen.add(digest(list_files(tmp_path, product, 2015)))

    os.utime(folder / names[1], ns=(1, 1))
    seen.add(digest(list_files(tmp_path, product, 2015)))
    (folder / names[2]).unlink()
    seen.add(digest(list_files(tmp_path, product, 2015)))
    assert len(seen) == 4


@pytest.mark.parametrize("pattern", ["{date:%Q}.nc", "{date", "a}b"])
def test_a_wrong_pattern_is_reported(pattern: str) -> None:
    with pytest.raises(InputError, match="pattern"):
        compile_pattern(pattern)


@given(st.dates(date(1979, 1, 1), date(2030, 12, 31)), st.sampled_from(["%Y%m%d", "%Y%j", "%Y.%m.%d", "%Y_day%j"]))
def test_any_date_written_in_a_name_is_read_back(day: date, form: str) -> None:
    pattern = compile_pattern("x*_{date:" + form + "}_{version}.nc")
    (level,) = pattern.levels
    assert not isinstance(level, str)
    match = level.match(f"xAB_{day.strftime(form)}_V1.nc")
    assert match and match["date"] == day.strftime(form) and match["version"] == "V1"


def test_coverage_is_the_share_of_days_and_overpasses(tmp_path: Path) -> None:
    folder = tmp_path / "AMSR2-LPRM-X/2015"
    touch(folder, *(f"LPRM-AMSR2_L3_A_SOILM3_V001_201504{day:02d}.nc4" for day in range(1, 11)))
    touch(folder, *(f"LPRM-AMSR2_L3_D_SOILM3_V001_201504{day:02d}.nc4" for day in range(1, 6)))
    product, dekads = CATALOGUE["AMSR2-LPRM-X"], DEKADS.span("2015D10", "2015D11")
    shares = coverage(product, list_files(tmp_path, product), dekads, DEKADS)
    assert list(shares.values()) == [0.75, 0.0]


def test_a_monthly_product_covers_its_three_dekads_only_with_both_satellites(tmp_path: Path) -> None:
    touch(
        tmp_path / "LST/2015", "MOD11C3.A2015091.006.1.hdf", "MOD11C3.A2015121.006.1.hdf", "MYD11C3.A2015121.006.1.hdf"
    )
    shares = coverage(
        CATALOGUE["LST"], list_files(tmp_path, CATALOGUE["LST"]), DEKADS.span("2015D10", "2015D16"), DEKADS
    )
    assert list(shares.values()) == [0.5] * 3 + [1.0] * 3 + [0.0]


def test_inventory_counts_dekads_within_the_span_and_older_versions(tmp_path: Path) -> None:
    folder = tmp_path / "SMAP_E/2015"
    touch(folder, *(f"SMAP_L3_SM_P_E_201504{day:02d}_R18240_001.h5" for day in range(1, 16)))
    touch(folder, "SMAP_L3_SM_P_E_20150401_R16510_001.h5")
    rows = inventory(
        tmp_path,
        {name: CATALOGUE[name] for name in ("SMAP_E", "FY-3B-NSMC")},
        lambda product: DEKADS.span("2014D30", "2015D12"),
        DEKADS,
    )
    assert [(r.product, r.year, r.complete, r.partial, r.missing, r.files, r.duplicates) for r in rows] == [
        ("SMAP_E", 2015, 1, 1, 1, 15, 1),  # 10, 5 and 0 days; the span begins with 2015D10
        ("FY-3B-NSMC", 2014, 0, 0, 7, 0, 0),
        ("FY-3B-NSMC", 2015, 0, 0, 9, 0, 0),  # the span ends with 2015D09
    ]
    assert [row.state for row in rows] == ["partial", "missing", "missing"]
    text = table(rows)
    assert "1 older versions left out" in text and "SMAP_E" in text and "▒" in text

    assert table([]) == "No product of the catalogue falls into this period."


def test_a_file_of_all_years_counts_in_each_and_once_in_the_table(tmp_path: Path) -> None:
    touch(tmp_path, "ASCAT-CONSTANTS/constants.nc")
    rows = inventory(
        tmp_path, {"TOPOGRAPHY": CATALOGUE["TOPOGRAPHY"]}, lambda _: DEKADS.span("2014D01", "2016D36"), DEKADS
    )
    assert [(row.year, row.files, row.new) for row in rows] == [(2014, 1, 1), (2015, 1, 0), (2016, 1, 0)]
    assert table(rows).splitlines()[2].split() == ["TOPOGRAPHY", "███", "108", "0", "0", "1"]
