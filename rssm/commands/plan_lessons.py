"""The plan of a method without a table of networks: what each set of networks learns, from what and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pydantic import Field

from rssm.calendar import spoken
from rssm.commands.answers import Answer
from rssm.tsv import aligned
from rssm.workflow.casm.scope import LEARNT_FROM, SMAP, CasmScope
from rssm.workflow.scope import Scope
from rssm.workflow.somo.scope import SomoScope

HEAD = ("networks", "members", "learn", "steps", "target", "estimate", "steps", "from")
SHOWN = 8  # inputs in a row; more are counted


class Lesson(Answer):
    """A set of networks that differ in their first weights only."""

    name: str = Field(description="Branch, or layer of soil.")
    members: int = Field(description="Its networks.")
    inputs: list[str] = Field(description="What they take in.")
    target: str = Field(description="What they learn.")
    learns: list[str] = Field(description="First and last step that can teach.")
    learnt_steps: int = Field(description="Number of these steps.")
    estimates: list[str] = Field(description="First and last step that they estimate; none: they teach others only.")
    estimated_steps: int = Field(description="Number of these steps.")


def lessons_of(scope: Scope) -> list[Lesson]:
    """The sets of networks of a scope, in the order in which they learn."""
    return list(KINDS[scope.run.method](scope))


def _branches(scope: CasmScope) -> Iterator[Lesson]:
    for branch in scope.trained:
        estimates = branch in scope.branches
        target = "estimates of smos" if branch == "amsre" else " + ".join(scope.channels(SMAP))
        yield _lesson(
            scope,
            branch,
            scope.run.training.members,
            [*scope.channels(LEARNT_FROM[branch]), *(("latitude", "longitude") if scope.run.training.place else ())],
            f"{target}, beginning with amsr2" if branch == "amsre" else target,
            scope.lesson(branch),
            scope.estimated(branch) if estimates else range(0),
        )


def _layers(scope: SomoScope) -> Iterator[Lesson]:
    forcing, statics = scope.run.forcing, scope.run.forcing.static if scope.run.network.statics else ()
    for number, layer in enumerate(scope.run.layers, 1):
        above = [f"layer {number - 1}"] if number > 1 else []
        depth = f"{100 * layer.top:g}-{100 * layer.bottom:g} cm"
        target = f"{scope.run.network.target} nearest to {100 * layer.nearest:g} cm"
        name, inputs = f"layer {number}, {depth}", [*forcing.dynamic, *above, *statics]
        yield _lesson(scope, name, scope.run.members, inputs, target, scope.days, scope.days)


def _lesson(
    scope: Scope, name: str, members: int, inputs: Sequence[str], target: str, learns: range, estimates: range
) -> Lesson:
    return Lesson(
        name=name,
        members=members,
        inputs=list(inputs),
        target=target,
        learns=_ends(scope, learns),
        learnt_steps=len(learns),
        estimates=_ends(scope, estimates),
        estimated_steps=len(estimates),
    )


def _ends(scope: Scope, steps: range) -> list[str]:
    return [scope.calendar.label(steps[0]), scope.calendar.label(steps[-1])] if steps else []


KINDS: dict[str, Callable[[Any], Iterator[Lesson]]] = {"casm": _branches, "somo": _layers}


def lessons_text(scope: Scope, lessons: Sequence[Lesson]) -> str:
    """The plan as a table, and what it amounts to."""
    rows = [
        (
            lesson.name,
            str(lesson.members),
            _span(lesson.learns),
            f"{lesson.learnt_steps:,}",
            lesson.target,
            _span(lesson.estimates) or "others learn from it",
            f"{lesson.estimated_steps:,}",
            _inputs(lesson.inputs),
        )
        for lesson in lessons
    ]
    networks, steps = sum(lesson.members for lesson in lessons), scope.run.steps
    first, last = scope.calendar.label(steps[0]), scope.calendar.label(steps[-1])
    return (
        f"{aligned([HEAD, *rows], len(HEAD))}\n\n{networks} networks; the data set is of {len(steps):,} "
        f"{spoken(scope.calendar.id)}s, {first} to {last}. `rssm estimate` counts its jobs."
    )


def _span(ends: Sequence[str]) -> str:
    return "–".join(ends)


def _inputs(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return " + ".join(names[:SHOWN]) + more
