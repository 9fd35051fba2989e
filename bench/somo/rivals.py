"""What a network has to beat where nothing was learnt: estimates (site, day) of a layer from forcing and statics alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.somo.world import World

F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
LAGS = (1, 3, 7, 15, 30, 60, 120)  # days over which forcing is averaged
RIDGE = 1.0  # penalty on standardised inputs, for each 1000 values
KEEPS, WARMTHS = (0.8, 0.9, 0.95, 0.98, 0.99), (0.0, 0.02, 0.05)


def model_soil(world: World, layer: int, taught: F4) -> F4:
    """The reanalysis' own soil moisture: what a user would take without any of this."""
    return world.sites.soil[layer - 1]


def climatology(world: World, layer: int, taught: F4) -> F4:
    """Harmonics of the year, each alone and times every static variable and mean forcing: no weather."""
    return _regressed([*_season(world), *_static_season(world)], taught)


def precipitation_index(world: World, layer: int, taught: F4) -> F4:
    """Antecedent precipitation index, which dries faster in warmth, scaled to the reanalysis' mean and spread of a cell."""
    rain, heat = np.expm1(world.sites.forcing[0].astype(np.float64)), world.sites.forcing[1].astype(np.float64) - 283
    soil, there = world.sites.soil[layer - 1].astype(np.float64), np.isfinite(taught)
    best: tuple[float, F8] = (-np.inf, soil)
    for keep in KEEPS:
        for warmth in WARMTHS:
            index, wet = np.empty(rain.shape), np.zeros(len(rain))
            for day in range(rain.shape[1]):
                wet = wet * keep ** np.exp(warmth * heat[:, day]) + rain[:, day]
                index[:, day] = wet
            root = np.sqrt(index)
            score = np.mean(
                [np.corrcoef(a[t], b[t])[0, 1] for a, b, t in zip(root, taught, there, strict=True) if t.sum() > 60]
            )
            if score > best[0]:
                best = float(score), root
    root = (best[1] - best[1].mean(axis=1, keepdims=True)) / best[1].std(axis=1, keepdims=True)
    return (soil.mean(axis=1, keepdims=True) + root * soil.std(axis=1, keepdims=True)).astype(np.float32)


def ridge(world: World, layer: int, taught: F4) -> F4:
    """Linear in forcing averaged over days and months before, in the season, and in both times every static variable."""
    lagged = [_before(values, days) for values in world.sites.forcing[[0, 1, 2, 4]] for days in LAGS]
    scaled = [_standard(values) for values in lagged]
    statics = [np.broadcast_to(_standard(s)[:, None], scaled[0].shape) for s in world.sites.statics]
    products = [one * fixed for one in scaled[: len(LAGS)] for fixed in statics]
    return _regressed([*scaled, *_season(world), *_static_season(world), *products], taught)


RIVALS: dict[str, Callable[[World, int, F4], F4]] = {
    "model_soil": model_soil, "climatology": climatology, "precipitation_index": precipitation_index, "ridge": ridge,
}  # fmt: skip


def _season(world: World) -> list[F8]:
    day = np.arange(world.sites.forcing.shape[2]) * 2 * np.pi / 365.25
    waves = [np.cos(k * day) for k in (1, 2)] + [np.sin(k * day) for k in (1, 2)]
    return [np.broadcast_to(wave, world.sites.forcing.shape[1:]) for wave in waves]


def _static_season(world: World) -> list[F8]:
    """Static variables and the cells' mean forcing, alone and times the first harmonics."""
    means = world.sites.forcing.astype(np.float64).mean(axis=2)
    fixed = [_standard(values)[:, None] for values in (*world.sites.statics, *means)]
    waves = [np.ones(world.sites.forcing.shape[1:]), *_season(world)[:3:2]]
    return [one * wave for one in fixed for wave in waves]


def _standard(values: NDArray[np.floating]) -> F8:
    wide = values.astype(np.float64)
    return (wide - wide.mean()) / max(float(wide.std()), 1e-9)


def _before(values: F4, days: int) -> F8:
    """Mean of a day and those before it, of as many as there are at the start."""
    total = np.cumsum(values.astype(np.float64), axis=1)
    total[:, days:] = total[:, days:] - total[:, :-days].copy()
    return total / np.minimum(np.arange(values.shape[1]) + 1, days)


def _regressed(inputs: Sequence[F8], taught: F4) -> F4:
    """Ridge regression on what is taught, applied everywhere."""
    x = np.stack([*inputs, np.ones(taught.shape)]).astype(np.float32)
    there = np.isfinite(taught)
    known, y = x[:, there].astype(np.float64), taught[there].astype(np.float64)
    penalty = np.diag([RIDGE * y.size / 1000] * len(inputs) + [0.0])
    weights = np.linalg.solve(known @ known.T + penalty, known @ y)
    return np.tensordot(weights, x, 1).astype(np.float32)
