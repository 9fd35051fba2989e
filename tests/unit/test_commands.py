"""Commands: estimate, names-only archives, inventory, doctor."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rssm.cli import main
from rssm.commands.estimate import amounts, estimate_text, size_text
from rssm.config.load import read_yaml
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.scope import REPOSITORY


@pytest.fixture(scope="module")
def whole() -> RsssmScope:
    return scope_of(read_yaml(REPOSITORY / "config/global.yaml")[0])


def test_the_global_plan_has_as_many_jobs_as_networks_and_tiles_make(whole):
    rows = amounts(whole)
    assert len(whole.tiles) == 319
    assert rows["train"].jobs == 67 * 319
    assert rows["simulate"].jobs == 8 * 319
    assert rows["mosaic"].jobs == 19  # 16 years, three of them shared by two rounds
    assert "67 networks × 17793 land zones" in estimate_text(whole)


def test_chains_cost_in_every_rule_that_carries_them(whole: RsssmScope) -> None:
    config = read_yaml(REPOSITORY / "config/global.yaml")[0]
    one, eight = amounts(whole), amounts(scope_of({**config, "chains": 8}))
    assert eight["simulate"].disk == 8 * one["simulate"].disk
    assert eight["composite"] == one["composite"]
    dearer = {rule for rule in one if eight[rule].seconds > one[rule].seconds}
    assert dearer == {"cube", "train", "simulate", "join", "mosaic", "target"}


def test_sizes_are_written_for_people():
    assert [size_text(n) for n in (12, 3456, 7.89e6, 1.2e12)] == ["12 B", "3 kB", "7.9 MB", "1.2 TB"]


@pytest.fixture
def small(tmp_path) -> tuple[Path, Path]:
    """A configuration of two years and the file names of its archive."""
    config = yaml.safe_load((REPOSITORY / "config/tiny.yaml").read_text())
    config["inputs"]["root"] = str(tmp_path / "archive")
    del config["toy"]
    file = tmp_path / "my.yaml"
    file.write_text(yaml.safe_dump(config))
    assert main(["toy", "--names-only", "--config", str(file), str(tmp_path / "archive")]) == 0
    return file, tmp_path / "archive"


def test_an_archive_of_names_is_complete_for_the_inventory(small, capsys):
    file, _ = small
    assert main(["inventory", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "3 of 3 networks have predictors and targets in all their training dekads" in shown
    smap = next(line for line in shown.splitlines() if line.startswith("SMAP_E"))
    assert smap.split()[2:5] == ["27", "0", "0"]  # complete, partial, missing dekads from 2015D10 to 2015D36


def test_what_is_missing_is_reported_with_the_networks_it_costs(small, capsys):
    file, archive = small
    for gone in archive.glob("SMOS-IC/2015/*_201512*"):
        gone.unlink()
    assert main(["inventory", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "2 of 3 networks" in shown
    assert "NN1-1  24 of 27 training dekads" in shown


def test_the_doctor_finds_all_packages(capsys):
    main(["doctor"])
    shown = capsys.readouterr().out
    assert "ok  numba" in shown
    assert "is not installed" not in shown
