"""Blocked cross-validation: the skill of subnetworks on blocks of pixels and dekads that they never saw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rssm.config.training import Training
from rssm.networks.hashing import mix
from rssm.networks.predict import predict
from rssm.networks.split import TEST, TRAIN, UNUSED, VALIDATION
from rssm.networks.train import train_block

COLUMNS = ("points", "rmse", "bias", "ubrmse", "r", "r2")


def cross_validate(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    offsets: NDArray[np.int64],
    folds: NDArray[np.int64],
    keys: NDArray[np.uint64],
    settings: Training,
    threads: int = 1,
) -> dict[str, NDArray[np.float64]]:
    """Scores of every zone from estimates by subnetworks that did not learn from the point's fold.

    x        (input, point);  y  (point,)
    offsets  (zone + 1,): zone z holds points offsets[z] … offsets[z + 1]
    folds    (point,): fold of each point (at least three), −1 unused, see `rssm.networks.split.fold_labels`
    keys     (zone,): seeds, see `rssm.networks.hashing.seed_key`

    Returns one column per score, a value per zone: number of points, RMSE, bias, unbiased RMSE, correlation and R².
    """
    zone_index = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
    estimate = np.full(y.size, np.nan, np.float32)
    number = int(folds.max()) + 1
    roles = np.full(number, TRAIN, np.uint8)
    roles[:2] = TEST, VALIDATION  # the fold itself tests, the next one judges
    for fold in range(number):
        out = folds == fold
        labels = np.where(folds < 0, UNUSED, roles[(folds - fold) % number]).astype(np.uint8)
        fitted = train_block(x, y[None], offsets, labels, mix(keys, fold)[None], settings, threads=threads)
        estimate[out] = predict(fitted, x[:, out], zone_index[out], settings.extrapolation)[0][0]
    table = np.full((offsets.size - 1, len(COLUMNS)), np.nan)
    for z in range(offsets.size - 1):
        part = slice(offsets[z], offsets[z + 1])
        table[z] = score(estimate[part], y[part])
    return dict(zip(COLUMNS, table.T, strict=True))


def score(estimate: NDArray[np.floating], truth: NDArray[np.floating]) -> tuple[float, ...]:
    """Points and scores (`COLUMNS`) where both are there; NaN where they say nothing."""
    both = np.isfinite(estimate) & np.isfinite(truth)
    e, t = estimate[both].astype(np.float64), truth[both].astype(np.float64)
    if e.size < 2 or t.std() == 0:
        return (float(e.size), *[np.nan] * 5)
    error = e - t
    mse, bias = float(np.mean(error**2)), float(error.mean())
    r = float(np.corrcoef(e, t)[0, 1]) if e.std() > 0 else np.nan
    return float(e.size), mse**0.5, bias, max(mse - bias**2, 0.0) ** 0.5, r, 1 - mse / float(t.var())
