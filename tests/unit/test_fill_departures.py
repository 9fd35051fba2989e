"""Filling by departures, worked by hand; and the uncertainty of filled pixels."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pytest import approx

from rssm.product.values import departures as module
from rssm.product.values.departures import Departures, difference_variance, fill_step
from rssm.product.values.fill import fill

NAN = np.float32(np.nan)


def test_differences_over_a_distance_by_hand():
    field = np.array([[1.0, 2.0, np.nan], [1.0, 4.0, 5.0]])
    # down: 0, 2; right: 1, 3, 1 → squares 0 4 1 9 1, mean 3
    assert difference_variance(field, 1) == approx(3)
    assert difference_variance(field, 2) == approx(16)  # only 5 − 1 is known two apart
    assert np.isnan(difference_variance(field, 5))
    assert difference_variance(field, 2, wrap=True) == approx(
        (16 + 1 + 1 + 9) / 4
    )  # around: 2−1 of row 0; 4−5 and 1−4 … of row 1


def test_a_pixel_filled_from_its_ring_adds_the_variance_of_differences_to_that_of_its_donors():
    values = np.array([[0.1, np.nan, 0.3, 0.3]], np.float32)
    variance = np.array([[1e-4, np.nan, 3e-4, 5e-4]], np.float32)
    land = np.ones((1, 4), bool)
    out = fill_step(values, variance, land, ~land, 3)
    assert out.values[0, 1] == approx(0.2) and out.distance[0, 1] == 1
    assert out.variance[0, 1] == approx(2e-4 + 0)  # of the donors; the only known pair one apart, 0.3 and 0.3, is equal
    assert_array_equal(out.variance[0, [0, 2, 3]], variance[0, [0, 2, 3]])


def test_other_maps_get_the_mean_of_the_same_donors():
    values = np.array([[0.1, np.nan, 0.3, np.nan]], np.float32)
    other = np.array([[1.0, 5.0, 3.0, 7.0]], np.float32)
    land = np.ones((1, 4), bool)
    out = fill(values, land, ~land, 3, beside=[other, np.where(other == 3, NAN, other)])
    assert out.beside[0].tolist() == [[1.0, 2.0, 3.0, 3.0]]  # the donors are those of the values, with values or not
    assert np.isnan(out.beside[1][0, [1, 3]]).all()  # where one donor's is unknown


@pytest.fixture
def weather():
    """Departures of three steps in a row (step, row, column), alike over some pixels and from step to step."""
    rng = np.random.default_rng(7)
    noise = rng.normal(0, 0.02, (3, 52, 52))
    steps = np.stack([noise[0], (noise[0] + noise[1]) / 1.4, (noise[1] + noise[2]) / 1.4])
    smooth = sum(np.roll(steps, (k // 5, k % 5), (1, 2)) for k in range(25))[:, 5:45, 5:45] / 5
    return smooth[[1, 0, 2]].astype(np.float32)  # this step, before, after


def case(weather, gap):
    """The weather on a mean year that differs from pixel to pixel, with a gap in this step."""
    mean = np.random.default_rng(1).uniform(0.1, 0.4, weather.shape[1:]).astype(np.float32)
    here = weather[0].copy()
    here[gap] = NAN
    variance = np.where(np.isnan(here), NAN, np.float32(1e-4))
    land = np.ones(here.shape, bool)
    return mean + here, variance, land, ~land, Departures(mean, here, weather[1], weather[2])


GAP = np.s_[15:24, 15:24]


def test_weights_and_error_are_those_of_least_squares_among_known_pixels(weather, monkeypatch):
    monkeypatch.setattr(module, "PRIOR", 0)
    values, variance, land, blocked, known = case(weather, GAP)
    out = fill_step(values, variance, land, blocked, 10, False, known)
    rows, answers = [], []
    for dy, dx in ((0, 2), (0, -2), (2, 0), (-2, 0)):
        for y, x in np.ndindex(values.shape):
            if 0 <= y + dy < 40 and 0 <= x + dx < 40:
                rows.append([known.here[y + dy, x + dx], known.before[y, x], known.after[y, x]])
                answers.append(known.here[y, x])
    rows, answers = np.array(rows, float), np.array(answers, float)
    whole = ~np.isnan(rows).any(axis=1) & ~np.isnan(answers)
    weights, squared = np.linalg.lstsq(rows[whole], answers[whole])[:2]
    # two steps inside the gap's western edge, three donors two columns away lie outside it
    ring = np.mean([known.here[k, 14] for k in range(16, 21)])
    assert out.distance[18, 16] == 2
    expected = known.mean[18, 16] + weights @ [ring, known.before[18, 16], known.after[18, 16]]
    assert out.values[18, 16] == approx(expected, abs=1e-6)
    first = out.variance[18, 15] - 1e-4  # error of a nearer ring, below which it does not go
    assert out.variance[18, 16] == approx(1e-4 + max(squared[0] / whole.sum(), first), rel=1e-3)


def test_where_a_map_tells_little_weights_are_the_usual_ones(weather, monkeypatch):
    monkeypatch.setattr(module, "PRIOR", 10**9)
    values, variance, land, blocked, known = case(weather, GAP)
    gap = np.full_like(known.here, NAN)
    ring = np.mean([known.here[k, 14] for k in range(16, 21)])
    out = fill_step(values, variance, land, blocked, 10, False, known._replace(before=gap, after=gap))
    assert out.values[18, 16] == approx(known.mean[18, 16] + 0.8 * ring, abs=1e-6)
    # of two that each correlate with the answer by 0.8 and 0.45, and by 0.36 with each other
    first, second = np.linalg.solve([[1, 0.36], [0.36, 1]], [0.8, 0.45])
    out = fill_step(values, variance, land, blocked, 10, False, known._replace(after=gap))
    assert out.values[18, 16] == approx(known.mean[18, 16] + first * ring + second * known.before[18, 16], abs=1e-6)


def test_uncertainty_grows_with_distance_and_with_what_is_unknown(weather):
    values, variance, land, blocked, known = case(weather, GAP)
    full = fill_step(values, variance, land, blocked, 10, False, known)
    sigma = [full.variance[GAP][full.distance[GAP] == ring].mean() for ring in range(1, 6)]
    assert sigma == sorted(sigma) and sigma[0] > 1e-4
    gap = np.full_like(known.here, NAN)
    alone = fill_step(values, variance, land, blocked, 10, False, known._replace(before=gap, after=gap))
    assert_array_equal(full.distance, alone.distance)
    assert (alone.variance[GAP] > full.variance[GAP]).all()


def test_it_errs_less_than_the_ring_and_says_by_how_much(weather):
    squares, stated = {}, {}
    for name in ("ring", "departures"):
        found = []
        for row, column in np.ndindex(4, 4):
            gap = np.s_[10 * row : 10 * row + 7, 10 * column : 10 * column + 7]
            values, variance, land, blocked, known = case(weather, gap)
            out = fill_step(values, variance, land, blocked, 10, False, known if name == "departures" else None)
            truth = (known.mean + weather[0])[gap]
            found.append((np.mean((out.values[gap] - truth) ** 2), np.mean(out.variance[gap]) - 1e-4))
        squares[name], stated[name] = np.mean(found, axis=0)
        assert 0.5 < squares[name] / stated[name] < 1.1  # a ring of several pixels errs less than one pixel would
    assert squares["departures"] < squares["ring"] / 10  # the mean year differs from pixel to pixel


def test_where_the_mean_year_is_unknown_the_ring_fills(weather):
    values, variance, land, blocked, known = case(weather, GAP)
    plain = fill_step(values, variance, land, blocked, 10)
    mean = known.mean.copy()
    mean[18, 15] = NAN  # of a filled pixel
    mean[24, 15:25] = NAN  # of donors
    out = fill_step(values, variance, land, blocked, 10, False, known._replace(mean=mean))
    for place in ((18, 15), (23, 18)):
        assert (out.values[place], out.variance[place]) == (plain.values[place], plain.variance[place])
    assert out.values[16, 16] != plain.values[16, 16]
    few = np.where(np.arange(40)[:, None] < 38, NAN, known.here)  # fewer pairs than weights can be learnt from
    out = fill_step(values, variance, land, blocked, 10, False, known._replace(here=few[:, ::-1] * [[NAN] * 40]))
    assert_array_equal(out.values, plain.values)


def test_where_a_round_map_is_cut_does_not_matter(weather):
    values, variance, land, blocked, known = case(weather, GAP)
    out = fill_step(values, variance, land, blocked, 10, True, known)
    roll = [np.roll(field, 23, axis=1) for field in (values, variance, *known)]
    moved = fill_step(*roll[:2], land, blocked, 10, True, Departures(*roll[2:]))
    assert_array_equal(np.roll(out.distance, 23, axis=1), moved.distance)
    for a, b in ((out.values, moved.values), (out.variance, moved.variance)):
        assert_allclose(np.roll(a, 23, axis=1), b, rtol=1e-5)


def test_large_maps_are_thinned_with_nearly_the_same_answer(weather, monkeypatch):
    values, variance, land, blocked, known = case(weather, GAP)
    whole = fill_step(values, variance, land, blocked, 10, False, known)
    monkeypatch.setattr(module, "ENOUGH", 400)
    thin = fill_step(values, variance, land, blocked, 10, False, known)
    assert not np.array_equal(thin.values, whole.values, equal_nan=True)
    assert_allclose(thin.values, whole.values, atol=0.02)


def test_values_do_not_depend_on_whether_uncertainty_is_known(weather):
    values, variance, land, blocked, known = case(weather, GAP)
    out = fill_step(values, variance, land, blocked, 10, False, known)
    bare = fill_step(values, np.full_like(variance, NAN), land, blocked, 10, False, known)
    assert_array_equal(bare.values, out.values)
    assert np.isnan(bare.variance).all()


def test_simulated_pixels_sea_and_snow_are_left_alone(weather):
    values, variance, land, blocked, known = case(weather, GAP)
    land[20, 20], blocked[17, 17] = False, True
    out = fill_step(values, variance, land, blocked, 10, False, known)
    assert np.isnan(out.values[20, 20]) and np.isnan(out.values[17, 17])
    assert_array_equal(out.values[~np.isnan(values)], values[~np.isnan(values)])
    assert_array_equal(np.isnan(out.values), np.isnan(out.variance))
