"""How a product looks at the hidden soil moisture of a zone: its gain, its bias by factors, its error.

    y = factors · c + offset(pixel) + gain(pixel) · x + error,   variance of the error (pixel)

Offsets, gains and variances of pixels are drawn to those of the zone, the more the fewer points a pixel has. Points of
one step share their weather, so all of a step count as one; of a pixel every third counts, as errors last for weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Places = NDArray[np.intp]
GAIN = 0.7  # what a gain is thought to be before anything is seen, in ratios of the spreads of product and target
GAIN_SPREAD = 0.5  # how far it may be from that
COEFFICIENT = 0.5  # spread of what a factor, itself of unit spread, is thought to do, in spreads of the product
INTERCEPT = 1.0  # m³ m⁻³
PIXEL_SHARE = 1 / 3  # of a pixel's points that count
PRIOR_POINTS = 10.0  # that the zone's error variance weighs in a pixel's
LEAST_POINTS = 6  # of a pixel that has a say in how much pixels differ
OFFSETS = (0.003, 0.22)  # m³ m⁻³, bounds of the spread of pixels' offsets
GAINS = (0.03, 0.5)  # the same of pixels' gains, in gains of the zone
GAIN_RANGE = (0.05, 3.0)  # bounds of a zone's gain, in gains as first thought
LEAST_ERROR = 0.1  # of a product's spread: no error is thought smaller


@dataclass(frozen=True)
class Look:
    """What a product has seen in a zone, one after another.

    at       (point,) place in the flattened (pixel, step)
    pixel    (point,) which pixel that is
    value    (point,) m³ m⁻³
    factors  (point, factor), the first of them 1, the others of mean 0 and spread 1 or less
    steps    how many steps have a value
    spread   standard deviation of the values, m³ m⁻³
    shape    pixels, steps
    """

    at: Places
    pixel: Places
    value: F64
    factors: F64
    squares: F64  # factorsᵀ · factors
    steps: int
    spread: float
    shape: tuple[int, int]

    @property
    def pixels(self) -> int:
        return self.shape[0]

    def only(self, chosen: NDArray[np.bool_]) -> Look:
        """The same at some of its points."""
        return _look(self.at[chosen], self.value[chosen], self.factors[chosen], self.shape)


class Answer(NamedTuple):
    """What was learnt of a look.

    gain, offset, variance  (pixel,); coefficients (factor,); zone_gain and error (a standard deviation) of the zone
    """

    gain: F64
    offset: F64
    variance: F64
    coefficients: F64
    zone_gain: float
    error: float

    @classmethod
    def of_target(cls, pixels: int, factors: int, error: float) -> Answer:
        """That of the target, which is not learnt."""
        nothing = np.zeros(pixels)
        return cls(nothing + 1, nothing, nothing + error**2, np.zeros(factors), 1.0, error)

    def bias(self, look: Look) -> F64:
        """What the product shows at its points beside gain · x (point,)."""
        return line(look.factors, self.coefficients) + self.offset[look.pixel]


def look_at(values: NDArray[np.floating], factors: F64) -> Look:
    """The look of values (pixel, step), NaN where missing; factors (pixel · step, factor)."""
    at = np.flatnonzero(np.isfinite(values))
    return _look(at, values.ravel()[at].astype(np.float64), factors[at], values.shape)


def _look(at: Places, value: F64, factors: F64, shape: tuple[int, int]) -> Look:
    pixel, step = np.divmod(at, shape[1])
    steps, spread = np.unique(step).size, float(value.std()) if at.size else 0.0
    return Look(at, pixel, value, factors, factors.T @ factors, steps, spread, shape)


def line(factors: F64, coefficients: F64) -> F64:
    """factors · coefficients (point,), one column after the other: bits of a point do not depend on which others are there."""
    total = np.zeros(len(factors))
    for column, coefficient in zip(factors.T, coefficients, strict=True):
        total += coefficient * column
    return total


def ridge(
    look: Look, goal: F64, variance: float, spread: float, x: F64 | None = None, more: float = 0.0, gain: float = 0.0
) -> F64:
    """Coefficients of the factors, and of x last where it is given, that explain a goal (point,).

    variance  of what is left over; spread: of the goal
    more      what is added to the sum of x's squares, as it is not sure
    gain      what the gain is thought to be before anything is seen
    """
    squares, products = look.squares, look.factors.T @ goal
    precision = np.full(len(squares), (COEFFICIENT * spread) ** -2)
    precision[0] = INTERCEPT**-2
    thought = np.zeros(len(squares))
    if x is not None:
        beside = look.factors.T @ x
        squares = np.block([[squares, beside[:, None]], [beside[None], np.array([[x @ x + more]])]])
        products, precision = np.append(products, x @ goal), np.append(precision, GAIN_SPREAD**-2)
        thought = np.append(thought, gain)
    weight = look.steps / max(look.at.size, 1) / variance
    solved: F64 = np.linalg.solve(weight * squares + np.diag(precision), weight * products + thought * precision)
    return solved


def learn(look: Look, x: F64, uncertainty: F64, spread: float, variance: float, part: bool = True) -> Answer:
    """What a look answers to x, known to within its uncertainty, a variance, both at all places (pixel · step,).

    spread    of the target, m³ m⁻³
    variance  of the product's error, as thought so far
    part      the look is among those that x was made of. Then x leans to its errors: taken for sure, gains would come
              out too high and errors too small. If it is not, what x lacks shows as error of the look.
    """
    x, v, pixel = x[look.at], uncertainty[look.at], look.pixel
    lean = v if part else np.zeros_like(v)
    n = by_pixel(look)
    middle = by_pixel(look, x) / np.maximum(n, 1)
    apart = x - middle[pixel]
    squares, unsure = by_pixel(look, apart**2 + lean), by_pixel(look, lean)
    thought = GAIN * min(1.0, look.spread / spread)
    offset, own = np.zeros((2, look.pixels))
    for _ in range(2):
        goal = look.value - offset[pixel] - own[pixel] * apart
        *coefficients, gain = ridge(look, goal, variance, look.spread, x, float(lean.sum()), thought)
        gain = float(np.clip(gain, GAIN_RANGE[0] * thought, GAIN_RANGE[1] * thought))
        left = look.value - look.factors @ np.array(coefficients) - gain * x
        offset = offsets(by_pixel(look, left - own[pixel] * apart), n, variance)
        along = by_pixel(look, (left - offset[pixel]) * apart) - gain * unsure
        own = np.clip(_gains(along, squares, n, variance, thought), -0.9 * gain, 2 * gain)
    gains = gain + own
    error = left - offset[pixel] - own[pixel] * apart
    least = (LEAST_ERROR * look.spread) ** 2
    square = error**2 + (1 if part else -1) * gains[pixel] ** 2 * v
    of_zone = max(float(square.mean()), least)
    variances = np.maximum(drawn(by_pixel(look, square), n, of_zone), least)
    return Answer(gains, offset - own * middle, variances, np.array(coefficients), gain, of_zone**0.5)


def drawn(total: F64, n: F64, of_zone: float) -> F64:
    """Means of pixels from sums over n points, drawn to the zone's (pixel,)."""
    return (PIXEL_SHARE * total + PRIOR_POINTS * of_zone) / (PIXEL_SHARE * n + PRIOR_POINTS)


