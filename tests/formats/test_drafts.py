"""Drafts of catalogue entries: from real files alone they give the values of an independent decode, or of the shipped entry.

What the user of a draft settles is taken from the entry that it is compared with: which flags screen, and what can be.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from independent import Lattice
from numpy.testing import assert_allclose, assert_array_equal
from sample_table import SAMPLES, Sample
from test_real_cells import ENTRIES, FILES, entry
from test_real_samples import around, places

from rssm.archive.draft.entry import Draft, draft
from rssm.archive.draft.names import pattern_of
from rssm.archive.draft.text import draft_text, marks
from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import NATIVE_GRIDS
from rssm.archive.listing import Found, list_files
from rssm.archive.readers.collection import PointFile
from rssm.archive.readers.dispatch import read, read_points
from rssm.cli import main
from rssm.config.catalogue import Product, load_catalogue

ROOT = Path(__file__).resolve().parents[2]
GLOBE = NATIVE_GRIDS["latlon_0.1"], Box(slice(0, 1800), slice(0, 3600))


def settled(made: Draft, like: Product, **more: Any) -> Product:
    """A draft with the quality rule, and where the unit is the same the range, of another entry."""
    variables = made.product.variables | {role: name for role, name in like.variables.items() if role in like.tested()}
    same = made.product.multiply == pytest.approx(like.multiply)
    changes: dict[str, Any] = {"keep": like.keep, "variables": variables} | (
        {"valid_range": like.valid_range} if same else {}
    )
    return Product.model_validate(made.product.model_dump() | changes | more)


def found_in(root: Path, path: Path, product: Product, year: int | None) -> Found:
    """A file as the pattern of a draft finds it."""
    (found,) = [file for file in list_files(root, product, year) if file.path == path]
    return found


def drafted(real: Path, sample: Sample) -> Draft:
    return draft([real / sample.path], real, variable=next(iter(sample.product.names("value")), ""))


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.product.reader != "points"], ids=str)
def test_a_draft_reads_what_an_independent_decode_finds(real: Path, sample: Sample) -> None:
    product, like = settled(drafted(real, sample), sample.product), sample.product
    lattice = sample.decode(real / sample.path)
    assert isinstance(lattice, Lattice)
    boxes: list[Box] = []

    def where(grid: NativeGrid) -> Box:
        boxes.append(around(grid, lattice))
        return boxes[-1]

    static = like.step == "static"
    found = found_in(real, real / sample.path, product, None if static else sample.day.year)
    field = read(product, found, where, *(() if static else (sample.day, sample.day)))[0]
    rows, columns = places(field.grid, field.box, lattice)
    values = field.values[np.ix_(rows, columns)] * np.float32(like.multiply / product.multiply)
    there = np.isfinite(lattice.values)
    assert there.any() != bool(sample.empty)
    assert_allclose(values[there], lattice.values[there], rtol=1e-5, atol=1e-7)
    if product.valid_range == like.valid_range:
        assert_array_equal(np.isfinite(values), there)


def held(product: Product, found: Found) -> PointFile:
    return read_points(product, found, date.min, date.max, False, GLOBE)


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.product.reader == "points"], ids=str)
def test_drafts_of_points_give_what_their_entries_give(real: Path, sample: Sample) -> None:
    product, like, path = settled(drafted(real, sample), sample.product), sample.product, real / sample.path
    year = None if like.step == "static" else sample.day.year
    ours, theirs = held(product, found_in(real, path, product, year)), held(like, found_in(real, path, like, year))
    assert product.reader == "points" and theirs.value.size > 1000
    assert_array_equal(ours.point, theirs.point)
    assert_allclose(ours.value / product.multiply, theirs.value / like.multiply, rtol=1e-6)


@pytest.mark.parametrize("file", FILES)
def test_drafts_of_cells_give_what_their_entries_give(real: Path, file: str) -> None:
    name, path = file.partition("/")[0], real / "cells" / f"{file}.nc"
    made, like = draft([path], real), entry(name)
    product = settled(made, like)
    assert product.files == f"cells/{name}/{{cell}}.nc"
    assert product.names("value") == like.names("value") and product.units == like.units
    found = found_in(real, path, product, 2017)
    ours, theirs = held(product, found), held(like, found)
    assert_array_equal(ours.day_there, theirs.day_there)
    assert_array_equal(ours.value, theirs.value)
    assert theirs.value.size > 500
    assert set(made.product.variables) > {"value"} or name == "ERA5_LAND"
    assert ENTRIES[name].keys() - {"native_grid", "keep", "scale", "variables", "multiply", "units"} == set()


def test_cells_of_one_folder_are_one_pattern_and_their_reach_follows_from_their_distance(real: Path) -> None:
    made = draft(sorted((real / "cells/SMOS_105_ASC").glob("*.nc")), real, "MINE")
    assert made.product.id == "MINE" and made.product.files == "cells/SMOS_105_ASC/{cell}.nc"
    assert 14 < made.product.options.reach < 19  # half the diagonal of 25 km is 17.7
    assert len([note for note in made.notes["reader"] if note.startswith("Read: ")]) == 2


SINGLE_CHANNEL = "Soil_Moisture_Retrieval_Data_AM/soil_moisture_scav"  # the default of a file is another algorithm


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("SMAP_E", SINGLE_CHANNEL),
        *((name, "") for name in ("ASCAT-SWI", "SMOS-IC", "AMSR2-LPRM-X", "TMI-LPRM-X", "FY-3B-NSMC")),
    ],
)
def test_drafts_of_whole_products_give_what_the_shipped_entries_give(toy: Any, name: str, variable: str) -> None:
    toy.manifest(name)
    first = toy.file(name)
    paths = sorted(first.parent.iterdir())[:6]
    like = toy.catalogue[name]
    product = settled(
        draft(paths, toy.root, variable=variable), like, step=like.step
    )  # the toy has a day of every dekad
    listed = {file.path: file for file in list_files(toy.root, product)}
    assert set(paths) <= listed.keys() and product.reader == like.reader
    assert product.kind == like.kind and (product.units == like.units or like.kind == "factor")
    some = 0
    for theirs in [file for file in list_files(toy.root, like) if file.path in paths]:
        ours = listed[theirs.path]
        assert (ours.start, ours.end) == (theirs.start, theirs.end)

        def where(grid: NativeGrid) -> Box:
            return Box(slice(0, grid.rows), slice(0, grid.columns))

        for a, b in zip(read(product, ours, where), read(like, theirs, where), strict=True):
            assert (a.start, a.cells.numbers.size) == (b.start, b.cells.numbers.size)
            assert_allclose(np.sort(a.cells.numbers), np.sort(b.cells.numbers), rtol=1e-6)
            some += a.cells.numbers.size
    assert some > 10


def test_the_text_is_a_catalogue_that_marks_what_is_guessed_and_what_is_open(
    real: Path, tmp_path: Path, capsys: Any
) -> None:
    (file,) = (real / "cgls").glob("*SWI1km*")
    assert main(["add-product", str(file), "--root", str(real), "--id", "SWI1KM"]) == 0
    text, told = capsys.readouterr()
    (tmp_path / "own.yaml").write_text(text)
    product = load_catalogue(tmp_path / "own.yaml")["SWI1KM"]
    assert product == draft([file], real, "SWI1KM").product
    assert product.fill == [241, 242, 251, 252, 253, 254] and product.units == "saturation" and product.multiply == 0.01
    lines = text.splitlines()
    assert lines[lines.index("  units: saturation") - 1].startswith("  # GUESS: of saturation, by the names")
    assert "  #   SSF: {one_of: [0]} # 0 Unknown, 1 Unfrozen, 2 Frozen, 3 Melting_or_Surface_Water" in text
    assert f"  # OPEN: counted from {real}; set inputs.root to it" in text
    count = marks(text)
    assert count["GUESS"] > 3 and count["OPEN"] > 3
    assert f"{count['GUESS']} guesses and {count['OPEN']} open questions" in told
    assert all(isinstance(value, dict) for value in yaml.safe_load(text).values())


def test_a_draft_in_a_catalogue_is_found_and_drawn_at_once(
    real: Path, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    (file,) = (real / "cgls").glob("*SWI1km*")
    assert main(["add-product", str(file), "--root", str(real), "--id", "SWI1KM"]) == 0
    shipped = (ROOT / "config/products.yaml").read_text()
    (tmp_path / "own.yaml").write_text(f"{shipped}\n{capsys.readouterr().out}")
    region = {"south": 41, "north": 45, "west": -1, "east": 3}
    settings = {
        "region": region,
        "tables": {"products": "own.yaml"},
        "inputs": {"root": str(real), "on_empty": "report"},
    }
    (tmp_path / "my.yaml").write_text(yaml.safe_dump(settings))
    assert main(["check-config", "my.yaml"]) == 0
    capsys.readouterr()
    assert main(["inventory", "my.yaml", "--all"]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("SWI1KM ")]
    assert row.split()[-1] == "1"
    assert main(["map", "SWI1KM", "2017-06-01", "my.yaml"]) == 0
    shown = capsys.readouterr().out  # twice the values of docs/own-archive.md, where pores are half the volume
    assert "1,496 of 1,600 pixels have a value, 0.17979 … 0.4679 … 0.75" in shown
    assert (tmp_path / "SWI1KM_2017D16.png").is_file()


def test_numbers_that_only_look_like_values_become_fill(real: Path) -> None:
    made = draft([real / "smap/SMAP_L3_FT_P_fill_uint_input.tif"], real)
    assert made.product.fill == [254]
    assert any(note.startswith("GUESS: 254 is in the file and looks like no value") for note in made.notes["fill"])


def test_several_such_numbers_are_found_where_no_array_is_named_after_soil_moisture(toy: Any) -> None:
    toy.manifest("AMSR2-JAXA")
    made = draft([toy.file("AMSR2-JAXA", "EQMA")], toy.root)
    assert set(made.product.fill) == set(toy.catalogue["AMSR2-JAXA"].fill) == {-32768, -32767}
    assert made.product.reader == "hdf5" and made.product.native_grid == "latlon_0.1"
    assert made.notes["native_grid"][0].startswith("OPEN: the file has no axes")


NAMES = {
    "SPL3SMP_E.005/2016.04.01/SMAP_L3_SM_P_E_20160401_R18240_001.h5": "SPL3SMP_E.005/{date:%Y.%m.%d}/SMAP_L3_SM_P_E_{date:%Y%m%d}_{version}.h5",
    "SMOS/2010/SM_RE06_MIR_CDF3SA_20100601T000000_20100601T235959_105_001_8.DBL.nc": "SMOS/{year}/SM_RE06_MIR_CDF3SA_{date:%Y%m%d}T000000_{end:%Y%m%d}T235959_105_001_8.DBL.nc",
    "MCD12C1.A2019001.006.2020220162300.hdf": "MCD12C1.A{date:%Y%j}.006.{version}.hdf",
    "GLDAS_NOAH025_3H.A20160101.0300.021.nc4": "GLDAS_NOAH025_3H.A{date:%Y%m%d}.{time:%H%M}.021.nc4",
    "x_2011-03.nc": "x_{date:%Y-%m}.nc",
    "GLEAM/SMsurf_2003_GLEAM_v3.3a.nc": "GLEAM/SMsurf_{year}_GLEAM_{version}.nc",
    "odd{1}*_20110301.nc": "odd?1??_{date:%Y%m%d}.nc",
    "no_date_99999999.nc": "no_date_99999999.nc",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_where_a_date_stands_in_a_name(name: str) -> None:
    assert pattern_of([name], [None], points=False).pattern == NAMES[name]


def test_several_names_tell_overpasses_and_what_the_file_says_tells_the_date() -> None:
    from datetime import datetime

    names = [f"L_{orbit}_V001-20121213T111009Z_{day}.nc" for orbit, day in (("DY", "20000101"), ("NT", "20000102"))]
    periods = [(datetime(2000, 1, day), datetime(2000, 1, day, 23)) for day in (1, 2)]
    named = pattern_of(names, periods, points=False)
    assert named.pattern == "L_{orbit:DY|NT}_{version}-20121213T111009Z_{date:%Y%m%d}.nc"
    assert named.days == (date(2000, 1, 1), date(2000, 1, 2))
    other = pattern_of(["a_20000101.nc", "b-c-20000101.nc"], [None, None], points=False)
    assert other.pattern == "a_{date:%Y%m%d}.nc" and other.left == ("b-c-20000101.nc",)


MISTAKES = {
    "nothing": (["nowhere.nc"], "nowhere.nc: no such file."),
    "folder": (["folder"], "folder: is a folder; name the files of one product."),
    "text": (["a.txt"], "a.txt: is no HDF5 or NetCDF-3 or HDF4 or TIFF or GRIB file (it is of no format known here)."),
    "empty": (["b.nc"], "b.nc: is empty (0 bytes)."),
    "root": (["a.txt", "--root", "nowhere"], "--root nowhere: no such folder."),
    "elsewhere": (["a.txt", "--root", "folder"], "a.txt does not lie below --root folder."),
    "id": (["a.txt", "--id", "../x"], "--id ../x: cannot be the name of files: it holds '..'"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_what_is_no_native_file_is_one_sentence(case: str, tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("a.txt").write_text("nothing of the kind")
    Path("b.nc").touch()
    arguments, sentence = MISTAKES[case]
    assert main(["add-product", *arguments]) == 2
    out, told = capsys.readouterr()
    assert sentence in told and told.count("\n") == 1 and not out


def test_a_variable_that_is_not_there_is_told_with_the_nearest(real: Path, capsys: Any) -> None:
    (file,) = (real / "esa_cci_sm").glob("*.nc")
    assert main(["add-product", str(file), "--variable", "sm_uncertanty"]) == 2
    assert "has no variable 'sm_uncertanty'. Did you mean sm_uncertainty?" in capsys.readouterr().err


def test_the_manual_shows_a_draft_as_it_comes(real: Path) -> None:
    page = (ROOT / "docs/own-archive.md").read_text("utf-8").split("## A draft to begin with")[1]
    shown = page.split("```")[3].strip("\n").splitlines()
    (file,) = (real / "cgls").glob("*SWI1km*")
    lines = draft_text(draft([file], real, "SWI1KM")).splitlines()
    assert len(shown) > 8 and [line for line in shown if line not in lines] == []


@pytest.mark.parametrize(
    "pattern", ["esa_cci_sm/*", "era5/example*", "modis/MOD13A2*", "koppen/koppen*", "cells/SMAP_V9/0166*"]
)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_file_that_is_cut_short_is_one_sentence(
    real: Path, tmp_path: Path, pattern: str, share: float, capsys: Any
) -> None:
    (file,) = real.glob(pattern)
    cut = tmp_path / file.name
    whole = file.read_bytes()
    cut.write_bytes(whole[: int(len(whole) * share)])
    assert main(["add-product", str(cut)]) == 2
    out, told = capsys.readouterr()
    assert not out and told.startswith(f"{cut}: ")
    assert (
        "Expected a NetCDF, HDF5, HDF4, GeoTIFF or GRIB file." in told or "no reader takes 'band 1' as it is." in told
    )
