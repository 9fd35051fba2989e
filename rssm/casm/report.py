"""The report job: what the branches and their join are worth beside the target, and what the authors say of theirs.

`r` of values holds the seasonal cycle, which any product of the target's cycle gets right; `residual_r` is what networks add.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.casm.cycle import channels, read_cycles
from rssm.casm.specs import BranchesSpec
from rssm.casm.uncertainty import COLUMNS as CALIBRATION
from rssm.cubes.estimates import read_estimates
from rssm.tsv import NOTHING, read_tsv, write_tsv

COLUMNS = ("branch", "score", "here", "published", "meaning")
PUBLISHED = {
    ("joined", "r"): "0.97",
    ("smos", "r"): "0.75",
    ("smos", "structural"): "0.0033",
    ("smos", "data"): "0.0072",
}
PUBLISHED |= {("amsre", "structural"): "0.0071", ("amsre", "data"): "0.0120"}
ABOUT = "Rows held out are {held_out}; the authors drew single rows at random. Their uncertainties are global means."
Rows = Iterator[tuple[str, str, str, str, str]]


def casm_report(
    calibration: Sequence[str],
    merged: Sequence[str],
    cubes: Sequence[str],
    cycles: Sequence[str],
    spec: BranchesSpec,
    out: Sequence[str],
) -> None:
    """Write the table.

    calibration  of every branch, by its name
    merged, cubes, cycles  estimates of all tiles; the target there, and its cycles, in the same order
    """
    rows = [row for path in calibration for row in _of_branch(path)]
    write_tsv(out[0], COLUMNS, [*_joined(merged, cubes, cycles, spec), *rows], ABOUT.format(held_out=spec.held_out))


def _of_branch(path: str) -> Rows:
    """Scores and factors of a branch."""
    branch = Path(path).stem
    for _, row in read_tsv(path, CALIBRATION):
        published = PUBLISHED.get((branch, row["name"]), NOTHING)
        yield branch, row["name"], f"{float(row['value']):.6g}", published, row["meaning"]


def _joined(merged: Sequence[str], cubes: Sequence[str], cycles: Sequence[str], spec: BranchesSpec) -> Rows:
    """The joined estimates beside the target in the steps that both have."""
    whole, residual = np.zeros(6), np.zeros(6)
    for estimates, cube, cycle in zip(merged, cubes, cycles, strict=True):
        found = read_estimates(estimates, ["soil_moisture", "seasonal_cycle"], range(spec.steps[0], spec.steps[1] + 1))
        calendar = CALENDARS[found.calendar_id]
        (target,) = channels(cube, [spec.target])
        y = target.at(found.step, calendar).astype(np.float64)
        usual = read_cycles(cycle).at(spec.target, found.step, calendar)
        x = found.layers["soil_moisture"].T.astype(np.float64)
        whole += sums(x, y)
        residual += sums(x - found.layers["seasonal_cycle"].T, y - usual)
    r, rmse = _scores(whole)
    yield (
        "joined",
        "r",
        f"{r:.4f}",
        PUBLISHED["joined", "r"],
        "correlation with the target, seasonal cycle included; learnt from",
    )
    yield (
        "joined",
        "residual_r",
        f"{_scores(residual)[0]:.4f}",
        NOTHING,
        "the same of departures from the seasonal cycle",
    )
    yield "joined", "rmse", f"{rmse:.4f}", NOTHING, "root mean square difference from the target, m3 m-3"


def sums(x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.floating]:
    """n, Σx, Σy, Σx², Σy², Σxy where both are known."""
    there = np.isfinite(x) & np.isfinite(y)
    x, y = x[there].astype(np.float64), y[there].astype(np.float64)
    return np.array([x.size, x.sum(), y.sum(), x @ x, y @ y, x @ y])


def _scores(total: NDArray[np.floating]) -> tuple[float, float]:
    """Correlation and root mean square difference; NaN where nothing is there."""
    n, x, y, xx, yy, xy = total
    if n < 2:
        return float("nan"), float("nan")
    spread = np.sqrt((xx - x * x / n) * (yy - y * y / n))
    r = (xy - x * y / n) / spread if spread > 0 else float("nan")
    return float(r), float(np.sqrt(max(xx - 2 * xy + yy, 0) / n))
