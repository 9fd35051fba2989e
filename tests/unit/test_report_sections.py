"""Sections of the report: what they read, what they count, and how they speak."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rssm.grid import Area, Region
from rssm.report.files import Given
from rssm.report.locator import box_text, locator
from rssm.report.maps import as_json
from rssm.report.parts import Table, shown
from rssm.report.sections.cost import cost_section
from rssm.report.sections.figures import captions_in, figures_of
from rssm.report.sections.marked import tables_of
from rssm.report.sections.truth import best_sentence, truth_section

HEAD = "world,seed,period,method,r,rmse,ubrmse,bias,anomaly_r,n\n"
LAND = str(Path(__file__).resolve().parents[2] / "resources" / "land.tif")


def skill(folder: Path, **r: float | str) -> Path:
    rows = [f"paper,1,all,{name.replace('_', '-')},{value},,,,,9" for name, value in r.items()]
    (folder / "skill.csv").write_text(HEAD + "\n".join(rows) + "\n")
    return folder / "skill.csv"


def test_the_data_set_is_held_beside_single_products_alone(tmp_path):
    path = skill(tmp_path, rsssm=0.8, fused=0.9, climatology=0.95, SMAP=0.7, ASCAT=0.75)
    assert best_sentence(path, fused=True) == (
        "The data set correlates with the truth by r = 0.900; every one of 2 products less, the best of them ASCAT with 0.750."
    )
    assert "r = 0.800" in best_sentence(path, fused=False)


def test_a_product_that_does_better_is_named(tmp_path):
    path = skill(tmp_path, rsssm=0.8, SMAP=0.8, ASCAT=0.85, SMOS=0.1)
    assert best_sentence(path, fused=False) == (
        "The data set correlates with the truth by r = 0.800; ASCAT, SMAP do as well or better (best: 0.850)."
    )


@pytest.mark.parametrize("of", [{"rsssm": ""}, {"rsssm": 0.5}, {"SMAP": 0.5}])
def test_too_few_scores_are_no_comparison(tmp_path, of):
    assert best_sentence(skill(tmp_path, **of), fused=False).startswith("Too few values")


def test_bars_are_in_order_and_the_data_set_is_marked(tmp_path):
    section = truth_section(
        Given([str(skill(tmp_path, rsssm=0.8, SMAP=-0.2, ASCAT=0.85, TMI=""))]), fused=False, toy=True
    )
    assert [(bar.name, bar.length, bar.ours) for bar in section.bars] == [
        ("ASCAT", 0.85, False),
        ("chain of rounds (the data set)", 0.8, True),
        ("SMAP", 0.0, False),
    ]
    assert section.bars[2].value == "-0.200"


def test_files_of_a_depth_are_those_in_its_folder(tmp_path):
    names = ("scores.md", "figures/a.svg", "layer2/scores.md", "layer2/figures/a.svg", "coverage/2001.tsv")
    of = Given([str(tmp_path / "layer2" / "validation" / name) for name in names]).below("validation", ["", "layer2"])
    assert [len(given.paths) for given in of.values()] == [3, 2]
    assert {path.parent.name for path in of["layer2"].paths} == {"layer2", "figures"}


def test_jobs_are_summed_by_rule(tmp_path):
    head = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"
    for name, row in {
        "train/a/b.tsv": "60\t-\t200\t\t\t\t\t\t\t30",
        "train/c.tsv": "30\t-\t100\t\t\t\t\t\t\t20",
        "short.tsv": "0.1\t-\t-",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(head + row + "\n")
    (tmp_path / "empty.tsv").write_text("")
    section = cost_section(str(tmp_path), [("archive", ["toy_archive"]), ("networks", ["train", "join"])])
    stages, rules = section.tables
    assert stages.rows == [["networks", "2", "90.0", "50.0", "200"], ["other", "1", "0.1", "0.0", "0"]]
    assert rules.rows == [["train", "2", "90.0", "50.0", "200"], ["short", "1", "0.1", "0.0", "0"]]
    assert section.said[0].startswith(
        "3 jobs took 1.5 minutes of one core's clock all together; the largest needed 200 MB."
    )


def test_a_page_of_tables_is_read_with_what_stands_above_each(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n\nAbout\nall.\n\n- one\n  thing\n- another\n\n## One\n\nOf `one`.\n\n| a | b |\n|---|---|\n| **1** | x |\n\n## Two\n| c |\n|---|\n| 2 |\n"
    )
    said, (one, two) = tables_of(page)
    assert said == ["About all.", "one thing", "another"]
    assert (one.title, one.about, one.heads, one.rows) == ("One", "Of one.", ["a", "b"], [["**1**", "x"]])
    assert (two.title, two.about, two.rows) == ("Two", "", [["2"]])


def test_a_page_without_headings_is_one_table_with_its_words(tmp_path):
    page = tmp_path / "dry_down.md"
    page.write_text("About.\n\n| a |\n|---|\n| 1 |\n\nAfter.\n")
    said, (table,) = tables_of(page)
    assert (table.title, table.about, said) == ("Dry down", "About.", ["After."])


def test_figures_find_their_captions(tmp_path):
    for name, text in {"scatter": "Of *pairs*.\n", "scatter_map": "Maps.", "dry_season": "Dry."}.items():
        (tmp_path / f"{name}.rst").write_text(text)
    drawings = [tmp_path / f"{name}.svg" for name in ("scatter_SMAP_E", "scatter_map_ASCAT", "season", "other")]
    for path in drawings:
        path.write_text("<svg/>")
    found = {figure.name: figure.caption for figure in figures_of(drawings, captions_in(str(tmp_path)))}
    assert found == {"Scatter (SMAP_E)": "Of pairs.", "Scatter map (ASCAT)": "Maps.", "Dry season": "Dry.", "Other": ""}


def test_a_large_drawing_gives_way_to_its_picture_of_few_colours(tmp_path):
    for name, size in {"small": 9, "large": 100_001, "alone": 100_001}.items():
        (tmp_path / f"{name}.svg").write_bytes(bytes(size))
    shades = np.arange(3 * 40 * 50, dtype=np.uint32).reshape(40, 50, 3).astype(np.uint8)
    for name in ("small", "large"):
        Image.fromarray(shades).save(tmp_path / f"{name}.png")
    found = {figure.name: figure.picture for figure in figures_of(sorted(tmp_path.glob("*.svg")), {})}
    kinds = {name: picture.split(";")[0] for name, picture in found.items()}
    assert kinds == {"Small": "data:image/svg+xml", "Large": "data:image/png", "Alone": "data:image/svg+xml"}
    with Image.open(BytesIO(b64decode(found["Large"].partition(",")[2]))) as image:
        assert image.mode == "P" and image.size == (50, 40)
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - shades).max() < 32


def test_columns_are_laid_out_by_what_they_hold():
    table = Table("", ("a", "b", "c"), [["1,000", "x", "y" * 31], ["–", "2", "z"], ["12.5 %", "", ""]])
    assert table.kinds == ["right", "short", "long"]
    assert [shown(text) for text in ("0.123456", "2015", "-", "2015D10")] == ["0.1235", "2015", "–", "2015D10"]


def test_the_locator_crosses_the_dateline():
    found = locator(LAND, Area("wgs84_0.1", Region(-20, -10, 175, 10)))
    assert found.boxes == [(355, 100, 5, 10), (0, 100, 5, 10)]
    assert found.about == "20° S to 10° S, 175° E to 175° W"
    assert found.land.startswith("M") and len(found.land) < 60_000
    assert box_text(Area("wgs84_0.1", Region(-60, 80, -180, 360))) == "60° S to 80° N, 180° W to 180° E"


def test_json_cannot_end_its_element():
    assert as_json({"a": "</script><b>", "n": np.int64(3).item()}) == '{"a":"\\u003c/script>\\u003cb>","n":3}'
