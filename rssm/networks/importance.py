"""What each input contributes: how much the error grows when the input is disturbed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rssm.draws import mix, uniform
from rssm.networks.predict import predict
from rssm.networks.subnetworks import Subnetworks

Disturb = Callable[[NDArray[np.float32], NDArray[np.float64]], NDArray[np.floating]]


def contributions(
    subnetworks: Subnetworks,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    offsets: NDArray[np.int64],
    seed: int,
) -> NDArray[np.float64]:
    """Share (zone, input) of each input in the growth of the mean squared error under noise within ± 1 σ of it."""
    return shares(noise_growth(subnetworks, x, y, offsets, seed))


def noise_growth(
    subnetworks: Subnetworks,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    offsets: NDArray[np.int64],
    seed: int,
) -> NDArray[np.float64]:
    """Growth (zone, input) of the mean squared error, in units of y², under noise within ± 1 σ of an input.

    The paper's test (its section 5.1): to one input at a time a random error is added, uniform between minus and
    plus the standard deviation that the input has in the zone. x (input, point), y (point,) as in training.
    """

    def add_noise(values: NDArray[np.float32], u: NDArray[np.float64]) -> NDArray[np.floating]:
        return values + (2 * u - 1) * values.std()

    return _growth(subnetworks, x, y, offsets, seed, add_noise)


def shares(growth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share (zone, input) of each input in the growth; one whose noise makes an estimate better has none."""
    grown = np.maximum(growth, 0)
    total = grown.sum(axis=1, keepdims=True)
    return np.divide(grown, total, out=np.full_like(grown, np.nan), where=total > 0)


def permutation_importance(
    subnetworks: Subnetworks,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    offsets: NDArray[np.int64],
    seed: int,
) -> NDArray[np.float64]:
    """Growth (zone, input) of the mean squared error, in units of y², when an input is shuffled within the zone."""
    return _growth(subnetworks, x, y, offsets, seed, lambda values, u: values[np.argsort(u, kind="stable")])


def _growth(
    subnetworks: Subnetworks,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    offsets: NDArray[np.int64],
    seed: int,
    disturb: Disturb,
) -> NDArray[np.float64]:
    zones = offsets.size - 1
    zone_index = np.repeat(np.arange(zones), np.diff(offsets))
    valid = np.isfinite(x).all(axis=0) & np.isfinite(y)
    before = _mse(subnetworks, x, y, valid, zone_index)
    growth = np.zeros((zones, x.shape[0]))
    for j in range(x.shape[0]):
        disturbed = x.copy()
        u = uniform(mix(seed, j, np.arange(y.size) - offsets[zone_index]))  # by place in the zone, not in the call
        for z in range(zones):
            points = np.flatnonzero(valid[offsets[z] : offsets[z + 1]]) + offsets[z]
            if points.size:
                disturbed[j, points] = disturb(x[j, points], u[points])
        growth[:, j] = _mse(subnetworks, disturbed, y, valid, zone_index) - before
    return growth


def _mse(
    subnetworks: Subnetworks,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    valid: NDArray[np.bool_],
    zone_index: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Mean squared error (zone,) of the first chain; NaN without subnetwork or points."""
    squares = (predict(subnetworks, x, zone_index)[0][0].astype(np.float64) - y) ** 2
    zones = subnetworks.status.shape[1]
    total = np.bincount(zone_index[valid], squares[valid], minlength=zones)
    count = np.bincount(zone_index[valid], minlength=zones)
    return np.divide(total, count, out=np.full(zones, np.nan), where=count > 0)
