"""What indices say that native files were: composites, files of several dekads, statics; and what a trace makes of it."""

from __future__ import annotations

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

import h5py
import pytest

from rssm.archive.listing import list_files
from rssm.calendar import DEKADS
from rssm.commands.inspect import describe
from rssm.commands.native_files import Archive, NativeFile, native_files
from rssm.config.catalogue import Product
from rssm.config.ingest import Inputs
from rssm.grid import GRID, Region
from rssm.ingest.composite import composite_year
from rssm.ingest.factor import factor_year
from rssm.ingest.index import read_index, read_native, write_index

REGION = Region(29, 30, 100, 1)
DEKAD_OF_APRIL = [DEKADS.parse(f"2015D{number}") for number in (10, 11, 12)]


def product(**changes: object) -> Product:
    fields = {
        "id": "TEST", "title": "test product", "kind": "soil_moisture", "sensor": "S", "algorithm": "A",
        "reader": "hdf5", "version": "1", "licence": "none", "cite": "none", "native_grid": "latlon_0.25",
        "files": "TEST/{year}/{date:%Y%m%d}_{version}.h5", "variables": {"value": "x"}, "units": "m3 m-3",
        "fill": [-9999], "valid_range": (0.0, 1.0), "span": ("2015D01", None), "step": "day",
    }  # fmt: skip
    return Product(**(fields | changes))


