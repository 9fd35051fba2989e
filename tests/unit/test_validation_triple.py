"""Triple collocation: pytesmo's numbers, known errors, and reasons."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.calendar import DEKADS
from rssm.validation.specs import Least
from rssm.validation.statistics.blocks import Blocks
from rssm.validation.statistics.status import Status
from rssm.validation.triple.collocation import Triple, triple_collocation, without_season

STEPS = 2003 * 36 + np.arange(360)
GAIN, ERROR = (1.0, 0.7, 1.3), (0.02, 0.04, 0.03)


def three(pixels: int, seed: int, steps: int = 360) -> np.ndarray:
    """Three products (3, pixel, step) of one truth, whose standard deviation is 0.06."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(0.25, 0.06, (pixels, steps))
    return np.stack([g * truth + rng.normal(0.02, e, truth.shape) for g, e in zip(GAIN, ERROR, strict=True)])


def collocated(values: np.ndarray, replicates: int = 200, **least: int) -> Triple:
    steps = STEPS[: values.shape[-1]]
    return triple_collocation(values, steps, Blocks.over(steps, 9, replicates, seed=3), Least(**least))


@pytest.mark.parametrize("seed", range(3))
def test_errors_and_gains_agree_with_pytesmo(seed: int) -> None:
    pytesmo = pytest.importorskip("pytesmo.metrics")
    values = three(4, seed)
    values[0, np.random.default_rng(seed).random(values.shape[1:]) < 0.2] = np.nan
    found = collocated(values)
    for pixel in range(4):
        known = np.isfinite(values[:, pixel]).all(axis=0)
        snr, error, beta = pytesmo.tcol_metrics(*values[:, pixel, known])
        assert found.n[pixel] == known.sum()
        assert_allclose(found.snr[:, pixel], snr, atol=1e-6)
        assert_allclose(found.beta[:, pixel], beta, atol=1e-6)
        assert_allclose(found.error_sd[:, pixel] * found.beta[:, pixel], error, atol=1e-6)  # pytesmo's are scaled
        assert_allclose(found.r[:, pixel], np.sqrt(1 / (1 + 10 ** (-snr / 10))), atol=1e-6)  # McColl et al., Eq. 9


def test_intervals_hold_the_known_errors_about_as_often_as_they_say() -> None:
    found = collocated(three(400, seed=5))
    truth = np.array(
        [ERROR, [20 * np.log10(g * 0.06 / e) for g, e in zip(GAIN, ERROR, strict=True)],
         [g * 0.06 / np.hypot(g * 0.06, e) for g, e in zip(GAIN, ERROR, strict=True)]]
    )[..., None]  # fmt: skip
    held = ((found.low <= truth) & (truth <= found.high)).mean(axis=-1)
    assert (found.status == Status.OK).all()
    assert (held > 0.87).all() and (held < 0.99).all()


def test_what_cannot_be_told_says_why() -> None:
    values = three(6, seed=6)
    values[1, 0] = np.nan
    values[1, 1, 99:] = np.nan  # 99 left
    values[2, 2] = 0.3
    values[2, 3] = 0.5 - values[2, 3]  # runs against the others
    rng = np.random.default_rng(7)
    values[0, 4] = 0.25 + 0.06 * rng.normal(size=360)  # signal, and no error of its own
    values[1, 4], values[2, 4] = (values[0, 4] * 0.9 + rng.normal(0, 0.001, 360) for _ in range(2))
    found = collocated(values)
    reasons = [Status.NO_OVERLAP, Status.TOO_FEW, Status.CONSTANT, Status.NO_COMMON_SIGNAL]
    for pixel, reason in enumerate(reasons):
        assert_array_equal(found.status[:, pixel], reason)
    assert set(found.status[:, 4].tolist()) <= {Status.OK, Status.NO_ERROR_LEFT}
    assert_array_equal(found.status[:, 5], Status.OK)
    for layer in (found.error_sd, found.snr, found.r, found.beta):
        assert_array_equal(np.isfinite(layer), found.status == Status.OK)
    assert_array_equal(np.isnan(found.low[0]), found.interval != Status.OK)


def test_more_signal_than_variance_leaves_no_error_to_that_product_alone() -> None:
    """Errors of the second and third that oppose each other leave the first with less variance than signal."""
    rng = np.random.default_rng(8)
    truth, error = rng.normal(0.25, 0.06, 360), rng.normal(0, 0.03, 360)
    found = collocated(np.stack([truth, truth + error, truth - error])[:, None])
    assert found.status[:, 0].tolist() == [Status.NO_ERROR_LEFT, Status.OK, Status.OK]


def test_an_error_that_two_share_counts_as_signal_to_them_and_as_error_to_the_third() -> None:
    rng = np.random.default_rng(12)
    truth, shared = rng.normal(0.25, 0.06, (200, 360)), rng.normal(0, 0.03, (200, 360))
    own = rng.normal(0, 0.02, (3, 200, 360))
    found = collocated(np.stack([truth + shared + own[0], truth + shared + own[1], truth + own[2]]), replicates=2)
    # by the formulas: C12 = 0.0045, C13 = C23 = 0.0036
    wanted = [0.0049 - 0.0045, 0.0049 - 0.0045, 0.0040 - 0.0036**2 / 0.0045]
    assert_allclose(np.median(found.error_sd**2, axis=1), wanted, rtol=0.05)


def test_few_blocks_give_errors_without_intervals() -> None:
    found = collocated(three(2, seed=11, steps=63), triple=60)
    assert_array_equal(found.status, Status.OK)
    assert_array_equal(found.interval, Status.TOO_FEW_BLOCKS)
    assert np.isnan(found.low).all() and np.isnan(found.high).all()


def test_the_mean_year_is_taken_away_where_years_are_enough() -> None:
    season = np.tile(np.linspace(0, 0.1, 36), 4)
    values = np.stack([season + k for k in (0.1, 0.2, 0.3)])[:, None].repeat(2, axis=1)
    values[1, 1, 36:108:36] = np.nan  # the first dekad of two of four years
    left = without_season(values, STEPS[:144], DEKADS, 3)
    assert_allclose(left[:, 0], 0, atol=1e-12)
    assert_array_equal(np.isnan(left[0, 1]), np.arange(144) % 36 == 0)


def test_pixels_do_not_depend_on_their_neighbours() -> None:
    values = three(5, seed=10)
    whole, alone = collocated(values), collocated(values[:, 3:4])
    for name, layer in alone._asdict().items():
        assert_array_equal(layer[..., 0], getattr(whole, name)[..., 3])
