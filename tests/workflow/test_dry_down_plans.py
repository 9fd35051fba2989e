"""Dry-down and contributions as the Snakefile sees them, by dry runs."""

from __future__ import annotations

import pytest
import yaml

from tests.workflow.conftest import MAPS, Project

DRY = {"dry_year", "dry_down", "dry_groups", "dry_map", "dry_season", "dry_level", "dry_thresholds"}
TESTED = {"contribute", "contribution_table", "contribution_figure"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("dry_down"))


def planned(project: Project, **changes: object) -> dict[str, list[str]]:
    """What `snakemake analysis` would make with some settings changed."""
    config = yaml.safe_load((project.folder / "config/tiny.yaml").read_text())
    (project.folder / "changed.yaml").write_text(yaml.safe_dump({**config, **changes}))
    return project.planned("analysis", config="changed.yaml")


def test_analysis_makes_both(checkout: Project) -> None:
    found = planned(checkout)
    assert set(found) >= DRY | TESTED
    assert found["dry_year"] == ["2014", "2015"]
    assert found["contribute"] == ["N40W001", "N40W002"]
    assert {"IMERG 2014", "IMERG 2015"} <= set(found["ingest"])


def test_both_can_be_switched_off(checkout: Project) -> None:
    assert not (DRY | TESTED) & set(planned(checkout, analysis={"dry_down": None}, contributions={"zones": 0}))


def test_neither_is_planned_unless_asked_for(checkout: Project) -> None:
    assert not (DRY | TESTED) & set(checkout.planned(*MAPS, "product"))