def offsets(total: F64, n: F64, variance: float) -> F64:
    """Offsets of pixels from sums over n points, drawn to 0 by how much the pixels are seen to differ (pixel,)."""
    mean, count = total / np.maximum(n, 1), PIXEL_SHARE * n
    some = n >= LEAST_POINTS
    seen = np.mean(mean[some] ** 2 - variance / count[some]) if some.sum() > 2 else 0.0
    return mean * count / (count + variance / np.clip(seen, OFFSETS[0] ** 2, OFFSETS[1] ** 2))


def _gains(along: F64, squares: F64, n: F64, variance: float, thought: float) -> F64:
    """Departures of pixels' gains from the zone's, from sums of products and squares, drawn to 0 likewise (pixel,)."""
    mean, precision = along / np.maximum(squares, 1e-12), PIXEL_SHARE * squares / variance
    some = n >= LEAST_POINTS
    low, high = ((bound * thought) ** 2 for bound in GAINS)
    seen = low
    if some.sum() > 2 and precision[some].sum() > 0:
        seen = np.average(mean[some] ** 2, weights=precision[some]) - some.sum() / precision[some].sum()
    return mean * precision / (precision + 1 / np.clip(seen, low, high))


def by_pixel(look: Look, values: F64 | None = None) -> F64:
    """Sums of values (point,) over each pixel's points; how many there are, without values (pixel,)."""
    return np.bincount(look.pixel, values, look.pixels).astype(np.float64)
