"""J: one model of a zone. The target and all products, over all steps, are noisy looks at one hidden soil moisture.

    x = factors · β + offset(pixel) + N(0, τ²(pixel)),   each product as `rssm.fusion.looks` has it

The target is the anchor: its gain is 1. Products are attached one by one, first those that overlap most with what is
known by then; then what is hidden and what is learnt of the looks take turns. Errors of products that are relatives,
by algorithm or band, may be alike. Nothing is drawn: the same looks give the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from rssm.fusion.hidden import Hidden, Prior, alone, correlations, prior, together
from rssm.fusion.looks import Answer, Look, learn, look_at

F64 = NDArray[np.float64]
Values = NDArray[np.floating]
ANCHOR = 0.018  # m³ m⁻³, error of the target
MOST_ERROR = 0.5  # of its spread: where little ever changes, as in deserts, it is thought to err less
TURNS = 3  # fifteen are no better
LEAST_POINTS, LEAST_STEPS = 60, 12  # of a look that can be learnt from
INFORMED = 0.3  # share of the prior's variance that must be gone where a product is attached
CONSTANT = 1e-5  # m³ m⁻³, spread below which a look is constant; of a factor against its size


class Status(IntEnum):
    """What became of a look."""

    ABSENT = 0  # no value
    ATTACHED = 1
    FEW = 2  # too few values
    CONSTANT = 3
    APART = 4  # too few values where anything is known


@dataclass(frozen=True)
class Joint:
    """The hidden soil moisture of a zone, and what was learnt of its looks.

    value        (pixel, step) float32, m³ m⁻³; NaN throughout where the target is not ATTACHED
    variance     (pixel, step) float32, (m³ m⁻³)², as the model has it
    looks        (pixel, step) uint8: how many of target and attached products have a value; where 0, the prior speaks
    gain         (product,) float32 against x in the zone; NaN, as the next two, where not attached
    error        (product,) float32, standard deviation, m³ m⁻³
    correlation  (product,) float32 with x, as gain, error and the spread of x have it
    shared       (product, product) float32, correlation of errors
    status       (product,) `Status`; target: that of the target
    """

    value: NDArray[np.float32]
    variance: NDArray[np.float32]
    looks: NDArray[np.uint8]
    gain: NDArray[np.float32]
    error: NDArray[np.float32]
    correlation: NDArray[np.float32]
    shared: NDArray[np.float32]
    status: NDArray[np.uint8]
    target: Status


def joint(
    target: Values,
    products: Sequence[Values],
    factors: Sequence[Values],
    relatives: NDArray[np.bool_],
    error: float = ANCHOR,
) -> Joint:
    """J of one zone; target, products and factors (pixel, step), NaN where missing or not to be learnt from.

    relatives  (product, product) whose errors may be alike
    error      standard deviation of the target's error, m³ m⁻³, where it varies by more than twice as much
    """
    columns = design(factors, target.shape)
    seen, looks = look_at(target, columns), [look_at(values, columns) for values in products]
    status, known = [_status(look) for look in looks], _status(seen)
    if known != Status.ATTACHED:
        return _result(target.shape, seen, looks, {}, None, np.eye(0), status, known)
    error = min(error, MOST_ERROR * seen.spread)
    thought = prior(seen, columns, seen.value, np.full(seen.at.size, error**2), seen.spread**2 / 2, seen.spread)
    anchor = _anchor(seen, columns.shape[1], error)
    answers = _attach(looks, status, seen, anchor, thought)
    used = [seen, *(looks[number] for number in answers)]
    kin = np.zeros((len(used), len(used)), bool)
    kin[1:, 1:] = relatives[np.ix_(list(answers), list(answers))]
    x = alone(thought, used, [anchor, *answers.values()])
    every, shared = look_at(np.zeros(target.shape), columns), np.eye(len(used))
    for _ in range(TURNS):
        thought = prior(every, columns, x.mean, x.variance, float(thought.variance.mean()), seen.spread)
        for number, answer in answers.items():
            answers[number] = learn(looks[number], x.mean, x.variance, seen.spread, answer.error**2)
        shared = correlations(used, [anchor, *answers.values()], kin, x)
        x = together(thought, used, [anchor, *answers.values()], shared)
    return _result(target.shape, seen, looks, answers, x, shared[1:, 1:], status, known)


def design(factors: Sequence[Values], shape: tuple[int, int]) -> F64:
    """Columns (pixel · step, column): 1, and factors of mean 0 and spread 1.

    A factor that is constant in the zone is left out; where it is missing it counts as its mean.
    """
    known = ((factor, np.isfinite(factor)) for factor in factors)
    columns = (column for factor, there in known if (column := _standard(factor, there)) is not None)
    return np.stack([np.ones(shape).ravel(), *(column.ravel() for column in columns)], axis=1)


def _standard(values: Values, known: NDArray[np.bool_]) -> F64 | None:
    """Values of mean 0 and spread 1, 0 where they are not known; None: they are constant."""
    own = values[known].astype(np.float64)
    if not own.size or own.std() <= CONSTANT * max(1.0, abs(own.mean())):
        return None
    return np.where(known, (values - own.mean()) / own.std(), 0.0)


def _status(look: Look) -> Status:
    if not look.at.size:
        return Status.ABSENT
    if look.at.size < LEAST_POINTS or look.steps < LEAST_STEPS:
        return Status.FEW
    return Status.CONSTANT if look.spread <= CONSTANT else Status.ATTACHED


def _anchor(seen: Look, columns: int, error: float) -> Answer:
    """The target's answer, which is not learnt."""
    nothing = np.zeros(seen.pixels)
    return Answer(nothing + 1, nothing, nothing + error**2, np.zeros(columns), 1.0, error)


