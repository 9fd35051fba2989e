"""Reading the two tables of the plan, and every check that a table can fail, all reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from rssm.calendar import DEKADS
from rssm.config.plan import Network, Plan, Source, Substep, Training, simulated_round
from rssm.config.texts import name_text
from rssm.errors import InputError
from rssm.tsv import read_tsv

SUBSTEP_COLUMNS = ("substep", "round", "order", "predictors", "targets", "use", "lai", "first", "last")
NETWORK_COLUMNS = ("network", "substep", "rank", "predictors", "targets", "first", "last", "dekads")


def read_plan(
    substeps: Path, networks: Path, sources: Mapping[str, Source], strict: bool = True, last: str = "2018D36"
) -> Plan:
    """The plan of two tables; raises one InputError that lists everything wrong with them.

    last    dekad of the period's end, where substeps end that the table leaves open
    strict  periods, counts and ranks that the table states must be those that follow from the spans; else the derived
            ones count, as they must when a run has another period or other spans than the table was written for
    """
    errors: list[str] = []
    substep_rows = read_tsv(substeps, SUBSTEP_COLUMNS)
    network_rows = read_tsv(networks, NETWORK_COLUMNS)
    parsed_substeps = [
        s for n, row in substep_rows if (s := _substep(f"{substeps}: line {n}", row, sources, last, errors))
    ]
    names = {substep.name: substep for substep in parsed_substeps}
    parsed_networks = [n for i, row in network_rows if (n := _network(f"{networks}: line {i}", row, names, errors))]
    if errors:
        raise InputError("\n".join(errors))
    plan = Plan(tuple(parsed_substeps), tuple(parsed_networks), sources)
    errors = [*_check_rounds(substeps, plan), *_check_lists(networks, plan, network_rows)]
    errors = errors or _check_training(substeps, plan)
    if strict:
        errors += disagreements(networks, plan)
    if errors:
        raise InputError("\n".join(errors))
    return plan


def _substep(
    where: str, row: dict[str, str], sources: Mapping[str, Source], last: str, errors: list[str]
) -> Substep | None:
    before = len(errors)
    _name(where, "substep", row["substep"], errors)
    _name(where, "round", row["round"], errors)
    _one_of(where, "order", row["order"], ("inputs", "training"), errors)
    _one_of(where, "use", row["use"], ("best", "one"), errors)
    predictors = tuple(row["predictors"].split("+"))
    targets = tuple(row["targets"].split("+"))
    for product in (*predictors, *(t for t in targets if not t.startswith("SIM-"))):
        _one_of(where, "product", product, tuple(sources), errors)
    lai = None if row["lai"] == "-" else row["lai"]
    if lai:
        _one_of(where, "lai", lai, tuple(sources), errors)
    try:
        span = DEKADS.span(row["first"], last if row["last"] == "-" else row["last"])
        if not span and row["last"] != "-":
            errors.append(f"{where}: first {row['first']} comes after last {row['last']}.")
    except InputError as error:
        errors.append(f"{where}: {error}")
    if len(errors) > before:
        return None
    return Substep(row["substep"], row["round"], row["order"], predictors, targets, row["use"], lai, span)  # type: ignore[arg-type]


def _network(where: str, row: dict[str, str], substeps: Mapping[str, Substep], errors: list[str]) -> Network | None:
    before = len(errors)
    _name(where, "network", row["network"], errors)
    _one_of(where, "substep", row["substep"], tuple(substeps), errors)
    if not row["rank"].isdigit():
        errors.append(f"{where}: rank {row['rank']!r} is not a whole number.")
    predictors = tuple(row["predictors"].split("+"))
    if row["substep"] in substeps:
        for product in predictors:
            _one_of(where, "predictor", product, substeps[row["substep"]].predictors, errors)
    if len(errors) > before:
        return None
    return Network(row["network"], row["substep"], int(row["rank"]), predictors)


def _name(where: str, what: str, name: str, errors: list[str]) -> None:
    """Names of rounds, substeps and networks are names of folders."""
    try:
        name_text(name)
    except ValueError as error:
        errors.append(f"{where}: {what} {name!r} {error}.")


def _one_of(where: str, what: str, value: str, known: tuple[str, ...], errors: list[str]) -> None:
    if value not in known:
        near = get_close_matches(value, known, 1)
        hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}."
        errors.append(f"{where}: {what} {value!r} is unknown.{hint}")


def _check_rounds(path: Path, plan: Plan) -> list[str]:
    """A round may only learn from earlier ones, and no dekad is simulated by two rounds."""
    errors = []
    seen: dict[int, str] = {}
    for i, round_ in enumerate(plan.rounds):
        for substep in plan.substeps_of(round_):
            for target in substep.targets:
                if target not in plan.sources and simulated_round(target) not in plan.rounds[:i]:
                    errors.append(f"{path}: substep {substep.name} learns from {target}, which no earlier round makes.")
        twice = [step for step in plan.simulated(round_) if step in seen]
        if twice:
            errors.append(
                f"{path}: {DEKADS.label(twice[0])} is simulated by round {seen[twice[0]]} and again by {round_}."
            )
        seen.update(dict.fromkeys(plan.simulated(round_), round_))
    return errors


def _check_lists(path: Path, plan: Plan, rows: list[tuple[int, dict[str, str]]]) -> list[str]:
    """Every network once, every substep with ranks from 1 on."""
    errors = []
    names = [row["network"] for _, row in rows]
    errors += [f"{path}: network {name} is listed twice." for name in dict.fromkeys(names) if names.count(name) > 1]
    for substep in plan.substeps:
        ranks = [network.rank for network in plan.networks_of(substep.name)]
        if not ranks:
            errors.append(f"{path}: substep {substep.name} has no network.")
        elif ranks != list(range(1, len(ranks) + 1)):
            errors.append(f"{path}: substep {substep.name} has the ranks {ranks}, expected 1…{len(ranks)}.")
    return errors


def _check_training(path: Path, plan: Plan) -> list[str]:
    """Every substep has a network that something can teach."""
    return [
        f"{path}: substep {substep.name}: none of its networks can be trained, because its predictors, LAI source "
        f"({substep.lai or 'none'}) and targets ({', '.join(substep.targets)}) have no dekad in common. Check the period "
        "of the run and the spans in the catalogue."
        for substep in plan.substeps
        if not any(plan.training[network.name].steps for network in plan.networks_of(substep.name))
    ]


def disagreements(path: Path, plan: Plan) -> list[str]:
    """Where the table's periods, counts and ranks are not those that follow from the spans."""
    found = []
    for substep in plan.substeps:
        listed = [network.name for network in plan.networks_of(substep.name)]
        if (derived := list(plan.derived_order(substep.name))) != listed:
            found.append(
                f"{path}: substep {substep.name} ranks {', '.join(listed)}; its order '{substep.order}' and the spans "
                f"give {', '.join(derived)}."
            )
    for number, row in read_tsv(path, NETWORK_COLUMNS):
        for column, derived_value in derived_columns(plan.training[row["network"]]).items():
            if row[column] not in ("-", derived_value):
                found.append(
                    f"{path}: line {number}: {row['network']}: {column} is {row[column]}, but spans, targets and LAI "
                    f"source give {derived_value}. Correct the table, or write '-' to take the derived value."
                )
    return found


def derived_columns(training: Training) -> dict[str, str]:
    """The derived columns of the network table, as text."""
    steps = training.steps
    by_age = sorted(training.targets.items(), key=lambda item: item[1][0])
    return {
        "targets": ";".join(f"{target}:{len(part)}" for target, part in by_age) or "-",
        "first": DEKADS.label(steps[0]) if steps else "-",
        "last": DEKADS.label(steps[-1]) if steps else "-",
        "dekads": str(len(steps)),
    }
