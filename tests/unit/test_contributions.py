"""Contributions of inputs: a job on cubes whose truth depends on known inputs by known shares, and its tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest import approx

from rssm.analysis.contributions.figure import contribution_figure
from rssm.analysis.contributions.rows import read_rows
from rssm.analysis.contributions.specs import ContributionsSpec, Probed
from rssm.analysis.contributions.table import contribution_table
from tests.unit.made_lessons import NETWORKS, TRUE, WEIGHTS, ZONES, Tile


@pytest.fixture(scope="module")
def tile(tmp_path_factory: pytest.TempPathFactory) -> Tile:
    return Tile(tmp_path_factory.mktemp("contributions"))


def test_known_shares_come_back(tile: Tile, tmp_path: Path) -> None:
    rows = tile.contribute(tmp_path / "t.tsv")
    for zone in ZONES:
        found = {row["input"]: row for row in rows if (row["network"], row["zone"]) == ("N1", zone.name)}
        for name, share in TRUE.items():
            assert float(found[name]["share"]) == approx(share, abs=0.03), name
            assert float(found[name]["growth"]) == approx(
                WEIGHTS[name] ** 2 / 3, rel=0.1, abs=1e-5
            )  # variance of noise: 1/3
    assert {int(row["points"]) for row in rows} == {40 * 36, 40 * 72}


def test_a_zone_says_the_same_alone(tile: Tile, tmp_path: Path) -> None:
    both, alone = tile.contribute(tmp_path / "a.tsv"), tile.contribute(tmp_path / "b.tsv", ZONES[1:])
    assert alone == [row for row in both if row["zone"] == ZONES[1].name]


def spec(**changes: object) -> ContributionsSpec:
    tested = tuple(Probed(name, "1-1", rank, inputs[:-1]) for rank, (name, inputs) in enumerate(NETWORKS.items(), 1))
    return ContributionsSpec(
        **{"networks": tested, "leaves": ("LAI-X",), "zones": 2, "land_zones": 9, "first": "N1"} | changes
    )


def test_zones_weigh_by_their_points(tmp_path: Path) -> None:
    text = "network\tzone\tpoints\tinput\tshare\tgrowth\n"
    text += "N1\tz1\t100\tA\t0.8\t4e-4\nN1\tz1\t100\tLAI-X\t0.2\t1e-4\nN1\tz2\t300\tA\t0.4\t2e-4\nN1\tz2\t300\tLAI-X\t0.6\t3e-4\n"
    text += "N1\tz3\t50\tA\tnan\t0\nN1\tz3\t50\tLAI-X\tnan\t0\n"  # nothing depends on anything there
    (tmp_path / "t.tsv").write_text(text)
    out = [str(tmp_path / "c.csv"), str(tmp_path / "c.md")]
    contribution_table([str(tmp_path / "t.tsv")], spec(), out)
    rows = {row.input: row for row in read_rows(out[0])}
    assert (rows["A"].share, rows["LAI"].share) == (approx(0.5), approx(0.5))  # (100 · 0.8 + 300 · 0.4) / 400
    assert (rows["A"].growth, rows["A"].points, rows["A"].zones) == (approx(2.5e-4), 400, 2)
    assert (rows["A"].kind, rows["LAI"].kind) == ("product", "factor")
    page = Path(out[1]).read_text()
    assert "| A | product | 50.0% | – |" in page and "2 of 9 land zones" in page
    assert "| 1-1 | 1 | 50.0% | A 50.0%, LAI 50.0% |" in page


def test_the_figure_and_its_data(tile: Tile, tmp_path: Path) -> None:
    tile.contribute(tmp_path / "t.tsv")
    out = [str(tmp_path / "c.csv"), str(tmp_path / "c.md")]
    contribution_table([str(tmp_path / "t.tsv")], spec(), out)
    drawn = [str(tmp_path / f"f.{kind}") for kind in ("svg", "png", "csv")]
    contribution_figure(out[:1], spec(), drawn)
    assert Path(drawn[2]).read_text().splitlines()[0].startswith("network,substep,rank,input,kind,share")
    assert {row.network for row in read_rows(drawn[2])} == {"N1", "N2"}


def test_no_subnetwork_in_any_zone_is_said(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("network\tzone\tpoints\tinput\tshare\tgrowth\n")
    out = [str(tmp_path / "c.csv"), str(tmp_path / "c.md")]
    contribution_table([str(tmp_path / "t.tsv")], spec(), out)
    assert "Network N1 has no subnetwork" in Path(out[1]).read_text()
    contribution_figure(out[:1], spec(), [str(tmp_path / f"f.{kind}") for kind in ("svg", "png", "csv")])