def _attach(
    looks: Sequence[Look], status: list[Status], seen: Look, anchor: Answer, thought: Prior
) -> dict[int, Answer]:
    """First answers of all products that can be attached, by number in the order of attachment; `status` learns of the rest."""
    answers: dict[int, Answer] = {}
    waiting = [number for number, found in enumerate(status) if found == Status.ATTACHED]
    while waiting:
        x = alone(thought, [seen, *(looks[i] for i in answers)], [anchor, *answers.values()])
        informed = 1 - x.variance / np.repeat(thought.variance, x.mean.size // seen.pixels)
        number = waiting.pop(int(np.argmax([informed[looks[i].at].sum() for i in waiting])))
        part = looks[number].only(informed[looks[number].at] > INFORMED)
        status[number] = _status(part)
        if status[number] != Status.ATTACHED:
            status[number] = Status.APART
            continue
        answers[number] = learn(part, x.mean, x.variance, seen.spread, part.spread**2 / 2, part=False)
    return dict(sorted(answers.items()))


def _result(
    shape: tuple[int, int],
    seen: Look,
    looks: Sequence[Look],
    answers: dict[int, Answer],
    x: Hidden | None,
    shared: F64,
    status: Sequence[Status],
    known: Status,
) -> Joint:
    """All that is published; without x, nothing but why."""
    count = np.zeros(shape, np.uint8)
    gain, error, correlation = np.full((3, len(looks)), np.nan, np.float32)
    alike = np.eye(len(looks), dtype=np.float32)
    value, variance = np.full((2, *shape), np.nan, np.float32)
    if x is not None:
        value, variance = x.mean.reshape(shape).astype(np.float32), x.variance.reshape(shape).astype(np.float32)
        spread = float(np.sqrt(x.mean.reshape(shape).var(axis=1).mean()))
        for look in (seen, *(looks[number] for number in answers)):
            count.ravel()[look.at] += 1
        for number, answer in answers.items():
            gain[number], error[number] = answer.zone_gain, answer.error
            correlation[number] = answer.zone_gain * spread / np.hypot(answer.zone_gain * spread, answer.error)
        alike[np.ix_(list(answers), list(answers))] = shared
    return Joint(value, variance, count, gain, error, correlation, alike, np.array(status, np.uint8), known)
