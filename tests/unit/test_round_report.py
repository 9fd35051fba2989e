"""The report of a round, worked by hand: two zones, two substeps, three networks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from rssm.calendar import DEKADS
from rssm.commands.rounds import read_rows, rounds_text
from rssm.errors import InputError
from rssm.grid import GRID, Window
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.networks.kernels.codes import Status
from rssm.networks.store import Stored
from rssm.networks.subnetworks import Subnetworks
from rssm.rounds.estimates import FALLBACK, OUTSIDE, Estimates, read_estimates, write_estimates
from rssm.rounds.join import joined
from rssm.rounds.merge import Provenance
from rssm.rounds.report import Moments, Screened, gather, round_report, rounds_table, screening, sections
from rssm.rounds.screen import variance_ratio
from rssm.rounds.simulate import tally
from rssm.rounds.specs import RoundReportSpec, SubstepShare

NAN = float("nan")
STEPS = np.arange(100, 102, dtype=np.int32)


def stored(status: list[int], points: list[int], rmse: list[float], r2: list[float]) -> Stored:
    """A network of two zones."""
    room = Subnetworks.empty(1, 2, 3, 1)
    trained = replace(
        room,
        status=np.array([status], np.int8),
        points=np.stack([np.array(points), np.zeros(2), np.full(2, 10)], axis=-1)[None].astype(np.int32),
        rmse=np.stack([np.zeros(2), np.zeros(2), np.array(rmse)], axis=-1)[None].astype(np.float32),
        r2=np.stack([np.zeros(2), np.zeros(2), np.array(r2)], axis=-1)[None].astype(np.float32),
    )
    return Stored(trained, ("A",), ("N79W180", "N79W179"), {})


ALPHA = stored([0, 2], [90, 0], [0.04, NAN], [0.6, NAN])  # the second zone had too few points
BETA = stored([0, 1], [190, 390], [0.06, 0.08], [0.4, 0.2])
GAMMA = stored([1, 1], [50, 70], [0.02, 0.02], [0.9, 0.8])


def estimates(
    names: tuple[str, ...], networks: list[Stored], used: list[list[int]], flags: list[list[int]]
) -> Estimates:
    """Three pixels, two of the first zone and one of the second, in two dekads."""
    network, seen = np.array(used, np.int16), np.array(flags, np.uint8)
    found = Estimates(
        value=np.where(network >= 0, np.float32(0.2), np.float32(np.nan))[None],
        network=network,
        flags=seen,
        merged=np.zeros(network.shape, np.uint8),
        names=names,
        mse=np.stack([one.subnetworks.rmse[0, :, 2] ** 2 for one in networks]),
        step=STEPS,
        pixel=np.array([3600, 3601, 3610], np.int32),
        zones=("N79W180", "N79W179"),
        zone_start=np.array([0, 2, 3], np.int32),
    )
    return replace(found, tally=tally(networks, found))


FIRST = estimates(("NA", "NB"), [ALPHA, BETA], [[0, 0], [1, -1], [1, 1]], [[0, OUTSIDE], [0, 0], [FALLBACK, FALLBACK]])
SECOND = estimates(("NC",), [GAMMA], [[0, 0], [0, 0], [-1, 0]], [[0] * 2] * 3)
SUBSTEPS = (SubstepShare("1-1", 2, ("NA", "NB")), SubstepShare("1-2", 2, ("NC",)))


def whole() -> Estimates:
    return joined([FIRST, SECOND], {"NA": ["A"], "NB": ["A", "B"], "NC": ["C"]}, 0.05)


def test_a_tally_counts_what_each_subnetwork_did():
    assert FIRST.tally["estimates"].tolist() == [[2, 0], [1, 2]]
    assert FIRST.tally["fallbacks"].tolist() == [[0, 0], [0, 2]]
    assert FIRST.tally["outside"].tolist() == [[1, 0], [0, 0]]
    assert FIRST.tally["points"].tolist() == [[100, 10], [200, 400]]
    assert FIRST.tally["status"].tolist() == [[Status.OK, Status.TOO_FEW_POINTS], [Status.OK, Status.NOT_CONVERGED]]
    assert FIRST.tally["r2"][1].tolist() == pytest.approx([0.4, 0.2])


def test_a_tally_travels_with_the_estimates_and_survives_joining(tmp_path):
    write_estimates(tmp_path / "e.nc", whole())
    back = read_estimates(tmp_path / "e.nc")
    assert back.tally.keys() == FIRST.tally.keys()
    for name, values in back.tally.items():
        assert_array_equal(values, np.concatenate([FIRST.tally[name], SECOND.tally[name]]))
        assert values.dtype == FIRST.tally[name].dtype


def test_the_networks_of_a_round_one_by_one():
    networks = sections(gather([whole()]), 2, SUBSTEPS)["networks"]
    assert networks["NA"]["subnetworks"] == networks["NA"]["zones"] == 1
    assert (networks["NA"]["status_ok"], networks["NA"]["status_too_few_points"]) == (1, 1)
    assert networks["NA"]["points"] == 100  # none of the zone without a subnetwork
    assert networks["NB"]["points"] == 600
    assert networks["NB"]["r2_median"] == pytest.approx(0.3)
    assert networks["NB"]["rmse_q3"] == pytest.approx(0.075)
    assert networks["NB"]["coverage"] == 0.5  # three of 3 pixels × 2 dekads
    assert networks["NB"]["fallback"] == pytest.approx(2 / 3, abs=1e-6)
    # NC has by far the lower error, so NB keeps what NC lacks: the second zone's first dekad
    assert [networks[name]["named"] for name in ("NA", "NB", "NC")] == pytest.approx([0, 1 / 6, 5 / 6], abs=1e-6)


def test_substeps_tell_of_the_time_before_merging_and_the_round_of_that_after():
    report = sections(gather([whole()]), 2, SUBSTEPS)
    first, second, total = report["substeps"]["1-1"], report["substeps"]["1-2"], report["round"]
    assert (first["estimates"], second["estimates"], total["estimates"]) == (5, 5, 6)
    assert first["coverage"] == pytest.approx(5 / 6, abs=1e-6)
    assert total["coverage"] == 1
    assert first["fallback"] == 0.4
    assert first["outside_range"] == 0.2
    assert total["fallback"] == pytest.approx(1 / 6, abs=1e-6)  # of the one estimate that NB kept
    assert (first["subnetworks"], second["subnetworks"], total["subnetworks"], total["zones"]) == (3, 2, 5, 2)
    assert total["r2_median"] == pytest.approx(0.6)  # of 0.6, 0.4, 0.2, 0.9, 0.8
    shares = {kind: total[f"merged_{kind.name.lower()}"] for kind in Provenance if kind}
    assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
    assert shares[Provenance.FIRST_ONLY] == shares[Provenance.SECOND_ONLY] == pytest.approx(1 / 6, abs=1e-6)
    assert shares[Provenance.SECOND_BETTER] == pytest.approx(4 / 6, abs=1e-6)


def test_a_round_of_one_substep_merges_nothing():
    total = sections(gather([FIRST]), 2, SUBSTEPS[:1])["round"]
    assert not [name for name in total if name.startswith("merged")]


def test_tiles_do_not_matter():
    one = whole()

    def part(pixels: slice, zone: int) -> Estimates:
        start = np.array([0, one.zone_start[zone + 1] - one.zone_start[zone]], np.int32)
        return replace(
            one,
            **{name: getattr(one, name)[pixels] for name in ("network", "flags", "merged", "pixel")},
            value=one.value[:, pixels],
            zones=one.zones[zone : zone + 1],
            zone_start=start,
            mse=one.mse[:, zone : zone + 1],
            tally={name: values[:, zone : zone + 1] for name, values in one.tally.items()},
        )

    two = [part(slice(0, 2), 0), part(slice(2, 3), 1)]
    assert sections(gather(two), 2, SUBSTEPS) == sections(gather([one]), 2, SUBSTEPS)


def test_estimates_without_a_tally_are_refused_and_so_are_none():
    with pytest.raises(InputError, match="without the counts of their subnetworks"):
        gather([replace(FIRST, tally={})])
    with pytest.raises(InputError, match="no estimates were given"):
        gather([])


def screened(before: list[float], after: list[float], out_of_range: int = 0, denoised: int = 0) -> Screened:
    return Screened(np.array([before], np.float32), np.array([after], np.float32), out_of_range, denoised)


def test_the_screen_worked_by_hand():
    maps = [
        screened([0.1, 0.2], [0.1, 0.2]),
        screened([0.3, 0.4], [0.3, NAN], out_of_range=1),
        screened([0.5, 0.3], [NAN, 0.3], denoised=1),
    ]
    found = screening(maps, pixels=3)
    assert (found["screened"], found["out_of_range"], found["denoised"]) == (6, 1, 1)
    assert (found["coverage_before_screen"], found["coverage_after_screen"]) == pytest.approx((6 / 9, 4 / 9), abs=1e-6)
    # pixel 1: {0.1, 0.3, 0.5} → {0.1, 0.3}, 0.04 → 0.02; pixel 2: {0.2, 0.4, 0.3} → {0.2, 0.3}, 0.01 → 0.005
    assert found["variance_ratio"] == pytest.approx(0.5, abs=1e-5)


def test_a_screen_without_maps_has_no_variance():
    assert screening([], pixels=2) == {
        "screened": 0,
        "out_of_range": 0,
        "denoised": 0,
        "coverage_before_screen": None,
        "coverage_after_screen": None,
        "variance_ratio": None,
    }


@given(st.lists(st.lists(st.sampled_from([0.05, 0.1, 0.25, 0.4, NAN]), min_size=3, max_size=3), min_size=1, max_size=8))
def test_moments_taken_map_by_map_are_those_of_the_whole_series(maps):
    series = np.array(maps)
    moments = Moments()
    for values in series:
        moments.add(values)
    assert moments.total == np.isfinite(series).sum()
    for pixel, found in zip(series.T, moments.variance(), strict=True):
        known = pixel[np.isfinite(pixel)]
        np.testing.assert_allclose(found, known.var(ddof=1) if known.size > 1 else NAN, atol=1e-12)


def test_the_variance_ratio_is_that_of_whole_series():
    series = np.random.default_rng(1).uniform(0.05, 0.4, (30, 7))
    kept = np.where(series < 0.35, series, np.nan)
    found = screening([Screened(*pair, 0, 0) for pair in zip(series, kept, strict=True)], pixels=7)
    assert found["variance_ratio"] == pytest.approx(variance_ratio(series, kept, axis=0).mean(), abs=1e-6)


def write_year(folder: Path, product: str, values: dict[str, float], **counts: int) -> str:
    """Maps of 1° and their index."""
    window = Window(0, 0, 10, 10)
    index = {}
    for label, value in values.items():
        path = folder / f"{product}_{label}.tif"
        write_map(path, {"value": np.full(window.shape, value, np.float32)}, GRID, window, {"label": label})
        index[label] = {"map": path.name, "status": "missing" if np.isnan(value) else "complete", **counts}
    write_index(folder / f"{product}.json", product, "2015", index)
    return str(folder / f"{product}.json")


def test_a_report_counts_the_dekads_that_teach_and_no_others(tmp_path):
    write_estimates(tmp_path / "joined.nc", whole())
    maps = write_year(tmp_path, "SIM-1", {"2015D08": NAN, "2015D09": 0.2, "2015D10": 0.3, "2015D11": 0.2})
    targets = write_year(tmp_path, "SIM-1T", {"2015D08": NAN, "2015D09": 0.2, "2015D10": NAN, "2015D11": 0.2}, out_of_range=3, denoised=2)  # fmt: skip
    teaching = (DEKADS.parse("2015D08"), DEKADS.parse("2015D10"))
    spec = RoundReportSpec(2, SUBSTEPS, "dekad", teaching)
    round_report("1", [str(tmp_path / "joined.nc")], [maps], [targets], spec, [str(tmp_path / "1.json")])
    found = json.loads((tmp_path / "1.json").read_text())["round"]
    assert (found["screened"], found["out_of_range"], found["denoised"]) == (200, 6, 4)
    # 100 values are left on the three land pixels of the tile, in the two dekads that are not missing
    assert found["coverage_after_screen"] == pytest.approx(100 / (3 * 2), abs=1e-6)


def test_the_table_holds_every_level_and_people_read_it(tmp_path):
    for name in ("1", "2"):
        write_estimates(tmp_path / "joined.nc", whole())
        spec = RoundReportSpec(2, SUBSTEPS, "dekad")
        round_report(name, [str(tmp_path / "joined.nc")], [], [], spec, [str(tmp_path / f"{name}.json")])
    rounds_table([str(tmp_path / "1.json"), str(tmp_path / "2.json")], [str(tmp_path / "rounds.tsv")])
    rows = read_rows(tmp_path / "rounds.tsv")
    assert [(row["round"], row["level"], row["name"]) for row in rows[:6]] == [
        ("1", "round", "1"),
        ("1", "substep", "1-1"),
        ("1", "substep", "1-2"),
        ("1", "network", "NA"),
        ("1", "network", "NB"),
        ("1", "network", "NC"),
    ]
    assert len(rows) == 12
    assert rows[3]["fallback"] == "0.0"
    assert rows[0]["named"] == "-"  # makes sense of networks only
    text = rounds_text(rows, "substep")
    assert "NA" not in text
    assert "merged in round 1: first only 16.7%" in text
    assert "range" not in text.splitlines()[0]  # a column nobody has is not shown
    assert "    NB" in rounds_text(rows, "network")


def test_no_table_is_reported_with_what_makes_it(tmp_path):
    with pytest.raises(InputError, match="snakemake rounds_report"):
        read_rows(tmp_path / "rounds.tsv")
