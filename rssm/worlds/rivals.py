"""Rivals without subnetworks: a climatology of the target, and products matched to it by their distributions.

Both are tuned as the subnetworks are: on the blocks of training points, judged by the blocks of validation points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.config.training import Split
from rssm.cubes.cube import Cube
from rssm.grid import grid_of
from rssm.networks.split import TEST, VALIDATION, split_labels

F64 = NDArray[np.float64]
WINDOWS = (0, 1, 2, 3, 5)  # steps on either side that a climatology averages
KNOTS = (2, 5, 11, 21)  # quantiles that a distribution is matched at
LEAST = 20  # common steps below which a pixel's product is not matched


def roles(target: Cube, split: Split, seed: int) -> NDArray[np.uint8]:
    """Role of each pixel and step of the target (pixel, step), as the subnetworks have it."""
    row, column = np.divmod(target.pixel, grid_of(target.grid_id).columns)
    return split_labels(row[:, None], column[:, None], target.step[None, :], split, seed)


def climatology(target: Cube, role: NDArray[np.uint8]) -> F64:
    """Mean of the target at each step of the year (pixel, step), over a window tuned by blocks."""
    values, calendar = target.values.astype(np.float64), CALENDARS[target.calendar_id]
    season = np.array([calendar.season_of(int(step)) for step in target.step])
    judged = np.where(role == VALIDATION, values, np.nan)

    def year(learnt: NDArray[np.bool_], window: int) -> F64:
        return _mean_year(np.where(learnt, values, np.nan), season, calendar.seasons, window)[:, season]

    errors = [np.nanmean((year(role < VALIDATION, window) - judged) ** 2) for window in WINDOWS]
    return year(role < TEST, WINDOWS[int(np.argmin(errors))])


def _mean_year(values: F64, season: NDArray[np.integer], seasons: int, window: int) -> F64:
    """Mean year (pixel, season) over 2 · window + 1 steps; the pixel's mean where a season has no value."""
    total, count = np.zeros((2, len(values), seasons))
    valid = np.isfinite(values)
    for beside in range(-window, window + 1):
        for at in range(seasons):
            part = season == (at + beside) % seasons
            total[:, at] += np.where(valid[:, part], values[:, part], 0).sum(axis=1)
            count[:, at] += valid[:, part].sum(axis=1)
    pixels = np.maximum(valid.sum(axis=1), 1)
    mean = np.where(valid.any(axis=1), np.where(valid, values, 0).sum(axis=1) / pixels, np.nan)
    return np.where(count > 0, total / np.maximum(count, 1), mean[:, None])


def cdf_tc(target: Cube, products: Mapping[str, Cube], algorithms: Mapping[str, str], role: NDArray[np.uint8]) -> F64:
    """Products matched to the target's distribution, weighted by their errors from triple collocation (pixel, step).

    First the products that meet the target are matched to it and averaged; the others are then matched to that
    average where they meet it, as records are joined in the ESA CCI. Matching is per pixel on common steps, with a
    number of quantiles that is tuned by blocks; errors are estimated per zone.
    """
    values = {name: cube.values.astype(np.float64) for name, cube in products.items()}
    reference = target.values.astype(np.float64)
    judged = np.where(role == VALIDATION, reference, np.nan)
    direct = [name for name, series in values.items() if _common(series, reference).any()]

    def blend(learnt: F64, knots: int) -> tuple[dict[str, F64], F64]:
        matched = {name: match(values[name], learnt, knots) for name in direct}
        return matched, _weighted(matched, target, {**matched, target.variable: learnt}, algorithms)

    errors = [np.nanmean((blend(np.where(role < VALIDATION, reference, np.nan), k)[1] - judged) ** 2) for k in KNOTS]
    knots = KNOTS[int(np.argmin(errors))]
    matched, average = blend(np.where(role < TEST, reference, np.nan), knots)
    for name in values.keys() - matched.keys():
        matched[name] = match(values[name], average, knots)
    matched = {name: matched[name] for name in values}
    return _weighted(matched, target, {**matched, target.variable: reference}, algorithms)


def _common(series: F64, reference: F64) -> NDArray[np.bool_]:
    enough: NDArray[np.bool_] = (np.isfinite(series) & np.isfinite(reference)).sum(axis=1) >= LEAST
    return enough


def match(series: F64, reference: F64, knots: int) -> F64:
    """Series (pixel, step) with the reference's distribution, from the steps that both have; continued as a line beyond it."""
    out = np.full(series.shape, np.nan)
    share = np.linspace(0, 1, knots) if knots > 2 else None
    for pixel in np.flatnonzero(_common(series, reference)):
        both = np.isfinite(series[pixel]) & np.isfinite(reference[pixel])
        x, y = series[pixel, both], reference[pixel, both]
        slope = y.std() / max(x.std(), 1e-9)
        if share is None:
            out[pixel] = y.mean() + slope * (series[pixel] - x.mean())
            continue
        from_, to = np.quantile(x, share), np.quantile(y, share)
        from_ = np.concatenate([[from_[0] - 1], from_, [from_[-1] + 1]])
        to = np.concatenate([[to[0] - slope], to, [to[-1] + slope]])
        out[pixel] = np.interp(series[pixel], from_, to)
        out[pixel, np.isnan(series[pixel])] = np.nan
    return out


def _weighted(
    matched: Mapping[str, F64], place: Cube, partners: Mapping[str, F64], algorithms: Mapping[str, str]
) -> F64:
    """Mean of the matched products that are there, weighted by 1 / error variance (pixel, step)."""
    total, weight = np.zeros((2, *place.values.shape))
    for name, series in matched.items():
        error = np.full(len(series), np.nan)
        for zone in place.zones:
            part = place.zone(zone)
            inside = {other: values[part] for other, values in partners.items()}
            error[part] = error_variance(name, inside, algorithms)
        there = np.isfinite(series)
        total += np.where(there, series / error[:, None], 0)
        weight += np.where(there, 1 / error[:, None], 0)
    return np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)


def error_variance(name: str, series: Mapping[str, F64], algorithms: Mapping[str, str]) -> float:
    """Error variance of one of several series (pixel, step): the median of its triplets of three algorithms.

    Departures from each pixel's mean count. Where no triplet is of use, half of the variance is called error.
    """
    others = [other for other in series if algorithms[other] != algorithms[name]]
    found = []
    for j, k in combinations(others, 2):
        if algorithms[j] == algorithms[k]:
            continue
        triplet = _departures([series[name], series[j], series[k]])
        if triplet.shape[1] < 5 * LEAST:
            continue
        c = triplet @ triplet.T / triplet.shape[1]
        if min(c[0, 1], c[0, 2], c[1, 2]) > 0:
            found.append(max(c[0, 0] - c[0, 1] * c[0, 2] / c[1, 2], 0.05 * c[0, 0]))
    own = _departures([series[name]])
    return float(np.median(found)) if found else float(0.5 * np.mean(own**2)) if own.size else 1.0


def _departures(series: Sequence[F64]) -> F64:
    """Common points of several series as departures from their pixels' means (series, point)."""
    stack = np.stack(series)
    common = np.isfinite(stack).all(axis=0)
    count = np.maximum(common.sum(axis=1), 1)
    mean = np.where(common, stack, 0).sum(axis=2) / count
    return (stack - mean[:, :, None])[:, common]
