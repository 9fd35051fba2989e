"""Rivals of CASM: the seasonal cycle alone, a regression in each pixel, and distributions matched in each pixel.

Each takes the same way back in time: SMOS learns from SMAP, AMSR-E from what SMOS then says, and the mean of both is
taken where both see. RSSSM, whose dekads lie on another grid, is set beside them in `bench.casm.averaged`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bench.casm.method import cycles
from bench.casm.world import CALENDAR, TARGET, World, span
from rssm.casm.samples import departures

F4 = NDArray[np.float32]
Learner = Callable[[World, str, F4], F4]  # world, sensor, target (pixel, step) with NaN where it teaches nothing


def season(world: World) -> F4:
    """The target's seasonal cycle in every step."""
    return cycles(world, "SMAP", 1).at(TARGET, world.steps, CALENDAR).astype(np.float32)


def regression(world: World, sensor: str, target: F4) -> F4:
    """Departures of soil moisture as a weighted sum of departures of brightness temperature, onto the season."""
    x = departures(world.cubes[sensor], cycles(world, sensor, 1), world.steps, CALENDAR)
    usual = season(world)
    out = np.full(target.shape, np.nan, np.float32)
    for pixel in range(len(target)):
        columns = np.stack([np.ones(world.steps.size), *x[:, pixel]], axis=1)
        known = np.isfinite(columns).all(axis=1)
        taught = known & np.isfinite(target[pixel])
        if taught.sum() >= 40:
            weights, *_ = np.linalg.lstsq(columns[taught], (target - usual)[pixel, taught], rcond=None)
            out[pixel, known] = usual[pixel, known] + columns[known] @ weights
    return out


def matched(world: World, sensor: str, target: F4) -> F4:
    """The first channel's distribution laid on the target's: the coldest is the wettest."""
    values = -world.cubes[sensor][0].at(world.steps, CALENDAR)
    out = np.full(target.shape, np.nan, np.float32)
    for pixel in range(len(target)):
        known = np.isfinite(values[pixel])
        taught = known & np.isfinite(target[pixel])
        if taught.sum() >= 40:
            quantiles = np.linspace(0, 1, 51)
            of_values, of_target = (np.quantile(each[pixel, taught], quantiles) for each in (values, target))
            out[pixel, known] = np.interp(values[pixel, known], of_values, of_target)
    return out


def back_in_time(learner: Learner, world: World) -> F4:
    """A rival's estimates: SMOS from SMAP, AMSR-E from SMOS, joined."""
    smap = world.cubes["SMAP"][0].at(world.steps, CALENDAR)
    smos = learner(world, "SMOS", smap)
    overlap = (world.steps >= span("SMOS")[0]) & (world.steps <= span("AMSR-E")[1])
    amsre = learner(world, "AMSR-E", np.where(overlap, smos, np.nan).astype(np.float32))
    n = np.isfinite(smos).astype(int) + np.isfinite(amsre)
    total = np.nan_to_num(smos) + np.nan_to_num(amsre)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan).astype(np.float32)
