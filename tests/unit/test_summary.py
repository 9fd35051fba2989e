"""What came out of a run: from its tables, for people and as JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rssm.cli import main
from rssm.commands.summary import OfProduct, percent, summary, summary_text, years_text
from rssm.paths import Paths
from rssm.workflow.ending import Ending
from rssm.workflow.methods import ending_of, scope_in

ROOT = Path(__file__).resolve().parents[2]
TINY = str(ROOT / "config/tiny.yaml")
PATHS = Paths()

SHARES = """level	name	maps	land	valued	share
data set	data set	4	400	160	0.4
round	SIM-1	2	200	160	0.8
round	SIM-2	2	200	100	0.9996
round	FUSED-1	2	200	100	0.5
product	GAPS	1	100	10	0.1
product	FULL	2	200	180	0.9
"""
ARCHIVE = """product	year	files	skipped
FULL	2014	36	0
FULL	2015	36	2
GAPS	2013	36	0
GAPS	2014	0	0
GAPS	2015	0	0
LOST	2015	0	0
"""
ROUNDS = "round	level	name	zones\n1	round	1	2\n1	substep	1-1	1\n2	round	2	1\n"
COVERAGE = "round\tland\tsimulated\tfilled\n1\t1\t1\t0\nall\t400\t150\t30\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of a run that has made its maps: the working directory."""
    monkeypatch.chdir(tmp_path)
    tables = {"land_share.tsv": SHARES, "archive.tsv": ARCHIVE, "rounds.tsv": ROUNDS}
    Path(PATHS.report).mkdir(parents=True)
    for name, text in tables.items():
        (Path(PATHS.report) / name).write_text(text)
    return tmp_path


def published() -> None:
    Path(PATHS.points).mkdir(parents=True)
    (Path(PATHS.product) / "coverage.tsv").write_text(COVERAGE)
    Path(PATHS.release).write_text("{}")


def test_a_run_that_has_made_its_maps(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", TINY]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2014D19 to 2015D36, 40° N to 41° N, 2° W to 0°. Share of land × dekads with a value:",
        "  data set 40.0 % estimated",
        "  SIM      1: 80.0 % · 2: 99.9600 %",
        "  FUSED    1: 50.0 %",
        "  products 3 were read; the emptiest: GAPS 10.0 %, FULL 90.0 %",
        "  no file  GAPS in 2014–2015; LOST at all",
        "  left out files that cannot be read: 2 of FULL",
        "  zones    2 hold land; without a network: 1 in round 2",
        f"Next: rssm run {TINY}",
    ]


def test_a_published_data_set(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published()
    assert main(["summary", TINY]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[1] == "  data set 40.0 % estimated, 45.0 % published (masked and filled; 7.5 % is filled)"
    assert shown[-2:] == [
        "Data set: results/rsssm/product/",
        "Next: rssm extract --lon LON --lat LAT · in Python: import rssm; rssm.open('results/rsssm/product')",
    ]
    assert main(["summary", TINY, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["simulated"], found["published"], found["filled"]) == (0.4, 0.45, 0.075)
    assert found["estimates"] == {"SIM-1": 0.8, "SIM-2": 0.9996, "FUSED-1": 0.5} and found["learnt"] == {
        "round 1": 2,
        "round 2": 1,
    }
    assert [product["missing"] for product in found["products"]] == [["2014", "2015"], [], ["2015"]]


def test_a_data_set_of_several_tables_neither_masked_nor_filled(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published()
    tables = "table\tmonth\tland\tsimulated\nupper\t01\t9\t9\nupper\tall\t200\t120\nlower\tall\t200\t40\n"
    (Path(PATHS.product) / "coverage.tsv").write_text(tables)
    shares = SHARES.splitlines()
    shares[2:5] = ["table\tupper\t2\t200\t120\t0.6", "table\tlower\t2\t200\t40\t0.2"]
    (Path(PATHS.report) / "land_share.tsv").write_text("\n".join(shares) + "\n")
    assert main(["summary", TINY]) == 0
    assert capsys.readouterr().out.splitlines()[1:3] == [
        "  data set 40.0 % published",
        "  tables   upper: 60.0 % · lower: 20.0 %",
    ]


def test_a_run_up_to_the_data_set_alone_without_cubes(run: Path) -> None:
    published()
    (Path(PATHS.report) / "archive.tsv").unlink()
    shutil.rmtree(f"{PATHS.product}/zarr")
    scope = scope_in([TINY])
    found = summary(scope, ending_of(scope), TINY)
    assert [product.name for product in found.products] == ["GAPS", "FULL"]
    assert found.next == ["in Python: import rssm; rssm.open('results/rsssm/product')"]


def test_what_to_type_next_names_the_folder_of_the_run(run: Path) -> None:
    published()
    scope = scope_in([TINY])
    assert summary(scope, ending_of(scope), TINY, "over there").next == [
        "rssm extract --lon LON --lat LAT --store 'over there/results/rsssm/product'",
        "in Python: import rssm; rssm.open('over there/results/rsssm/product')",
    ]


def test_any_method_is_summed_up_without_words_of_its_own(run: Path) -> None:
    scope = scope_in([TINY])
    assert "zones" not in summary_text(summary(scope, Ending(scope), TINY))


def test_where_nothing_was_run_there_is_one_sentence(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree("results")
    assert main(["summary", TINY]) == 2
    assert capsys.readouterr().err == (
        f"results/rsssm: no run of {TINY} has made maps here. Make them with: rssm run {TINY}\n"
    )


def test_the_screen_is_not_flooded_by_a_long_list(run: Path) -> None:
    scope = scope_in([TINY])
    found = summary(scope, ending_of(scope), TINY)
    many = [
        OfProduct(name=f"PRODUCT-{n}", share=0.001 * n, years=["2014", "2015"], missing=["2015"], skipped=n)
        for n in range(60)
    ]
    lines = summary_text(found.model_copy(update={"products": many})).splitlines()
    assert len(lines) <= 13 and max(map(len, lines)) <= 110
    assert sum(line.endswith(" …") for line in lines) == 2  # tables have all


def test_years_and_shares_are_told_as_people_do() -> None:
    assert years_text(["2003", "2004", "2005", "2009"]) == "2003–2005, 2009" and years_text(["static"]) == "static"
    assert [percent(share) for share in (None, 0.0, 0.0001, 0.5, 1.0)] == [
        "-",
        "0.0 %",
        "0.0100 %",
        "50.0 %",
        "100.0 %",
    ]
