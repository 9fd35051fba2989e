"""What is thought of the hidden soil moisture of a zone: a prior by factors, and what looks make of it.

prior  x = factors · β + offset(pixel) + N(0, τ²(pixel))
after  the mean of prior and looks, each weighted by its precision; errors of looks may be correlated
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.fusion.looks import Answer, Look, by_pixel, drawn, line, offsets, ridge

F64 = NDArray[np.float64]
LEAST_TAU = 0.1  # of the target's spread: the prior is never thought surer
SHRINK, MOST = 0.7, 0.8  # what estimated correlations of errors are multiplied by, and their bound
LEAST_COMMON = 100  # points that a correlation of errors rests on
LOWEST = 0.1  # least eigenvalue of all correlations together


@dataclass(frozen=True)
class Prior:
    """coefficients (factor,); offset (pixel,) m³ m⁻³; variance (pixel,); mean (pixel · step,) m³ m⁻³, which they make."""

    coefficients: F64
    offset: F64
    variance: F64
    mean: F64

    @classmethod
    def of(cls, coefficients: F64, offset: F64, variance: F64, factors: F64) -> Prior:
        """The prior at factors (pixel · step, factor)."""
        mean = line(factors, coefficients) + np.repeat(offset, len(factors) // offset.size)
        return cls(coefficients, offset, variance, mean)


@dataclass(frozen=True)
class Hidden:
    """mean and variance (pixel · step,)."""

    mean: F64
    variance: F64


def prior(look: Look, factors: F64, value: F64, uncertainty: F64, variance: float, spread: float) -> Prior:
    """The prior by what is known at the points of a look, to within an uncertainty, a variance (point,).

    factors   (pixel · step, factor)
    variance  of the prior, as thought so far; spread: of the target
    """
    n, own = by_pixel(look), np.zeros(look.pixels)
    for _ in range(2):
        coefficients = ridge(look, value - own[look.pixel], variance, spread)
        left = value - look.factors @ coefficients
        own = offsets(by_pixel(look, left), n, variance)
    square = (left - own[look.pixel]) ** 2 + uncertainty
    tau2 = drawn(by_pixel(look, square), n, float(square.mean()))
    return Prior.of(coefficients, own, np.maximum(tau2, (LEAST_TAU * spread) ** 2), factors)


def alone(prior: Prior, looks: Sequence[Look], answers: Sequence[Answer]) -> Hidden:
    """x after looks whose errors have nothing in common."""
    precision = np.repeat(1 / prior.variance, prior.mean.size // prior.variance.size)
    total = precision * prior.mean
    for look, answer in zip(looks, answers, strict=True):
        weight = (answer.gain / answer.variance)[look.pixel]
        precision[look.at] += weight * answer.gain[look.pixel]
        total[look.at] += weight * (look.value - answer.bias(look))
    return Hidden(total / precision, 1 / precision)


def together(prior: Prior, looks: Sequence[Look], answers: Sequence[Answer], shared: F64) -> Hidden:
    """x after looks whose errors correlate (look, look), a small inverse for each pattern of which looks are there."""
    pixels, places = prior.variance.size, prior.mean.size
    kin = [number for number, row in enumerate(shared) if np.count_nonzero(row) > 1]
    rest = [number for number in range(len(looks)) if number not in kin]
    before = alone(prior, [looks[i] for i in rest], [answers[i] for i in rest])
    if not kin:
        return before
    signal = np.stack([answers[i].gain / np.sqrt(answers[i].variance) for i in kin], axis=1)  # (pixel, look)
    departure, pattern = np.zeros((places, len(kin))), np.zeros(places, np.int64)
    for column, number in enumerate(kin):
        look, answer = looks[number], answers[number]
        apart = look.value - answer.bias(look) - answer.gain[look.pixel] * before.mean[look.at]
        departure[look.at, column] = apart / np.sqrt(answer.variance)[look.pixel]
        pattern[look.at] |= 1 << column
    correlation = shared[np.ix_(kin, kin)]
    precision, total = 1 / before.variance, np.zeros(places)
    order = np.argsort(pattern, kind="stable")
    found, start = np.unique(pattern[order], return_index=True)
    for bits, at in zip(found, np.split(order, start[1:]), strict=True):
        there = np.flatnonzero((int(bits) >> np.arange(len(kin))) & 1)
        if there.size:
            weight = signal[:, there] @ np.linalg.inv(correlation[np.ix_(there, there)])
            pixel = at // (places // pixels)
            precision[at] += (weight * signal[:, there]).sum(axis=1)[pixel]
            total[at] = (weight[pixel] * departure[np.ix_(at, there)]).sum(axis=1)
    return Hidden(before.mean + total / precision, 1 / precision)


def correlations(looks: Sequence[Look], answers: Sequence[Answer], relatives: NDArray[np.bool_], x: Hidden) -> F64:
    """Correlations of the errors of looks (look, look): estimated among relatives, drawn to 0; 0 among all others."""
    out = np.eye(len(looks))
    left = np.full((len(looks), x.mean.size), np.nan)
    for own, look, answer in zip(left, looks, answers, strict=True):
        own[look.at] = look.value - answer.bias(look) - answer.gain[look.pixel] * x.mean[look.at]
    for i, j in zip(*np.nonzero(np.triu(relatives, 1)), strict=True):
        both = np.flatnonzero(np.isfinite(left[i]) & np.isfinite(left[j]))
        if both.size < LEAST_COMMON:
            continue
        unsure = answers[i].zone_gain * answers[j].zone_gain * x.variance[both].mean()
        alike = (left[i, both] @ left[j, both]) / both.size + unsure
        out[i, j] = out[j, i] = np.clip(SHRINK * alike / (answers[i].error * answers[j].error), 0, MOST)
    lowest = float(np.linalg.eigvalsh(out)[0]) if len(out) else 1.0
    lift = max(LOWEST - lowest, 0.0)  # pairs are estimated one by one: together they may be no correlations at all
    return (out + lift * np.eye(len(out))) / (1 + lift)
