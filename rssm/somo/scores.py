"""Scores of cross-validation where nothing was learnt, beside those of the forcing model's own soil moisture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.somo.apart import KM_PER_DEGREE, distance
from rssm.somo.site_files import Simulated, Sites, Targets, read_simulated, read_sites, read_target_file
from rssm.somo.specs import ScoresSpec
from rssm.tsv import write_tsv

F8 = NDArray[np.float64]
KM = (0, 30, 60, 120, 300)  # classes of distance to the nearest cell that teaches, as the published scores were joined
DRY = ((0.65, "humid"), (0.5, "dry subhumid"), (0.2, "semi-arid"), (0.05, "arid"), (0.0, "hyper-arid"))  # rain / demand
LEAST_DAYS = 30  # that a cell is scored on
METRICS = ("r", "anomaly_r", "ubrmse", "nrmse", "relative_bias")
ABOUT = """medians over cells of scores where nothing was learnt: of cross-validation, and of the forcing model on the same days
targets have mean and standard deviation of the forcing model, so nrmse (by the range of the target) and relative_bias say
little of that; anomalies are differences from a running mean"""


class Score(NamedTuple):
    """Of a cell (see `METRICS`), NaN where there are too few values."""

    r: float
    anomaly_r: float
    ubrmse: float
    nrmse: float
    relative_bias: float


def somo_crossval_scores(
    crossval: Sequence[str], targets: Sequence[str], sites: Sequence[str], spec: ScoresSpec, out: Sequence[str]
) -> None:
    """Write a table of medians, and a table of every cell's scores.

    crossval  files of all schemes, layers and folds
    targets   of all layers, in their order
    """
    cells, measured = read_sites(sites[0]), [read_target_file(path) for path in targets]
    rows = [row for path in crossval for row in _cells(read_simulated(path), measured, cells, spec)]
    if not rows:
        raise InputError(
            f"Cross-validation leaves no cell with {LEAST_DAYS} days to be judged by. Ask for fewer folds."
        )
    columns = ("scheme", "fold", "layer", "pixel", "depth", "climate", "distance", "days")
    both = [*METRICS, *(f"model_{name}" for name in METRICS)]
    write_tsv(out[1], (*columns, *both), [(*said, *map(_text, scores)) for said, scores in rows])
    write_tsv(out[0], ("scheme", "layer", "group", "cells", *both), _medians(rows), ABOUT)


Row = tuple[tuple[str | int, ...], tuple[float, ...]]


def _cells(one: Simulated, measured: Sequence[Targets], cells: Sites, spec: ScoresSpec) -> list[Row]:
    """Rows of the cells that a fold is judged by."""
    own = measured[one.layer - 1]
    target, depth = own.at(one.pixel), dict(zip(own.pixel.tolist(), zip(own.top, own.bottom, strict=True), strict=True))
    nearest = _nearest(one, cells)
    rows: list[Row] = []
    for site in np.flatnonzero(one.held[0]):
        day = one.held[1] & np.isfinite(target[site]) & np.isfinite(one.mean[site])
        if day.sum() < LEAST_DAYS:
            continue
        pair = (_score(values[site], target[site], day, spec) for values in (one.mean, cells.soil[one.layer - 1]))
        top, bottom = depth[int(one.pixel[site])]
        said = (one.scheme, one.fold, one.layer, int(one.pixel[site]), f"{top:.2f}-{bottom:.2f}",
                _climate(cells, int(site), spec), _km(nearest[site]), int(day.sum()))  # fmt: skip
        rows.append((said, tuple(number for score in pair for number in score)))
    return rows


def _nearest(one: Simulated, cells: Sites) -> F8:
    """(site,) km to the nearest other cell that teaches."""
    apart = distance(cells.place, cells.place) * KM_PER_DEGREE
    np.fill_diagonal(apart, np.inf)
    return np.where(one.taught, apart, np.inf).min(axis=1)


def _km(km: float) -> str:
    at = int(np.searchsorted(KM, km, side="right")) - 1
    return f"{KM[at]}-{KM[at + 1]} km" if at + 1 < len(KM) else f"over {KM[-1]} km"


def _climate(cells: Sites, site: int, spec: ScoresSpec) -> str:
    """Class of dryness, by the ratio of rain to what net radiation could evaporate."""
    if spec.aridity not in cells.static:
        return "unknown"
    ratio = 1 / max(float(cells.statics[cells.static.index(spec.aridity), site]), 1e-6)
    return next((name for least, name in DRY if ratio >= least), "unknown")


def _score(
    estimate: NDArray[np.float32], target: NDArray[np.float32], day: NDArray[np.bool_], spec: ScoresSpec
) -> Score:
    """Scores of a cell on some days."""
    a, b = (np.where(day, values, np.nan).astype(np.float64) for values in (estimate, target))
    error = (a - b)[day]
    span = np.nanmax(b) - np.nanmin(b)
    return Score(
        correlation(a, b),
        correlation(
            anomalies(a, spec.anomaly_days, spec.anomaly_least), anomalies(b, spec.anomaly_days, spec.anomaly_least)
        ),
        float(error.std()),
        float(np.sqrt(np.mean(error**2)) / span) if span > 0 else np.nan,
        float(error.mean() / np.nanmean(b)) if np.nanmean(b) > 0 else np.nan,
    )


def anomalies(values: F8, days: int, least: int) -> F8:
    """Differences (day,) from the mean of `days` around each day, NaN where fewer than `least` of them have a value."""
    there = np.isfinite(values)
    around = np.ones(days)
    count = np.convolve(there, around, "same")
    total = np.convolve(np.where(there, values, 0.0), around, "same")
    return np.where(there & (count >= least), values - total / np.maximum(count, 1), np.nan)


def correlation(a: F8, b: F8) -> float:
    """Pearson's, of the days that both have; NaN of too few, or where one does not vary."""
    both = np.isfinite(a) & np.isfinite(b)
    x, y = a[both], b[both]
    if x.size < LEAST_DAYS or x.std() < 1e-9 or y.std() < 1e-9:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def _medians(rows: Sequence[Row]) -> list[tuple[str | int | None, ...]]:
    """Of each scheme and layer: of all cells, and by depth, climate and distance."""
    groups: dict[tuple[str, int, str], list[tuple[float, ...]]] = {}
    for (scheme, _, layer, _, depth, climate, km, _), scores in rows:
        for group in ("all", f"depth {depth}", f"climate {climate}", f"distance {km}"):
            groups.setdefault((str(scheme), int(layer), group), []).append(scores)
    out: list[tuple[str | int | None, ...]] = []
    for (scheme, layer, group), found in sorted(groups.items()):
        columns = np.array(found).T
        middle = (
            float(np.median(column[np.isfinite(column)])) if np.isfinite(column).any() else np.nan for column in columns
        )
        out.append((scheme, layer, group, len(found), *map(_text, middle)))
    return out


def _text(number: float) -> str | None:
    return f"{number:.4f}" if np.isfinite(number) else None
