"""Tables and records of the data set: periods, checksums, coverage, editions and their extensions."""

import csv
import io
import json
from hashlib import sha256

import pytest
import xarray as xr
from made_product import REGION, read_cog

from rssm.errors import InputError
from rssm.ingest.index import read_index
from rssm.product.formats.netcdf import YearReader
from rssm.product.formats.zarr_cubes import cubes
from rssm.product.values.coverage import EMPTY
from rssm.product.year import product_year
from tests.made_inputs import make_inputs


def test_the_table_relates_every_file_to_its_period(product):
    rows = list(csv.DictReader(io.StringIO((product.folder / "files.csv").read_text())))
    assert len(rows) == 18
    third = next(row for row in rows if row["period"] == "2015D06")
    assert third["file"] == "geotiff/RSSSM_2015D06.tif" and third["release"] == "CDR"
    assert (third["start"], third["end"], third["days"]) == ("2015-02-21", "2015-02-28", "8")
    assert (third["year"], third["dekad_of_year"], third["round"]) == ("2015", "6", "1")
    for row in rows:
        assert sha256((product.folder / row["file"]).read_bytes()).hexdigest() == row["sha256"]


def test_checksums_cover_every_file(product):
    listed = dict(reversed(line.split("  ")) for line in (product.folder / "SHA256SUMS.txt").read_text().splitlines())
    there = {str(p.relative_to(product.folder)) for p in product.folder.rglob("*") if p.is_file()}
    assert there - set(listed) == {"SHA256SUMS.txt", "release.json"}
    for name in list(listed)[::50]:
        assert sha256((product.folder / name).read_bytes()).hexdigest() == listed[name]


def test_every_land_pixel_of_every_dekad_has_a_value_or_a_reason(product):
    for entry in read_index(product.years[1]).values():
        filled = sum(entry["filled"].values())
        assert entry["land"] == entry["simulated"] + filled + sum(entry["empty"].values())
        assert entry["simulated"] > 0
    rows = list(csv.DictReader((product.folder / "coverage.tsv").read_text().splitlines(), delimiter="\t"))
    for row in rows:
        numbers = {name: int(value) for name, value in list(row.items())[2:]}
        assert numbers["land"] == sum(numbers[name] for name in ("simulated", "filled", *EMPTY))
        assert numbers["filled"] == sum(value for name, value in numbers.items() if name.startswith("filled_"))
    total, years = rows[-1], [xr.load_dataset(path) for path in product.netcdf]
    assert (total["round"], total["dekad_of_year"], total["dekads"]) == ("all", "all", "18")
    valued = sum(int(year["soil_moisture"].notnull().sum()) for year in years)
    assert int(total["simulated"]) + int(total["filled"]) == valued
    snow = sum(int((year["flags"].values & 3 > 0).sum()) for year in years)
    assert int(total["snow_ice_observed"]) + int(total["snow_ice_inferred"]) == snow > 0


def test_an_extension_says_so_in_every_file(tmp_path, product, land):
    steps = range(2015 * 36 + 11, 2015 * 36 + 13)  # the frozen record ends with 2015D12
    made = make_inputs(tmp_path, REGION, steps, land, 3)
    taken = {"edition": "RSSSM-v1.0", "date": "2026-11-21", "last": "2015D12", "release": "a" * 64}
    (tmp_path / "taken.json").write_text(json.dumps(taken | {"networks": {"1": "b" * 64}}))
    product_year("2015", **made.inputs | {"extends": [str(tmp_path / "taken.json")]}, spec=made.spec, out=made.out)
    assert [entry["release"] for entry in read_index(made.out[0]).values()] == ["CDR", "ICDR"]
    with YearReader(made.out[1]) as source:
        known = source.attributes
    _, tags = read_cog(tmp_path / "product" / "geotiff" / "RSSSM_2015D13.tif")
    assert (known["product_type"], tags["product_type"]) == ("CDR until 2015D12, then ICDR", "ICDR")
    for about in (known, tags):
        assert about["extension_of"] == f"RSSSM-v1.0 of 2026-11-21, release.json sha256 {'a' * 64}"
        assert about["frozen_until"] == "2015D12" and about["frozen_networks"] == f"round 1: sha256 {'b' * 64}"
        assert json.loads(about["provenance"])["extends"]["edition"] == "RSSSM-v1.0"


def test_a_cube_reaches_from_the_edition_into_its_extension(tmp_path, product, land):
    steps = range(2015 * 36 + 12, 2015 * 36 + 14)
    made = make_inputs(tmp_path, REGION, steps, land, 3)
    taken = {"edition": "RSSSM-v1.0", "date": "2026-11-21", "last": "2015D12", "release": "a" * 64, "networks": {}}
    (tmp_path / "taken.json").write_text(json.dumps(taken))
    product_year("2015", **made.inputs | {"extends": [str(tmp_path / "taken.json")]}, spec=made.spec, out=made.out)
    paths = [str(tmp_path / "m.zarr"), str(tmp_path / "p.zarr")]
    cubes([*product.netcdf, made.out[1]], [land], made.files, paths)
    for path in paths:
        with xr.open_zarr(path, chunks=None) as cube:
            assert cube.sizes["time"] == 20 and cube.attrs["product_type"] == "CDR until 2015D12, then ICDR"
            assert cube.attrs["time_coverage_start"].startswith("2014-11-01")


def test_years_that_do_not_fit_together_are_refused(product, land, tmp_path):
    with pytest.raises(InputError, match="does not follow"):
        cubes(product.netcdf[::-1], [land], product.made.files, [str(tmp_path / "m.zarr"), str(tmp_path / "p.zarr")])
    assert not list(tmp_path.iterdir())
