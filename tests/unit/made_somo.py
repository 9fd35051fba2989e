"""Cells and stations made up for tests of SoMo.ml: a bucket of rain and sun, another in every cell, as deep as asked for."""

from __future__ import annotations

import numpy as np

from rssm.grid import LatLonGrid
from rssm.somo.site_files import Sites
from rssm.somo.specs import NetworkSpec

GRID = LatLonGrid(0.25, 90, -60)
FIRST = 0  # 2000-01-01
DYNAMIC, STATIC = ("rain", "sun"), ("clay", "height", "flat")
NETWORK = NetworkSpec(
    way="state", units=12, dropout=0.1, forget_bias=3.0, forget_cap=1.0, epochs=1, least_updates=90, rates=(3e-2, 2e-2, 5e-3),
    batch=16, norm=1.0, epsilon=0.1, window=365, years=(1.0, 1.5), statics=True, target="stations", seed=1,
)  # fmt: skip


def sites_of(cells: int, days: int, seed: int = 0, row: int = 160, column: int = 700) -> Sites:
    """Cells along a diagonal band, whose soil of three layers fills by rain and dries by sun."""
    rng = np.random.default_rng(seed)
    at = np.arange(cells)
    pixel = np.sort((row + at) * GRID.columns + column + at * 7 % 40).astype(np.int32)
    return Sites(GRID.id, (FIRST, FIRST + days - 1), pixel, DYNAMIC, STATIC, *driven(rng, cells, days))


def driven(rng: np.random.Generator, cells: int, days: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forcing (2, cell, day), statics (3, cell) and soil (3, cell, day)."""
    rain = np.where(rng.random((cells, days)) < 0.25, rng.exponential(8, (cells, days)), 0)
    sun = 8 + 6 * np.sin(2 * np.pi * np.arange(days) / 365) + rng.normal(size=(cells, days))
    clay = rng.uniform(0.1, 0.5, cells)
    statics = np.stack([clay, rng.uniform(0, 900, cells), rng.uniform(0, 1, cells)])
    soil, wet = np.empty((3, cells, days)), np.tile(0.05 + 0.5 * clay, (3, 1))
    for day in range(days):
        down = rain[:, day] / 100
        for layer in range(3):
            wet[layer] += down - 0.004 * sun[:, day] / 8 * (wet[layer] - 0.05) / clay
            down = np.maximum(wet[layer] - 0.1 - 0.6 * clay, 0) * 0.5
            wet[layer] -= down
        soil[:, :, day] = wet
    return np.stack([np.log1p(rain), sun]).astype("f4"), statics.astype("f4"), soil.astype("f4")


def targets_of(cells: Sites, seed: int = 1) -> np.ndarray:
    """(3, cell, day) soil with noise, NaN on four days of ten and before day 200 in every other cell."""
    rng = np.random.default_rng(seed)
    noisy = cells.soil + 0.005 * rng.normal(size=cells.soil.shape)
    gaps = rng.random(cells.soil.shape) < 0.4
    gaps[:, ::2, :200] = True
    return np.where(gaps, np.nan, noisy).astype("f4")
