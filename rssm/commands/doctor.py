"""`rssm doctor`: is this machine ready? One line a check, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from rssm.commands import parser_of
from rssm.commands.answers import Answer, emit
from rssm.commands.machine import Check, checks
from rssm.commands.screen import painted

COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


class Diagnosis(Answer):
    """Whether a machine is ready."""

    checks: list[Check] = Field(description="One entry a check.")


def line(check: Check) -> str:
    """A check for people."""
    state = painted(f"{check.state:<4}", COLOURS[check.state])
    return f"{state}  {check.name}: {check.found}" + (f". {check.advice}" if check.advice else "")


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("doctor")
    parser.add_argument("folder", nargs="?", default=".", help="where results will lie (default: here)")
    given = parser.parse_args(arguments)
    found = []
    for check in checks(Path(given.folder)):
        found.append(check)
        if not given.json:
            print(line(check), flush=True)
    if given.json:
        emit(Diagnosis(checks=found))
    return 2 if any(check.state == "fail" for check in found) else 0
