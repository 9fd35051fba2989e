"""The report as the Snakefile sees it: what it plans, and the tiny run's page; Snakemake's own report has captions."""

from __future__ import annotations

import pytest

from tests.workflow.conftest import ROOT, Project

PAGE = "results/rsssm/report.html"


@pytest.fixture
def reported(whole: Project) -> Project:
    return whole


def test_the_page_shows_what_the_run_left(reported: Project) -> None:
    text = (reported.folder / PAGE).read_text(encoding="utf-8")
    assert len(text) < 3e6
    assert "A toy Earth, not the real one." in text and "correlates with the truth by r = " in text
    assert "jobs took" in text and 'scope="row" class="short">product year</th>' in text
    assert "Overall accuracy" in text and "Records of stations that were not used" in text
    assert 'id="cube-2014-truth"' in text and 'id="cube-2015-flags"' in text
    assert str(reported.folder) not in text
    caption = (ROOT / "workflow/report/coverage.rst").read_text(encoding="utf-8").strip()
    assert caption in text


def test_a_finished_page_is_not_made_again_unless_what_it_is_made_of_changes(reported: Project) -> None:
    assert reported.planned("report") == {}
    style = reported.folder / "rssm/report/page/report.css"
    kept = style.read_text(encoding="utf-8")
    try:
        style.write_text(kept + "/* another */\n", encoding="utf-8")
        assert set(reported.planned("report")) == {"report"}
    finally:
        style.write_text(kept, encoding="utf-8")


def test_snakemakes_own_report_has_captions(reported: Project) -> None:
    done = reported.snakemake("--report", "report.html", "--", "report")
    assert done.returncode == 0, done.stderr[-4000:]
    text = (reported.folder / "report.html").read_text(encoding="utf-8")
    captions = sorted((ROOT / "workflow/report").glob("*.rst"))
    assert "Share of land that has a value, by year" in text and len(captions) >= 8
