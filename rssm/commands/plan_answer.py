"""A plan as `rssm plan --json` prints it, and what a change would do to it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from rssm.calendar import DEKADS
from rssm.commands.answers import Answer
from rssm.commands.plan_lessons import Lesson
from rssm.config.plan import Network, Plan, Span, Substep, span_text


class SubstepRow(Answer):
    """One pass of simulation."""

    name: str = Field(description="Name.")
    round: str = Field(description="Its round.")
    order: str = Field(description="Which networks come first: inputs (more of them) or training (more dekads).")
    targets: list[str] = Field(description="What its networks may learn from, best first.")
    use: str = Field(description="best: of each dekad the best target; one: the best single one.")
    lai: str | None = Field(description="Source of leaf area index.")
    first: str | None = Field(description="First dekad that it simulates.")
    last: str | None = Field(description="Last dekad that it simulates.")
    dekads: int = Field(description="Number of these dekads.")


class NetworkRow(Answer):
    """One network."""

    name: str = Field(description="Name.")
    substep: str = Field(description="Its substep.")
    rank: int = Field(description="Its rank there; 1 comes first.")
    predictors: list[str] = Field(description="Products that it takes in.")
    sensors: int = Field(description="Number of different sensors among them.")
    training: str = Field(description="Spans of its training dekads.")
    dekads: int = Field(description="Number of these dekads.")
    targets: dict[str, int] = Field(description="Target → training dekads that it teaches.")
    served_by: str | None = Field(description="A better network that is always there instead; null: it can be chosen.")


class Change(Answer):
    """What differs in a plan."""

    name: str = Field(description="Network, or substep.")
    what: str = Field(description="gone, untrainable or training (a network), lost (a substep without any network).")
    before: int = Field(description="Dekads of training (network) or simulation (substep) before.")
    after: int = Field(description="Dekads after.")
    text: str = Field(description="The same in words.")


class Planned(Answer):
    """A plan, or what a change would do to it."""

    file: str = Field(description="The configuration.")
    dekads: int = Field(description="Dekads that are simulated; of other methods, their steps.")
    substeps: list[SubstepRow] = Field(description="One entry a substep.")
    networks: list[NetworkRow] = Field(description="One entry a network, by substep and rank.")
    disagreements: list[str] = Field(description="What the table of networks says otherwise than the spans.")
    changes: list[Change] | None = Field(description="What --without and --span would change; null: neither was given.")
    lessons: list[Lesson] = Field([], description="Of methods without rounds: one entry a set of networks.")


def planned_lessons(file: str, steps: int, lessons: list[Lesson]) -> Planned:
    """The answer about the plan of a method without rounds."""
    return Planned(file=file, dekads=steps, substeps=[], networks=[], disagreements=[], changes=None, lessons=lessons)


def planned(file: str, plan: Plan, disagreements: list[str], changes: list[Change] | None) -> Planned:
    """The answer about a plan."""
    return Planned(
        file=file,
        dekads=sum(len(plan.simulated(round_)) for round_ in plan.rounds),
        substeps=[_substep(substep) for substep in plan.substeps],
        networks=[_network(plan, network) for s in plan.substeps for network in plan.networks_of(s.name)],
        disagreements=disagreements,
        changes=changes,
    )


def _substep(substep: Substep) -> SubstepRow:
    first, last = _ends(substep.span)
    return SubstepRow(
        name=substep.name,
        round=substep.round,
        order=substep.order,
        targets=list(substep.targets),
        use=substep.use,
        lai=substep.lai,
        first=first,
        last=last,
        dekads=len(substep.span),
    )


def _ends(span: Span) -> tuple[str, str] | tuple[None, None]:
    return (DEKADS.label(span[0]), DEKADS.label(span[-1])) if span else (None, None)


def _network(plan: Plan, network: Network) -> NetworkRow:
    training = plan.training[network.name]
    return NetworkRow(
        name=network.name,
        substep=network.substep,
        rank=network.rank,
        predictors=list(network.predictors),
        sensors=plan.sensors(network),
        training=span_text(training.steps),
        dekads=len(training.steps),
        targets={target: len(steps) for target, steps in training.targets.items()},
        served_by=plan.shadow(network),
    )


def changes_of(before: Plan, after: Plan) -> Iterator[Change]:
    """What differs between two plans."""
    for network in before.networks:
        old = before.training[network.name].steps
        if network not in after.networks:
            lacking = ", ".join(p for p in network.predictors if p not in after.sources)
            text = f"{network.name}: gone (needs {lacking})"
            yield Change(name=network.name, what="gone", before=len(old), after=0, text=text)
            continue
        new = after.training[network.name].steps
        if old != new:
            then = "cannot be trained" if not new else f"{span_text(new)} ({len(new)} dekads)"
            text = f"{network.name}: {span_text(old)} ({len(old)} dekads) → {then}"
            what = "training" if new else "untrainable"
            yield Change(name=network.name, what=what, before=len(old), after=len(new), text=text)
    for substep in before.substeps:
        left = after.networks_of(substep.name)
        if not any(after.training[network.name].steps for network in left):
            text = f"substep {substep.name}: no network is left; {span_text(substep.span)} cannot be simulated"
            yield Change(name=substep.name, what="lost", before=len(substep.span), after=0, text=text)
