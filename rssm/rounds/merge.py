"""Merging of the two substeps of a round that simulate the same dekads by different orders of preference.

The article's rule (its Table S9) is not public. Chosen here, per pixel and dekad: the only estimate there is; the
mean where both come from the same set of predictors; else the one whose subnetwork has a clearly lower held-out
RMSE in that zone; else the mean weighted by inverse held-out MSE. The scores must be of one kind, from blocked
splits, best on common dekads. A subnetwork without a score counts as worse than any with one.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Provenance(IntEnum):
    """Where a merged estimate comes from: values of a CF status layer."""

    NONE = 0
    FIRST_ONLY = 1
    SECOND_ONLY = 2
    MEAN_OF_SAME_SET = 3
    FIRST_BETTER = 4
    SECOND_BETTER = 5
    WEIGHTED_MEAN = 6


def provenance_attributes() -> dict[str, object]:
    """CF attributes of the provenance layer."""
    return {
        "flag_values": np.array([p.value for p in Provenance], np.uint8),
        "flag_meanings": " ".join(p.name.lower() for p in Provenance),
    }


class Substep(NamedTuple):
    """What one substep says of a tile; leading axes (chains) are allowed before (pixel, dekad)."""

    estimate: NDArray[np.floating]  # (..., pixel, dekad) m³ m⁻³, NaN where none
    network: NDArray[np.integer]  # (..., pixel, dekad): rank in this substep's list, −1 none
    needs: NDArray[np.bool_]  # (network, predictor); both substeps with the same columns
    rmse: NDArray[np.floating]  # (network, pixel): held-out RMSE of the subnetwork in the pixel's zone, NaN unknown


class Merged(NamedTuple):
    """One estimate from two, all (..., pixel, dekad)."""

    estimate: NDArray[np.floating]  # m³ m⁻³
    provenance: NDArray[np.uint8]  # of Provenance
    network: NDArray[np.int16]  # of the first's networks followed by the second's: the winner's; −1 none


def merge(first: Substep, second: Substep, margin: float = 0.05) -> Merged:
    """Merge two substeps; an RMSE lower by more than the fraction `margin` (< 1) is clearly lower.

    Each element is decided alone, so that chains and tiles can be merged together or one by one. In a mean, the
    network named is that of the lower RMSE (the first's at a tie).
    """
    has_1, has_2 = ~np.isnan(first.estimate), ~np.isnan(second.estimate)
    rmse_1, rmse_2 = _rmse_used(first), _rmse_used(second)
    same_set = (first.needs[:, None] == second.needs).all(-1)[first.network, second.network]
    cases = {
        Provenance.FIRST_ONLY: has_1 & ~has_2,
        Provenance.SECOND_ONLY: has_2 & ~has_1,
        Provenance.MEAN_OF_SAME_SET: has_1 & has_2 & same_set,
        Provenance.FIRST_BETTER: has_1 & has_2 & (rmse_1 < (1 - margin) * rmse_2),
        Provenance.SECOND_BETTER: has_1 & has_2 & (rmse_2 < (1 - margin) * rmse_1),
        Provenance.WEIGHTED_MEAN: has_1 & has_2,
    }
    provenance = np.select(list(cases.values()), [np.uint8(p) for p in cases], np.uint8(Provenance.NONE))

    share = _share_of_first(provenance, rmse_1, rmse_2)
    blend = second.estimate + share * (np.float64(first.estimate) - second.estimate)
    estimate = np.select([share == 1, share == 0], [first.estimate, second.estimate], blend)

    from_first = (share == 1) | ((share > 0) & (rmse_1 <= rmse_2))
    network = np.where(from_first, first.network, second.network + np.int16(len(first.needs)))
    network[provenance == Provenance.NONE] = -1
    return Merged(estimate.astype(first.estimate.dtype), provenance, network.astype(np.int16))


def _rmse_used(substep: Substep) -> NDArray[np.float64]:
    """RMSE of the subnetwork used (..., pixel, dekad), infinite where unknown."""
    pixel = np.arange(substep.rmse.shape[1])[:, None]
    rmse = substep.rmse[substep.network, pixel].astype(np.float64)
    return np.where(np.isnan(rmse), np.inf, rmse)


def _share_of_first(
    provenance: NDArray[np.uint8], rmse_1: NDArray[np.float64], rmse_2: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weight of the first estimate in the merged one, NaN where there is none."""
    total = rmse_1**2 + rmse_2**2
    comparable = np.isfinite(total) & (total > 0)  # else no score is known, or both are perfect: a plain mean
    by_inverse_mse = np.divide(rmse_2**2, total, out=np.full(total.shape, 0.5), where=comparable)
    fixed = np.array([np.nan, 1.0, 0.0, 0.5, 1.0, 0.0, np.nan])[provenance]
    return np.where(provenance == Provenance.WEIGHTED_MEAN, by_inverse_mse, fixed)
