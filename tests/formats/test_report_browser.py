"""The report in a browser, wide and narrow: nothing fails, nothing sticks out, keys and pointer work, maps are those that were packed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_product import published
from made_report import made_report

from bench.browser import CHROMIUM, browser
from rssm.report.packing import unpacked
from rssm.report.year import read_year

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed here")
SIZES = {"desk": (1280, 900, False), "phone": (360, 740, True)}
SUM = """(async () => {
    const found = {};
    for (const name of report.meta.layers) {
        let sum = 7;
        for (let at = 0; at < report.meta.years.length; at++)
            for (const number of await report.cube.year(name, at)) sum = (Math.imul(sum, 31) + number) >>> 0;
        found[name] = sum;
    }
    return found;
})()"""
CONTRAST = """(() => {
    const channel = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
    const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
    const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!c.endsWith(", 0)")) return c; } return "rgb(255, 255, 255)"; };
    return [...document.querySelectorAll("h1, h2, h3, p, a, td, th, dt, dd, li, summary, button, select, figcaption, .number")]
        .filter((e) => e.textContent.trim() && e.checkVisibility())
        .map((e) => { const [a, b] = [light(getComputedStyle(e).color), light(ground(e))]; return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.textContent.trim().slice(0, 40)]; })
        .filter(([ratio]) => ratio < 4.5);
})()"""


@pytest.fixture(scope="module")
def page(tmp_path_factory, land) -> Path:
    folder = tmp_path_factory.mktemp("seen")
    return made_report(published(folder, land, toy=True), folder / "report", land, toy=True)


@pytest.fixture(scope="module")
def tab():
    with browser() as found:
        yield found


@pytest.fixture
def opened(tab, page, request):
    """The page at some size, in which nothing failed."""
    width, height, phone = SIZES[getattr(request, "param", "desk")]
    tab.complaints.clear()
    tab.size(width, height, phone)
    tab.open(page)
    return tab


@pytest.mark.parametrize("opened", SIZES, indirect=True)
def test_nothing_fails_and_nothing_sticks_out(opened, tmp_path):
    opened.run("document.querySelectorAll('details').forEach((element) => (element.open = true))")
    opened.run("new Promise((done) => setTimeout(done, 300))")
    assert opened.complaints == []
    assert opened.run("document.documentElement.dataset.error") is None
    assert opened.run("window.harmed") is None
    assert opened.run("document.documentElement.scrollWidth <= window.innerWidth")
    assert opened.run("document.images.length") > 1
    assert opened.run("[...document.images].filter((image) => !image.complete || !image.naturalWidth).length") == 0
    opened.picture(tmp_path / "page.png", whole=True)
    assert (tmp_path / "page.png").stat().st_size > 20_000


def test_the_browser_unpacks_what_python_packed(opened, page):
    found = opened.run(SUM)
    years = [read_year(path) for path in sorted((page.parent / "years").glob("*.json"))]
    assert set(found) == {"soil_moisture", "total_uncertainty", "network_used", "flags", "truth"}
    for name, sum_ in found.items():
        numbers = np.concatenate([unpacked(year["layers"][name], len(year["steps"])).ravel() for year in years])
        expected = 7
        for number in numbers.tolist():
            expected = (expected * 31 + number) % 2**32
        assert sum_ == expected, name


def test_keys_page_through_time_and_move_the_pixel(opened):
    first, cell = opened.run("[report.step, report.cell]")
    _press(opened, "ArrowLeft")
    assert opened.run("report.step") == first - 1
    assert opened.run("document.getElementById('step').value") == str(first - 1)
    opened.run("document.getElementById('map').focus()")
    where = opened.run("report.map.where(report.cell)")
    _press(opened, "ArrowUp")
    moved = opened.run("report.map.where(report.cell)")
    assert opened.run("report.cell") != cell and moved[0] > where[0] and moved[1] == where[1]
    _press(opened, "PageDown")
    assert opened.run("report.step") == first
    opened.run("document.getElementById('step').focus()")
    _press(opened, "ArrowRight")
    assert opened.run("report.step") == first + 1


def test_a_click_shows_the_values_of_its_pixel(opened):
    said = """(async () => {
        const box = report.map.canvas.getBoundingClientRect();
        const at = { clientX: box.left + box.width * 0.26, clientY: box.top + box.height * 0.4 };
        await report.choose(report.map.under(at));
        const number = (await report.cube.map("soil_moisture", report.step))[report.cell];
        return [report.cube.value(number), report.series.moisture[report.step], document.getElementById("facts").textContent,
                report.map.where(report.cell), document.getElementById("spoken").textContent];
    })()"""
    value, in_series, facts, where, spoken = opened.run(said)
    assert value == in_series and value is not None
    assert f"{value:.3f} ±" in facts and f"{value:.3f} ±" in spoken
    assert len(opened.run("document.getElementById('pixel').textContent")) <= len("42.35° N, 179.95° W")
    assert f"rssm trace {where[1]:.2f}" in facts
    assert abs(where[0] - (43 - 0.4 * 3)) < 0.1 and abs(where[1] - (-2 + 0.26 * 4)) < 0.1
    opened.run("document.getElementById('values').open = true")
    opened.run("new Promise((done) => setTimeout(done, 200))")
    assert opened.run("document.querySelectorAll('#all tbody tr').length") == opened.run("report.cube.steps.length")


def test_every_layer_is_drawn_with_its_legend(opened):
    layers = opened.run("[...document.getElementById('layer').options].map((option) => option.value)")
    assert layers == ["soil_moisture", "total_uncertainty", "network_used", "flags", "truth", "error"]
    seen = set()
    for layer in layers:
        opened.run(f"(report.layer = {layer!r}, report.redraw())")
        seen.add(opened.run("report.map.canvas.toDataURL()"))
        assert opened.run("document.getElementById('codes').children.length") >= 2
    assert len(seen) == len(layers)


@pytest.mark.parametrize("opened", SIZES, indirect=True)
def test_figures_are_enlarged_within_the_page(opened):
    wide = "[...document.images].map((image) => image.getBoundingClientRect().width)"
    before = opened.run(wide)
    opened.run("document.querySelector('.enlarge').click()")
    after = opened.run(wide)
    assert after[0] > 1.5 * before[0] and after[1:] == before[1:]
    assert opened.run("document.querySelector('.enlarge').getAttribute('aria-pressed')") == "true"
    assert opened.run("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("dark", [False, True])
def test_texts_can_be_read(opened, page, dark):
    opened.size(1280, 900, dark=dark)
    opened.open(page)
    assert opened.run(CONTRAST) == []


def _press(tab, key):
    for kind in ("keyDown", "keyUp"):
        tab.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=CODES[key])
    tab.run("new Promise((done) => setTimeout(done, 150))")


CODES = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "PageDown": 34}
