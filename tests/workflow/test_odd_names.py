"""Names that a shell would take for commands: they are names, the run ends well, and nothing of them is executed."""

from __future__ import annotations

import os
from hashlib import sha256

import pytest
import yaml

from tests.workflow.conftest import MAPS, Project

ODD = "a b'c\"d $(touch X1) `touch X2` ;touch X3; & | * ~ #é ü 土"
ROOT = f"results/{ODD}/../arch'ive $(touch X5)"
FOLDER = 'Ordner mit "Leer" $(touch X6) `touch X7` d\'été'
TABLE = 'pro\'ducts $(touch X8) `touch X9` "é".yaml'


@pytest.fixture(scope="module")
def odd(tmp_path_factory) -> Project:
    """The tiny run in such a folder, with such an archive, catalogue and patterns, finished."""
    project = Project(tmp_path_factory.mktemp("odd") / FOLDER)
    config = project.folder / "config"
    entries = yaml.safe_load((config / "products.yaml").read_text())
    for entry in entries.values():
        entry["files"] = f"ü $(touch X10)'`touch X11`\"/{entry['files']}"
    (config / TABLE).write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    run = yaml.safe_load((config / "tiny.yaml").read_text())
    run["inputs"] = {"root": ROOT}
    run["tables"]["products"] = f"config/{TABLE}"
    (config / "od'd $(touch X12).yaml").write_text(yaml.safe_dump(run, allow_unicode=True), encoding="utf-8")
    project.config = "config/od'd $(touch X12).yaml"
    project.done = project.snakemake("--", *MAPS, config=project.config)
    return project


def test_a_run_with_odd_names_ends_well(odd):
    assert odd.done.returncode == 0, odd.done.stderr[-4000:] + odd.done.stdout[-4000:]
    assert (odd.folder / "results/rsssm/report/land_share.tsv").is_file()
    native = list(odd.folder.rglob("SMAP_L3_*.h5"))
    assert native and "touch X10" in str(native[0])


def test_nothing_of_the_names_was_executed(odd):
    made = {name for _, folders, files in os.walk(odd.folder.parent) for name in (*folders, *files)}
    assert not {f"X{number}" for number in range(1, 13)} & made


def test_its_results_are_those_of_any_run(odd, finished):
    def made(project: Project) -> dict[str, str]:
        results = project.folder / "results/rsssm"
        files = (
            path for path in results.rglob("*") if path.is_file() and not path.stem.isdigit() and path.stem != "static"
        )
        return {str(path.relative_to(results)): sha256(path.read_bytes()).hexdigest() for path in files}

    ours, theirs = made(odd), made(finished)  # but for indices of maps, which name native files
    assert len(ours) > 250 and {"kernels.json", "networks/NN1-1/N40W001.nc"} <= ours.keys()
    assert {name for name in ours if theirs.get(name) != ours[name]} == set()  # the other may have made more since


def test_a_finished_run_with_odd_names_has_nothing_to_do(odd):
    assert odd.planned(*MAPS, config=odd.config) == {}
