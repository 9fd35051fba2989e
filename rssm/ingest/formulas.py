"""Formulas by which maps are made of other products' maps (catalogue: derive). Elementwise, NaN where an input has none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
LATENT = 2.45  # heat that evaporates a millimetre of water, MJ m⁻²
DRY = 0.622  # weight of water vapour beside that of dry air


def of_step(formula: str, values: Sequence[Values]) -> Values:
    """The formula's map of a step, from maps (row, column) of its products in the same step."""
    if formula == "specific_humidity":
        return specific_humidity(*values)
    if formula == "log1p":
        return np.log1p(np.maximum(values[0], 0)).astype(np.float32)
    total = values[0].copy()
    for other in values[1:]:
        total += other
    return total


def specific_humidity(dew_point: Values, pressure: Values) -> Values:
    """Specific humidity, kg kg⁻¹, by Tetens' vapour pressure over water: dew point in K, surface pressure in Pa."""
    celsius = dew_point.astype(np.float64) - 273.15
    vapour = 610.78 * np.exp(17.2694 * celsius / (celsius + 237.29))
    return (DRY * vapour / (pressure - (1 - DRY) * vapour)).astype(np.float32)


def of_years(formula: str, means: Sequence[NDArray[np.float64]], days_per_year: float) -> Values:
    """The formula's only map, from the means (row, column) of its products over all days of some years."""
    if formula == "yearly_total":
        return (means[0] * days_per_year).astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        dryness = means[0] / LATENT / means[1]
    return np.where(np.isfinite(dryness), dryness, np.nan).astype(np.float32)
