"""Other plans than the paper's run from configuration and tables alone: the whole chain in one process, on toy Earths."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from rssm.calendar import DEKADS
from rssm.config.plan_tables import NETWORK_COLUMNS, SUBSTEP_COLUMNS
from rssm.config.rounds import Fuzzify
from rssm.errors import InputError
from rssm.grid import GRID, Area, Region
from rssm.ingest.denoise import denoise
from rssm.one_process import Round, make_world, run_rounds
from rssm.rounds.estimates import Estimates, write_estimates
from rssm.rounds.mosaic import mosaic
from rssm.rounds.specs import MosaicSpec
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.rounds import Rounds

ROOT = Path(__file__).resolve().parents[2]
# substep, round, order, predictors, targets, use, lai, first, last; network, substep, rank, predictors
ONE_PREDICTOR = (
    (
        "now   one  inputs  ASCAT-SWI  SMAP_E    best  -  2015D01  2016D36",
        "then  two  inputs  ASCAT-SWI  SIM-oneT  best  -  2014D19  2014D36",
    ),
    ("N1  now  1  ASCAT-SWI", "N2  then  1  ASCAT-SWI"),
)
ASCAT_AS_TARGET = (
    (
        "1  1  inputs    SMOS-IC+SMAP_E  ASCAT-SWI          best  LAI-PROBAV  2015D01  2016D36",
        "2  2  training  SMOS-IC         ASCAT-SWI+SIM-1T   best  LAI-PROBAV  2014D19  2014D36",
    ),
    ("N1  1  1  SMOS-IC+SMAP_E", "N2  1  2  SMOS-IC", "N3  2  1  SMOS-IC"),
)
WITH_A_GAP = (
    (
        "a  1  inputs  ASCAT-SWI  SMAP_E  best  -  2012D01  2012D10",
        "b  1  inputs  ASCAT-SWI  SMAP_E  best  -  2014D01  2014D36",
        "c  2  inputs  ASCAT-SWI  SIM-1T  best  -  2010D01  2010D36",
    ),
    ("N1  a  1  ASCAT-SWI", "N2  b  1  ASCAT-SWI", "N3  c  1  ASCAT-SWI"),
)

Tables = tuple[tuple[str, ...], tuple[str, ...]]


def table(path: Path, columns: tuple[str, ...], rows: tuple[str, ...]) -> str:
    cells = [row.split() for row in rows]
    lines = [columns, *(row + ["-"] * (len(columns) - len(row)) for row in cells)]
    path.write_text("".join("\t".join(line) + "\n" for line in lines))
    return str(path)


def workflow(folder: Path, tables: Tables = ONE_PREDICTOR, **changes: Any) -> Rounds:
    config = {
        "region": {"south": 40, "north": 41, "west": -1, "east": 0},
        "period": {"first": "2014D19", "last": "2016D36"},
        "tables": {
            "substeps": table(folder / "substeps.tsv", SUBSTEP_COLUMNS, tables[0]),
            "networks": table(folder / "networks.tsv", NETWORK_COLUMNS, tables[1]),
        },
        "factors": ["SAND"],
        "toy": {"days_per_dekad": 3},
    }
    return Rounds(scope_of({**config, "chains": 1, **changes}, ROOT))


def run(made: Rounds) -> dict[str, Round]:
    return run_rounds(made, make_world(made.scope))


def coverage(round_: Round) -> float:
    return float(np.isfinite(round_.sim.values).mean())


def test_two_rounds_of_any_name_with_one_predictor_and_no_lai(tmp_path):
    made = workflow(tmp_path)
    rounds = run(made)
    assert list(rounds) == ["one", "two"]
    assert made.scope.variables(made.scope.plan.network("N1")) == ["ASCAT-SWI", "SAND"]
    assert_array_equal(rounds["two"].sim.step, DEKADS.span("2014D19", "2014D36"))
    assert min(map(coverage, rounds.values())) > 0.9


def test_another_target_than_smap(tmp_path):
    made = workflow(tmp_path, ASCAT_AS_TARGET)
    assert made.scope.plan.primaries == ("ASCAT-SWI",)
    rounds = run(made)
    assert min(map(coverage, rounds.values())) > 0.9
    assert set(made.scope.plan.training["N3"].targets) == {"ASCAT-SWI"}  # it always exists: SIM-1T is never needed
    assert "SIM-1T" not in made.scope.cubes


@pytest.mark.parametrize("factors", [[], ["TREE", "CLAY"], ["LAI"]])
def test_other_factors_or_none(tmp_path, factors):
    made = workflow(tmp_path, factors=factors)
    named = [factor for factor in factors if factor != "LAI"]  # no substep of this plan has a source of LAI
    assert made.scope.variables(made.scope.plan.network("N2")) == ["ASCAT-SWI", *named]
    assert min(map(coverage, run(made).values())) > 0.9
    for network in made.scope.networks:  # every input and target of a network has a cube, and one awaits the kernels
        where = SimpleNamespace(network=network.name)
        held = {v for cube in made.learnt_from(where) for v in made.scope.cubed(cube)}
        assert held == {*made.scope.variables(network), *made.scope.plan.training[network.name].targets}
    assert any(made.kernels(SimpleNamespace(variable=cube)) for cube in made.scope.cubes)


def test_a_region_across_the_dateline(tmp_path):
    box = {"south": -17, "north": -16, "west": 179, "east": -179}  # Fiji: a zone of 35 pixels and one of 3
    rounds = run(workflow(tmp_path, region=box, period={"first": "2014D19", "last": "2018D36"}))
    west, east = (rounds["one"].sim.values[rounds["one"].sim.zone(name)] for name in ("S17E179", "S17W180"))
    assert (len(west), len(east)) == (35, 3)
    assert np.isfinite(west).mean() > 0.8
    assert np.isfinite(east).all()
    # nine dekads teach round two, too few for the zone of three pixels
    assert coverage(rounds["two"]) == pytest.approx(np.isfinite(west).mean() * 35 / 38, abs=0.05)


def test_an_island_of_few_pixels(tmp_path):
    rounds = run(workflow(tmp_path, region={"south": 28, "north": 29, "west": -17, "east": -16}))  # Tenerife
    assert min(map(coverage, rounds.values())) > 0.9


def test_at_80_north_nothing_can_be_learnt_and_nothing_breaks(tmp_path):
    rounds = run(workflow(tmp_path, region={"south": 79, "north": 80, "west": -69, "east": -67}))  # Greenland's ice
    assert [coverage(round_) for round_ in rounds.values()] == [0, 0]
    assert [round_.removed for round_ in rounds.values()] == [0, 0]


def test_maps_without_any_zone_to_test_are_left_as_they_are():
    for empty in (np.full((3, 10, 20), np.nan), np.where(np.arange(100).reshape(10, 10) < 5, 0.2, np.nan)):
        done = denoise(empty, 10)
        assert_array_equal(done.values, empty)
        assert not done.removed.any()


def test_a_round_may_leave_years_and_dekads_out(tmp_path):
    made = workflow(tmp_path, WITH_A_GAP, period={"first": "2010D01", "last": "2016D36"})
    assert made.scope.years("SIM-1T") == ["2012", "2014"]  # no map of 2013 is asked for
    assert made.scope.plan.training["N3"].steps[10] == DEKADS.parse("2014D01")


def test_a_dekad_between_two_substeps_of_one_year_has_an_empty_map(tmp_path):
    from rssm.maps import read_map

    steps = np.array([2014 * 36, 2014 * 36 + 2], np.int32)
    value = np.full((1, 1, 2), 0.2, np.float32)
    network, nothing = np.zeros((1, 2), np.int16), np.zeros((1, 2), np.uint8)
    place = (np.zeros(1, np.int32), ("N79W180",), np.array([0, 1], np.int32))
    made = Estimates(value, network, nothing, nothing, ("N",), np.ones((1, 1), np.float32), steps, *place)
    write_estimates(tmp_path / "joined.nc", made)
    area = Area(GRID.id, Region(79, 80, -180, 1))
    spec = MosaicSpec("SIM-1", area, "dekad", (int(steps[0]), int(steps[1])), Fuzzify(method="none"))
    mosaic("1", "2014", [str(tmp_path / "joined.nc")], spec, [str(tmp_path / "2014.json")])
    valid = [np.isfinite(read_map(tmp_path / f"SIM-1_2014D0{n}.tif")[0]["value"]).sum() for n in (1, 2, 3, 4)]
    assert valid == [1, 0, 1, 0]


def test_a_substep_that_nothing_can_teach_is_told_before_anything_runs(tmp_path):
    with pytest.raises(InputError, match=r"substep now: none of its networks can be trained.*targets \(SMAP_E\)"):
        workflow(tmp_path, period={"first": "2014D01", "last": "2014D36"})  # SMAP begins in 2015


def test_a_network_that_nothing_can_teach_is_left_out(tmp_path):
    substeps = ("now  one  inputs  ASCAT-SWI+TMI-LPRM-X  SMAP_E  best  -  2015D01  2016D36",)
    networks = ("N1  now  1  ASCAT-SWI+TMI-LPRM-X", "N2  now  2  ASCAT-SWI")  # TMI ended before SMAP began
    made = workflow(tmp_path, (substeps, networks), plan={"train": "all"})
    assert [network.name for network in made.scope.networks] == ["N2"]
    assert "TMI-LPRM-X" not in made.scope.cubes
