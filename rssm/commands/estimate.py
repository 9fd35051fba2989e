"""`rssm estimate`: what a run will need of a machine, before it starts: jobs, files, disk and core-hours.

Counts follow from the plan exactly. Sizes and times rest on the unit costs below, measured on two cores of a server
processor of 2023 (`rssm/commands/costs`); the true ones stand in the run's own benchmarks/ afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import Field

from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.answers import Answer, emit
from rssm.commands.costs import casm, rsssm, somo
from rssm.commands.costs.ground import START_S, Amount, Costs, land
from rssm.commands.screen import headed
from rssm.commands.wall_time import WallTime, cores_at_hand, duration_text, wall_time
from rssm.errors import InputError
from rssm.tsv import aligned
from rssm.workflow.methods import scope_in
from rssm.workflow.scope import Scope

COSTS: dict[str, Callable[[Any], Costs]] = {
    "rsssm": rsssm.costs,
    "casm": casm.costs,
    "somo": somo.costs,
}  # of each method


class Cost(Answer):
    """Work of one rule."""

    rule: str = Field(description="Its name.")
    jobs: int = Field(description="Jobs.")
    files: int = Field(description="Files that they write.")
    disk: float = Field(description="Bytes on disk.")
    core_hours: float = Field(description="Hours of one core.")


class Estimate(Answer):
    """What a run will need."""

    file: str = Field(description="The configuration.")
    rules: list[Cost] = Field(description="One entry a rule; product: all that makes the data set of maps.")
    all: Cost = Field(description="Their sum.")
    wall: WallTime = Field(description="Time of all.")
    networks: int = Field(description="Networks that learn or simulate.")
    zones: int = Field(description="Land zones.")
    chains: int = Field(description="Chains.")
    counted: str = Field(description="What is counted, in a sentence.")


def amounts(scope: Scope) -> dict[str, Amount]:
    """Amount of work of every rule up to the estimates, if everything is made once."""
    return costs_of(scope).amounts


def costs_of(scope: Scope) -> Costs:
    """What a run of a scope's method costs."""
    return COSTS[scope.run.method](scope)


def job_costs(scope: Scope) -> dict[str, float]:
    """Rule → core-seconds of one of its jobs, as far as they are estimated."""
    costs = costs_of(scope)
    found = {rule: amount.seconds / amount.jobs for rule, amount in costs.amounts.items() if amount.jobs}
    native, toy = found.pop("composite", START_S), found.pop("toy archive", START_S)
    years = {"toy_archive": toy, "product_year": 3 * costs.data_set.seconds / max(costs.data_set.jobs, 1)}
    return costs.others | found | dict.fromkeys(("ingest", "ingest_months", "ingest_years"), native) | years


def estimated(scope: Scope, cores: int, file: str = "") -> Estimate:
    """The estimate of a run on some cores."""
    costs = costs_of(scope)
    found = {**costs.amounts, "product": costs.data_set}
    work = {rule: (amount.jobs, amount.seconds) for rule, amount in found.items()}
    return Estimate(
        file=file,
        rules=[_cost(rule, amount) for rule, amount in found.items()],
        all=_cost("all", sum(found.values(), Amount(0, 0, 0.0, 0.0))),
        wall=wall_time(work, costs.stages, cores),
        networks=costs.networks,
        zones=land(scope)[0],
        chains=costs.chains,
        counted=costs.closing,
    )


def _cost(rule: str, amount: Amount) -> Cost:
    hours = amount.seconds / 3600
    return Cost(rule=rule, jobs=amount.jobs, files=amount.files, disk=amount.disk, core_hours=hours)


def estimate_text(scope: Scope) -> str:
    """The estimate as a table, for the cores at hand."""
    return table_of(estimated(scope, cores_at_hand()))


def table_of(found: Estimate) -> str:
    """An estimate as a table."""
    rows = [
        (cost.rule, f"{cost.jobs:,}", f"{cost.files:,}", size_text(cost.disk), f"{cost.core_hours:.2f}")
        for cost in (*found.rules, found.all)
    ]
    cores = f"{found.wall.cores} core{'' if found.wall.cores == 1 else 's'}"
    return (
        f"{aligned([('rule', 'jobs', 'files', 'disk', 'core-hours'), *rows])}\n"
        "all: up to the data set; what looks at it (validation, analysis, report) comes in addition.\n"
        f"On {cores}: {_range(found.wall)}.\n"
        f"{found.counted} Estimates, not measurements."
    )


def _range(wall: WallTime) -> str:
    return f"{duration_text(wall.least)} to {duration_text(wall.most)}"


def size_text(size: float) -> str:
    """1.5 GB and the like."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit in ("B", "kB") else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("estimate")
    takes_config(parser)
    parser.add_argument("--cores", type=int, default=cores_at_hand(), help="cores of the run (default: %(default)s)")
    given = parser.parse_args(arguments)
    if given.cores < 1:
        raise InputError(f"--cores {given.cores}: expected 1 or more.")
    found = estimated(scope_in([config_file(given)]), given.cores, config_file(given))
    if given.json:
        emit(found)
    else:
        print(headed(table_of(found)))
    return 0
