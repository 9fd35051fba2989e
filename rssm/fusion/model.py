"""What the joint fit learnt of a zone, and x of any steps from that: the same steps give the same bits, whichever others
are there. The target takes part only where it is given; without it x comes of prior and products alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from rssm.fusion.hidden import Hidden, Prior, together
from rssm.fusion.looks import Answer, Look, look_at

F64 = NDArray[np.float64]
Values = NDArray[np.floating]
LEAST_POINTS, LEAST_STEPS = 60, 12  # of a look that can be learnt from
CONSTANT = 1e-5  # m³ m⁻³, spread below which a look is constant; of a factor against its size


class Status(IntEnum):
    """What became of a look."""

    ABSENT = 0  # no value
    ATTACHED = 1
    FEW = 2  # too few values
    CONSTANT = 3
    APART = 4  # too few values where anything is known


@dataclass(frozen=True)
class Model:
    """What was learnt of a zone; all but status and scale NaN where the target, or a product, is not ATTACHED.

    target          () uint8 `Status` of the target; target_error () its standard deviation, m³ m⁻³
    scale           (factor, [mean, spread]) by which factors are standardised; an endless spread: constant in the zone
    prior_coefficients, prior_offset, prior_variance   (column,), (pixel,), (pixel,); the first column is 1
    status          (product,) uint8 `Status`
    gain            (product,) against x in the zone
    error           (product,) standard deviation, m³ m⁻³
    correlation     (product,) with x, as gain, error and the spread of x have it
    shared          (product, product) correlation of errors, 1 and 0 where not attached
    gains, offsets, variances, biases   of products: (product, pixel) three times, (product, column)
    """

    target: NDArray[np.uint8]
    target_error: F64
    scale: F64
    prior_coefficients: F64
    prior_offset: F64
    prior_variance: F64
    status: NDArray[np.uint8]
    gain: F64
    error: F64
    correlation: F64
    shared: F64
    gains: F64
    offsets: F64
    variances: F64
    biases: F64

    @property
    def attached(self) -> list[int]:
        """Numbers of the products that x is made of."""
        return [int(number) for number in np.flatnonzero(self.status == Status.ATTACHED)]

    def answer(self, number: int) -> Answer:
        """A product's answer."""
        of_pixels = self.gains[number], self.offsets[number], self.variances[number]
        return Answer(*of_pixels, self.biases[number], float(self.gain[number]), float(self.error[number]))


@dataclass(frozen=True)
class Joint:
    """The hidden soil moisture of a zone.

    value     (pixel, step) float32, m³ m⁻³; NaN throughout where the target is not ATTACHED
    variance  (pixel, step) float32, (m³ m⁻³)², as the model has it
    looks     (pixel, step) uint8: how many attached products have a value; where none, target or prior speak alone
    """

    value: NDArray[np.float32]
    variance: NDArray[np.float32]
    looks: NDArray[np.uint8]
    model: Model

    @classmethod
    def of(cls, model: Model, x: Hidden, looks: Sequence[Look], shape: tuple[int, ...]) -> Joint:
        """looks: of the attached products."""
        count = np.zeros(shape, np.uint8)
        for look in looks:
            count.ravel()[look.at] += 1
        value, variance = (of.reshape(shape).astype(np.float32) for of in (x.mean, x.variance))
        return cls(value, variance, count, model)


def nothing_known(target: Status, status: Sequence[Status], scale: F64, pixels: int) -> Model:
    """What is known of a zone before anything is learnt."""
    products, columns = len(status), len(scale) + 1

    def missing(*shape: int) -> F64:
        return np.full(shape, np.nan)

    return Model(
        target=np.array(target, np.uint8),
        target_error=missing(),
        scale=scale,
        prior_coefficients=missing(columns),
        prior_offset=missing(pixels),
        prior_variance=missing(pixels),
        status=np.array(status, np.uint8),
        gain=missing(products),
        error=missing(products),
        correlation=missing(products),
        shared=np.eye(products),
        gains=missing(products, pixels),
        offsets=missing(products, pixels),
        variances=missing(products, pixels),
        biases=missing(products, columns),
    )


def learnt(
    before: Model,
    error: float,
    prior: Prior,
    answers: Mapping[int, Answer],
    shared: F64,
    x: Hidden,
) -> Model:
    """What is known after learning; shared: of the products that have answers."""
    numbers = list(answers)
    spread = float(np.sqrt(x.mean.reshape(prior.variance.size, -1).var(axis=1).mean()))
    model = replace(
        before,
        target_error=np.array(error),
        prior_coefficients=prior.coefficients,
        prior_offset=prior.offset,
        prior_variance=prior.variance,
    )
    model.shared[np.ix_(numbers, numbers)] = shared
    for number, answer in answers.items():
        model.gain[number], model.error[number] = answer.zone_gain, answer.error
        signal = answer.zone_gain * spread
        model.correlation[number] = signal / np.hypot(signal, answer.error)
        model.gains[number], model.offsets[number], model.variances[number] = answer[:3]
        model.biases[number] = answer.coefficients
    return model


def applied(
    model: Model, target: Values | None, products: Sequence[Values], factors: Sequence[Values], shape: tuple[int, int]
) -> Joint:
    """x of some steps from what was learnt of a zone, all (pixel, step); products and factors as they were learnt from."""
    if model.target != Status.ATTACHED:
        return nowhere(model, shape)
    columns = design(factors, model.scale, shape)
    absent = np.full(shape, np.nan)
    anchor = Answer.of_target(shape[0], columns.shape[1], float(model.target_error))
    looks = [look_at(products[number], columns) for number in model.attached]
    prior = Prior.of(model.prior_coefficients, model.prior_offset, model.prior_variance, columns)
    answers = [anchor, *(model.answer(number) for number in model.attached)]
    shared = np.eye(len(answers))
    shared[1:, 1:] = model.shared[np.ix_(model.attached, model.attached)]
    x = together(prior, [look_at(absent if target is None else target, columns), *looks], answers, shared)
    return Joint.of(model, x, looks, shape)


def nowhere(model: Model, shape: tuple[int, ...]) -> Joint:
    """No x, and why."""
    missing = np.full(shape, np.nan, np.float32)
    return Joint(missing, missing, np.zeros(shape, np.uint8), model)


def scales(factors: Sequence[Values]) -> F64:
    """Mean and spread of each factor where it is known (factor, 2); endless where it says nothing."""
    out = np.tile([0.0, np.inf], (len(factors), 1))
    for own, factor in zip(out, factors, strict=True):
        values = factor[np.isfinite(factor)].astype(np.float64)
        if values.size and values.std() > CONSTANT * max(1.0, abs(values.mean())):
            own[:] = values.mean(), values.std()
    return out


def design(factors: Sequence[Values], scale: F64, shape: tuple[int, int]) -> F64:
    """Columns (pixel · step, 1 + factor): 1, and factors of mean 0 and spread 1.

    A factor that is constant in the zone is 0 throughout; where it is missing it counts as its mean.
    """
    columns = np.ones((int(np.prod(shape)), len(factors) + 1))
    for column, factor, (mean, spread) in zip(columns.T[1:], factors, scale, strict=True):
        column[:] = np.nan_to_num((factor.ravel().astype(np.float64) - mean) / spread)
    return columns


def status_of(look: Look) -> Status:
    """Whether a look can be learnt from by itself."""
    if not look.at.size:
        return Status.ABSENT
    if look.at.size < LEAST_POINTS or look.steps < LEAST_STEPS:
        return Status.FEW
    return Status.CONSTANT if look.spread <= CONSTANT else Status.ATTACHED
