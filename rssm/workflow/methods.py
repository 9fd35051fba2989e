"""From a configuration to the scope of its method, and to what answers the questions of its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rssm.config.load import validated
from rssm.workflow.ground import Ground
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.scope import REPOSITORY, Scope

SCOPES: dict[str, Callable[..., Scope]] = {"rsssm": RsssmScope}
WORKFLOWS: dict[str, Callable[..., Ground]] = {"rsssm": Rounds}


def scope_of(config: Mapping[str, Any], root: Path = REPOSITORY, name: str = "configuration") -> Any:
    """The scope of what a mapping read from `name` configures."""
    run = validated(dict(config), name)
    return SCOPES[run.method](run, root)


def workflow_of(scope: Scope) -> Any:
    """What the rules of a scope's method ask."""
    return WORKFLOWS[scope.run.method](scope)
