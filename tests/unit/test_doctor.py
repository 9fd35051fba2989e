"""The doctor: one line a check, whatever the machine and the folder."""

from __future__ import annotations

import re

import pytest

from rssm.cli import main
from rssm.commands import machine
from rssm.commands.machine import checks


def test_the_doctor_finds_this_machine_ready(tmp_path, capsys):
    assert main(["doctor", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12 and all(re.match(r"(ok  |warn)  [a-z0-9 ]+: ", line) for line in lines)
    assert any("HDF5 " in line for line in lines) and any("pyhdf" in line for line in lines)


@pytest.mark.parametrize(
    ("folder", "state", "found"),
    [
        ("new/er/est", "ok", "does not exist and can be made there"),
        ("a_file", "fail", "is no folder"),
        ("a_file/below", "fail", "is no folder"),
        ("no\0name", "ok", "does not exist"),
        ("x" * 300, "ok", "does not exist"),
    ],
)
def test_the_doctor_survives_any_folder(tmp_path, folder, state, found):
    (tmp_path / "a_file").write_text("")
    (check,) = (check for check in checks(tmp_path / folder) if check.name == "folder")
    assert check.state == state and found in check.found and (state == "ok") == (not check.advice)


def test_the_doctor_says_that_a_folder_cannot_be_written_to(tmp_path, monkeypatch):
    def refuse(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(machine, "TemporaryFile", refuse)
    (check,) = (check for check in checks(tmp_path) if check.name == "folder")
    assert check.state == "fail" and "cannot be written to (permission denied)" in check.found and check.advice


def test_the_doctor_goes_on_where_a_check_breaks(tmp_path, monkeypatch):
    def broken(name):
        raise RuntimeError("a library\nis broken")

    monkeypatch.setattr(machine, "_hdf4", lambda: broken(""))
    monkeypatch.setattr(machine, "JOB", 1e18)
    found = {check.name: check for check in checks(tmp_path)}
    assert found["hdf4"].state == "fail" and found["hdf4"].found == "a library is broken"
    assert found["memory"].state == "fail" and len(found) == 12


def test_the_doctor_compares_versions_with_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "REPOSITORY", tmp_path)
    assert "nothing" not in machine._packages().found and machine._packages().state == "ok"  # no lock
    (tmp_path / "requirements.lock").write_text("numpy==1.0 ; python_version < '3'\nnumpy==0.9\n")
    check = machine._packages()
    assert check.state == "warn" and "tested with 1.0 or 0.9" in check.found
