"""`snakemake --profile slurm` without a cluster: its options are known, and its resources reach the jobs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.workflow.conftest import Project

PROFILE = "workflow/profiles/slurm"


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    return Project(tmp_path)


def planned(checkout: Project) -> dict[str, dict[str, str]]:
    """Rule → resources of its jobs that would be submitted, by a dry run with the profile."""
    done = checkout.snakemake("--profile", PROFILE, "--dry-run")
    assert done.returncode == 0, done.stderr + done.stdout
    blocks = re.findall(r"^ *rule (\w+):\n(.*?)resources: (.*?)$", done.stdout + done.stderr, re.MULTILINE | re.DOTALL)
    return {rule: dict(part.split("=") for part in resources.split(", ")) for rule, _, resources in blocks}


def test_memory_time_partition_and_account_reach_every_job(checkout: Project) -> None:
    for name in ("slurm_partition=compute", "slurm_account=your_account"):
        checkout.edit(f"{PROFILE}/config.yaml", f"# - {name}", f"- {name}")
    jobs = planned(checkout)
    assert {"ingest", "kernels", "cube", "train", "simulate", "join", "mosaic", "rounds_table"} <= set(jobs)
    asked = {(job["slurm_partition"], job["slurm_account"], job["runtime"]) for job in jobs.values()}
    assert asked == {("compute", "your_account", "60")}
    assert jobs["train"]["mem_mb"] == "1700"  # the rule's own, for two chains
    assert all(int(job["mem_mb"]) >= 1000 for job in jobs.values())  # Snakemake, started twice, takes 320 of them


def test_an_option_that_the_plugin_does_not_know_is_refused(checkout: Project) -> None:
    checkout.edit(f"{PROFILE}/config.yaml", "slurm-jobname-prefix", "slurm-jobname-prefixes")
    done = checkout.snakemake("--profile", PROFILE, "--dry-run")
    assert done.returncode != 0
    assert "slurm-jobname-prefixes" in done.stderr


def test_the_groups_that_the_profile_proposes_mix_no_rounds(checkout: Project) -> None:
    config = checkout.folder / PROFILE / "config.yaml"
    shown = re.sub(r"^# ([a-z-]+:|  - \w+)", r"\1", config.read_text(), flags=re.MULTILINE)
    assert shown.count("\n  - train") == 3
    config.write_text(shown)
    jobs = planned(checkout)  # Snakemake refuses a group that depends on itself
    assert jobs["train"]["runtime"] == "10"
    assert jobs["mosaic"]["runtime"] == "60"
