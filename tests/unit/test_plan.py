"""The plan of the paper, derived from spans, and what changes do to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rssm.calendar import DEKADS
from rssm.commands.plan import changed, changes_text, plan_text
from rssm.commands.plan_answer import changes_of
from rssm.config.catalogue import load_catalogue
from rssm.config.plan import Plan, span_text
from rssm.config.plan_tables import derived_columns, read_plan
from rssm.config.rsssm import Rsssm
from rssm.errors import InputError
from rssm.workflow.rsssm.scope import sources as sources_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def paper() -> Plan:
    sources = sources_of(load_catalogue(ROOT / "config/products.yaml"), Rsssm(), "2018D36")
    return read_plan(ROOT / "config/substeps.tsv", ROOT / "config/networks.tsv", sources)


def test_the_paper_has_five_rounds_eight_substeps_67_networks_and_576_dekads(paper):
    assert paper.rounds == ("1", "2", "3", "4", "5")
    assert len(paper.substeps) == 8
    assert len(paper.networks) == 67
    steps = [step for round_ in paper.rounds for step in paper.simulated(round_)]
    assert sorted(steps) == list(DEKADS.span("2003D01", "2018D36"))


@pytest.mark.parametrize(
    ("network", "targets", "period", "dekads"),
    [
        ("NN1-1-1", {"SMAP_E": 135}, "2015D10–2018D36", 135),
        ("NN1-2-4", {"SMAP_E": 99}, "2015D10–2017D36", 99),
        ("NN2-1", {"SIM-1T": 99}, "2012D19–2015D09", 99),
        ("NN2-5", {"SMAP_E": 99}, "2015D10–2017D36", 99),
        ("NN3-1-1", {"SMAP_E": 99, "SIM-1T": 99, "SIM-2T": 35}, "2011D20–2017D36", 233),
        ("NN3-2-7", {"SIM-1T": 3, "SIM-2T": 35}, "2011D20–2012D21", 38),
        ("NN4-1-1", {"SIM-2T": 8, "SIM-3T": 40}, "2010D16–2011D27", 48),
        ("NN5-10", {"SIM-2T": 35, "SIM-3T": 40, "SIM-4T": 123}, "2007D01–2012D18", 198),
    ],
)
def test_training_follows_from_spans_targets_and_lai(paper, network, targets, period, dekads):
    training = paper.training[network]
    assert {target: len(steps) for target, steps in training.targets.items()} == targets
    assert span_text(training.steps) == period
    assert len(training.steps) == dekads
    assert training.contiguous


def test_every_rank_of_the_table_follows_from_its_order(paper):
    for substep in paper.substeps:
        assert paper.derived_order(substep.name) == tuple(n.name for n in paper.networks_of(substep.name))


def test_seven_networks_of_the_training_first_orders_can_never_be_chosen(paper):
    shadows = {network.name: paper.shadow(network) for network in paper.networks if paper.shadow(network)}
    assert sorted(shadows) == ["NN3-1-2", "NN3-1-4", "NN3-1-5", "NN3-1-6", "NN4-2-4", "NN4-2-5", "NN4-2-6"]
    assert shadows["NN3-1-2"] == "NN3-1-1"


def test_a_simulation_never_teaches_where_smap_exists(paper):
    assert span_text(paper.target_steps("SIM-1T")) == "2012D19–2015D09"


def test_quality_falls_from_smap_to_the_latest_simulation(paper):
    assert [paper.quality(t) for t in ("SMAP_E", "SIM-1T", "SIM-2T", "SIM-3T", "SIM-4T")] == [5, 4, 3, 2, 1]


def test_a_missing_product_takes_its_networks_with_it(paper):
    text = changes_text(changes_of(paper, changed(paper, ["FY-3B-NSMC"], [])))
    assert "NN2-1: gone (needs FY-3B-NSMC)" in text
    assert "NN2-2" not in text
    bare = changed(paper, ["WindSat-LPRM-X", "TMI-LPRM-X", "AMSR-E-JAXA"], [])
    assert "2003D01–2006D36 cannot be simulated" in changes_text(changes_of(paper, bare))


def test_a_changed_span_changes_training_periods(paper):
    text = changes_text(changes_of(paper, changed(paper, [], ["WindSat-LPRM-X=2003D04:2012D18"])))
    assert "NN3-1-7: 2011D20–2012D21 (38 dekads) → 2011D20–2012D18 (35 dekads)" in text


def test_the_printed_plan_can_be_checked_against_the_article(paper):
    text = plan_text(paper)
    assert "67 networks listed, 60 selectable, 576 dekads simulated" in text
    assert "[never chosen: NN3-1-1 serves it]" in text


def test_a_wrong_number_in_the_table_is_reported_with_the_right_one(paper, tmp_path):
    table = (ROOT / "config/networks.tsv").read_text().replace("2012D19\t2015D09\t99", "2012D19\t2015D09\t98", 1)
    (tmp_path / "networks.tsv").write_text(table)
    with pytest.raises(InputError, match=r"NN2-1: dekads is 98, but .* give 99"):
        read_plan(ROOT / "config/substeps.tsv", tmp_path / "networks.tsv", paper.sources)


def test_swapped_ranks_are_reported(paper, tmp_path):
    table = (ROOT / "config/networks.tsv").read_text()
    swapped = (
        table.replace("NN2-2\t2\t2\t", "NN2-2\t2\t9\t")
        .replace("NN2-3\t2\t3\t", "NN2-3\t2\t2\t")
        .replace("\t9\t", "\t3\t")
    )
    (tmp_path / "networks.tsv").write_text(swapped)
    with pytest.raises(InputError, match=r"substep 2 ranks NN2-1, NN2-3, NN2-2"):
        read_plan(ROOT / "config/substeps.tsv", tmp_path / "networks.tsv", paper.sources)


def test_all_mistakes_of_the_tables_are_reported_at_once(paper, tmp_path):
    table = (ROOT / "config/networks.tsv").read_text().replace("ASCAT-SWI+SMOS-IC\t", "ASCAT-SWI+SMOS-IX\t")
    (tmp_path / "networks.tsv").write_text(table)
    with pytest.raises(InputError) as caught:
        read_plan(ROOT / "config/substeps.tsv", tmp_path / "networks.tsv", paper.sources)
    assert len(str(caught.value).splitlines()) == 5
    assert "Did you mean SMOS-IC?" in str(caught.value)


def test_a_round_cannot_learn_from_a_later_one(paper, tmp_path):
    table = (ROOT / "config/substeps.tsv").read_text().replace("SMAP_E+SIM-1T\tone", "SMAP_E+SIM-3T\tone")
    (tmp_path / "substeps.tsv").write_text(table)
    with pytest.raises(InputError, match="learns from SIM-3T, which no earlier round makes"):
        read_plan(tmp_path / "substeps.tsv", ROOT / "config/networks.tsv", paper.sources)


def test_a_dash_takes_the_derived_value(paper):
    assert derived_columns(paper.training["NN3-1-4"])["targets"] == "SIM-2T:35;SIM-1T:3"


def test_another_period_derives_the_plan_anew_unless_the_profile_is_the_papers(capsys, tmp_path):
    from rssm.cli import main

    file = tmp_path / "my.yaml"
    file.write_text("toy: {}\nperiod: {last: 2016D36}\n")
    assert main(["check-config", str(file)]) == 0
    assert main(["plan", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "NN1-2-1: last is 2017D36, but spans, targets and LAI source give 2016D36" in shown
    file.write_text("toy: {}\nprofile: paper\nperiod: {last: 2016D36}\n")
    assert main(["check-config", str(file)]) == 2
