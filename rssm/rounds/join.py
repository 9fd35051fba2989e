"""A round's substeps become one series: side by side where they simulate different dekads, merged where the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rssm.errors import InputError
from rssm.rounds.estimates import Estimates, read_estimates, write_estimates
from rssm.rounds.merge import Provenance, Substep, merge
from rssm.rounds.specs import JoinSpec


def join(round: str, tile: str, simulated: Sequence[str], spec: JoinSpec, out: Sequence[str]) -> None:
    """Join the substeps of a round in a tile."""
    write_estimates(out[0], joined([read_estimates(path) for path in simulated], spec.networks, spec.margin))


def joined(parts: Sequence[Estimates], predictors: Mapping[str, Sequence[str]], margin: float) -> Estimates:
    """One series of a round's substeps, in the order of their table."""
    whole = parts[0]
    for part in parts[1:]:
        common = np.intersect1d(whole.step, part.step)
        if not common.size:
            whole = side_by_side(whole, part)
        elif np.array_equal(whole.step, part.step):
            whole = merged(whole, part, predictors, margin)
        else:
            raise InputError(
                f"Two substeps of one round share {common.size} dekads and differ in others: let them simulate the same"
                " dekads, or none in common (table of substeps: first, last)."
            )
    return whole


def side_by_side(first: Estimates, second: Estimates) -> Estimates:
    """Two substeps of different dekads."""
    order = np.argsort(np.concatenate([first.step, second.step]))
    shifted = np.where(second.network >= 0, second.network + len(first.names), -1).astype(np.int16)
    return replace(
        first,
        value=np.concatenate([first.value, second.value], axis=2)[:, :, order],
        network=np.concatenate([first.network, shifted], axis=1)[:, order],
        flags=np.concatenate([first.flags, second.flags], axis=1)[:, order],
        merged=np.concatenate([first.merged, second.merged], axis=1)[:, order],
        **_networks_of(first, second),
        step=np.concatenate([first.step, second.step])[order],
    )


def merged(first: Estimates, second: Estimates, predictors: Mapping[str, Sequence[str]], margin: float) -> Estimates:
    """Two substeps of the same dekads, by the held-out skill of the subnetworks behind them."""
    columns = list(dict.fromkeys(p for part in (first, second) for name in part.names for p in predictors[name]))
    zone = first.zone_of_pixel()

    def side(part: Estimates) -> Substep:
        needs = np.array([[column in predictors[name] for column in columns] for name in part.names])
        return Substep(part.value, part.network, needs, np.sqrt(part.mse)[:, zone])

    result = merge(side(first), side(second), margin)
    provenance, network = result.provenance[0], result.network[0]  # of the control, whose scores all share
    taken_first = np.isin(provenance, [Provenance.FIRST_ONLY, Provenance.FIRST_BETTER])
    taken_second = np.isin(provenance, [Provenance.SECOND_ONLY, Provenance.SECOND_BETTER])
    return replace(
        first,
        value=result.estimate,
        network=network,
        flags=np.where(taken_first, first.flags, np.where(taken_second, second.flags, first.flags | second.flags)),
        merged=provenance,
        **_networks_of(first, second),
    )


def _networks_of(first: Estimates, second: Estimates) -> dict[str, Any]:
    """What is known of the networks of both: those of the first, then those of the second."""
    return {
        "names": (*first.names, *second.names),
        "mse": np.concatenate([first.mse, second.mse]),
        "tally": {name: np.concatenate([values, second.tally[name]]) for name, values in first.tally.items()},
    }
