"""Deep networks: gradients against differences, Adam against its formulas, the same bits in any company."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from rssm.errors import InputError
from rssm.nets.adam import PIECE, Adam
from rssm.nets.mlp import Gradient, Network, drawn, parameters_of, predict, with_slopes
from rssm.nets.store import read_network, write_network

SIZES = (3, 8, 7, 6, 1)


def rows(n: int, inputs: int = 3, seed: int = 1) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, inputs)).astype(np.float32), rng.normal(size=n).astype(np.float32)


def exactly(flat: NDArray[np.floating], x: NDArray[np.floating], sizes: tuple[int, ...] = SIZES) -> NDArray[np.float64]:
    """Outputs in double precision, written otherwise than in the package."""
    at, values = 0, np.asarray(x, np.float64)
    for number, (above, below) in enumerate(pairwise(sizes)):
        weights = np.asarray(flat[at : at + above * below], np.float64).reshape(above, below)
        at += above * below
        values = np.einsum("ri,io->ro", values, weights) + flat[at : at + below]
        at += below
        values = values if number == len(sizes) - 2 else np.maximum(values, 0)
    return values[:, 0]


def some_network(sizes: tuple[int, ...] = SIZES) -> Network:
    network = drawn(sizes, 7)
    network.flat[:] += np.random.default_rng(2).normal(0, 0.1, network.flat.size)  # biases too
    return network


def test_prediction_is_layer_after_layer() -> None:
    network, (x, _) = some_network(), rows(50)
    assert_allclose(predict(network, x), exactly(network.flat, x), atol=1e-6)


@pytest.mark.parametrize("frozen", [0, 2])
def test_gradient_is_that_of_differences(frozen: int) -> None:
    network, (x, y) = some_network(), rows(40)
    gradient = Gradient(network, rows=64, frozen=frozen)
    loss = gradient.of(x, y)
    assert loss == pytest.approx(np.mean((exactly(network.flat, x) - y) ** 2), rel=1e-5)
    start, step = network.start_of(frozen), 1e-6
    assert gradient.values.size == network.flat.size - start
    for at in range(start, network.flat.size):
        moved = np.tile(network.flat.astype(np.float64), (2, 1))
        moved[:, at] += step, -step
        high, low = (np.mean((exactly(flat, x) - y) ** 2) for flat in moved)
        assert gradient.values[at - start] == pytest.approx((high - low) / (2 * step), rel=1e-3, abs=2e-6)


def test_slopes_are_those_of_differences() -> None:
    network, (x, _) = some_network(), rows(60)
    out, slopes = with_slopes(network, x)
    assert_array_equal(out, predict(network, x))
    for each in range(3):
        move = np.zeros(3)
        move[each] = 1e-6
        difference = (exactly(network.flat, x + move) - exactly(network.flat, x - move)) / 2e-6
        assert_allclose(slopes[:, each], difference, atol=1e-5)


def test_adam_follows_its_formulas() -> None:
    rng = np.random.default_rng(3)
    weights = rng.normal(size=PIECE + 5).astype(np.float32)  # more than a piece
    exact, mean, square = weights.astype(np.float64), 0.0, 0.0
    adam = Adam([weights], rate=0.01)
    for t in range(1, 6):
        slope = rng.normal(size=weights.size).astype(np.float32)
        adam.step([slope], rate=0.02 if t == 3 else None)
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope.astype(np.float64) ** 2
        pace = 0.02 if t == 3 else 0.01
        exact -= pace * (mean / (1 - 0.9**t)) / (np.sqrt(square / (1 - 0.999**t)) + 1e-7)
    assert_allclose(weights, exact, atol=2e-6)


def test_adam_refuses_what_it_could_not_change() -> None:
    with pytest.raises(ValueError, match="contiguous"):
        Adam([np.zeros((4, 4), np.float32).T[1:]], 0.1)


def test_start_is_uniform_within_the_limit_and_its_own() -> None:
    network = drawn((6, 400, 1), 11)
    (weights, bias), _ = network.layers
    limit = np.sqrt(6 / 406)
    assert not bias.any()
    assert limit * 0.99 < np.abs(weights).max() <= limit
    assert weights.std() == pytest.approx(limit / np.sqrt(3), rel=0.03)
    assert not np.array_equal(network.flat, drawn((6, 400, 1), 12).flat)
    assert parameters_of((4, *7 * [1050], 1)) == 6_627_601  # the published network, as Keras counts it


def test_a_function_is_learnt() -> None:
    rng = np.random.default_rng(5)
    x = rng.uniform(-1, 1, (2048, 2)).astype(np.float32)
    y = np.abs(x[:, 0]) - x[:, 1] ** 2
    network = drawn((2, 32, 32, 1), 1)
    gradient, adam = Gradient(network, 256), Adam([network.flat], 3e-3)
    for _ in range(60):
        for start in range(0, 2048, 256):
            gradient.of(x[start : start + 256], y[start : start + 256])
            adam.step([gradient.values])
    assert np.mean((predict(network, x) - y) ** 2) < 0.002 * np.var(y)


def test_a_block_comes_out_the_same_in_any_company() -> None:
    network, (x, _) = drawn((3, 64, 64, 1), 1), rows(7 * 256)
    blocks = x.reshape(7, 256, 3)
    together, slopes = with_slopes(network, blocks)
    for number, block in enumerate(blocks):
        alone, slope = with_slopes(network, block)
        assert_array_equal(alone, together[number])
        assert_array_equal(slope, slopes[number])
        assert_array_equal(alone, predict(network, blocks[number:])[0])


def test_training_gives_the_same_bits_with_any_threads() -> None:
    x, y = rows(1024)

    def trained(threads: int) -> NDArray[np.float32]:
        with threadpool_limits(threads):
            network = drawn((3, 64, 64, 1), 1)
            gradient, adam = Gradient(network, 1024), Adam([network.flat], 1e-3)
            for _ in range(5):
                gradient.of(x, y)
                adam.step([gradient.values])
        return network.flat

    assert_array_equal(trained(1), trained(2))


def test_what_is_stored_is_read_bit_for_bit(tmp_path: Path) -> None:
    arrays = {
        "flat": np.array([0.1, np.nan, -0.0], np.float32),
        "sums": np.array([2**60, -3], np.int64),
        "inputs": np.array(["latitude", "SMOS-TB-H"]),
        "one": np.array(3.5),
    }
    write_network(tmp_path / "1.nc", "network", arrays, {"member": 1, "rate": 2e-4, "branch": "smos"})
    found = read_network(tmp_path / "1.nc", "network")
    for name in ("flat", "sums", "one"):
        assert found.arrays[name].tobytes() == arrays[name].tobytes()
        assert found.arrays[name].dtype == arrays[name].dtype
    assert found.arrays["inputs"].tolist() == ["latitude", "SMOS-TB-H"]
    assert (found.about["member"], found.about["rate"], found.about["branch"]) == (1, 2e-4, "smos")
    with pytest.raises(InputError, match=r"1\.nc: holds network of layout 1; expected cycle"):
        read_network(tmp_path / "1.nc", "cycle")
