"""Provenance: what the digest of the configuration sees, which networks stand behind a year, what files say of themselves."""

import hashlib
import json
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import netCDF4
import pytest
import rasterio
import zarr

from rssm.commands import extract
from rssm.grid import Region
from rssm.product.derived import monthly
from rssm.product.formats.zarr_cubes import cubes
from rssm.product.publish import publish
from rssm.product.quicklook import quicklook
from rssm.product.quicklook_spec import QuicklookSpec
from rssm.product.records.provenance import derived_record
from rssm.product.uncertainty.held_out import Skill, all_networks
from rssm.product.year import product_year
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.scope import REPOSITORY
from tests.made_inputs import make_inputs

LAND = str(REPOSITORY / "resources" / "land.tif")
BOX = {"region": {"south": 39, "north": 42, "west": -3, "east": 0}, "zones": {"tile_degrees": 1}, "chains": 8}


def workflow(**changes):
    return DataSet(scope_of(BOX | changes, REPOSITORY))


def configuration(**changes):
    """Digest that every file names."""
    return json.loads(workflow(**changes).edition_spec())["edition"]["config"]


# -- the digest of the configuration ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"inputs": {"root": "elsewhere"}},
        {"zones": {"tile_degrees": 2}},
        {"keep": {"cubes": False}},
        {"validation": {"stations": {"depth": 0.1}}},
        {"product": {"about": {"creator_name": "Somebody"}, "release": {"version": "9"}, "formats": ["zarr"]}},
    ],
)
def test_places_and_texts_leave_the_configuration_as_it_is(changes):
    assert configuration(**changes) == configuration()


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 1},
        {"inputs": {"on_bad_file": "skip"}},
        {"ingest": {"sigma": 4}},
        {"product": {"fill": {"radius": 3}}},
        {"product": {"uncertainty": {"calibration": None}}},
        {"period": {"last": "2017D36"}},
    ],
)
def test_settings_that_decide_values_are_another_configuration(changes):
    assert configuration(**changes) != configuration()


