"""The report as a file: it is whole, asks no server, escapes what users write, and says why a section is empty."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from made_product import published
from made_report import HOSTILE, made_report

from rssm.product.formats.netcdf import YearReader
from rssm.product.values.sources import land_of
from rssm.report.maps import within
from rssm.report.packing import unpacked, values_of
from rssm.report.year import read_year

VOID = {"meta", "link", "input", "img", "br", "path", "rect"}


class Page(HTMLParser):
    """Elements of a page, its texts, and what is not well formed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.wrong: list[str] = []
        self.texts: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [about for name, about in self.elements if name == tag]


@pytest.fixture(scope="module")
def toy_page(tmp_path_factory, land):
    """Of a toy Earth, with all tables."""
    folder = tmp_path_factory.mktemp("toy_report")
    return made_report(published(folder, land, toy=True), folder / "report", land, toy=True)


@pytest.fixture(scope="module")
def bare_page(tmp_path_factory, product, land):
    """Of the Earth, with no table at all, in cells of 5 × 5 pixels."""
    return made_report(product, tmp_path_factory.mktemp("bare_report"), land, full=False, factor=5)


@pytest.fixture(params=["toy_page", "bare_page"])
def path(request):
    return request.getfixturevalue(request.param)


def test_the_page_is_well_formed_and_asks_no_server(path):
    page = Page(path)
    assert page.wrong == [] and page.open == []
    loads = [
        about.get(key, "")
        for tag, about in page.elements
        for key in ("src", "srcset", "data", "poster")
        if key in about
    ]
    loads += [about["href"] for about in page.all("link")]
    assert [load for load in loads if not load.startswith("data:")] == []
    styles = path.read_text(encoding="utf-8")
    assert not re.search(r"@import|url\((?!data:)|\bfetch\(|XMLHttpRequest|import\(", styles)
    ids = [about["id"] for _, about in page.elements if about.get("id")]
    assert len(ids) == len(set(ids))
    assert {about["href"][1:] for about in page.all("a")} <= set(ids)


def test_headings_are_in_order_and_pictures_have_words(path):
    page = Page(path)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(len(about["alt"] or "") > 5 for about in page.all("img"))
    assert all(
        about.get("aria-label") for tag, about in page.elements if about.get("role") in ("img", "application", "region")
    )


def test_texts_of_users_stay_texts(toy_page):
    page = Page(toy_page)
    assert " ".join(HOSTILE.split()) in page.text  # of a product's title, as it was written
    assert "onerror" not in {key for _, about in page.elements for key in about}
    assert "broken <b>file</b>" in page.text


def test_a_toy_says_so_first_and_shows_the_truth(toy_page):
    page = Page(toy_page)
    assert page.text.index("A toy Earth, not the real one.") < page.text.index("Region")
    assert (
        "correlates with the truth by r = 0.810; every one of 2 products less, the best of them ASCAT-SWI with 0.700"
        in page.text
    )
    assert "truth" in _meta(toy_page)["layers"]


def test_tables_hold_what_files_hold(toy_page):
    text = Page(toy_page).text
    assert "1 of 2 products have files" in text and "1 networks trained" not in text and "1 network trained" in text
    assert "0.589 * (0.489 to 0.670)" in text  # bold, with its star
    assert "flag C03 2 2 10" in text  # sensors, steps, records
    assert "train 2 5.0 3.5 150" in text  # jobs, seconds, seconds of cores, MB
    assert "publish 1 0.5 0.0 0" in text
    assert "No file was found of: SMOS-IC." in text
    assert "Scatter (SMAP_E)" in text and "Density of pairs" in text


def test_the_plan_is_drawn_where_the_run_is_described(toy_page):
    text = toy_page.read_text(encoding="utf-8")
    place = {name: text.index(f"<strong>{name}.</strong>") for name in ("Timeline", "Mean")}
    assert (
        text.index('id="analysis"')
        < place["Mean"]
        < text.index('id="run"')
        < place["Timeline"]
        < text.index('id="dropped"')
    )


def test_gaps_are_counted_once(toy_page, land):
    with YearReader(toy_page.parents[1] / "product" / "netcdf" / "RSSSM_2015.nc") as source:
        pixels = int(land_of(land, source.frame).sum())
    assert f"all {pixels * 18:,}" in Page(toy_page).text  # six dekads and twelve


def test_every_empty_section_says_why(bare_page):
    text = Page(bare_page).text
    assert "Made of real satellite data." in text and "TOY EARTH" not in text
    for sentence in (
        "The truth is not known: only a toy Earth's is.",
        "Nothing was there to validate the data set with.",
        "This run analysed nothing.",
        "Nothing was measured of the jobs of this run",
        "No records of stations were dropped, because none were read.",
        "This method reports no rounds.",
        "Maps show cells of 5 × 5 pixels",
    ):
        assert sentence in text


def test_every_depth_of_soil_has_a_section_of_validation(product, land, tmp_path):
    depths = {"": "0 to 10 cm", "layer2": "10 to 30 cm"}
    page = made_report(product, tmp_path, land, factor=5, depths=depths).read_text(encoding="utf-8")
    for name, depth in (("validation", "0 to 10 cm"), ("validation-layer2", "10 to 30 cm")):
        section = page.partition(f'<section id="{name}"')[2].partition("</section>")[0]
        assert f"Validation, {depth}" in section
        assert section.count("0.589") == 1 and section.count("<figure") == 2
        assert f"Records of stations that were not used, {depth}" in page
    assert "Records of stations that were not used<" not in page


def test_the_page_holds_the_maps_of_the_data_set(toy_page, land):
    year = read_year(toy_page.parent / "years" / "2015.json")
    with YearReader(toy_page.parents[1] / "product" / "netcdf" / "RSSSM_2015.nc") as source:
        on_land = land_of(land, source.frame)
        flags = source.stored("flags")[:, on_land]
        moisture = np.stack([values_of(unpacked(year["layers"]["soil_moisture"], 12)[k], 0.001) for k in range(12)])
        stored = source.stored("soil_moisture")[:, on_land]
    assert np.array_equal(unpacked(year["layers"]["flags"], 12), flags)
    assert np.array_equal(np.isnan(moisture), stored == -32768)
    there = stored != -32768
    assert np.abs(moisture[there] - stored[there] * 1e-4).max() <= 0.00051


def test_the_same_files_make_the_same_page(product, land, tmp_path):
    one, other = (made_report(product, tmp_path / name, land).read_bytes() for name in ("one", "other"))
    assert one == other


def test_values_become_coarser_until_the_page_has_room(toy_page):
    years = [read_year(path) for path in sorted((toy_page.parent / "years").glob("*.json"))]
    size = sum(len(text) for year in years for text in year["layers"].values())
    before = unpacked(years[1]["layers"]["soil_moisture"], 12).astype(int)
    assert within(years, size) == 0.001
    step = within(years, size - 1)
    assert step == 0.002
    after = unpacked(years[1]["layers"]["soil_moisture"], 12).astype(int)
    there = before != 65535
    assert np.array_equal(after == 65535, ~there)
    assert np.abs(after[there] * 2 - before[there]).max() <= 1


def _meta(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="meta">(.*?)</script>', text)[1])
