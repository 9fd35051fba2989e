"""From a configuration to the scope of its method, and to what answers the questions of its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rssm.config.load import in_sentences, read_settings, validated
from rssm.config.yaml_file import Place
from rssm.errors import InputError
from rssm.workflow.casm.data_set import CasmDataSet
from rssm.workflow.casm.learning import Learning
from rssm.workflow.casm.scope import CasmScope
from rssm.workflow.ending import Ending
from rssm.workflow.ground import Ground
from rssm.workflow.presence import absent
from rssm.workflow.rsssm.ending import RsssmEnding
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.scope import REPOSITORY, Scope
from rssm.workflow.somo.data_set import SomoDataSet
from rssm.workflow.somo.ending import Ending as SomoEnding
from rssm.workflow.somo.jobs import SomoJobs
from rssm.workflow.somo.scope import SomoScope
from rssm.workflow.tiled import Tiled

SCOPES: dict[str, Callable[..., Scope]] = {"rsssm": RsssmScope, "casm": CasmScope, "somo": SomoScope}
WORKFLOWS: dict[str, Callable[..., Ground]] = {"rsssm": Rounds, "casm": Learning, "somo": SomoJobs}
ENDINGS: dict[str, Callable[..., Ending]] = {
    "rsssm": RsssmEnding,
    "somo": SomoEnding,
}  # of methods that have more to say than any
DATA_SETS: dict[str, Callable[..., Tiled]] = {
    "casm": CasmDataSet,
    "somo": SomoDataSet,
}  # those that are made of estimates of tiles


def scope_of(
    config: Mapping[str, Any],
    root: Path = REPOSITORY,
    name: str = "",
    lines: dict[Place, int] | None = None,
    beside: Path = Path(),
    archive: bool = False,
) -> Any:
    """The scope of what a mapping configures.

    name    file that it was read from, if any, which mistakes name, with the `lines` of its keys
    beside  folder where tables that it names are looked for first
    archive whether a real archive must be there too
    """
    run = validated(dict(config), name or "configuration", lines)
    try:
        scope = SCOPES[run.method](run, root, beside)
        if found := list(scope.contradictions()) or (list(absent(scope)) if archive else []):
            raise InputError("\n".join(found))
    except InputError as error:
        raise InputError(in_sentences(str(error), name, lines or {}, type(run)) if name else str(error)) from None
    return scope


def scope_in(
    files: Sequence[str | Path],
    root: Path = REPOSITORY,
    given: Mapping[str, Any] | None = None,
    archive: bool = False,
) -> Any:
    """The scope of what files configure; `given` settings lie over theirs."""
    read = read_settings(files, given)
    return scope_of(read.data, root, read.name, read.lines, read.folder, archive)


def workflow_of(scope: Scope) -> Any:
    """What the rules of a scope's method ask."""
    return WORKFLOWS[scope.run.method](scope)


def ending_of(scope: Scope) -> Ending:
    """What is shown at the end of a run of a scope's method."""
    return ENDINGS.get(scope.run.method, Ending)(scope)
