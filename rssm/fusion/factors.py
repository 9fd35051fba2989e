"""Factors of the joint fit, from the cubes that the rounds have of them.

A factor may come from several products one after the other, as leaf area does. They are made one series: a step takes
the first product that has it, in the order given, and each is scaled per pixel to the series of those before it, by means
over the steps that both have. Side by side, each with coefficients of its own, they would tell less (docs/skill.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.cubes.cube import Cube

F32 = NDArray[np.float32]
Sources = tuple[tuple[str, str], ...]  # factor and product that gives it
LEAVES = "LAI"  # counts as the share of the ground that leaves cover
EXTINCTION = np.float32(0.5)  # of light by a layer of leaves


def sources_of(factors: Mapping[str, Sequence[str]]) -> Sources:
    """Factor after factor by name, its products in the order given."""
    return tuple((factor, source) for factor in sorted(factors) for source in factors[factor])


def series(cubes: Iterable[Cube], sources: Sources, steps: NDArray[np.integer], calendar: Calendar, pixels: int) -> F32:
    """Values of each source (source, pixel, step), NaN where none of its cubes has one."""
    named: dict[str, list[Cube]] = {}
    for cube in cubes:
        named.setdefault(cube.variable, []).append(cube)
    out = np.full((len(sources), pixels, len(steps)), np.nan, np.float32)
    for own, (_, source) in zip(out, sources, strict=True):
        for cube in named.get(source, []):
            np.copyto(own, cube.at(steps, calendar), where=np.isnan(own))
    return out


def ratios(values: F32, sources: Sources) -> F32:
    """What each source is multiplied by (source, pixel); 1 where it meets none of those before it."""
    out = np.ones(values.shape[:2], np.float32)
    for factor in dict(sources):
        first, *later = (number for number, (of, _) in enumerate(sources) if of == factor)
        whole = values[first]
        for number in later:
            both = np.isfinite(whole) & np.isfinite(values[number])
            goal, own = (np.where(both, x, 0).sum(axis=1, dtype=np.float64) for x in (whole, values[number]))
            met = (goal > 0) & (own > 0)
            out[number] = np.divide(goal, own, out=np.ones(len(own)), where=met)
            whole = np.where(np.isnan(whole), values[number] * out[number][:, None], whole)
    return out


def joined(values: F32, ratio: F32, sources: Sources) -> list[F32]:
    """Each factor (pixel, step) from the values of its sources (source, pixel, step)."""
    whole: dict[str, F32] = {}
    for (factor, _), own, by in zip(sources, values, ratio, strict=True):
        own = own * by[:, None]
        whole[factor] = np.where(np.isnan(whole[factor]), own, whole[factor]) if factor in whole else own
    return [1 - np.exp(-EXTINCTION * of) if name == LEAVES else of for name, of in whole.items()]
