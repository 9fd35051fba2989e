"""The two kinds of verbs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """A job of the workflow: `rssm NAME NAMES… --INPUT PATH… --spec JSON --out PATH…`.

    names   wildcards of its rule
    inputs  named inputs of its rule, each of any number of files
    """

    name: str
    function: str
    about: str
    names: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        return self.function.partition(":")[0]


@dataclass(frozen=True)
class Command:
    """A verb for people; its function takes the arguments and returns the exit code.

    example  of a call, for its help
    answer   model of what it prints with --json, as `module:class`; none: it prints no table
    """

    name: str
    function: str
    about: str
    example: str = ""
    answer: str = ""
