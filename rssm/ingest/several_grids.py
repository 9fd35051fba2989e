"""One step's maps from files on several grids: UTM zones, tiles, a product whose grid was moved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssm.maps import Layers


def together(made: Sequence[Layers], correlation: float) -> Layers:
    """Layers (row, column) of all grids as one: the mean over all observations; of classes the first grid that has one.

    The error of a mean of n observations with error e, correlated by ρ, is e · √((1 + (n − 1) ρ) / n).
    """
    if "n_obs" not in made[0]:
        return {name: _first([layers[name] for layers in made]) for name in made[0]}
    counts = [np.where(np.isnan(layers["value"]), 0, layers["n_obs"]) for layers in made]
    n = np.sum(counts, axis=0)
    out = {"value": _mean([layers["value"] for layers in made], counts), "n_obs": n.astype(np.float32)}
    if "error" in made[0]:
        squares = [
            layers["error"] ** 2 * np.divide(k, 1 + (k - 1) * correlation, out=np.ones_like(k), where=k > 0)
            for layers, k in zip(made, counts, strict=True)
        ]
        mean = _mean(squares, counts)
        out["error"] = np.sqrt(mean * (1 + (n - 1) * correlation) / np.maximum(n, 1e-6)).astype(np.float32)
    return out


def _first(layers: Sequence[np.ndarray]) -> np.ndarray:
    out = layers[0].copy()
    for layer in layers[1:]:
        np.copyto(out, layer, where=np.isnan(out))
    return out


def _mean(layers: Sequence[np.ndarray], counts: Sequence[np.ndarray]) -> np.ndarray:
    """Mean weighted by the number of observations, NaN where there is none."""
    total = np.sum([np.where(k > 0, layer * k, 0) for layer, k in zip(layers, counts, strict=True)], axis=0)
    n = np.sum(counts, axis=0)
    return np.divide(total, n, out=np.full(n.shape, np.nan, np.float32), where=n > 0)
