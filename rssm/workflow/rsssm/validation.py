"""What validation and report ask of RSSSM: its data set, what it learnt from and when, and where rounds and sensors change."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from rssm.calendar import runs
from rssm.rounds.specs import MATCHED
from rssm.validation.specs import Span
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.subject import Subject


def subject(data_set: DataSet) -> Subject:
    """The data set of a run, with the earlier years of the edition that it extends, if any."""
    scope = data_set.scope
    first, last = scope.calendar.year_of(scope.run.steps[0]), scope.calendar.year_of(scope.run.steps[-1])
    years = (str(year) for year in range(first, last + 1))
    target = scope.plan.primaries[0]
    learnt = _learnt(scope, target)
    there = set(scope.span(target)) & set(scope.run.steps)
    spells = {
        "round": {name: spans for name, steps in _rounds(data_set).items() if (spans := _spans(steps))},
        "target_period": {"inside": _spans(there), "outside": _spans(set(scope.run.steps) - there)},
    }
    if held_out := there - learnt:
        spells["held_out"] = {"yes": _spans(held_out), "no": _spans(learnt)}
    files = dict(zip(years, data_set.all_years, strict=True))
    return Subject(files, target, _spans(learnt), spells, _joints(data_set), _takes(data_set))


def _spans(steps: Iterable[int]) -> tuple[Span, ...]:
    return tuple(runs(sorted(steps)))


def _learnt(scope: RsssmScope, target: str) -> set[int]:
    """Steps of the target that networks learnt from: without years held out of all rounds, and before an extension."""
    taught = set(scope.parent.dekads) if scope.parent else set(scope.span(target))
    out = scope.run.held_out_years
    return {step for step in set(scope.span(target)) & taught if scope.calendar.year_of(step) not in out}


def _rounds(data_set: DataSet) -> dict[str, set[int]]:
    """Round → steps of the period that it simulates, in an extension or before."""
    plan, wanted = data_set.scope.plan, set(data_set.scope.run.steps)
    plans = [one for one in (plan.frozen, plan) if one]
    return {name: wanted & {step for one in plans for step in one.simulated(name)} for name in data_set.rounds}


def _joints(data_set: DataSet) -> dict[str, int]:
    """First steps of another round, or with another set of products, inside the period."""
    scope, rounds = data_set.scope, _rounds(data_set)
    of_step = {step: name for name, steps in rounds.items() for step in steps}
    sources, steps = scope.plan.sources, scope.run.steps
    found: dict[str, int] = {}
    for before, step in pairwise(steps):
        one, other = of_step.get(before), of_step.get(step)
        if one is not None and other is not None and one != other:
            found[f"round_{one}_to_{other}"] = step
    for name in scope.predictors:
        span = sources[name].span
        if span and steps[0] < span.start <= steps[-1]:
            found[f"{name}_begins"] = span.start
        if span and steps[0] < span.stop <= steps[-1]:
            found[f"{name}_ends"] = span.stop
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _takes(data_set: DataSet) -> dict[str, tuple[str, ...]]:
    """Network → products that it takes, and those that are matched, under the name of what stands for a network there."""
    matched = data_set.scope.matched
    networks = {n.name: tuple(n.predictors) for round_ in data_set.rounds for n in data_set.networks_of(round_)}
    return networks | ({MATCHED: tuple(matched)} if matched else {})
