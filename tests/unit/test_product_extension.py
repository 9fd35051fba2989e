"""What an extension of the article's edition by a year plans: the same networks, only later dekads."""

from __future__ import annotations

import pytest

from rssm.calendar import DEKADS
from rssm.config.plan import span_text
from rssm.errors import InputError
from rssm.paths import Paths
from rssm.product.records.attributes import global_attributes
from rssm.product.records.frame import Frame
from rssm.product.records.release import write_release
from rssm.product.records.texts import made_on
from rssm.product.specs import PublishSpec
from rssm.spec import parsed
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.scope import REPOSITORY

BOX = {"region": {"south": 39, "north": 42, "west": -3, "east": 0}, "zones": {"tile_degrees": 1}}
RECORD = {"extends": None, "uncertainty_calibration": ""}
LATER = DEKADS.span("2019D01", "2019D36")


@pytest.fixture(scope="module")
def edition():
    return scope_of(BOX, REPOSITORY)


@pytest.fixture(scope="module")
def folder(edition, tmp_path_factory):
    """A run's folder of which only the record matters here."""
    run = tmp_path_factory.mktemp("edition")
    spec = parsed(PublishSpec, DataSet(edition).edition_spec())
    empty = {"networks": {}, "tables": {}, "ranges": "", "calibration": None, "extends": None}
    write_release(run / Paths().release, spec, edition.run.steps, **empty)
    return str(run)


def later(folder, **changes):
    release = {"kind": "icdr", "extends": folder, "version": "1.1"}
    return scope_of(BOX | {"period": {"last": "2019D36"}, "product": {"release": release}} | changes, REPOSITORY)


def test_the_last_substep_goes_on_and_all_others_rest(edition, folder):
    plan = later(folder).plan
    assert {s.name: s.span for s in plan.substeps if s.span} == {"1-1": LATER}
    assert [plan.simulated(round_) for round_ in plan.rounds] == [tuple(LATER), (), (), (), ()]
    assert plan.networks == edition.plan.networks


def test_training_stays_that_of_the_edition(edition, folder):
    plan = later(folder).plan
    for network in plan.networks:
        assert plan.training[network.name] == edition.plan.training[network.name]
    assert span_text(plan.training["NN1-1-1"].steps) == "2015D10–2018D36"
    again = scope_of(BOX | {"period": {"last": "2019D36"}}, REPOSITORY).plan  # a new edition learns from 2019 too
    assert span_text(again.training["NN1-1-1"].steps) == "2015D10–2019D36"
    assert again.substep("1-1").span == DEKADS.span("2014D01", "2019D36")


def test_cubes_hold_later_dekads_of_predictors_and_factors_alone(folder):
    scope = later(folder)
    assert set(scope.cubes) == {"ASCAT-SWI", "SMOS-IC", "AMSR2-JAXA", "AMSR2-LPRM-X", "FACTORS-LAI-PROBAV"}
    assert scope.steps("SMOS-IC") == LATER and scope.years("SMOS-IC") == ["2019"]


def test_what_was_learnt_is_read_from_the_editions_folder(folder):
    scope = later(folder)
    data = DataSet(scope)
    assert scope.learnt.results == f"{folder}/results/rsssm"
    assert data.years == ["2019"] and len(data.all_years) == 17
    assert data.all_years[0].startswith(folder) and not data.all_years[-1].startswith(folder)
    assert data.rounds == ("1", "2", "3", "4", "5")  # numbers of rounds and networks stay those of the edition
    with pytest.raises(InputError, match=r"networks/NN1-1-1/\S+ and 203 more: not there"):
        data.check_parent()


def test_everything_the_networks_learnt_from_is_still_cited(edition, folder):
    citations = DataSet(edition).edition.citations
    assert DataSet(later(folder)).edition.citations == citations and "SMAP_E" in citations


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"factors": ["LAI"]}, r"^factors: not as in edition 1\.0"),
        ({"seed": 1, "rounds": {"fuzzify": {"method": "pair"}}}, r"^seed, rounds: not as in"),
        ({"period": {"first": "2004D01", "last": "2019D36"}}, r"^period\.first: 2004D01"),
        ({"period": {"last": "2018D36"}}, r"^period\.last: 2018D36 adds nothing"),
    ],
)
def test_another_method_is_no_extension(folder, changes, complaint):
    with pytest.raises(InputError, match=complaint):
        later(folder, **changes)


def test_a_toy_does_not_extend_an_edition_of_the_earth(folder):
    with pytest.raises(InputError, match=r"^toy: not as in edition"):
        later(folder, toy={"days_per_dekad": 1})


def test_a_day_of_release_is_stated_beside_the_day_of_making(edition):
    named = scope_of(BOX | {"product": {"release": {"date": "2027-01-01"}}}, REPOSITORY)
    for scope, date in ((edition, None), (named, "2027-01-01")):
        about = parsed(PublishSpec, DataSet(scope).edition_spec()).edition
        assert about.date == date
        known = global_attributes("2018", about, Frame.of(scope.area, "dekad"), [2018 * 36], RECORD)
        assert known.get("date_issued") == date and known["date_created"] == made_on()
