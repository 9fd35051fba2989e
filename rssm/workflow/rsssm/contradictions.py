"""What of an RSSSM configuration does not fit its plan and its catalogue: sentences that begin with the setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rssm.calendar import DEKADS
from rssm.config.catalogue import Product
from rssm.config.plan import Plan
from rssm.config.product import ROLES
from rssm.config.rsssm import Rsssm
from rssm.errors import suggestion

TAKEN = ("SIM-", "FACTORS")  # how names begin that the run gives itself


def contradictions(run: Rsssm, plan: Plan, catalogue: Mapping[str, Product]) -> Iterator[str]:
    """All that only configuration, plan and catalogue together show."""
    table = run.tables.products
    for factor in run.factors:
        if factor != "LAI" and factor not in catalogue:
            yield f"factors: {factor!r} is not in the catalogue ({table}). {suggestion(factor, catalogue)}"
    for role, product in ROLES.items():
        if product not in catalogue:
            yield (
                f"tables.products: {table} has no product {product}, which the data set needs for {role.replace('_', ' ')}. "
                "Add its entry, as in the shipped catalogue."
            )
    for product in (name for name in catalogue if name.startswith(TAKEN)):
        yield (
            f"tables.products: {table} has a product {product}; names that begin with {' or '.join(TAKEN)} are those of "
            "simulations and cubes. Choose another."
        )
    for round_ in run.training_of_round:
        if round_ not in plan.rounds:
            rounds = ", ".join(plan.rounds)
            yield f"training_of_round.{round_}: there is no round {round_!r} in {run.tables.substeps} (rounds: {rounds})."
    yield from _of_porosity(run, plan, catalogue)
    yield from _of_period(run, plan)


def _of_porosity(run: Rsssm, plan: Plan, catalogue: Mapping[str, Product]) -> Iterator[str]:
    """A map of pore space that is needed and missing, or named and of no use."""
    used = dict.fromkeys(p for network in plan.networks for p in network.predictors) | dict.fromkeys(plan.primaries)
    saturated = [p for p in used if p in catalogue and catalogue[p].units == "saturation"]
    name = run.ingest.porosity
    if saturated and name not in catalogue:
        yield (
            f"ingest.porosity: {name} is not in the catalogue ({run.tables.products}), and {', '.join(saturated)} needs it, "
            f"being stored as saturation. {suggestion(name, catalogue)}"
        )
    elif saturated and catalogue[name].step != "static":
        yield f"ingest.porosity: {name} changes in time (step: {catalogue[name].step}), expected a static product."
    elif not saturated and name != type(run.ingest).model_fields["porosity"].default:
        yield f"ingest.porosity: {name} is named, but the plan uses no product that is stored as saturation. Leave it out."


def _of_period(run: Rsssm, plan: Plan) -> Iterator[str]:
    """A period that begins before all products or ends after them, or of which no substep simulates anything."""
    predictors = dict.fromkeys(p for network in plan.networks for p in network.predictors)
    spans = {p: plan.sources[p].span for p in predictors if plan.sources[p].span}
    if not spans:
        return
    first, last = min(spans, key=lambda p: spans[p][0]), max(spans, key=lambda p: spans[p][-1])
    if run.steps[0] < spans[first][0]:
        begins = DEKADS.label(spans[first][0])
        yield f"period.first: {run.period.first} lies before all predictors; the first is {first}, from {begins} on."
    if run.steps[-1] > spans[last][-1]:
        ends = DEKADS.label(spans[last][-1])
        yield f"period.last: {run.period.last} lies after all predictors; the last is {last}, until {ends}."
    if not any({*run.steps} & {*plan.simulated(round_)} for round_ in plan.rounds):
        yield (
            f"period: no substep of {run.tables.substeps} simulates a dekad of {run.period.first} to {run.period.last}."
        )
