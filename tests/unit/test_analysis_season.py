"""Seasons: by hand, beside plain least squares, with gaps, with one and two peaks, within stated errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pytest import approx

from rssm.analysis.statistics.fourier import MOST, Fit, Seasonal, design, fitted
from rssm.analysis.statistics.peaks import apart, delay, extremes, likeness

SEASONS, YEARS = 36, 16
TIME = np.arange(SEASONS * YEARS) % SEASONS + 1.0  # 1 is the middle of the first dekad


def wave(amplitude: np.ndarray | float, peak: np.ndarray | float, terms: int = 1) -> np.ndarray:
    """A year again and again (step, series), highest at `peak`."""
    return np.asarray(amplitude) * np.cos(2 * np.pi * terms * (TIME[:, None] - np.asarray(peak)) / SEASONS)


def fit_of(values: np.ndarray, gain: float = 0.05) -> Fit:
    sums = Seasonal(SEASONS, values.shape[1])
    for step, row in enumerate(values):
        sums.add(step, step % SEASONS, row)
    return fitted(sums, gain)


def noise(shape: tuple[int, int], size: float, rho: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    made = rng.normal(0, size, shape)
    for k in range(1, shape[0]):
        made[k] = rho * made[k - 1] + np.sqrt(1 - rho**2) * made[k]
    return made


def test_a_pure_wave_has_its_own_peak_trough_and_range() -> None:
    found = extremes(fit_of(0.2 + wave([0.05, 0.03], [10.0, 35.5])))
    assert_allclose(found.peak, [10.0, 35.5], atol=1e-9)
    assert_allclose(found.trough, [28.0, 17.5], atol=1e-9)
    assert_allclose(found.peak_value, [0.25, 0.23])
    assert_allclose(found.range, [0.10, 0.06])
    assert np.isnan(found.second).all()
    assert_allclose(found.peak_error, 0, atol=1e-3)


def test_fits_are_those_of_plain_least_squares_with_gaps() -> None:
    values = 0.2 + wave(0.05, 9.0) + wave(0.03, 4.0, 2) + noise((TIME.size, 20), 0.03, 0.5, 1)
    values[np.random.default_rng(2).random(values.shape) < 0.4] = np.nan
    fit = fit_of(values)
    assert (fit.terms == 2).all()
    for k, series in enumerate(values.T):
        there = np.isfinite(series)
        basis = design(TIME - 1, SEASONS)[there]
        beta, left, *_ = np.linalg.lstsq(basis, series[there], rcond=None)
        n = int(there.sum())
        assert_allclose(fit.coefficients[:, k], beta, atol=1e-10)
        whole = np.sum((series[there] - series[there].mean()) ** 2)
        assert fit.adjusted_r2[k] == approx(1 - (left[0] / (n - 5)) / (whole / (n - 1)))
        residual = np.where(there, series - design(TIME - 1, SEASONS) @ beta, np.nan)
        pairs = residual[1:] * residual[:-1]
        r = np.clip(np.nanmean(pairs) / (left[0] / n), 0, MOST)
        plain = left[0] / (n - 5) * np.linalg.inv(basis.T @ basis)
        assert_allclose(fit.covariance[:, :, k], plain * (1 + r) / (1 - r), rtol=1e-6)


def test_a_second_term_is_taken_only_where_it_is_clearly_better() -> None:
    plain = 0.2 + wave(0.05, 9.0)
    values = np.concatenate([plain, plain + wave(0.005, 4.0, 2), plain + wave(0.03, 4.0, 2)], axis=1)
    values += noise(values.shape, 0.03, 0.0, 3)
    fit = fit_of(values)
    assert fit.terms.tolist() == [1, 1, 2]
    assert fit.gain[2] > 0.05 > fit.gain[1]
    assert fit_of(values, gain=0.0).terms.tolist()[1:] == [2, 2]  # BIC alone
    assert fit_of(values, gain=1.0).terms.tolist() == [1, 1, 1]


def test_a_year_with_two_peaks_tells_both() -> None:
    found = extremes(fit_of(0.2 + wave(0.02, 8.0) + wave(0.06, 8.0, 2)))
    assert (found.peak[0], found.second[0]) == (approx(8.0), approx(26.0))
    assert found.peak_value[0] == approx(0.28)


def test_peaks_are_not_sought_where_nothing_was_seen() -> None:
    """Highest in dekad 2, but dekads 1 to 6 are hidden by snow every year: the highest that was seen is dekad 7 or 36."""
    values = 0.2 + wave(0.05, 2.0)
    values[TIME <= 6] = np.nan
    found = extremes(fit_of(values))
    assert found.peak[0] in (approx(36.4), approx(6.6))  # the edges of what was seen
    assert np.isnan(found.second[0])
    values[TIME <= 20] = np.nan  # more than half of the year
    fit = fit_of(values)
    assert fit.terms[0] == 0
    assert np.isnan(extremes(fit).peak[0])


@given(st.integers(0, 35), st.floats(0, 36), st.floats(0.1, 2.0))
def test_a_year_that_begins_later_peaks_so_much_earlier(turn: int, peak: float, two: float) -> None:
    values = 0.2 + wave(0.05, 9.0) + wave(0.05 * two, peak, 2)
    before, after = extremes(fit_of(values)), extremes(fit_of(np.roll(values, -turn, axis=0)))
    if np.isfinite(before.second[0]):  # of two peaks as high, either may be the first
        pairs = sorted([before.peak[0], before.second[0]]), sorted([after.peak[0], after.second[0]])
        moved = sorted(((np.array(pairs[0]) - turn - 0.5) % SEASONS + 0.5).round(6))
        assert_allclose(apart(np.array(moved), np.array(pairs[1]), SEASONS), 0, atol=0.11)
    else:
        assert apart(after.peak, before.peak - turn, SEASONS)[0] == approx(0, abs=0.11)


def test_the_delay_goes_the_shorter_way_round_the_year() -> None:
    ours, theirs = extremes(fit_of(wave(1.0, [1.5, 10.0, 30.0]))), extremes(fit_of(wave(1.0, [35.0, 12.0, 12.0])))
    assert_allclose(delay(ours, theirs, SEASONS)[:2], [2.5, -2.0], atol=1e-9)
    assert abs(delay(ours, theirs, SEASONS)[2]) == approx(18.0)


def test_two_peaks_are_averaged_as_they_lie_nearest() -> None:
    """Soil moisture peaks in 9 and 27, rain in 25 and 7, the first of each being higher: 9 − 7 and 27 − 25, not 9 − 25."""
    ours, theirs = (
        extremes(fit_of(wave(0.2, 9.0) + wave(1.0, 9.0, 2))),
        extremes(fit_of(wave(0.2, 25.0) + wave(1.0, 7.0, 2))),
    )
    assert (ours.peak[0], ours.second[0]) == (approx(9.0), approx(27.0))
    assert (theirs.peak[0], theirs.second[0]) == (approx(25.0, abs=0.1), approx(7.0, abs=0.2))
    assert delay(ours, theirs, SEASONS)[0] == approx(2.0, abs=0.05)
    single = extremes(fit_of(wave(1.0, 20.0)))
    assert delay(ours, single, SEASONS)[0] == approx(-11.0)  # one has one peak: of the highest ones


def test_curves_are_compared_where_both_were_seen() -> None:
    same, turned = fit_of(wave(1.0, [5.0, 5.0, 5.0])), fit_of(3 + 2 * wave(1.0, [5.0, 23.0, 14.0]))
    assert_allclose(likeness(same, turned), [1.0, -1.0, 0.0], atol=1e-9)


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_known_phases_and_amplitudes_lie_within_stated_errors(rho: float) -> None:
    """The table of docs/analysis.md: sixteen years of dekads, a fifth of them missing."""
    rng = np.random.default_rng(11)
    peak, amplitude = rng.uniform(0.5, 36.5, 2000), rng.uniform(0.03, 0.1, 2000)
    values = 0.2 + wave(amplitude, peak) + noise((TIME.size, 2000), 0.03, rho, 12)
    values[rng.random(values.shape) < 0.2] = np.nan
    fit = fit_of(values)
    found = extremes(fit)
    off = apart(found.peak, peak, SEASONS)
    assert (fit.terms == 1).mean() > 0.99
    assert abs(off.mean()) < 0.02
    assert (np.abs(off) < found.peak_error).mean() == approx(0.68, abs=0.07)
    assert (np.abs(off) < 1.96 * found.peak_error).mean() == approx(0.95, abs=0.03)
    apart_range = np.abs(found.range - 2 * amplitude)
    assert (apart_range < 1.96 * found.range_error).mean() == approx(0.95, abs=0.03)
