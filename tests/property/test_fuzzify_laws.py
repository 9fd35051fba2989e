"""Laws of boundary fuzzification."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from rssm.rounds.fuzzify import boundary, fuzzify

HOW = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["window", "pair", "ramp"]),
        "width": st.integers(1, 5),
        "wrap": st.booleans(),
    }
)


@st.composite
def fields_with_gaps(draw: st.DrawFn) -> np.ndarray:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (draw(st.integers(1, 2)), 10 * draw(st.integers(1, 3)), 10 * draw(st.integers(1, 4)))
    field = rng.random(shape)
    field[rng.random(shape) < draw(st.sampled_from([0, 0.2, 0.8]))] = np.nan
    return field.astype(draw(st.sampled_from(["f4", "f8"])))


def neighbourhood(field: np.ndarray, reach: int, wrap: bool) -> np.ndarray:
    """All values within `reach` of each pixel, on a leading axis."""
    sideways = np.pad(field, ((0, 0), (0, 0), (reach, reach)), mode="wrap" if wrap else "reflect")
    padded = np.pad(sideways, ((0, 0), (reach, reach), (0, 0)), mode="reflect")
    _, rows, cols = field.shape
    return np.stack([padded[:, y : y + rows, x : x + cols] for y in range(2 * reach + 1) for x in range(2 * reach + 1)])


@settings(max_examples=100, deadline=None)
@given(fields_with_gaps(), HOW)
def test_gaps_stay_interiors_stay_and_values_are_within_their_neighbours(field, how):
    out = fuzzify(field, **how)
    assert out.dtype == field.dtype
    assert_array_equal(np.isnan(out), np.isnan(field))
    width = 1 if how["method"] == "pair" else how["width"]
    inside = ~boundary(field.shape[1:], width=width, wrap=how["wrap"])
    assert_array_equal(out[:, inside], field[:, inside])
    around = neighbourhood(field, 1 if how["method"] == "window" else width, how["wrap"])
    tiny = np.finfo(field.dtype).eps
    assert not (out < np.fmin.reduce(around) - tiny).any()
    assert not (out > np.fmax.reduce(around) + tiny).any()


@settings(max_examples=60, deadline=None)
@given(fields_with_gaps(), HOW, st.floats(0, 1, width=32))
def test_a_constant_field_is_unchanged(field, how, value):
    constant = np.where(np.isnan(field), np.nan, value).astype("f4")
    assert_array_equal(fuzzify(constant, **how), constant)


@settings(max_examples=60, deadline=None)
@given(fields_with_gaps(), HOW)
def test_the_order_of_zones_does_not_matter(field, how):
    out = fuzzify(field, **how)
    for mirrored in (np.s_[..., ::-1], np.s_[:, ::-1]):
        np.testing.assert_allclose(fuzzify(field[mirrored], **how), out[mirrored], rtol=1e-6)
    if how["wrap"]:
        rolled = fuzzify(np.roll(field, 10, axis=-1), **how)
        assert_array_equal(rolled, np.roll(out, 10, axis=-1))
    assert_array_equal(fuzzify(field[0], **how), out[0])  # maps are independent


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), HOW)
def test_steps_between_zones_shrink(seed, how):
    field = np.kron(np.random.default_rng(seed).random((3, 4)), np.ones((10, 10)))

    def mean_step(field: np.ndarray) -> float:
        across = np.diff(field, axis=1)[:, 9::10], np.diff(field, axis=0)[9::10]
        return float(np.mean([abs(step).mean() for step in across]))

    assert mean_step(fuzzify(field, **how)) < mean_step(field)
