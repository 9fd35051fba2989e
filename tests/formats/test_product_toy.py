"""A toy never passes for the Earth, whichever file of its data set is opened; and files say the day they were made."""

import json
from datetime import UTC, date, datetime

import netCDF4
import pytest
import xarray as xr
from made_product import published, read_cog
from PIL import Image

from rssm.commands import extract
from rssm.config.toy import Toy
from rssm.product.quicklook import quicklook
from rssm.product.quicklook_spec import QuicklookSpec
from rssm.product.records.texts import TOY_NOTE, made_on

SAID = ("title", "summary", "id", "edition", "source", "references", "license", "acknowledgement", "keywords")


@pytest.fixture(scope="module")
def toy(tmp_path_factory, land):
    """The made-up data set as that of a toy run, with a picture and an extract."""
    made = published(tmp_path_factory.mktemp("toy_product"), land, toy=True)
    made.picture, made.extract = str(made.folder / "2015.png"), str(made.folder / "box.nc")
    quicklook("2015", made.netcdf[1:], [land], QuicklookSpec(made.made.spec.area, Toy()), [made.picture])
    extract.main(["--bbox", "-2", "40", "0", "42", "--store", made.zarrs[1], "-o", made.extract])
    return made


def attributes(made):
    """File → what it says of itself, of every kind of file with attributes."""
    found = {}
    for path in (*made.netcdf, made.month, *([made.extract] if hasattr(made, "extract") else [])):
        with netCDF4.Dataset(path) as file:
            found[path] = {name: file.getncattr(name) for name in file.ncattrs()}
    for path in made.zarrs:
        with xr.open_zarr(path, chunks=None) as cube:
            found[path] = cube.attrs
    tif = made.folder / "geotiff" / "RSSSM_2015D01.tif"
    return found | {str(tif): read_cog(tif)[1]}


def test_every_file_of_a_toy_run_says_so_in_every_text(toy):
    for path, about in attributes(toy).items():
        assert about["toy_earth"] == TOY_NOTE, path
        for name in SAID:
            assert "toy" in about[name].lower() or "made up" in about[name], f"{path}: {name}: {about[name]}"
        said = " ".join(map(str, about.values()))
        assert "CC-BY" not in said and "satellite observations" not in said, path


def test_records_of_a_toy_run_say_so(toy):
    collection = json.loads((toy.folder / "stac/collection.json").read_text())
    assert collection["id"] == "RSSSM-TOY-v1.0" and collection["title"].startswith("TOY EARTH")
    assert collection["license"] == "other" and TOY_NOTE in collection["description"]
    item = json.loads((toy.folder / "stac/RSSSM-TOY-v1.0-2015D01.json").read_text())
    assert item["collection"] == "RSSSM-TOY-v1.0" and item["properties"]["title"].startswith("TOY EARTH")
    release = json.loads((toy.folder / "release.json").read_text())
    assert release["toy"] is True and "TOY EARTH" in release["title"] and "toy Earth" in release["licence"]
    assert "CC-BY" not in (toy.folder / "release.json").read_text().replace(json.dumps(release["settings"]), "")
    assert TOY_NOTE in (toy.folder / "README.md").read_text()
    assert "None of these products was used" in (toy.folder / "CITATIONS.txt").read_text()


def test_pictures_of_a_toy_run_say_so(toy, product, land, tmp_path, monkeypatch):
    with Image.open(toy.picture) as picture:
        assert picture.text["id"].startswith("RSSSM-TOY-") and picture.text["title"].startswith("TOY EARTH")
    written = []
    monkeypatch.setattr("matplotlib.figure.Figure.suptitle", lambda self, text, **_: written.append(text))
    for made in (toy, product):
        spec = QuicklookSpec(made.made.spec.area, None)
        quicklook("2015", made.netcdf[1:], [land], spec, [str(tmp_path / "a.png")])
    assert written[0].startswith("TOY EARTH") and "TOY" not in written[1]


def test_a_run_on_satellite_data_is_no_toy(product):
    for path, about in attributes(product).items():
        assert "toy" not in json.dumps({name: str(value) for name, value in about.items()}).lower(), path
        assert about["license"] == "CC-BY-4.0" and about["source"].startswith("satellite observations")
    assert json.loads((product.folder / "release.json").read_text())["toy"] is False


def test_files_say_the_day_they_were_made(product, monkeypatch):
    today = datetime.now(UTC).date()
    for path, about in attributes(product).items():
        assert abs((date.fromisoformat(about["date_created"]) - today).days) <= 1, path
        assert "date_issued" not in about
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1262304000")
    assert made_on() == "2010-01-01"
