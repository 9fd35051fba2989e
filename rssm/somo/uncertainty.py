"""Calibrated uncertainty: σ² = b² + (c · spread)², fitted where nothing was learnt, neither of the block nor of the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.somo.site_files import read_simulated, read_target_file
from rssm.tsv import read_tsv, write_tsv

F8 = NDArray[np.float64]
COLUMNS = ("layer", "b", "c", "values", "within_1", "within_2")
ABOUT = """uncertainty² = b² + (c · spread of members)², m³ m⁻³, of the greatest likelihood at cells and days left out;
within_1, within_2: share of errors within 1 and 2 uncertainties there (0.68 and 0.95 of a normal distribution)"""
FACTORS = np.concatenate([[0.0], np.geomspace(0.1, 10, 81)])  # c that are tried
LEAST_B = 1e-4  # m³ m⁻³


@dataclass(frozen=True)
class Size:
    """Factors of a layer."""

    b: float
    c: float


def somo_calibrate(crossval: Sequence[str], targets: Sequence[str], out: Sequence[str]) -> None:
    """Write the factors of each layer.

    crossval  files of cross-validation, of all layers and folds
    targets   of all layers, in their order
    """
    errors: dict[int, list[tuple[F8, F8]]] = {}
    for path in crossval:
        one = read_simulated(path)
        measured = read_target_file(targets[one.layer - 1]).at(one.pixel)
        judged = one.held[0][:, None] & one.held[1] & np.isfinite(measured) & np.isfinite(one.mean)
        pair = (one.mean - measured)[judged].astype(np.float64), one.spread[judged].astype(np.float64)
        errors.setdefault(one.layer, []).append(pair)
    rows = []
    for layer, pairs in sorted(errors.items()):
        error, spread = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
        if not error.size:
            raise InputError(
                f"Layer {layer}: no cell and day is left out that has a target, so uncertainty cannot be calibrated."
                " Ask for other folds, or smaller blocks."
            )
        size = fitted(error, spread)
        ratio = np.abs(error) / np.sqrt(size.b**2 + (size.c * spread) ** 2)
        shares = (f"{float((ratio <= n).mean()):.4f}" for n in (1, 2))
        rows.append((layer, f"{size.b:.6f}", f"{size.c:.6f}", error.size, *shares))
    write_tsv(out[0], COLUMNS, rows, ABOUT)


def fitted(error: F8, spread: F8) -> Size:
    """Factors of the greatest normal likelihood."""
    best = (np.inf, Size(LEAST_B, 0.0))
    square, spread2 = error**2, spread**2
    for c in FACTORS if spread2.any() else FACTORS[:1]:
        b2 = _best_b2(square, c**2 * spread2)
        variance = b2 + c**2 * spread2
        cost = float((np.log(variance) + square / variance).mean())
        best = min(best, (cost, Size(float(np.sqrt(b2)), float(c))), key=lambda one: one[0])
    return best[1]


def _best_b2(square: F8, known: F8) -> float:
    """b² of the greatest likelihood beside a known part of the variance: where the slope vanishes, by bisection."""
    low, high = LEAST_B**2, max(float(square.mean()), LEAST_B**2) * 4

    def rises(b2: float) -> bool:
        variance = b2 + known
        return bool(((1 - square / variance) / variance).mean() > 0)

    for _ in range(40):
        middle = (low * high) ** 0.5
        low, high = (low, middle) if rises(middle) else (middle, high)
    return high


def read_calibration(path: str) -> dict[int, Size]:
    """Layer → its factors."""
    return {int(row["layer"]): Size(float(row["b"]), float(row["c"])) for _, row in read_tsv(path, COLUMNS)}


def uncertainty(sizes: dict[int, Size], layer: int, spread: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard uncertainty where members differ by `spread`, m³ m⁻³."""
    if layer not in sizes:
        raise InputError(
            f"The calibration knows no layer {layer}. Run rule somo_calibrate with cross-validation of it."
        )
    size = sizes[layer]
    return np.sqrt(np.float32(size.b**2) + np.float32(size.c**2) * spread**2)
