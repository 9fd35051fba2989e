"""What is said at the end of a run that went well: what came out, and where what was asked for lies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALL = "all"


@dataclass(frozen=True)
class Outcome:
    """The answers for a run of a Snakemake `workflow`.

    said     targets → what came out, in sentences; and what to type next
    places   target → what it makes → file, or folder, or pattern
    """

    workflow: Any
    said: Callable[[Collection[str]], tuple[str, str]]
    places: Mapping[str, Mapping[str, str]]

    def success(self, what: str) -> list[str]:
        """Lines: what came out, that `what` ended and where everything lies, what to type next."""
        targets = sorted(self.workflow.dag_settings.targets or ()) or [ALL]
        came_out, following = self.said(targets)
        lines = [came_out, f"{what}. {files_text(targets, self.places, self.at)}".strip(), following]
        return [line for line in lines if line]

    def log(self) -> str:
        """Where Snakemake's own log lies."""
        return ", ".join(self.at(_from_here(path)) for path in self.workflow.logger_manager.get_logfile()) or "none"

    def at(self, path: str) -> str:
        """A path from the folder of the run, as it is called where the run was started (`--directory`)."""
        return str(Path(self.workflow.overwrite_workdir or "") / path) + "/" * path.endswith("/")


def files_text(
    targets: Iterable[str], places: Mapping[str, Mapping[str, str]], at: Callable[[str], str] = lambda path: path
) -> str:
    """Where files lie that were asked for, as far as they are there: of targets what is known of them, others as they are.

    at  names a place for people
    """
    found: list[tuple[str, str]] = []
    for target in targets:
        found += places.get(target, {"File": target}).items()
    return " · ".join(f"{what}: {at(place)}" for what, place in dict.fromkeys(found) if _is_there(place))


def _is_there(place: str) -> bool:
    return Path(place.partition("*")[0]).exists()


def _from_here(path: str) -> str:
    """A path as people type it in the folder of the run."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else str(path)
