"""The shipped catalogue, and what a catalogue may not say."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from rssm.archive.patterns import compile_pattern
from rssm.archive.readers.dispatch import READERS
from rssm.calendar import DEKADS
from rssm.config.catalogue import Product, load_catalogue
from rssm.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "config" / "products.yaml"
CATALOGUE = load_catalogue(SHIPPED)

PREDICTORS = {
    "ASCAT-SWI": ("2007D01", None),
    "SMOS-IC": ("2010D16", None),
    "AMSR2-JAXA": ("2012D19", None),
    "AMSR2-LPRM-X": ("2012D19", None),
    "TMI-LPRM-X": ("1997D34", "2015D09"),
    "FY-3B-NSMC": ("2011D20", "2015D09"),
    "WindSat-LPRM-X": ("2003D04", "2012D21"),
    "AMSR-E-JAXA": ("2002D17", "2011D27"),
    "AMSR-E-LPRM-X": ("2002D17", "2011D27"),
    "AMSR-E-NSIDC": ("2002D17", "2011D27"),
}


def test_the_shipped_catalogue_holds_the_target_ten_predictors_and_their_windows() -> None:
    found = {name: product.span for name, product in CATALOGUE.items() if product.kind == "soil_moisture"}
    assert found == {"SMAP_E": ("2015D10", None), **PREDICTORS}


def test_the_shipped_catalogue_holds_factors_masks_and_references() -> None:
    kinds = {kind: {n for n, p in CATALOGUE.items() if p.kind == kind} for kind in ("factor", "mask", "reference")}
    lai = {"LAI-VGT", "LAI-PROBAV", "LAI-GLASS"}
    assert kinds["factor"] - lai == {"WATER", "LST", "LANDCOVER", "TREE", "NONTREE", "TOPOGRAPHY", "SAND", "CLAY"}
    assert kinds["factor"] >= lai
    assert kinds["mask"] == {"POROSITY", "RAINFOREST", "SNOW", "FREEZE-THAW"}
    assert kinds["reference"] == {"GLDAS", "ERA5-LAND", "CCI", "GLEAM-A", "GLEAM-B", "KOPPEN", "IMERG"}
    assert CATALOGUE["ISMN"].kind == "station" and CATALOGUE["ISMN"].reader is None


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_entry_says_where_it_comes_from_and_can_be_listed(name: str) -> None:
    product = CATALOGUE[name]
    assert product.id == name
    compile_pattern(product.files, 2015)
    assert product.title and product.licence and product.cite and product.version
    assert product.doi is None or product.doi.startswith("10.")
    assert DEKADS.parse(product.span[0]) > 0
    if product.kind == "soil_moisture":
        assert product.valid_range == (0.0, 1.0) and product.error.constant > 0


def test_readers_are_modules_with_a_read_function() -> None:
    for module in READERS.values():
        assert callable(import_module(module).read)


def test_planning_needs_nothing_heavy() -> None:
    """The Snakefile reads the catalogue and lists files whenever it plans."""
    code = (
        "import sys; from rssm.config.catalogue import load_catalogue; import rssm.archive.listing, rssm.archive.inventory;"
        f"load_catalogue({str(SHIPPED)!r});"
        "heavy = {'numpy', 'h5py', 'netCDF4', 'pyhdf', 'rasterio', 'pyproj', 'pandas', 'xarray'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def entry(**changes: Any) -> dict[str, Any]:
    """SMAP_E as it is written, changed."""
    written: dict[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["SMAP_E"]
    return {key: value for key, value in {**written, **changes}.items() if value is not ...}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"span": ["2018D36", "2015D10"]}, "2015D10 lies before 2018D36"),
        ({"span": ["2015D37", None]}, "is no time"),
        ({"span": ["2015-05", "2015D12"]}, "2015D12 lies before 2015-05"),
        ({"maps": "3day"}, "maps_in: maps of 3day steps would be too many files; set maps_in to year"),
        ({"maps": "year", "maps_in": "year"}, "there is one map for each year"),
        ({"maps": "day", "maps_in": "year", "outside_span": "nearest_year"}, "nearest_year needs maps of dekads"),
        ({"reader": "netcdf"}, "reader"),
        ({"native_grid": "ease3"}, "native_grid"),
        ({"native_grid": None}, "a product with the reader smap needs one"),
        ({"variables": {"quality": "x_{overpass}"}}, "'value' is missing"),
        ({"keep": {"flag": {"without": [1]}}}, "no variable has the role 'flag'"),
        ({"keep": {"quality": {"without": [3]}}}, "not single bits"),
        (
            {"keep": {"quality": {"without": [1], "unless": {"flag": {"having": [8]}}}}},
            "no variable has the role 'flag'",
        ),
        ({"keep": {"quality": [{"without": [1]}, {}]}}, "needs one of without"),
        ({"keep": {"quality": {}}}, "needs one of without"),
        ({"keep": {"quality": {"wihtout": [1]}}}, "wihtout"),
        ({"valid_range": [1, 0]}, "is not below"),
        ({"files": "/data/{date:%Y%m%d}.h5"}, "archive's root"),
        ({"files": "SMAP_E/*.h5"}, "needs {year} or {date"),
        ({"options": {"overpasses": ["AM"], "west": 0}}, "does not know west"),
        ({"options": {}}, "options.overpasses"),
        ({"units": "percent"}, "soil moisture is in"),
        ({"maps": "static"}, "static products"),
        ({"colour": "blue"}, "colour"),
        ({"title": ...}, "title"),
    ],
)
def test_mistakes_are_reported_with_file_place_and_what_was_found(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    path = tmp_path / "products.yaml"
    path.write_text(yaml.safe_dump({"SMAP_E": entry(**changes)}))
    with pytest.raises(InputError) as caught:
        load_catalogue(path)
    assert said in str(caught.value) and "products.yaml: SMAP_E" in str(caught.value)


def test_a_file_that_says_its_days_inside_needs_no_date_in_its_name() -> None:
    fields = load_catalogue(SHIPPED)["GLEAM-A"].model_dump()
    for reader in ("cf", "grib", "points"):
        assert Product.model_validate(fields | {"reader": reader, "files": "GLEAM/SMsurf.nc"}).reader == reader
    with pytest.raises(ValueError, match=r"needs \{year\} or \{date"):
        Product.model_validate(fields | {"reader": "hdf5", "files": "GLEAM/SMsurf.nc"})


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "products.yaml"
    path.write_text(yaml.safe_dump({"A": entry(span=["x", None]), "B": entry(title=...)}))
    with pytest.raises(InputError) as caught:
        load_catalogue(path)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["[]", "a: [", "SMAP_E: 3"])
def test_what_is_no_catalogue_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "products.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"products\.yaml"):
        load_catalogue(path)
    with pytest.raises(InputError, match="nowhere"):
        load_catalogue(tmp_path / "nowhere.yaml")


def test_changes_are_laid_over_the_catalogue(tmp_path: Path) -> None:
    changed = load_catalogue(SHIPPED, {"SMAP_E": {"span": ["2016D01", None]}})
    assert changed["SMAP_E"].span == ("2016D01", None) and changed["SMAP_E"].title == CATALOGUE["SMAP_E"].title
    with pytest.raises(InputError, match="NEW"):
        load_catalogue(SHIPPED, {"NEW": {"title": "x"}})


def test_a_strict_test_takes_the_place_of_the_usual_one_on_the_same_role() -> None:
    product = CATALOGUE["SMAP_E"]
    usual, strict = (
        [(role, test.without) for role, test in product.rule(strict) if role == "quality"] for strict in (False, True)
    )
    assert usual == [("quality", [4])] and strict == [("quality", [1])]
    surface = [test for role, test in product.rule() if role == "surface"]
    assert surface == [test for role, test in product.rule(strict=True) if role == "surface"] and len(surface) == 2


def test_a_product_survives_being_written_and_read() -> None:
    for product in CATALOGUE.values():
        assert Product.model_validate(product.model_dump()) == product
        assert Product.model_validate_json(product.model_dump_json()) == product
