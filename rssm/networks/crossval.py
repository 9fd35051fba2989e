"""Blocked cross-validation: estimates of subnetworks on blocks that they never saw, and scores of these.

Every fold of blocks is left out once: the subnetworks learn from the others, one of which judges the starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rssm.draws import mix
from rssm.networks.predict import predict
from rssm.networks.split import TEST, TRAIN, UNUSED, VALIDATION
from rssm.networks.train import train_block

if TYPE_CHECKING:
    from rssm.config.training import Training


def left_out(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    fold: NDArray[np.int64],
    folds: int,
    key: int,
    settings: Training,
    dekads: NDArray[np.integer] | None = None,
    products: int | None = None,
) -> NDArray[np.float32]:
    """Estimates (point,) of one zone by subnetworks that did not learn from the point's fold; NaN without one.

    x  (input, point);  y, fold  (point,), fold −1 for unused points;  folds  at least three
    dekads, products  as for `train_block`
    """
    estimate = np.full(y.size, np.nan, np.float32)
    roles = np.full(folds, TRAIN, np.uint8)
    roles[:2] = TEST, VALIDATION  # the fold itself tests, the next one judges
    for number in range(folds):
        out = fold == number
        labels = np.where(fold < 0, UNUSED, roles[(fold - number) % folds]).astype(np.uint8)
        fitted = train_block(
            x, y[None], np.array([0, y.size]), labels, mix(key, [[number]]), settings, dekads=dekads, products=products
        )
        zone = np.zeros(np.count_nonzero(out), np.int64)
        estimate[out] = predict(fitted, x[:, out], zone, settings.extrapolation)[0][0]
    return estimate


def score(estimate: NDArray[np.floating], truth: NDArray[np.floating]) -> tuple[float, ...]:
    """Points, RMSE, bias, unbiased RMSE, correlation and R² where both are there; NaN where undefined."""
    both = np.isfinite(estimate) & np.isfinite(truth)
    e, t = estimate[both].astype(np.float64), truth[both].astype(np.float64)
    if e.size < 2 or t.std() == 0:
        return (float(e.size), *[np.nan] * 5)
    error = e - t
    mse, bias = float(np.mean(error**2)), float(error.mean())
    r = float(np.corrcoef(e, t)[0, 1]) if e.std() > 0 else np.nan
    return float(e.size), mse**0.5, bias, max(mse - bias**2, 0.0) ** 0.5, r, 1 - mse / float(t.var())
