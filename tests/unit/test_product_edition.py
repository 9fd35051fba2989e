"""A frozen edition and its extensions: where they go on, what they refuse, and what is taken over."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from rssm.calendar import DEKADS
from rssm.config.catalogue import load_catalogue
from rssm.config.product import DataSet
from rssm.errors import InputError
from rssm.grid import GRID, Area, Region
from rssm.ingest.index import checksum
from rssm.paths import Paths
from rssm.product.records.release import Parent, digest_of, read_taken, release_kind, take_over, write_release
from rssm.product.specs import Edition, PublishSpec, TakeOverSpec
from rssm.workflow.rsssm.edition import _entry

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
    known = DataSet()
    about = Edition("rsssm", "1.0", "2026-11-21", known.about, {}, "c")
    area = Area(GRID.id, Region(40, 41, 0, 1))
    spec = PublishSpec(about, area, "dekad", known.fill, known.layers, known.formats, SETTINGS)
    write_release(
        run / Paths().release,
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
    return run, given | {
        "release": [str(run / Paths().release)],
        "calibration": [],
        "spec": TakeOverSpec({"1": ("A", "B")}),
    }


def period(first, last):
    return DEKADS.span(first, last)


def test_an_extension_goes_on_where_the_edition_ends(edition):
    parent = Parent.at(str(edition[0]), Paths())
    assert parent.later(period("2014D19", "2017D12")) == period("2017D01", "2017D12")
    assert parent.paths.product == f"{edition[0]}/results/rsssm/product"
    parent.check_settings(SETTINGS)


def test_a_year_that_the_edition_fills_in_part_is_made_again_as_a_whole():
    record = {"first": "2014D19", "last": "2016D20", "version": "1", "calendar": "dekad"}
    assert Parent(Paths(run=".."), record).later(period("2014D19", "2017D36")) == period("2016D01", "2017D36")


def test_an_extension_that_is_none_is_refused(edition, monkeypatch):
    run, _ = edition
    parent = Parent.at(str(run), Paths())
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
        Parent.at("../run", Paths())
    with pytest.raises(InputError, match=r"cannot be read as release\.json of a finished edition"):
        Parent.at("results", Paths())
    text = json.loads((run / Paths().release).read_text()) | {"extends": {"edition": "RSSSM-v0"}}
    (run / Paths().release).write_text(json.dumps(text))
    monkeypatch.chdir(run.parent)
    with pytest.raises(InputError, match="is itself an extension of RSSSM-v0"):
        Parent.at("run", Paths())


def test_files_that_are_gone_are_named_in_one_sentence(edition):
    run, given = edition
    parent = Parent.at(str(run), Paths())
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
    assert taken["release"] == checksum(run / Paths().release)
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

    def kind(*steps, until="2016D36"):
        return release_kind(steps, until, DEKADS)

    assert [kind(last), kind(last + 1), kind(last, until=None)] == ["CDR", "ICDR", "CDR"]
    assert kind(last, last + 1) == "CDR until 2016D36, then ICDR"


@pytest.mark.parametrize("release", [{"kind": "icdr"}, {"extends": "../run"}])
def test_kind_and_folder_of_an_edition_must_agree(release):
    with pytest.raises(ValidationError, match="extends"):
        DataSet.model_validate({"release": release})


def test_fields_of_the_catalogue_that_came_later_change_no_digest_while_they_say_nothing():
    entry = next(iter(load_catalogue(Path(__file__).resolve().parents[2] / "config/products.yaml").values()))
    told = _entry(entry)
    assert "variables" in told and not {"derive", "reduce"} & set(told)
    assert _entry(entry.model_copy(update={"reduce": "std"})) == told | {"reduce": "std"}