def edited(folder, name, old, new):
    """A copy of a shipped table with one text replaced; the same place for every content."""
    text = (REPOSITORY / "config" / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    return str(folder / name)


@pytest.mark.parametrize(
    ("table", "name", "old", "new", "seen"),
    [
        ("products", "products.yaml", "fill: [241, 242,", "fill: [", True),
        ("products", "products.yaml", "error: {constant: 0.1}", "error: {constant: 0.2}", True),
        ("products", "products.yaml", "title: SMAP Enhanced", "title: The enhanced", False),
        ("products", "products.yaml", "cite: Chan et al. 2018", "cite: Chan and others 2018", False),
        ("substeps", "substeps.tsv", "AMSR2-JAXA+AMSR2-LPRM-X", "AMSR2-LPRM-X+AMSR2-JAXA", True),
        ("networks", "networks.tsv", "#", "# a remark\n#", False),
    ],
)
def test_a_table_edited_in_place_is_seen_where_it_decides(tmp_path, table, name, old, new, seen):
    before = configuration(tables={table: edited(tmp_path, name, old, old)})
    assert before == configuration()  # where a table lies decides nothing
    assert (configuration(tables={table: edited(tmp_path, name, old, new)}) != before) is seen


def test_factors_of_calibration_count_not_their_place(tmp_path):
    def with_factors(old, new):
        path = edited(tmp_path, "calibration.tsv", old, new)
        return configuration(product={"uncertainty": {"calibration": path}})

    shipped = configuration(product={"uncertainty": {"calibration": "config/calibration.tsv"}})
    assert with_factors("*\t*\t1.", "*\t*\t1.") == shipped != with_factors("*\t*\t1.", "*\t*\t1.9")


# -- whom to cite, what a year rests on -------------------------------------------------------------------------------


def test_everything_that_values_rest_on_is_cited():
    cited = json.loads(workflow().edition_spec())["edition"]["citations"]
    assert {"ASCAT-SWI", "POROSITY", "SMAP_E", "LAI-VGT", "LAI-PROBAV", "LANDCOVER", "SNOW", "LAND-MASK"} <= set(cited)
    assert "GLOBE" in cited["LAND-MASK"]["title"]


def test_a_mask_of_ones_own_is_not_said_to_be_the_shipped_one(tmp_path):
    (tmp_path / "land.tif").write_bytes(Path(LAND).read_bytes())
    own = workflow(tables={"land": str(tmp_path / "land.tif")})
    assert "LAND-MASK" not in json.loads(own.edition_spec())["edition"]["citations"]


def test_a_year_names_pore_space_where_a_predictor_is_saturation_and_its_factors():
    edition = workflow()

    def maps(year):
        return edition.year_maps(SimpleNamespace(year=year))

    porosity = "POROSITY/static"
    assert porosity in maps("2015") and porosity not in maps("2005")  # ASCAT begins in 2007
    assert "LAI-PROBAV/2015" in maps("2015")
    assert "LAI-VGT/2005" in maps("2005")
    # one year of land cover serves all, as the skill tables have it: the job must not find another
    assert not [name for name in maps("2005") if "LANDCOVER" in name] and edition.land_cover() == ["LANDCOVER/2018"]


def test_a_year_names_the_rounds_that_taught_its_rounds():
    first = Skill((), (), {}, "a" * 64)
    second = Skill((), (), {}, "b" * 64, all_networks({"1": first}))
    third = Skill((), (), {}, "c" * 64, all_networks({"2": second}))
    assert all_networks({"3": third}) == {"1": "a" * 64, "2": "b" * 64, "3": "c" * 64}
    assert all_networks({"1": first}) == {"1": "a" * 64}


def test_what_is_made_of_several_years_names_them_and_all_their_networks(tmp_path):
    (tmp_path / "netcdf").mkdir()
    (tmp_path / "netcdf" / "a.nc").write_text("a")
    abouts = [
        {
            "provenance": json.dumps(
                {"configuration": str(k), "networks": networks, "versions": {}, "inputs": {"x": "y"}}
            )
        }
        for k, networks in enumerate(({"1": "a", "2": "b"}, {"1": "a"}))
    ]
    record = derived_record(abouts, [tmp_path / "netcdf" / "a.nc"], "0123")
    assert record["configuration"] == "1" and record["networks"] == {"1": "a", "2": "b"}
    assert record["inputs"] == {"netcdf/a.nc": sha256(b"a").hexdigest()}  # no folders of the machine
    assert record["versions"]["code"] == "0123" and "numpy" in record["versions"]


# -- a small data set -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two dekads of one zone, published in all formats."""
    root = tmp_path_factory.mktemp("made")
    given = make_inputs(root, Region(40, 41, -2, 1), range(2015 * 36, 2015 * 36 + 2), LAND, 2)
    folder, (index, netcdf) = root / "product", given.out
    product_year("2015", **given.inputs, spec=given.spec, out=given.out)
    month, picture = str(folder / "derived/RSSSM_monthly_2015.nc"), str(folder / "quicklook/RSSSM_2015.png")
    zarrs = [str(folder / "zarr/maps.zarr"), str(folder / "zarr/points.zarr")]
    monthly("2015", [netcdf], given.files, [month])
    quicklook("2015", [netcdf], [LAND], QuicklookSpec(given.spec.area, None), [picture])
    cubes([netcdf], [LAND], given.files, zarrs)
    frozen = {"skill": given.inputs["skill"], "usual": [], "ranges": given.inputs["ranges"], "calibration": []}
    others = {"extends": [], "guide": [str(REPOSITORY / "docs/product.md")]}
    publish(
        [index], [month, picture, *zarrs], **frozen, **others, spec=given.publishing, out=[str(folder / "release.json")]
    )
    return SimpleNamespace(folder=folder, netcdf=netcdf, month=month, picture=picture, zarrs=zarrs)


def attributes(path):
    with netCDF4.Dataset(path) as file:
        return {name: file.getncattr(name) for name in file.ncattrs()}


def digest(path):
    return sha256(Path(path).read_bytes()).hexdigest()


def test_every_file_has_an_id_of_its_own_and_names_the_edition(made):
    from PIL import Image

    with rasterio.open(made.folder / "geotiff/RSSSM_2015D02.tif") as source:
        tags = source.tags()
    item = json.loads((made.folder / "stac/RSSSM-v1.0-2015D02.json").read_text())
    known = {
        "2015": attributes(made.netcdf),
        "monthly-2015": attributes(made.month),
        "maps": zarr.open_group(made.zarrs[0], mode="r").attrs,
        "points": zarr.open_group(made.zarrs[1], mode="r").attrs,
        "2015D02": tags,
        "quicklook-2015": Image.open(made.picture).text,
    }
    for name, about in known.items():
        assert (about["id"], about["edition"]) == (f"RSSSM-v1.0-{name}", "RSSSM-v1.0")
    assert item["id"] == tags["id"] and item["collection"] == tags["edition"]


def test_cubes_name_the_yearly_files_they_were_made_of(made):
    year = json.loads(attributes(made.netcdf)["provenance"])
    for path in made.zarrs:
        record = json.loads(zarr.open_group(path, mode="r").attrs["provenance"])
        assert record["inputs"] == {"netcdf/RSSSM_2015.nc": digest(made.netcdf)}
        for key in ("configuration", "networks", "ranges", "extends"):
            assert record[key] == year[key]
    assert year["versions"]["code"] == "0" * 16 and year["inputs"]["resources/land.tif"] == digest(LAND)


def test_extracts_carry_the_record_of_the_cube(made, tmp_path):
    box, table = tmp_path / "box.nc", tmp_path / "box.csv"
    for path in (box, table):
        extract.main(["--bbox", "-2", "40", "-1", "41", "--store", made.zarrs[1], "-o", str(path)])
    extract.main(["--lon", "-1.5", "--lat", "40.5", "--store", made.zarrs[1], "-o", str(tmp_path / "one.nc")])
    cube, found = zarr.open_group(made.zarrs[1], mode="r").attrs, attributes(box)
    beside = json.loads(Path(f"{table}.json").read_text())
    assert found["provenance"] == beside["provenance"] == cube["provenance"]
    assert beside == found and found["id"].startswith("RSSSM-v1.0-extract-")
    assert found["id"] != attributes(tmp_path / "one.nc")["id"]
    assert table.read_text().startswith("period,start,end")  # no comment in the way of a reader


def test_a_picture_leads_to_the_file_it_shows(made):
    from PIL import Image

    text = Image.open(made.picture).text
    assert (text["source"], text["source_sha256"]) == ("RSSSM_2015.nc", digest(made.netcdf))
    assert text["configuration"] == "0" * 16


def test_stac_names_configuration_and_checksum_of_every_asset(made):
    sums = (made.folder / "SHA256SUMS.txt").read_text().splitlines(keepends=True)
    listed = dict(line.split()[::-1] for line in sums)
    whole = json.loads((made.folder / "stac/collection.json").read_text())
    items = [json.loads(path.read_text()) for path in made.folder.glob("stac/RSSSM*.json")]
    assert whole["rssm:configuration"] == "0" * 16
    assert [found["properties"]["rssm:configuration"] for found in items] == ["0" * 16] * 2
    for asset in (asset for found in [whole, *items] for asset in found["assets"].values()):
        path = asset["href"].removeprefix("../")
        if path.endswith(".zarr"):
            inside = "".join(line for line in sums if f"  {path}/" in line)
            assert asset["rssm:sha256_of_lines"] == hashlib.sha256(inside.encode()).hexdigest()
        else:
            assert asset["rssm:sha256"] == listed[path] == digest(made.folder / path)
    assert listed["geotiff/2015.json"] == digest(made.folder / "geotiff/2015.json")
