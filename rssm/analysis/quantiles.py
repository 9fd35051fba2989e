"""Quantiles of weighted values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def quantiles(values: NDArray[np.float64], weight: NDArray[np.float64], of: Sequence[float]) -> list[float]:
    """Where the weight of smaller values, and half of a value's own, reaches a share of the whole."""
    order = np.argsort(values, kind="stable")
    share = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    return [float(np.interp(q, share, values[order])) for q in of]
