"""Analysis as the Snakefile sees it: dry runs, and once for all on the tiny run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.workflow.conftest import MAPS, Project

OWN = {"year_sums", "means", "analysis_tables", "mean_map", "month_maps", "latitude_profiles", "series_figure"}
TRENDS, SEASON = {"trends", "trend_map"}, {"season", "peak_maps", "range_maps"}
RAIN = {"rain_maps", "correlation_maps", "delay_map"}


def settings(project: Project, name: str, **changes: object) -> str:
    """A configuration like the tiny one, but for some settings."""
    config = yaml.safe_load((project.folder / "config/tiny.yaml").read_text())
    (project.folder / name).write_text(yaml.safe_dump({**config, **changes}))
    return name


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("analysis"))


def test_nothing_is_analysed_unless_asked_for(checkout: Project) -> None:
    assert not (OWN | TRENDS | SEASON | RAIN) & set(checkout.planned(*MAPS, "product"))


def test_reference_and_precipitation_are_ingested_by_the_rules_of_all_products(checkout: Project) -> None:
    found = checkout.planned("analysis")
    assert set(found) >= OWN | TRENDS | SEASON | RAIN | {"difference"}
    assert found["means"] == ["GLEAM-A", "RSSSM"]
    assert found["year_sums"] == [f"{name} {year}" for name in ("GLEAM-A", "IMERG", "RSSSM") for year in (2014, 2015)]
    assert {"IMERG 2014", "GLEAM-A 2015"} <= set(found["ingest"])


def test_parts_that_are_switched_off_are_not_planned(checkout: Project) -> None:
    none = {"reference": [], "trends": None, "season": None, "climate": None}
    found = checkout.planned("analysis", config=settings(checkout, "none.yaml", analysis=none))
    assert set(found) >= OWN and not (TRENDS | SEASON | RAIN | {"difference"}) & set(found)
    assert found["year_sums"] == ["RSSSM 2014", "RSSSM 2015"]


def test_the_tiny_run_is_analysed(whole: Project) -> None:
    made = whole.folder / "results/rsssm/analysis"
    figures = {path.stem for path in Path(made / "figures").glob("*.png")}
    assert figures >= {"mean", "months", "latitudes", "series", "trend", "peaks", "range", "precipitation", "delay"}
    page = (made / "analysis.md").read_text()
    assert "| RSSSM less GLEAM-A |" in page
    again = whole.snakemake("--dry-run", "--", "analysis")
    assert "Nothing to be done" in again.stdout + again.stderr
