"""Scores from sums: the correlation, the errors, and why one of them is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.validation.statistics.status import Status
from rssm.validation.statistics.sums import F64, Sums

ERRORS = ("rmse", "bias", "ubrmse")
BASIC = ("r", *ERRORS)
ANOMALY = "anomaly_r"
LIMITS = {"r": (-1.0, 1.0), ANOMALY: (-1.0, 1.0), "r2": (0.0, 1.0), "bias": (-np.inf, np.inf)} | dict.fromkeys(
    ("rmse", "ubrmse"), (0.0, np.inf)
)


class Score(NamedTuple):
    """One metric of many cells.

    value   (cell,) float64; NaN where the status is not OK
    status  (cell,) int8 of `Status`
    n       (cell,) pairs behind it
    """

    value: F64
    status: NDArray[np.int8]
    n: NDArray[np.int64]


def metrics_of(sums: Sums) -> dict[str, F64]:
    """r, RMSE, bias (x − y) and ubRMSE of each cell; NaN where a cell has no pair, and r where one side is constant."""
    mx, my, vx, vy, cov, mse = sums.moments()
    bias = mx - my
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.where((vx > 0) & (vy > 0), np.clip(cov / np.sqrt(vx * vy), -1, 1), np.nan)
        return {"r": r, "rmse": np.sqrt(mse), "bias": bias, "ubrmse": np.sqrt(np.maximum(mse - bias**2, 0))}


def scores_of(sums: Sums, least: int) -> dict[str, Score]:
    """The same, of cells with at least `least` pairs, each with its status."""
    n = sums.n
    common = np.where(n == 0, Status.NO_OVERLAP, np.where(n < max(least, 2), Status.TOO_FEW, Status.OK))
    out = {}
    for name, value in metrics_of(sums).items():
        status = np.where((common == Status.OK) & np.isnan(value), Status.CONSTANT, common).astype(np.int8)
        out[name] = Score(np.where(status == Status.OK, value, np.nan), status, n)
    return out


def anomaly_score(sums: Sums, least: int, pairs: NDArray[np.int64]) -> Score:
    """Correlation of anomalies, from sums of anomalies.

    pairs  (cell,) of values: where they would do and those of anomalies do not, years are too few
    """
    found = scores_of(sums, least)["r"]
    lacking = np.isin(found.status, (Status.NO_OVERLAP, Status.TOO_FEW))
    reason = np.where(
        pairs == 0, Status.NO_OVERLAP, np.where(pairs < max(least, 2), Status.TOO_FEW, Status.TOO_FEW_YEARS)
    )
    return Score(found.value, np.where(lacking, reason, found.status).astype(np.int8), found.n)


def with_r2(scores: Mapping[str, Score]) -> dict[str, Score]:
    """The scores, and the square of r before them."""
    return {"r2": scores["r"]._replace(value=scores["r"].value ** 2), **scores}
