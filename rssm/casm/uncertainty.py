"""Calibrated uncertainty: σ² = (c · s^b · u^(1 − b))² + (k · u)².

s  what the members say of themselves: √(structural² + data²), m³ m⁻³
u  usual departure of the target from its cycle in the pixel, m³ m⁻³: where soils hardly change, nobody errs much
b  how far errors follow s rather than u, the likeliest within 0 … 1
c  one factor, so that 68 % of errors on rows held out lie within σ: the middle, not the mean square, so that a few
   wild errors cannot widen all intervals
k  what the target errs by itself, where it is an estimate of another branch; 0 of an observed target

Errors are counted against the target, so its own noise is in σ: it says how far a like observation would be.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.tsv import read_tsv, write_tsv

COLUMNS = ("name", "value", "meaning")
LEVEL = 0.68
LEAST = 1e-4  # m³ m⁻³: a smaller s or u is taken for this
F8 = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """The factors of a branch, and what they were fitted on."""

    c: float
    b: float
    k: float
    points: int

    def sigma(self, own: NDArray[np.floating], usual: NDArray[np.floating]) -> NDArray[np.float32]:
        """σ of members' own s beside the pixels' u; NaN where either is."""
        s, u = (np.maximum(np.asarray(part, np.float64), LEAST) for part in (own, usual))
        return np.sqrt(np.square(self.c * s**self.b * u ** (1 - self.b)) + np.square(self.k * u)).astype(np.float32)


def calibrate(error: F8, own: F8, usual: F8, target_error: F8) -> Calibration:
    """Factors from errors (row,) on blocks that no network learnt from."""
    s, u = np.maximum(own, LEAST), np.maximum(usual, LEAST)
    b = _likeliest(error, np.log(s / u), u)
    ratio = np.abs(error) / (s**b * u ** (1 - b))
    c = float(np.quantile(ratio, LEVEL)) / NormalDist().inv_cdf((1 + LEVEL) / 2)
    k = float(np.sqrt(np.square(target_error).sum() / np.square(u).sum()))
    return Calibration(c, b, k, len(error))


def _likeliest(error: F8, log: F8, usual: F8) -> float:
    """b that makes normal errors with σ ∝ u · exp(b · log) likeliest: the likelihood has one peak, found by halving."""
    relative = np.square(error / usual)

    def slope(b: float) -> float:
        """Growth of the negative log-likelihood with b, at the best scale."""
        scaled = relative * np.exp(-2 * b * log)
        return float(log.mean() - np.sum(scaled * log) / max(scaled.sum(), 1e-300))

    low, high = 0.0, 1.0
    if slope(low) >= 0:
        return low
    if slope(high) <= 0:
        return high
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return (low + high) / 2


MEANINGS = {
    "c": "scale of the uncertainty",
    "b": "how far errors follow what the members say of themselves, 0 to 1",
    "k": "error of the target as a share of its usual departures",
    "points": "rows held out, behind them",
}


def write_calibration(path: str, found: Calibration, scores: dict[str, tuple[float, str]]) -> None:
    """Write the table of a branch: its factors, and scores (value, meaning) on the same rows."""
    factors = [(each.name, repr(getattr(found, each.name)), MEANINGS[each.name]) for each in fields(Calibration)]
    write_tsv(path, COLUMNS, [*factors, *((name, f"{value:.4f}", said) for name, (value, said) in scores.items())])


def read_calibration(path: str) -> Calibration:
    """The factors of a table."""
    found = {row["name"]: row["value"] for _, row in read_tsv(path, COLUMNS, "Expected a branch's calibration.")}
    try:
        return Calibration(float(found["c"]), float(found["b"]), float(found["k"]), int(found["points"]))
    except (KeyError, ValueError) as error:
        raise InputError(f"{path}: no calibration of a branch ({error}). Remove it and run its rule again.") from None
