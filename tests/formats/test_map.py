"""`rssm map`: what was read from a product, from real files and from maps that a run has made."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import yaml
from numpy.testing import assert_array_equal

from rssm.archive.listing import list_files
from rssm.calendar import DEKADS
from rssm.cli import main
from rssm.commands.map import drawn
from rssm.config.ingest import Ingest
from rssm.grid import GRID, Region
from rssm.ingest.composite import composites
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.workflow.methods import scope_in

ROOT = Path(__file__).resolve().parents[2]
HAWAII = yaml.safe_load((ROOT / "config/hawaii.yaml").read_text())
REGION = Region(18, 23, -161, 7)


@pytest.fixture
def here(real: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with the run of Hawaii, whose archive are the real samples."""
    monkeypatch.chdir(tmp_path)
    Path("my.yaml").write_text(yaml.safe_dump(HAWAII | {"inputs": {"root": str(real)}}))
    return tmp_path


def pixels(path: Path) -> Any:
    """Red, green and blue of a picture (row, column, colour)."""
    with rasterio.open(path) as picture:
        return np.moveaxis(picture.read([1, 2, 3]), 0, 2)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_native_files_are_drawn_as_ingestion_reads_them(here: Path, real: Path, capsys: Any) -> None:
    assert main(["map", "SMAP", "2015-07-11", "my.yaml"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("SMAP_2015D20.png: ") and f"from 2 native files below {real}" in said
    scope = scope_in(["my.yaml"])
    product, step = scope.catalogue["SMAP"], DEKADS.of(date(2015, 7, 11))
    ((_, layers, _),) = composites(
        product, list_files(real, product, 2015), [step], region=REGION, grid=GRID, ingest=Ingest()
    )
    assert_array_equal(drawn(scope, "SMAP", "2015D20").values, layers["value"])
    known = re.search(r"([\d,]+) of 3,500 pixels", said)
    assert known and int(known[1]) == np.isfinite(layers["value"]).sum() > 100
    seen = {tuple(colour) for colour in pixels(Path("SMAP_2015D20.png")).reshape(-1, 3)[::7]}
    assert (0xDF, 0xE8, 0xF0) in seen  # the sea
    assert len(seen) > 20
    assert list(Path().iterdir()) != [] and not Path("results").exists()


def test_a_map_that_was_made_is_drawn_from_the_results(here: Path, capsys: Any) -> None:
    folder = Path("results/rsssm/maps/SIM-1")
    folder.mkdir(parents=True)
    window = GRID.window(REGION)
    values = np.full(window.shape, np.nan, np.float32)
    values[10:20, 5:30] = 0.25
    write_map(
        folder / "SIM-1_2016D01.tif", {"value": values}, GRID, window,
        {"product": "SIM-1", "calendar_id": "dekad", "units": "m3 m-3", "label": "2016D01"},
    )  # fmt: skip
    entry = {"map": "SIM-1_2016D01.tif", "status": "complete"}
    write_index(folder / "2016.json", "SIM-1", "2016", {"2016D01": entry}, calendar_id="dekad")
    assert main(["map", "SIM-1", "2016D01", "my.yaml", "-o", "own name.png"]) == 0
    said = capsys.readouterr().out
    assert (
        said
        == f"own name.png: 250 of 3,500 pixels have a value, 0.25 … 0.25 … 0.25 m3 m-3; from {folder}/SIM-1_2016D01.tif.\n"
    )
    assert Path("own name.png").stat().st_size > 10_000
    assert main(["map", "SIM-1", "2016D02", "my.yaml"]) == 2
    assert "the run has made no map of 2016D02" in capsys.readouterr().err


def test_classes_are_drawn_as_classes(here: Path, capsys: Any) -> None:
    assert main(["map", "LANDCOVER", "2017", "my.yaml"]) == 0
    said = capsys.readouterr().out
    assert (
        "3,500 of 3,500 pixels have a value, classes 0, 2, 6, 8, 9, 10, 13, 16; from 1 native file" in said
        and Path("LANDCOVER_static.png").is_file()
    )


MISTAKES = {
    "product": (["SMOP", "2015D20"], "'SMOP' is neither in the catalogue (config/hawaii/products.yaml) nor made in results/rsssm/maps/SMOP. Did you mean SMAP?"),
    "time": (["SMAP", "once"], "'once' is no time: expected a dekad (2015D10)"),
    "before": (["SMAP", "2009D01"], "SMAP, 2009D01: below {real} are 2 files of it, but none holds values of that dekad (its span in the catalogue is "),
    "year": (["LANDCOVER", "2015", "-o", "x.jpg"], "x.jpg: expected a name that ends in .png."),
    "no file": (["SMAP", "2015D20", "other.yaml"], "other.yaml: no such file."),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_what_cannot_be_drawn_is_one_sentence(case: str, here: Path, real: Path, capsys: Any) -> None:
    arguments, sentence = MISTAKES[case]
    more = [] if "other.yaml" in arguments else ["my.yaml"]
    assert main(["map", *arguments[:2], *more, *arguments[2:]]) == 2
    said = capsys.readouterr().err
    assert sentence.format(real=real) in said and said.count("\n") == 1
    assert not list(Path().glob("*.png"))
