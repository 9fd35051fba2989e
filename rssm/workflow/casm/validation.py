"""What validation and report ask of CASM: its data set, what it learnt from and when, and where branches meet."""

from __future__ import annotations

from rssm.calendar import runs
from rssm.validation.specs import Span
from rssm.workflow.casm.data_set import CasmDataSet
from rssm.workflow.casm.scope import LEARNT_FROM, CasmScope
from rssm.workflow.subject import Subject


def subject(data_set: CasmDataSet) -> Subject:
    """The data set of a run, with the earlier years of the edition that it extends, if any."""
    scope = data_set.scope
    steps = set(scope.run.steps)
    there = set(scope.span(scope.run.target)) & steps
    spells = {"target_period": {"inside": _spans(there), "outside": _spans(steps - there)}, "branch": _branches(scope)}
    networks = {branch: tuple(scope.channels(LEARNT_FROM[branch])) for branch in scope.branches}
    learnt = _spans(set(scope.lesson("smos")) & steps)
    return Subject(data_set.files(data_set.table), scope.run.target, learnt, spells, _joints(scope), networks)


def _branches(scope: CasmScope) -> dict[str, tuple[Span, ...]]:
    """Which branches see: AMSR-E alone, both, SMOS alone."""
    steps = set(scope.run.steps)
    smos = set(scope.seen(LEARNT_FROM["smos"])) & steps
    amsre = set(scope.seen(LEARNT_FROM["amsre"])) & steps if "amsre" in scope.branches else set()
    found = {"amsre": amsre - smos, "both": amsre & smos, "smos": smos - amsre}
    return {name: _spans(own) for name, own in found.items() if own}


def _joints(scope: CasmScope) -> dict[str, int]:
    """First steps in which SMOS joins AMSR-E, and in which it is alone."""
    if "amsre" not in scope.branches:
        return {}
    first, after = scope.seen(LEARNT_FROM["smos"]).start, scope.seen(LEARNT_FROM["amsre"]).stop
    found = {"smos_begins": first, "amsre_ends": after}
    return {name: step for name, step in found.items() if scope.run.steps.start < step < scope.run.steps.stop}


def _spans(steps: set[int]) -> tuple[Span, ...]:
    return tuple(runs(sorted(steps)))
