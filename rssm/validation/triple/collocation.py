"""Extended triple collocation (McColl et al. 2014), of all pixels at once.

Three products see one truth, each with its own gain, offset and error: xᵢ = αᵢ + βᵢ·t + εᵢ. Where errors are independent
of each other and of the truth, covariances tell each product's correlation with the truth and its error variance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from rssm.calendar import Calendar
from rssm.validation.specs import Least
from rssm.validation.statistics.blocks import Blocks, blocks_touched, interval
from rssm.validation.statistics.status import Status
from rssm.validation.statistics.sums import F64, FLAT, SHIFT

PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))
OTHERS = ((1, 2), (0, 2), (0, 1))
TOGETHER = 500  # pixels whose replicates are in memory at once


class Triple(NamedTuple):
    """Of each product and pixel (3, pixel); NaN where its status is not OK. Soil moisture in m³ m⁻³.

    error_sd   standard deviation of the error, in the product's own gain
    snr        of signal to error variance, dB; infinite at the upper end of an interval that reaches no error at all
    r          correlation with the truth
    beta       factor that brings the product to the gain of the first
    low, high  95 % interval of (error_sd, snr, r), (3, 3, pixel); NaN where `interval` is not OK
    n          (pixel,) steps that all three have
    """

    error_sd: F64
    snr: F64
    r: F64
    beta: F64
    low: F64
    high: F64
    n: NDArray[np.int64]
    status: NDArray[np.int8]
    interval: NDArray[np.int8]


def triple_collocation(
    values: NDArray[np.floating], steps: NDArray[np.integer], blocks: Blocks, least: Least
) -> Triple:
    """Errors of three products (3, pixel, step) whose steps ascend."""
    common = np.isfinite(values).all(axis=0)
    parts = block_sums(values, common, blocks.of(steps), blocks.weights.shape[1])
    cov, n = covariances(parts.sum(axis=-1))
    status = _status(cov, n, least.triple)
    scored = status == Status.OK
    r2, beta = _shares(cov)
    pixel, step = np.nonzero(common)
    enough = blocks_touched(blocks.of(steps)[step], pixel, n.size) >= least.blocks
    sure = np.where(scored, np.where(enough, Status.OK, Status.TOO_FEW_BLOCKS), status)
    low, high = np.full((2, 3, 3, n.size), np.nan)
    chosen = np.flatnonzero((sure == Status.OK).any(axis=0))
    for start in range(0, chosen.size, TOGETHER):
        some = chosen[start : start + TOGETHER]
        sums = csr_array(parts[:, some].reshape(-1, parts.shape[-1]))
        low[..., some], high[..., some] = _intervals(blocks.drawn(sums).reshape(len(parts), some.size, -1))
    low, high = (np.where(sure == Status.OK, end, np.nan) for end in (low, high))
    error_sd, snr, r, beta = (np.where(scored, part, np.nan) for part in (*_told(cov, r2), beta))
    return Triple(error_sd, snr, r, beta, low, high, n, status, sure.astype(np.int8))


def without_season(
    values: NDArray[np.floating], steps: NDArray[np.integer], calendar: Calendar, least_years: int
) -> F64:
    """Values (3, pixel, step) less the mean of their place in the year, over the years that all three have.

    NaN where one of the three is missing or the years are fewer than `least_years`.
    """
    common = np.isfinite(values).all(axis=0)
    season = np.array([calendar.season_of(int(step)) for step in steps])
    out = np.full(values.shape, np.nan)
    for place in np.unique(season):
        at = np.flatnonzero(season == place)
        here, known = values[..., at].astype(np.float64), common[:, at]
        years = known.sum(axis=1)
        mean = np.where(known, here, 0).sum(axis=-1) / np.maximum(years, 1)
        out[..., at] = np.where(known & (years >= least_years)[:, None], here - mean[..., None], np.nan)
    return out


def block_sums(values: NDArray[np.floating], common: NDArray[np.bool_], block: NDArray[np.int64], blocks: int) -> F64:
    """n, Σx of each product and Σxᵢxⱼ of PAIRS, counted from SHIFT: (10, pixel, block).

    They add up over parts of the record.
    """
    there, starts = np.unique(block, return_index=True)
    x = np.where(common, values.astype(np.float64) - SHIFT, 0)
    out = np.zeros((10, len(common), blocks))
    for k, layer in enumerate((common.astype(np.float64), *x, *(x[i] * x[j] for i, j in PAIRS))):
        out[k, :, there] = np.add.reduceat(layer, starts, axis=1).T
    return out


def covariances(sums: F64) -> tuple[F64, NDArray[np.int64]]:
    """Covariances of PAIRS (6, …) with divisor n − 1, and n, from sums (10, …); a variance that is rounding is 0."""
    n, means, squares = sums[0], sums[1:4], sums[4:]
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.stack([squares[k] / n - means[i] * means[j] / n**2 for k, (i, j) in enumerate(PAIRS)])
        raw[:3] = np.where(raw[:3] <= FLAT * squares[:3] / n, 0.0, raw[:3])
        return raw * (n / (n - 1)), np.rint(n).astype(np.int64)


def _pairwise(cov: F64) -> Iterator[tuple[F64, F64, F64, F64]]:
    """Of each product: its variance, its covariances with the other two, and that of those."""
    of = {pair: cov[k] for k, pair in enumerate(PAIRS)}
    for i, (j, k) in enumerate(OTHERS):
        yield of[i, i], of[min(i, j), max(i, j)], of[min(i, k), max(i, k)], of[j, k]


def _shares(cov: F64) -> tuple[F64, F64]:
    """Share of the signal in each variance, r², and the factors to the first product's gain (3, …)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        r2 = np.stack([a * b / (own * c) for own, a, b, c in _pairwise(cov)])
        first_second, first_third, second_third = cov[3:]
        beta = np.stack([np.ones_like(first_second), first_third / second_third, first_second / second_third])
        return r2, beta


def _told(cov: F64, r2: F64) -> tuple[F64, F64, F64]:
    """Error's standard deviation, signal to noise in dB, and correlation."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(cov[:3] * (1 - r2)), 10 * np.log10(r2 / (1 - r2)), np.sqrt(r2)


def _status(cov: F64, n: NDArray[np.int64], least: int) -> NDArray[np.int8]:
    """Why a product has no error estimate (3, pixel)."""
    r2, _ = _shares(cov)
    found = np.where(np.nan_to_num(r2) >= 1, Status.NO_ERROR_LEFT, Status.OK)
    found = np.where((cov[3:] <= 0).any(axis=0), Status.NO_COMMON_SIGNAL, found)
    found = np.where((cov[:3] == 0).any(axis=0), Status.CONSTANT, found)
    found = np.where(n < max(least, 3), Status.TOO_FEW, found)
    return np.where(n == 0, Status.NO_OVERLAP, found).astype(np.int8)


def _intervals(drawn: F64) -> tuple[F64, F64]:
    """95 % intervals (3, 3, pixel) from sums of replicates (10, pixel, replicate).

    A replicate may hold more signal than variance, or less than none: its share is brought to 0 … 1.
    """
    cov, _ = covariances(drawn)
    r2 = np.clip(_shares(cov)[0], 0, 1)
    with np.errstate(invalid="ignore"):
        (sd_low, sd_high), (low, high) = interval(np.sqrt(cov[:3] * (1 - r2))), interval(r2)
    with np.errstate(divide="ignore"):
        snr = [10 * np.log10(end / (1 - end)) for end in (low, high)]
    return np.stack([sd_low, snr[0], np.sqrt(low)]), np.stack([sd_high, snr[1], np.sqrt(high)])
