"""The joint between two sources of LAI: which substeps, which dekads, and the difference worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from rssm.calendar import DEKADS
from rssm.config.load import read_yaml
from rssm.config.plan import Plan, Source, Substep, span_text
from rssm.cubes.cube import Cube, write_cube
from rssm.networks import store
from rssm.networks.subnetworks import Subnetworks
from rssm.rounds.estimates import Estimates
from rssm.rounds.joint import COLUMNS, joint, joint_table, table_rows, zone_sums
from rssm.rounds.specs import JointSpec, RankedNetwork, SimulateSpec
from rssm.spec import parsed
from rssm.tsv import tsv_text
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.reports import Reports
from rssm.workflow.rsssm.rounds import Rounds

ROOT = Path(__file__).resolve().parents[2]
STEPS = np.array([360, 361, 396], np.int32)  # D01 and D02 of one year, D01 of the next


def demo(**changes: object) -> Reports:
    config, _ = read_yaml(ROOT / "config/config.yaml")
    return Reports(Rounds(scope_of({**config, **changes}, ROOT)))


def test_the_paper_has_one_joint_proba_v_and_glass_over_2014_to_2017():
    (found,) = demo().scope.plan.joints
    assert found.substeps == ("1-1", "1-2")
    assert span_text(found.steps) == "2014D01–2017D36"


def test_without_lai_among_the_factors_there_is_no_joint():
    assert demo(factors=["SAND"]).scope.joints == ()
    assert demo(factors=["SAND"]).joint_names() == "$none"


def plan(first: tuple[str, range], second: tuple[str, range]) -> Plan:
    """Two substeps of one round (LAI source, dekads) and two sources, of the dekads 0…59 and 40…99."""
    sources = {"EARLY": Source(range(60), "a"), "LATE": Source(range(40, 100), "b")}
    substeps = tuple(
        Substep(name, "7", "inputs", ("P",), ("T",), "best", lai, span)
        for name, (lai, span) in (("7-1", first), ("7-2", second))
    )
    return Plan(substeps, (), sources)


def test_both_sources_must_exist_whichever_substep_comes_first():
    expected = range(40, 60)
    assert plan(("EARLY", range(50)), ("LATE", range(50, 90))).joints[0].steps == expected
    assert plan(("LATE", range(50, 90)), ("EARLY", range(50))).joints[0].steps == expected
    assert plan(("LATE", range(45, 90)), ("EARLY", range(41, 45))).joints[0].steps == range(41, 60)


def test_substeps_apart_or_of_one_source_or_of_the_same_dekads_have_no_joint():
    assert plan(("EARLY", range(40)), ("LATE", range(50, 90))).joints == ()
    assert plan(("LATE", range(40, 50)), ("LATE", range(50, 90))).joints == ()
    assert plan(("LATE", range(50, 90)), ("EARLY", range(50, 90))).joints == ()


def test_both_substeps_simulate_the_dekads_of_the_joint_with_their_own_networks_and_lai():
    reports, wildcards = demo(), SimpleNamespace(joint="1-1_1-2", tile="N40W001")
    spec = parsed(JointSpec, reports.joint_spec(wildcards))
    assert [DEKADS.label(step) for step in spec.a.span + spec.b.span] == ["2014D01", "2017D36"] * 2
    for side, name in ((spec.a, "NN1-1-1"), (spec.b, "NN1-2-1")):
        inputs = tuple(reports.scope.variables(reports.scope.plan.network(name)))
        assert side.networks[0] == RankedNetwork(name, 4, inputs)
    assert reports.networks_b(wildcards)[0] == "NN1-2-1"
    for steps, cube in ((spec.a.span, "FACTORS-LAI-PROBAV"), (spec.b.span, "FACTORS-LAI-GLASS")):
        held = reports.scope.steps(cube.removeprefix("FACTORS-"), cube)  # months
        assert held[0] <= steps[0] // 3 <= steps[1] // 3 <= held[-1]


def estimates(values: list[list[float]], zones: tuple[str, ...] = ("N79W180", "N79W179")) -> Estimates:
    """A pixel a zone, three dekads."""
    value = np.array(values, np.float32)
    pixels = np.arange(len(zones), dtype=np.int32)
    nothing = np.zeros(value.shape, np.uint8)
    network = np.where(np.isfinite(value), 0, -1).astype(np.int16)
    mse, start = np.ones((1, len(zones)), np.float32), np.append(pixels, len(zones)).astype(np.int32)
    return Estimates(value[None], network, nothing, nothing, ("N",), mse, STEPS, pixels, zones, start)


A = estimates([[0.30, 0.25, 0.20], [0.10, np.nan, 0.20]])
B = estimates([[0.25, 0.25, 0.25], [0.20, 0.30, 0.25]])


def rows(text: str) -> dict[str, list[str]]:
    return {line.split("\t")[0]: line.split("\t")[1:] for line in text.splitlines()}


def test_the_difference_by_dekad_of_the_year_worked_by_hand():
    table = rows(tsv_text(COLUMNS, table_rows([zone_sums(A, B)])))
    # D01 of both years: 0.05, −0.05 in the first zone, −0.10, −0.05 in the second; D02: 0 and unknown
    assert table["D01"] == ["4", "-0.037500", "0.062915", "0.062500"]
    assert table["D02"] == ["1", "0.000000", "-", "0.000000"]
    assert table["D03"] == ["0", "-", "-", "-"]
    assert table["all"] == ["5", "-0.030000", "0.057009", "0.050000"]


def test_tiles_and_their_order_do_not_matter():
    whole = zone_sums(A, B)
    parts = [{zone: whole[zone]} for zone in reversed(list(whole))]
    assert table_rows(parts) == table_rows([whole])


def constant(path: Path, value: float, low: float) -> str:
    """A network file of one zone that always says `value`."""
    room = Subnetworks.empty(1, 1, 2, 2)
    zero = {name: np.zeros_like(getattr(room, name)) for name in ("hidden", "hidden_bias", "output", "output_bias")}
    scales = {"factor": np.ones((1, 2)), "target_center": np.full((1, 1), value), "target_factor": np.ones((1, 1))}
    bounds = {"low": np.full((1, 2), low, np.float32), "high": np.ones((1, 2), np.float32)}
    status = np.zeros((1, 1), np.int8)
    made = replace(room, **zero, **scales, **bounds, status=status, rmse=np.ones((1, 1, 3), np.float32))
    store.write(path, made, ("P", "LAI"), ("N79W180",), {"network": path.stem})
    return str(path)


def cube_file(path: Path, variable: str, values: list[list[float]]) -> str:
    pixel, start = np.array([0, 1], np.int32), np.array([0, 2], np.int32)
    write_cube(
        path,
        Cube(variable, "1", np.array(values, np.float32), pixel, ("N79W180",), start, STEPS[:2], "dekad", "wgs84_0.1"),
    )
    return str(path)


def test_the_job_from_networks_and_cubes_to_the_table(tmp_path):
    networks = [constant(tmp_path / "NA.nc", 0.30, 0.0), constant(tmp_path / "NB.nc", 0.25, 0.0)]
    product = cube_file(tmp_path / "p.nc", "P", [[0.5, 0.5], [0.5, np.nan]])
    leaves = [cube_file(tmp_path / f"{name}.nc", name, [[0.1, 0.2], [0.3, 0.4]]) for name in ("LAI-1", "LAI-2")]

    def side(name: str, lai: str) -> SimulateSpec:
        return SimulateSpec((360, 361), (RankedNetwork(name, 1, ("P", lai)),), "none")

    spec = JointSpec(side("NA", "LAI-1"), side("NB", "LAI-2"))
    out = str(tmp_path / "sums.json")
    joint("a_b", "N79W180", networks[:1], [product, leaves[0]], networks[1:], [product, leaves[1]], spec, [out])
    joint_table("a_b", [out], [str(tmp_path / "table.tsv")])
    table = rows((tmp_path / "table.tsv").read_text())
    assert table["D01"][0] == "2"
    assert table["D02"][0] == "1"
    assert float(table["all"][1]) == pytest.approx(0.05, abs=1e-6)
    assert float(table["all"][2]) == pytest.approx(0, abs=1e-6)
