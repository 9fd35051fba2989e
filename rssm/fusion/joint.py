"""J: one model of a zone. The target and all products, over all steps, are noisy looks at one hidden soil moisture.

    x = factors · β + offset(pixel) + N(0, τ²(pixel)),   each product as `rssm.fusion.looks` has it

The target is the anchor: its gain is 1. Products are attached one by one, first those that overlap most with what is
known by then; then what is hidden and what is learnt of the looks take turns. Errors of products that are relatives,
by algorithm or band, may be alike. Nothing is drawn: the same looks give the same bits. What was learnt can be kept
(`rssm.fusion.model`), and x of other steps follows from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.fusion.hidden import Prior, alone, correlations, prior, together
from rssm.fusion.looks import Answer, Look, learn, look_at
from rssm.fusion.model import Joint, Status, design, learnt, nothing_known, nowhere, scales, status_of

F64 = NDArray[np.float64]
Values = NDArray[np.floating]
ANCHOR = 0.018  # m³ m⁻³, error of the target
MOST_ERROR = 0.5  # of its spread: where little ever changes, as in deserts, it is thought to err less
TURNS = 3  # fifteen are no better
INFORMED = 0.3  # share of the prior's variance that must be gone where a product is attached


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
    scale = scales(factors)
    columns = design(factors, scale, target.shape)
    seen, looks = look_at(target, columns), [look_at(values, columns) for values in products]
    status, known = [status_of(look) for look in looks], status_of(seen)
    if known != Status.ATTACHED:
        status = [Status.APART if found == Status.ATTACHED else found for found in status]
        return nowhere(nothing_known(known, status, scale, len(target)), target.shape)
    error = min(error, MOST_ERROR * seen.spread)
    thought = prior(seen, columns, seen.value, np.full(seen.at.size, error**2), seen.spread**2 / 2, seen.spread)
    anchor = Answer.of_target(seen.pixels, columns.shape[1], error)
    answers = _attach(looks, status, seen, anchor, thought)
    used = [seen, *(looks[number] for number in answers)]
    kin = np.zeros((len(used), len(used)), bool)
    kin[1:, 1:] = relatives[np.ix_(list(answers), list(answers))]
    every, shared = look_at(np.zeros(target.shape), columns), np.eye(len(used))
    x = alone(thought, used, [anchor, *answers.values()])
    for _ in range(TURNS):
        thought = prior(every, columns, x.mean, x.variance, float(thought.variance.mean()), seen.spread)
        for number, answer in answers.items():
            answers[number] = learn(looks[number], x.mean, x.variance, seen.spread, answer.error**2)
        shared = correlations(used, [anchor, *answers.values()], kin, x)
        x = together(thought, used, [anchor, *answers.values()], shared)
    before = nothing_known(known, status, scale, len(target))
    model = learnt(before, error, thought, answers, shared[1:, 1:], x)
    return Joint.of(model, x, [looks[number] for number in answers], target.shape)


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
        status[number] = status_of(part)
        if status[number] != Status.ATTACHED:
            status[number] = Status.APART
            continue
        answers[number] = learn(part, x.mean, x.variance, seen.spread, part.spread**2 / 2, part=False)
    return dict(sorted(answers.items()))
