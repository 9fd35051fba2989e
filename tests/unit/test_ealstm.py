"""The entity-aware LSTM against an independent one, against finite differences, and against itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.draws import mix, uniform
from rssm.nets.ealstm import EaLstm, Runner, backward, forward, initial

REFERENCE = Path(__file__).parents[3] / "shared/reference/ealstm_function.npz"
NAMES = ("weight_ih", "weight_hh", "weight_sh", "bias", "bias_s")


def small(cap: float = 1.0, seed: int = 0) -> EaLstm:
    """A network of three dynamic and two static inputs, five units."""
    return initial(3, 2, 5, 1.0, cap, uniform(mix(seed, np.arange(400))))


def made(steps: int, columns: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(steps, 3, columns)).astype("f4"), rng.normal(size=(2, columns)).astype("f4")


@pytest.mark.skipif(not REFERENCE.exists(), reason="reference numbers lie beside the project")
def test_states_and_gradients_equal_those_of_an_independent_implementation():
    given = np.load(REFERENCE)
    weights = {name: given[name] for name in NAMES} | {"head": given["w"], "head_bias": np.zeros(1)}
    net, x, s = EaLstm.of(weights, 1.0), given["x"].transpose(1, 2, 0), given["s"].T
    y, trace = forward(net, np.ascontiguousarray(x), s)
    assert_allclose(trace.hidden.transpose(2, 0, 1), given["h"], atol=1e-5)
    assert_allclose(trace.cell[1:].transpose(2, 0, 1), given["c"], atol=1e-5, rtol=1e-5)
    gradients = backward(net, trace, s, 2 * y[-1:] / y.shape[1])  # of mean((h_T · w)²)
    for name in NAMES:
        expected = given[f"grad_{name}"]
        assert np.abs(gradients[name] - expected).max() < 1e-4 * np.abs(expected).max(), name


@pytest.mark.parametrize("cap", [1.0, 0.9])
def test_gradients_are_slopes_of_the_loss(cap):
    net, (x, s) = small(cap), made(7, 4)
    kept = np.array([[2, 0, 2, 2], [0, 2, 2, 0], [2, 2, 0, 2], [2, 2, 2, 2], [0, 0, 2, 2]], "f4")
    weight = np.random.default_rng(3).normal(size=(4, 4)).astype("f4")  # of the last four steps of seven
    rng = np.random.default_rng(5)
    start = rng.normal(size=(5, 4)).astype("f4"), rng.normal(size=(5, 4)).astype("f4")
    _, trace = forward(net, x, s, kept, 3, start)
    gradients = backward(net, trace, s, weight, kept)
    for name, array in net.arrays.items():
        at, step = np.unravel_index(int(np.argmax(np.abs(gradients[name]))), array.shape), np.float32(1e-2)
        before, losses = array[at], []
        for sign in (1, -1):
            array[at] = before + sign * step
            losses.append(float((forward(net, x, s, kept, 3, start)[0].astype("f8") * weight).sum()))
        array[at] = before
        assert gradients[name][at] == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=5e-3), name


def test_a_run_in_parts_gives_the_bits_of_a_run_in_one_and_the_values_of_training():
    net, (x, s) = small(0.95), made(30, 8)
    whole, parts = Runner(net, s), Runner(net, s)
    y = whole.run(x)
    assert_array_equal(np.concatenate([parts.run(x[:11]), parts.run(x[11:12]), parts.run(x[12:])]), y)
    assert_array_equal(parts.memory, whole.memory)
    assert_allclose(y, forward(net, x, s)[0], atol=1e-6)


def test_a_day_without_forcing_has_no_value_and_leaves_the_state():
    net, (x, s) = small(), made(12, 8)
    gap = np.insert(x, 5, np.nan, axis=0)
    gap[5, :, 4:] = 0.3  # only the first four sequences lack it
    gap[5, 1:, 0] = 0.3  # one variable is enough
    y, full = Runner(net, s).run(gap), Runner(net, s).run(x)
    assert np.isnan(y[5, :4]).all() and np.isfinite(y[5, 4:]).all()
    assert_allclose(np.delete(y, 5, axis=0)[:, :4], full[:, :4], atol=1e-6)
    assert np.abs(y[6:, 4:] - full[5:, 4:]).min() > 1e-7  # the others went on


def test_a_cap_makes_a_state_forget_where_it_started():
    x, s = made(200, 3)
    ends = {}
    for cap in (1.0, 0.9):
        net = small(cap)
        net.bias[:5] = 12.0  # a forget gate that keeps all
        net.weight_hh[:] *= np.float32(0.1)  # or what was said yesterday could bear itself on
        late, early = Runner(net, s), Runner(net, s)
        early.run(x[:100])
        ends[cap] = float(np.abs(early.run(x[100:]) - late.run(x[100:]))[-1].max())
    assert ends[0.9] < 1e-4 < ends[1.0]