def write_file(path: Path, value: float = 0.2) -> None:
    """A global file with one cell in the region."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file.create_dataset("x", (720, 1440), "f4", chunks=(40, 40), fillvalue=-9999)[240, 1120] = value


def compose(root: Path, out: Path, entry: Product, **settings: str) -> Path:
    """Index of three dekads of April."""
    maps = {dekad: out / f"{DEKADS.label(dekad)}.tif" for dekad in DEKAD_OF_APRIL}
    files, inputs = list_files(root, entry, 2015), Inputs(**settings)  # type: ignore[arg-type]
    composite_year(entry, files, maps, out / "2015.json", region=REGION, grid=GRID, inputs=inputs)
    return out / "2015.json"


def test_the_files_that_maps_rest_on_are_pinned_by_path_and_size(tmp_path):
    folder = tmp_path / "TEST/2015"
    write_file(folder / "20150402_1.h5")
    write_file(folder / "20150412_1.h5")
    (folder / "20150402_0.h5").write_bytes(b"superseded")
    (folder / "20150403_1.h5").write_bytes(b"bad, so left out")
    (folder / "20150502_1.h5").write_bytes(b"of no dekad here")
    index = compose(tmp_path, tmp_path / "maps", product(), on_bad_file="skip")
    size = (folder / "20150402_1.h5").stat().st_size
    pinned = json.loads(index.read_text())["native"]
    assert pinned == {"TEST/2015/20150402_1.h5": {"bytes": size}, "TEST/2015/20150412_1.h5": {"bytes": size}}
    assert list(pinned) == sorted(pinned)
    assert f"native: 2 files of {2 * size:,} bytes, pinned by size" in list(describe(index))


def test_a_file_of_two_dekads_is_pinned_once_with_its_checksum(tmp_path):
    path = tmp_path / "TEST/2015/20150408_1.h5"  # eight days: to 15 April
    write_file(path)
    index = compose(tmp_path, tmp_path / "maps", product(step="8day"), pin="sha256")
    assert [len(entry["files"]) for entry in read_index(index).values()] == [1, 1, 0]
    digest = sha256(path.read_bytes()).hexdigest()
    assert read_native(index) == {"TEST/2015/20150408_1.h5": {"bytes": path.stat().st_size, "sha256": digest}}
    assert any(line.endswith("pinned by size and sha256") for line in describe(index))


def test_a_static_map_is_pinned_too(tmp_path):
    entry = product(kind="factor", step="static", maps="static", files="SOIL/sand.h5")
    write_file(tmp_path / "SOIL/sand.h5")
    files = list_files(tmp_path, entry)
    factor_year(entry, files, {0: tmp_path / "maps/s.tif"}, tmp_path / "maps/static.json", region=REGION, grid=GRID)
    assert read_native(tmp_path / "maps/static.json") == {"SOIL/sand.h5": {"bytes": files[0].size}}


@pytest.mark.parametrize("pin", ["size", "sha256"])
def test_an_index_is_the_same_wherever_and_whenever_the_same_files_lie(tmp_path, pin):
    write_file(tmp_path / "one/TEST/2015/20150402_1.h5")
    shutil.copytree(tmp_path / "one", tmp_path / "elsewhere/two")
    os.utime(tmp_path / "elsewhere/two/TEST/2015/20150402_1.h5", (1, 1))
    one = compose(tmp_path / "one", tmp_path / "maps", product(), pin=pin).read_bytes()
    assert compose(tmp_path / "elsewhere/two", tmp_path / "others", product(), pin=pin).read_bytes() == one


def test_pins_change_no_map(tmp_path):
    write_file(tmp_path / "TEST/2015/20150402_1.h5")
    one, other = (compose(tmp_path, tmp_path / pin, product(), pin=pin) for pin in ("size", "sha256"))
    assert read_index(one) == read_index(other) and read_native(one) != read_native(other)


def test_files_of_one_name_in_two_folders_are_both_pinned(tmp_path):
    entry = product(files="{orbit:asc|desc}/{date:%Y%m%d}.h5")
    write_file(tmp_path / "asc/20150402.h5")
    write_file(tmp_path / "desc/20150402.h5")
    index = compose(tmp_path, tmp_path / "maps", entry)
    assert list(read_native(index)) == ["asc/20150402.h5", "desc/20150402.h5"]
    behind = native_files({**read_index(index)["2015D10"], "path": tmp_path / "maps/2015D10.tif"})
    assert {file.path for file in behind} == {"asc/20150402.h5", "desc/20150402.h5"}


def test_a_file_is_as_before_or_changed_or_missing(tmp_path):
    (tmp_path / "a").write_bytes(b"moist")
    archive, digest = Archive(tmp_path), sha256(b"moist").hexdigest()
    assert archive.state(NativeFile("a", 5)) == "5 bytes as before (content not pinned)"
    assert archive.state(NativeFile("a", 5, digest)) == f"sha256 {digest[:16]}… as before"
    assert archive.state(NativeFile("a", 5, "0" * 64)) == "CHANGED since: sha256 is not 0000000000000000… any more"
    assert archive.state(NativeFile("a", 6, "0" * 64)) == "CHANGED since: 5 bytes, was 6"
    assert archive.state(NativeFile("b", 5)) == "MISSING"
    assert archive.state(NativeFile("a")) == "not pinned by its index"
    assert archive.path_text(NativeFile("a")) == "a" and archive.path_text(NativeFile("a", 5)) == str(tmp_path / "a")
    files = {NativeFile("a", 5), NativeFile("a", 6), NativeFile("a", 7), NativeFile("b", 5)}
    assert archive.count_text(files) == "4 native files, 2 CHANGED since, 1 MISSING"


def test_a_file_is_held_against_the_index_of_its_own_map(tmp_path):
    """A file over the turn of the year, replaced between the ingestion of the two years."""
    for year, size in (("2014", 5), ("2015", 6)):
        (tmp_path / f"X_{year}.tif").write_bytes(b"map")
        maps = {year: {"map": f"X_{year}.tif", "status": "complete", "files": ["f.h5"]}}
        write_index(tmp_path / f"{year}.json", "X", year, maps, native={"in/f.h5": {"bytes": size}})
    for year, size in (("2014", 5), ("2015", 6)):
        found = native_files({"path": tmp_path / f"X_{year}.tif", "files": ["f.h5"]})
        assert found == {NativeFile("in/f.h5", size)}
