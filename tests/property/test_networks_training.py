"""Laws of training and prediction: the same bits whatever the order, the threads and the neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rssm.config.training import Training
from rssm.networks.predict import predict
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.train import train_block

QUICK = Training(starts=2, start_iterations=5, iterations=12)
SIZES = (60, 1500, 100, 0, 731, 260)


def tile(seed: int, inputs: int = 4) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, int]]:
    """Ragged zones: x (input, point), y (chain, point), labels, key."""
    rng = np.random.default_rng(seed)
    zones = []
    for number, points in enumerate(SIZES):
        x = rng.normal(size=(inputs, points)).astype(np.float32)
        if number == 2:
            x[1] = 3.0
        y = (np.tanh(x[:1] - x[1:2]) + 0.1 * rng.normal(size=(2, points))).astype(np.float32)
        zones.append((x, y, rng.integers(0, 4, points).astype(np.uint8) * (points > 400), 77 + number))
    return zones


def train(zones: list[tuple[np.ndarray, np.ndarray, np.ndarray, int]], threads: int = 1) -> Subnetworks:
    x, y, labels = (np.concatenate([zone[i] for zone in zones], axis=-1) for i in range(3))
    offsets = np.cumsum([0, *(zone[2].size for zone in zones)])
    keys = np.array([[zone[3] for zone in zones], [zone[3] + 1000 for zone in zones]], np.uint64)
    return train_block(x, y, offsets, labels, keys, QUICK, threads=threads)


def assert_same(a: Subnetworks, b: Subnetworks, order: list[int]) -> None:
    for name, values in a.arrays().items():
        axis = 0 if name in ("center", "factor", "low", "high") else 1
        np.testing.assert_array_equal(values.take(order, axis), getattr(b, name), err_msg=name)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 100), st.permutations(range(len(SIZES))), st.integers(1, 3))
def test_bits_depend_on_the_zone_alone(seed: int, order: list[int], threads: int) -> None:
    zones = tile(seed)
    whole = train(zones)
    assert whole.usable[:, 1].all()
    assert_same(whole, train([zones[i] for i in order], threads), order)
    cut = 1 + seed % (len(zones) - 1)
    assert_same(whole, train(zones[:cut]), list(range(cut)))
    assert_same(whole, train(zones[cut:], threads), list(range(cut, len(zones))))


def messy(kind: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A zone as archives can hold it."""
    x = rng.normal(size=(3, 150)).astype(np.float32)
    y = (x[0] + 0.1 * rng.normal(size=150)).astype(np.float32)
    if kind == "integers":
        x, y = np.round(x), np.round(y)
    elif kind == "offset":
        x = x + np.float32(10.0 ** rng.integers(1, 8))
    elif kind == "outlier":
        x[1, rng.integers(150)] = y[rng.integers(150)] = np.float32(1e4)
    elif kind == "holes":
        x[rng.random(x.shape) < rng.random()] = np.nan
        y[rng.random(150) < 0.1] = np.inf
    elif kind == "huge":
        x, y = x * np.float32(10.0 ** rng.integers(-40, 38)), y * np.float32(10.0 ** rng.integers(-40, 38))
    elif kind == "copies":
        x[2], x[1] = x[0], 2 * x[0] + 1
    elif kind == "few values":
        x, y = np.sign(x), np.full_like(y, 0.5)
        y[0] = 0.6
    return x, y


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["integers", "offset", "outlier", "holes", "huge", "copies", "few values"]),
    st.integers(0, 10**6),
    st.sampled_from(["default", "traingd"]),
)
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")  # of the test's own making: 10⁴⁰ in single precision
def test_a_subnetwork_is_finite_or_there_is_none(kind: str, seed: int, method: str) -> None:
    rng = np.random.default_rng(seed)
    x, y = messy(kind, rng)
    labels = rng.choice(4, 150, p=[0.7, 0.1, 0.1, 0.1]).astype(np.uint8)
    chosen = QUICK.model_copy(update={"method": method})
    fitted = train_block(x, y[None], np.array([0, 150]), labels, np.array([[seed]], np.uint64), chosen)
    estimate, outside = predict(fitted, x, np.zeros(150, np.int64))
    assert np.isfinite(outside).all()
    weights = (fitted.hidden, fitted.hidden_bias, fitted.output, fitted.output_bias)
    if fitted.usable[0, 0]:
        assert all(np.isfinite(values).all() for values in weights)
        used = x[fitted.factor[0] != 0]
        np.testing.assert_array_equal(np.isfinite(estimate[0]), np.isfinite(used).all(axis=0))
    else:
        assert np.isnan(estimate).all()
        assert all(np.isnan(values).all() for values in weights)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100), st.sampled_from(["none", "clip"]))
def test_prediction_does_not_depend_on_neighbours(seed: int, extrapolation: str) -> None:
    zones = tile(seed % 3)
    fitted = train(zones)
    rng = np.random.default_rng(seed)
    x = (2 * rng.normal(size=(4, 400))).astype(np.float32)
    index = np.sort(rng.integers(-1, len(SIZES), 400)).astype(np.int64)
    together, outside = predict(fitted, x, index, extrapolation, threads=2)  # type: ignore[arg-type]
    order = rng.permutation(400)
    apart, outside_apart = predict(fitted, x[:, order], index[order], extrapolation)  # type: ignore[arg-type]
    np.testing.assert_allclose(apart, together[:, order], rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(outside_apart, outside[order])
    if extrapolation == "clip":
        z = int(index[-1])
        if fitted.usable[0, z]:
            inside = np.clip(x, fitted.low[z][:, None], fitted.high[z][:, None])
            kept = predict(fitted, inside, np.full(400, z))[0][:, index == z]
            np.testing.assert_allclose(together[:, index == z], kept, rtol=1e-5, atol=1e-5)
