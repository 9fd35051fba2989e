"""Calibrated uncertainty of CASM: factors that made errors are found again, and cover what they should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from rssm.casm.uncertainty import Calibration, calibrate, read_calibration, write_calibration
from rssm.errors import InputError

N = 40_000


@pytest.mark.parametrize("b", [0.0, 0.4, 1.0])
def test_factors_that_made_errors_are_found(b: float) -> None:
    rng = np.random.default_rng(1)
    own, usual = rng.uniform(0.002, 0.02, N), rng.uniform(0.02, 0.08, N)
    made = Calibration(c=1.3, b=b, k=0.0, points=N)
    error = rng.normal(size=N) * made.sigma(own, usual)
    found = calibrate(error, own, usual, np.zeros(N))
    assert (found.c, found.b) == pytest.approx((1.3, b), abs=0.05)
    assert found.k == 0
    assert np.mean(np.abs(error) < found.sigma(own, usual)) == pytest.approx(0.68, abs=0.003)


def test_the_error_of_a_target_that_is_an_estimate_is_added() -> None:
    rng = np.random.default_rng(2)
    own, usual = rng.uniform(0.002, 0.02, N), rng.uniform(0.02, 0.08, N)
    of_target = 0.5 * usual
    error = rng.normal(size=N) * 0.3 * usual
    found = calibrate(error, own, usual, of_target)
    assert found.k == pytest.approx(0.5, abs=1e-6)
    assert_allclose(found.sigma(own, usual) / usual, np.hypot(0.3, 0.5), rtol=0.1)


def test_a_few_wild_errors_do_not_widen_all() -> None:
    rng = np.random.default_rng(3)
    own, usual = np.full(N, 0.01), np.full(N, 0.05)
    error = rng.normal(size=N) * 0.05
    calm = calibrate(error, own, usual, np.zeros(N)).sigma(own[:1], usual[:1])
    error[: N // 100] = 3.0
    assert_allclose(calibrate(error, own, usual, np.zeros(N)).sigma(own[:1], usual[:1]), calm, rtol=0.05)


def test_the_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    path, made = str(tmp_path / "smos.tsv"), Calibration(1.2345678901, 0.1, 0.0, 77)
    write_calibration(path, made, {"r": (0.75, "correlation")})
    assert read_calibration(path) == made
    (tmp_path / "smos.tsv").write_text("name\tvalue\tmeaning\nc\t1\tscale\n")
    with pytest.raises(InputError, match=r"smos\.tsv: no calibration of a branch"):
        read_calibration(path)


def test_a_pixel_without_a_cycle_has_no_uncertainty() -> None:
    assert np.isnan(Calibration(1, 0.5, 0, 1).sigma(np.array([0.01]), np.array([np.nan]))).all()
