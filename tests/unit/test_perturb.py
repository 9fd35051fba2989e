"""Random numbers of the chains: where they come from, and what their fields look like."""

import numpy as np
from numpy.testing import assert_array_equal
from pytest import approx

from rssm.draws import seed_key
from rssm.rounds.perturb import (
    block_counts,
    input_error,
    normal,
    regional_noise,
    resample_residuals,
    target_error,
    uniform,
)

ROWS, COLS = (index.ravel() + start for index, start in zip(np.indices((60, 60)), (400, 2800), strict=True))
DEKADS = np.arange(2010 * 36, 2014 * 36)
ONE = np.array([0])


def mix(bits: int) -> int:
    """SplitMix64's finaliser in plain integers."""
    wrap = (1 << 64) - 1
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 & wrap
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB & wrap
    return bits ^ bits >> 31


def test_streams_are_named_by_their_words_and_the_same_everywhere():
    assert seed_key(1, "chain", 3, "target") == 16788053026884340962
    keys = [seed_key(1), seed_key(2), seed_key(1, "a", "bc"), seed_key(1, "ab", "c"), seed_key(1, 2), seed_key(12)]
    assert len(set(keys)) == len(keys)


def test_a_number_follows_from_key_and_indices_alone():
    key, golden = seed_key(7, "x"), 0x9E3779B97F4A7C15
    state = key
    for index in (5, -3):
        state = mix(state ^ mix((index + 1) * golden % 2**64))
    assert uniform(key, 5, -3)[0] == ((state >> 12) + 0.5) / 2**52
    assert uniform(key, 5, np.arange(-9, 9))[6] == uniform(key, 5, -3)[0]


def test_numbers_are_uniform_and_normal_and_neighbours_unlike():
    u = uniform(seed_key(1, "u"), np.arange(300)[:, None], np.arange(300))
    assert np.histogram(u, 10, (0, 1))[0] == approx(9000, abs=5 * 90)
    z = normal(seed_key(1, "z"), np.arange(300)[:, None], np.arange(300))
    assert [z.mean(), z.var(), (z**3).mean(), (z**4).mean()] == approx([0, 1, 0, 3], abs=0.05)
    assert np.corrcoef(z[1:].ravel(), z[:-1].ravel())[0, 1] == approx(0, abs=0.02)
    assert np.corrcoef(z[:, 1:].ravel(), z[:, :-1].ravel())[0, 1] == approx(0, abs=0.02)


def test_regional_noise_has_unit_variance_everywhere_and_the_memory_asked_for():
    noise = regional_noise(seed_key(1, "n"), ROWS, COLS, DEKADS, spacing=3, memory=0.6)
    assert noise.shape == (3600, len(DEKADS))
    assert noise.var(axis=1).mean() == approx(1, abs=0.05)
    off_anchors = (ROWS % 3 == 1) & (COLS % 3 == 1)
    assert noise[off_anchors].var() == approx(1, abs=0.05)
    assert np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1] == approx(0.6, abs=0.02)


def test_regional_noise_is_shared_by_neighbours_and_not_by_far_pixels():
    def correlation(spacing: int, apart: int) -> float:
        row, col = np.array([450, 450]), np.array([2850, 2850 + apart])
        noise = regional_noise(seed_key(1, "n"), row, col, np.arange(4000), spacing)
        return float(np.corrcoef(noise)[0, 1])

    # from an anchor halfway to the next: weights (1, 0) and (½, ½)/√½
    assert correlation(50, 25) == approx(np.sqrt(0.5), abs=0.03)
    assert correlation(50, 100) == approx(0, abs=0.06)
    assert correlation(1, 1) == approx(0, abs=0.06)


def test_regional_noise_meets_across_the_dateline():
    row = np.full(2, 450)
    seam, inland = (
        regional_noise(seed_key(1, "n"), row, np.array(c), np.arange(4000), 50) for c in ([3599, 0], [1799, 1800])
    )
    assert abs(np.diff(seam, axis=0)).mean() == approx(abs(np.diff(inland, axis=0)).mean(), rel=0.1)


def test_target_error_is_a_seasonal_regional_bias_and_noise():
    bias_only = target_error(seed_key(1, "t"), ROWS, COLS, DEKADS, bias=0.02, noise=0)
    assert_array_equal(bias_only[:, :36], bias_only[:, 36:72])  # the same every year
    many = [target_error(seed_key(s, "t"), ONE, ONE, DEKADS[:36], bias=0.02, noise=0) for s in range(600)]
    assert np.std(many) == approx(0.02, rel=0.07)
    assert np.var([m.mean() for m in many]) == approx(0.02**2 / 2, rel=0.25)  # half of it all year round
    noise_only = target_error(seed_key(1, "t"), ROWS, COLS, DEKADS, bias=0, noise=0.03)
    assert noise_only.std() == approx(0.03, rel=0.03)


def test_products_of_one_algorithm_share_part_of_their_error():
    lprm = seed_key(1, "chain", 0, "lprm")
    a, b = (input_error(lprm, seed_key(1, "chain", 0, name), ROWS, COLS, DEKADS, sd=0.04, shared=0.5) for name in "ab")
    other = input_error(seed_key(1, "chain", 0, "jaxa"), seed_key(1, "chain", 0, "c"), ROWS, COLS, DEKADS, sd=0.04)
    assert a.std() == approx(0.04, rel=0.03)
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] == approx(0.5, abs=0.03)
    assert np.corrcoef(a.ravel(), other.ravel())[0, 1] == approx(0, abs=0.03)


def test_block_counts_are_poisson_by_block():
    counts = block_counts(seed_key(1, "b"), ROWS, COLS, DEKADS, footprint=3, block_dekads=6)
    by_block = counts[(ROWS % 3 == 0) & (COLS % 3 == 0), ::6]
    first_dekad_of_block = DEKADS[0] % 6 == 0
    assert first_dekad_of_block
    block = (ROWS // 3 == 405 // 3) & (COLS // 3 == 2802 // 3)
    assert block.sum() == 9
    assert len(np.unique(counts[block, :6])) == 1
    share = np.bincount(by_block.ravel(), minlength=4)[:4] / by_block.size
    assert share == approx(np.exp(-1) / np.array([1, 1, 2, 6]), abs=0.02)


def test_residuals_are_copied_in_blocks_and_a_zone_moves_as_one():
    row, col = np.array([400, 409, 410]), np.array([2800, 2809, 2800])  # two pixels of a zone, one of the next
    known = np.arange(72000, 72036)
    residual = known - 72000.0 + np.array([[0], [100], [200]])
    wanted = np.arange(70020, 70056)
    drawn = resample_residuals(seed_key(1, "r"), residual, row, col, known, wanted)
    assert_array_equal(drawn[1], drawn[0] + 100)
    assert (drawn[2] - 200 != drawn[0]).any()
    starts = drawn[0, ::6]
    assert_array_equal(starts % 6, 0)
    assert_array_equal(drawn[0].reshape(-1, 6), starts[:, None] + np.arange(6))
    assert len(set(starts)) > 1


def test_where_a_residual_is_missing_another_block_is_drawn_and_without_any_it_is_zero():
    known = np.arange(72000, 72012)
    residual = np.stack([np.r_[np.full(6, np.nan), np.full(6, 0.5)], np.full(12, np.nan)])
    drawn = resample_residuals(seed_key(1, "r"), residual, ONE.repeat(2), ONE.repeat(2), known, np.arange(60))
    assert_array_equal(drawn, [[0.5] * 60, [0.0] * 60])
