"""Three lists of packages say the same: pyproject.toml, environment.yml, envs/rssm.yaml; and so does the lock."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def declared() -> set[str]:
    return {requirement.lower() for requirement in PROJECT["dependencies"]}


def conda(path: str) -> set[str]:
    listed = yaml.safe_load((ROOT / path).read_text())["dependencies"]
    from_pip = next((item["pip"] for item in listed if isinstance(item, dict)), [])
    return {
        item.lower().replace("python-zlib-ng", "zlib-ng")  # as conda calls it
        for item in [*(item for item in listed if isinstance(item, str)), *from_pip]
        if item not in ("pip", "-e .") and not item.startswith("python>")
    }


def test_environment_yml_lists_what_pyproject_declares_for_runs_tests_and_documents():
    extras = PROJECT["optional-dependencies"]
    wanted = {requirement.lower() for requirement in extras["test"] + extras["docs"]}
    assert conda("environment.yml") == declared() | wanted


def test_tests_have_what_validation_needs():
    extras = PROJECT["optional-dependencies"]
    assert set(extras["validation"]) <= set(extras["test"])


def test_the_rules_environment_lists_the_same_without_snakemake():
    assert conda("envs/rssm.yaml") == {r for r in declared() if not r.startswith("snakemake")}


def test_the_environment_of_stations_adds_what_reads_them():
    assert conda("envs/stations.yaml") == conda("envs/rssm.yaml") | set(PROJECT["optional-dependencies"]["validation"])


def test_all_ask_for_the_same_python():
    for path in ("environment.yml", "envs/rssm.yaml", "envs/stations.yaml"):
        assert f"python{PROJECT['requires-python']}" in yaml.safe_load((ROOT / path).read_text())["dependencies"]


def test_the_lock_holds_every_package_and_no_address():
    lock = (ROOT / "requirements.lock").read_text()
    locked = {re.split(r"[=;\[ ]", line)[0].lower().replace("_", "-") for line in lock.splitlines() if "==" in line}
    extras = PROJECT["optional-dependencies"]
    wanted = PROJECT["dependencies"] + extras["test"] + extras["docs"]
    assert {re.split(r"[>=\[]", requirement)[0].lower() for requirement in wanted} <= locked
    assert "://" not in lock
    assert "index" not in lock
