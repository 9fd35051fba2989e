"""Tables and records that the data set rests on: skill, calibration, usual snow, editions, spread of filled pixels."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pydantic import ValidationError
from pytest import approx

from rssm.calendar import DEKADS
from rssm.config.product import DataSet
from rssm.dataset import DataSetWorkflow
from rssm.errors import InputError
from rssm.grid import GRID, Region, Window
from rssm.ingest.index import checksum, write_index
from rssm.maps import read_map, write_map
from rssm.networks import store
from rssm.networks.subnetworks import Subnetworks
from rssm.product import coverage
from rssm.product.calibration import Calibration, Factor, read_calibration, write_calibration
from rssm.product.release import RELEASE, Parent, digest_of, read_taken, release_kind, take_over, write_release
from rssm.product.skill import FIELDS, Skill, read_skill, skill, write_skill
from rssm.product.sources import Maps
from rssm.product.spread import difference_variance, variance_filled
from rssm.product.usual import usual_snow
from rssm.rounds.estimates import Estimates, write_estimates
from rssm.scope import Scope

# ----- calibration ----------------------------------------------------------------------------------------------------


def test_the_product_profile_takes_the_shipped_table_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scope = Scope({})
    calibration = read_calibration(DataSetWorkflow(scope).calibration())
    assert scope.run.chains == 8
    assert all(calibration.factor(round_, "*").c > 0.5 for round_ in "12345")
    assert calibration.source.startswith("calibration.tsv: Fitted by") and "8 chains" in calibration.source


@pytest.mark.parametrize("settings", [{"chains": 1}, {"profile": "paper"}, {"profile": "paper", "chains": 8}])
def test_one_chain_or_the_article_has_no_calibration(settings):
    assert DataSetWorkflow(Scope(settings)).calibration() == []


def test_the_most_particular_factor_counts(tmp_path):
    own, of_round, of_all = Factor(1.5, 0.4), Factor(1.2, 0.4), Factor(2.0, 0.5)
    rows = [("1", "10", own, 900), ("1", "*", of_round, 5000), ("*", "*", of_all, 9000)]
    write_calibration(tmp_path / "c.tsv", rows, "fitted on this\nand that")
    table = read_calibration([tmp_path / "c.tsv"])
    assert table.source == "c.tsv: fitted on this and that"
    assert [table.factor("1", "10"), table.factor("1", "7"), table.factor("3", "10")] == [own, of_round, of_all]
    c, b = table.over("1", np.array([[10, 7], [-1, 10]]))
    assert c == approx(np.array([[1.5, 1.2], [1.2, 1.5]]))
    assert b == approx(np.full((2, 2), 0.4))


def test_without_a_table_c_and_b_are_one_and_the_source_says_so():
    none = read_calibration([])
    assert none == Calibration({}) and "not calibrated" in none.source
    assert_array_equal(none.over("5", np.array([[-1, 3]])), np.ones((2, 1, 2)))


def test_the_table_that_is_shipped_is_as_the_harness_writes_it(tmp_path):
    shipped = Path(__file__).resolve().parents[2] / "config/calibration.tsv"
    table, lines = read_calibration([shipped]), shipped.read_text().splitlines()
    about = "\n".join(line.removeprefix("# ") for line in lines if line.startswith("#"))
    points = [int(line.split("\t")[-1]) for line in lines if line[0] in "12345*"]
    rows = [(r, s, factor, n) for ((r, s), factor), n in zip(table.factors.items(), points, strict=True)]
    write_calibration(tmp_path / "c.tsv", rows, about)
    assert (tmp_path / "c.tsv").read_bytes() == shipped.read_bytes()
    assert {("*", "*"), *((r, "*") for r in "12345")} <= set(table.factors)
    assert all(0.5 < factor.c < 2 for factor in table.factors.values())
    assert len({factor.b for factor in table.factors.values()}) == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("round\tc\n1\t2\n", "expected the tab-separated columns"),
        ("round\tstratum\tc\tb\tpoints\n1\t*\n", "row 2"),
        ("round\tstratum\tc\tb\tpoints\n1\t*\t0\t1\t5\n", "positive"),
        ("round\tstratum\tc\tb\tpoints\n1\t*\t1\t1.5\t5\n", "from 0 to 1"),
    ],
)
def test_a_bad_table_is_told(tmp_path, text, complaint):
    (tmp_path / "c.tsv").write_text(text)
    with pytest.raises(InputError, match=complaint):
        read_calibration([tmp_path / "c.tsv"])


def test_a_table_without_a_row_for_all_is_told_where_it_fails():
    with pytest.raises(InputError, match="no factor for round 2, stratum 4"):
        Calibration({("1", "*"): Factor(1.1)}, "c.tsv").factor("2", "4")


# ----- skill ----------------------------------------------------------------------------------------------------------


def small_network(path, network, zones, mse, points):
    """A network file of which only the scores matter."""
    trained = Subnetworks.empty(1, len(zones), 7, 1)
    trained.rmse[0, :, 2], trained.r2[0, :, 2], trained.points[0, :, 2] = np.sqrt(mse), 0.5, points
    store.write(path, trained, ["ASCAT-SWI"], zones, {"network": network, "tile": "N40E000"})


def test_residual_variance_is_what_held_out_error_exceeds_the_spread_by(tmp_path):
    # one zone of two pixels, three dekads, two chains ±0.01 apart from their mean: V = 2 · 0.01² where A is used
    value = np.full((2, 2, 3), 0.2, np.float32) + np.array([0.01, -0.01], np.float32)[:, None, None]
    row = GRID.north * GRID.per_degree - 405
    estimates = Estimates(
        value=value,
        network=np.array([[0, 0, 0], [0, 0, -1]], np.int16),
        flags=np.zeros((2, 3), np.uint8),
        merged=np.zeros((2, 3), np.uint8),
        names=("A", "B"),
        mse=np.zeros((2, 1), np.float32),
        step=np.arange(3, dtype=np.int32),
        pixel=np.array([row * 3600 + 1800, row * 3600 + 1801], np.int32),
        zones=("N40E000",),
        zone_start=np.array([0, 2], np.int32),
    )
    write_estimates(tmp_path / "tile.nc", estimates)
    small_network(tmp_path / "A.nc", "A", ["N40E000"], 0.0009, 108)
    small_network(tmp_path / "B.nc", "B", ["N40E000"], 0.0016, 0)
    files = [str(tmp_path / "tile.nc")], [str(tmp_path / f"{n}.nc") for n in "AB"], []
    spec = {
        "names": ["A", "B"],
        "shares": [[], []],
        "teaches": [0, 1],
        "block": 108,
        "prior": 1.0,
        "land_cover": "LANDCOVER",
    }
    skill("1", *files, [], spec, [str(tmp_path / "1.nc")])
    table = read_skill(tmp_path / "1.nc")
    assert table.fields["variance"][:, 0] == approx([0.0002, 0], rel=1e-5)
    assert table.fields["blocks"][:, 0] == approx([1, 0])
    # A alone in its stratum: the mean is its own; B has no block, so it takes the mean of all
    assert table.fields["residual"][:, 0] == approx([0.0007, 0.0007], rel=1e-5)
    assert table.fields["r2"][:, 0] == approx([0.5, 0.5])
    assert len(table.files) == 64
    assert table.fields["lessons"][:, 0] == approx([4, 0])  # not the third dekad
    # the next round: half of B's targets came from this one, whose mean R in the zone is 0.0007; none of A's
    skill("2", *files, [str(tmp_path / "1.nc")], spec | {"shares": [[0], [0.5]]}, [str(tmp_path / "2.nc")])
    assert read_skill(tmp_path / "2.nc").fields["residual"][:, 0] == approx([0.0007, 0.0007 + 0.00035], rel=1e-5)


def test_a_rounds_error_in_a_zone_is_that_of_its_subnetworks_as_often_as_they_were_used():
    fields = {"residual": [[1, 5, np.nan], [4, np.nan, 2]], "lessons": [[30, 10, 0], [10, 7, 0]]}
    table = Skill(("A", "B"), ("a", "b", "c"), {k: np.array(v, np.float32) for k, v in fields.items()}, "")
    assert table.taught(["b", "a", "c", "other"]) == approx([5, 1.75, np.nan, np.nan], nan_ok=True)


def test_skill_lies_on_the_zones_of_a_window_across_the_dateline(tmp_path):
    fields = {name: np.array([[1, 2, 3]], np.float32) for name in FIELDS}
    write_skill(tmp_path / "1.nc", Skill(("A",), ("N10E179", "N10W180", "S05E000"), fields, "0" * 64))
    laid = read_skill(tmp_path / "1.nc").over(GRID.window(Region(10, 12, 179, 2)), "mse", ["B", "A"])
    assert_array_equal(laid[1], [[np.nan, np.nan], [1, 2]])  # northern row first
    assert np.isnan(laid[[0, 2]]).all()  # B is not in the table; the last row is `no network`


# ----- usual snow -----------------------------------------------------------------------------------------------------

WINDOW = Window(400, 1800, 10, 10)


def test_usual_snow_is_that_of_most_observed_years(tmp_path):
    frozen = {2007: [1, 1, 0, np.nan], 2008: [1, 0, 0, np.nan], 2009: [0, np.nan, 1, np.nan]}
    indices = []
    for year, first in frozen.items():
        value = np.full((10, 10), np.nan)
        value[0, :4] = first
        write_map(tmp_path / f"SNOW_{year}D03.tif", {"value": value}, GRID, WINDOW, {})
        indices.append(tmp_path / f"{year}.json")
        entry = {"map": f"SNOW_{year}D03.tif", "status": "complete"}
        write_index(indices[-1], "SNOW", str(year), {f"{year}D03": entry}, calendar_id="dekad")
    spec = {"snow": "SNOW", "region": [39, 40, 0, 1]}
    usual_snow([str(path) for path in indices], spec, [str(tmp_path / "usual" / "static.json")])
    listed = Maps.of([tmp_path / "usual" / "static.json"]).entries["SNOW-USUAL"]
    layers, _ = read_map(listed["D03"]["path"])
    assert layers["value"][0, :4].tolist() == [1, 0, 0, 0]  # 2 of 3; 1 of 2 is not most; 1 of 3; never observed
    assert layers["years"][0, :4].tolist() == [3, 2, 3, 0]
    assert len(listed) == 36 and listed["D04"]["pixels"] == 0


# ----- maps of many products ------------------------------------------------------------------------------------------


def index_of(folder, product, labels, calendar, **more):
    for label in labels:
        write_map(folder / f"{product}_{label}.tif", {"value": np.zeros((10, 10))}, GRID, WINDOW, {})
    entries = {label: {"map": f"{product}_{label}.tif", "status": "complete", **more} for label in labels}
    write_index(folder / f"{product}.json", product, "2015", entries, calendar_id=calendar)
    return folder / f"{product}.json"


def test_a_map_is_found_by_its_own_period(tmp_path):
    indices = [
        index_of(tmp_path, "WATER", ["2015D01"], "dekad"),
        index_of(tmp_path, "LANDCOVER", ["2001", "2015"], "year"),
        index_of(tmp_path, "RAINFOREST", ["static"], "static"),
    ]
    maps = Maps.of(indices)
    assert maps.entry("WATER", 2015 * 36)["map"] == "WATER_2015D01.tif"
    assert maps.entry("WATER", 2015 * 36 + 1) is None
    assert np.isnan(maps.value("WATER", 2015 * 36 + 1, WINDOW)).all()
    assert maps.entry("LANDCOVER", 2003 * 36)["map"] == "LANDCOVER_2001.tif"  # the nearest year
    assert maps.entry("RAINFOREST", 5)["map"] == "RAINFOREST_static.tif"


def test_only_the_round_that_simulates_a_dekad_counts(tmp_path):
    first = index_of(tmp_path, "SIM-1", ["2012D19"], "dekad")
    write_map(tmp_path / "none.tif", {"value": np.zeros((10, 10))}, GRID, WINDOW, {})
    write_index(tmp_path / "2.json", "SIM-2", "2012", {"2012D19": {"map": "none.tif", "status": "missing"}})
    assert Maps.of([first, tmp_path / "2.json"]).simulated(2012 * 36 + 18)[0] == "1"
    write_index(tmp_path / "3.json", "SIM-3", "2012", {"2012D19": {"map": "none.tif", "status": "complete"}})
    with pytest.raises(InputError, match="2012D19: simulated by SIM-1 and SIM-3"):
        Maps.of([first, tmp_path / "3.json"]).simulated(2012 * 36 + 18)


# ----- filled pixels --------------------------------------------------------------------------------------------------


def test_differences_over_a_distance_by_hand():
    field = np.array([[1.0, 2.0, np.nan], [1.0, 4.0, 5.0]])
    # down: 0, 2; right: 1, 3, 1 → squares 0 4 1 9 1, mean 3
    assert difference_variance(field, 1) == approx(3)
    assert difference_variance(field, 2) == approx(16)  # only 5 − 1 is known two apart
    assert np.isnan(difference_variance(field, 5))
    assert difference_variance(field, 2, wrap=True) == approx(
        (16 + 1 + 1 + 9) / 4
    )  # around: 2−1 of row 0; 4−5 and 1−4 … of row 1


def test_a_filled_pixel_adds_the_variance_of_differences_to_that_of_its_donors():
    values = np.array([[0.1, np.nan, 0.3, 0.3]], np.float32)
    variance = np.array([[1e-4, np.nan, 3e-4, 5e-4]], np.float32)
    land, distance = np.ones((1, 4), bool), np.array([[0, 1, 0, 0]], np.int16)
    total = variance_filled(variance, values, distance, land, ~land, False)
    assert total[0, 1] == approx(2e-4 + 0)  # mean of the donors; the only known pair one apart, 0.3 and 0.3, is equal
    assert_array_equal(total[0, [0, 2, 3]], variance[0, [0, 2, 3]])


# ----- editions -------------------------------------------------------------------------------------------------------

SETTINGS = {"factors": ["LAI"], "rounds": {"merge": 1}}


@pytest.fixture
def edition(tmp_path):
    """The folder of a run whose edition holds 2014D19…2016D36, and the files an extension takes over."""
    run = tmp_path / "run"
    files = {
        "networks": [run / "results/rsssm/networks" / name / "N40E000.nc" for name in ("A", "B")],
        "ranges": [run / "results/rsssm/ranges/N40E000.nc"],
        "tables": [run / "results/rsssm/skill/1.nc"],
    }
    for path in (path for paths in files.values() for path in paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(path.relative_to(run)))
    spec = {"method": "rsssm", "config": "c", "release": DataSet().release.model_dump(), "settings": SETTINGS}
    write_release(
        run / RELEASE,
        spec,
        range(2014 * 36 + 18, 2017 * 36),
        networks={"1": digest_of(files["networks"]), "2": "f" * 64},
        ranges=digest_of(files["ranges"]),
        calibration=None,
        tables={str(path.relative_to(run)): checksum(path) for path in files["tables"]},
        files={},
        extends=None,
    )
    given = {name: [str(path) for path in paths] for name, paths in files.items()}
    return run, given | {"release": [str(run / RELEASE)], "calibration": [], "spec": {"rounds": {"1": ["A", "B"]}}}


def period(first, last):
    return DEKADS.span(first, last)


def test_an_extension_goes_on_where_the_edition_ends(edition):
    parent = Parent.at(str(edition[0]))
    assert parent.later(period("2014D19", "2017D12")) == period("2017D01", "2017D12")
    assert parent.path("results/x") == f"{edition[0]}/results/x"
    parent.check_settings(SETTINGS)


def test_a_year_that_the_edition_fills_in_part_is_made_anew_as_a_whole():
    record = {"first": "2014D19", "last": "2016D20", "version": "1"}
    assert Parent("..", record).later(period("2014D19", "2017D36")) == period("2016D01", "2017D36")


def test_an_extension_that_is_none_is_refused(edition, monkeypatch):
    run, _ = edition
    parent = Parent.at(str(run))
    with pytest.raises(
        InputError, match=r"period.last: 2016D36 adds nothing to edition 1\.0 .*, which reaches 2016D36"
    ):
        parent.later(period("2014D19", "2016D36"))
    with pytest.raises(InputError, match=r"period.first: 2015D01, but .* begins with 2014D19"):
        parent.later(period("2015D01", "2017D36"))
    with pytest.raises(InputError, match=r"^rounds: not as in edition 1\.0"):
        parent.check_settings(SETTINGS | {"rounds": {"merge": 2}})
    monkeypatch.chdir(run)
    with pytest.raises(InputError, match="is the folder of this run"):
        Parent.at("../run")
    with pytest.raises(InputError, match=r"cannot be read as release\.json of a finished edition"):
        Parent.at("results")
    text = json.loads((run / RELEASE).read_text()) | {"extends": {"edition": "RSSSM-v0"}}
    (run / RELEASE).write_text(json.dumps(text))
    monkeypatch.chdir(run.parent)
    with pytest.raises(InputError, match="is itself an extension of RSSSM-v0"):
        Parent.at("run")


def test_files_that_are_gone_are_told_in_one_sentence(edition):
    run, given = edition
    parent = Parent.at(str(run))
    parent.check_files(given["networks"])
    for path in given["networks"]:
        Path(path).unlink()
    with pytest.raises(
        InputError, match=r"A/N40E000\.nc and 1 more: not there, but an extension of edition 1\.0 needs"
    ):
        parent.check_files([*given["networks"], *given["ranges"]])


def test_what_is_taken_over_is_recorded(edition, tmp_path):
    run, given = edition
    take_over(**given, out=[str(tmp_path / "taken.json")])
    taken = read_taken([str(tmp_path / "taken.json")])
    assert taken["edition"] == "RSSSM-v1.0" and taken["last"] == "2016D36"
    assert taken["networks"] == {"1": digest_of(given["networks"])}  # round 2 simulates nothing new
    assert taken["release"] == checksum(run / RELEASE)
    assert read_taken([]) is None


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ("networks", "the networks of round 1: not as published in edition 1.0"),
        ("ranges", "the ranges of the target: not as published"),
        ("tables", "skill/1.nc: not as published"),
        ("calibration", "the table of calibration: not as published"),
    ],
)
def test_what_is_not_as_published_is_refused(edition, tmp_path, changed, complaint):
    _, given = edition
    if changed == "calibration":
        (tmp_path / "c.tsv").write_text("c")
        given["calibration"] = [str(tmp_path / "c.tsv")]
    else:
        Path(given[changed][0]).write_text("other")
    with pytest.raises(InputError, match=complaint):
        take_over(**given, out=[str(tmp_path / "taken.json")])
    assert not (tmp_path / "taken.json").exists()


def test_later_dekads_are_interim():
    last = DEKADS.parse("2016D36")
    assert [release_kind([last], last), release_kind([last + 1], last), release_kind([last], None)] == [
        "CDR",
        "ICDR",
        "CDR",
    ]
    assert release_kind([last, last + 1], last) == "CDR until 2016D36, then ICDR"


@pytest.mark.parametrize("release", [{"kind": "icdr"}, {"extends": "../run"}])
def test_kind_and_folder_of_an_edition_must_agree(release):
    with pytest.raises(ValidationError, match="extends"):
        DataSet.model_validate({"release": release})


# ----- coverage -------------------------------------------------------------------------------------------------------


def test_every_land_pixel_is_counted_once_with_its_reason():
    distance = np.array([[0, 0, 2, -1, -1, -1, -1, -1]], np.int8)
    flag = np.array([[0, 0, 8, 1, 2, 512, 513, 0]], np.uint16)  # filled; snow; inferred; none; snow comes first; sea
    values = {
        "fill_distance": distance,
        "flags": flag,
        "soil_moisture": np.where(distance >= 0, 0.2, np.nan),
        "under_water": np.array([[0, 1, 0, 0, 0, 1, 1, 1]], bool),  # simulated water keeps its value
    }
    land = np.array([[1, 1, 1, 1, 1, 1, 1, 0]], bool)
    found = coverage.counts(values, land, "1")
    assert found == {
        "land": 7,
        "simulated": 2,
        "filled": {"2": 1},
        "empty": {"snow_ice_observed": 2, "snow_ice_inferred": 1, "no_round": 0, "water": 1, "beyond_radius": 0},
    }
    values["under_water"][:] = False
    assert coverage.counts(values, land, "1")["empty"]["beyond_radius"] == 1
    assert coverage.counts(values, land, None)["empty"]["no_round"] == 1


def test_the_table_sums_rounds_and_dekads_of_the_year():
    def entry(round_, simulated, ring, beyond):
        empty = dict.fromkeys(coverage.EMPTY, 0) | {"beyond_radius": beyond}
        return {
            "round": round_,
            "land": 10,
            "simulated": simulated,
            "filled": {ring: 10 - simulated - beyond},
            "empty": empty,
        }

    dekads = [
        (2014 * 36, entry("1", 9, "1", 0)),
        (2015 * 36, entry("1", 7, "2", 1)),
        (2015 * 36 + 1, entry("2", 8, "1", 0)),
    ]
    rows = [line.split("\t") for line in coverage.table(dekads, 2).splitlines()]
    assert rows[0][:8] == ["round", "dekad_of_year", "dekads", "land", "simulated", "filled", "filled_1", "filled_2"]
    assert [row[:8] for row in rows[1:]] == [
        ["1", "D01", "2", "20", "16", "3", "1", "2"],
        ["1", "all", "2", "20", "16", "3", "1", "2"],
        ["2", "D02", "1", "10", "8", "2", "2", "0"],
        ["2", "all", "1", "10", "8", "2", "2", "0"],
        ["all", "all", "3", "30", "24", "5", "3", "2"],
    ]
    assert rows[-1][-1] == "1"
