"""World strange: errors that no method was made for.

What a sensor answers to bends off in wet soil, sooner at short wavelengths and under dense leaves; its gain swings with
the season; one product is wrong for two years. Random errors have heavy tails. None of it is a factor's line.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from rssm.toy.geography import Array
from rssm.toy.noise import uniform
from rssm.toy.sensors import MIDDLE, SENSORS, Sensor

KNEE = 0.18  # m³ m⁻³, above which the answer bends
ROOM = {"L": 0.25, "C": 0.15, "X": 0.12}  # m³ m⁻³ above the knee that a band can tell apart over bare soil
LEAVES_TAKE = 0.5  # share of that room lost under the densest leaves
SWING = 0.25  # of the gain, to either side within a year
WRONG_GAIN, WRONG_OFFSET = 0.4, 0.08  # of the product that is wrong; m³ m⁻³
TAIL = 0.25  # of Tukey's h distribution: tails as of Student's t with four degrees of freedom
YEAR = 365.2425  # days


def answered(seed: int, product: str, days: NDArray[np.int64], truth: Array, leaves: Array) -> Array:
    """Moisture that a product answers to in place of the truth (day, row, column), days of one year; m³ m⁻³.

    leaves   1 − exp(−LAI / 2) over the footprint (day, row, column)
    """
    sensor = SENSORS[product]
    gain = swing(product, days)[:, None, None]
    seen = MIDDLE + gain * (saturated(truth, leaves, sensor) - MIDDLE)
    if (product, date.fromordinal(int(days[0])).year) in wrong(seed):
        seen = MIDDLE + WRONG_OFFSET + WRONG_GAIN * (seen - MIDDLE)
    return np.asarray(seen, np.float32)


def saturated(truth: Array, leaves: Array, sensor: Sensor) -> Array:
    """Moisture bent above the knee towards an end that it never reaches, lower under leaves; m³ m⁻³."""
    room = np.float32(ROOM[sensor.band]) * (1 - np.float32(LEAVES_TAKE) * leaves)
    above = np.maximum(truth - np.float32(KNEE), 0)
    return np.asarray(np.minimum(truth, np.float32(KNEE)) + room * (1 - np.exp(-above / room)), np.float32)


def swing(product: str, days: NDArray[np.int64]) -> Array:
    """Factor of a product's gain (day,): a wave of its own phase within the year. That of the target stands still."""
    if product == "SMAP_E":
        return np.ones(days.shape, np.float32)
    phase = uniform(0, f"phase {product}", 0)
    return (1 + SWING * np.cos(2 * np.pi * ((days - 730_325) / YEAR + phase))).astype(np.float32)


def wrong(seed: int) -> set[tuple[str, int]]:
    """The product that is wrong, and its two calendar years, early in its flight: as the seed has it."""
    products = [product for product in SENSORS if product != "SMAP_E"]
    draw = uniform(seed, "wrong", np.arange(2))
    product = products[int(draw[0] * len(products))]
    first = max(SENSORS[product].launch, 2003) + 1 + int(draw[1] * 3)
    return {(product, first), (product, first + 1)}


def heavy(standard: Array) -> Array:
    """Heavy-tailed values of unit variance from standard normal ones (Tukey's h)."""
    size = np.float32((1 - 2 * TAIL) ** 0.75)
    return np.asarray(size * standard * np.exp(np.float32(TAIL / 2) * standard**2), np.float32)
