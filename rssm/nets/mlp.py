"""Dense networks: layers of ReLU under one linear output, their gradients, and their slopes along the inputs.

BLAS may round otherwise when a product has other rows or threads. So all who want the same bits everywhere ask for the
same shapes: training takes minibatches of rows in a fixed order, prediction takes blocks that are keyed by where and
when a row is, never by the tile it came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rssm.draws import mix, uniform

F4 = NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """A network whose weights and biases are views of one flat array.

    sizes    (inputs, hidden…, 1)
    flat     all parameters, layer by layer: weights (in, out), then biases (out,)
    """

    sizes: tuple[int, ...]
    flat: F4

    @property
    def layers(self) -> list[tuple[F4, F4]]:
        """Weights (in, out) and biases (out,) of each layer, first to last; changing them changes `flat`."""
        made, at = [], 0
        for rows, columns in pairwise(self.sizes):
            weights = self.flat[at : at + rows * columns].reshape(rows, columns)
            at += rows * columns
            made.append((weights, self.flat[at : at + columns]))
            at += columns
        return made

    def start_of(self, layer: int) -> int:
        """Where in `flat` a layer's parameters begin."""
        return parameters_of(self.sizes[: layer + 1])


def parameters_of(sizes: Sequence[int]) -> int:
    """Number of weights and biases."""
    return sum((rows + 1) * columns for rows, columns in pairwise(sizes))


def drawn(sizes: Sequence[int], key: int) -> Network:
    """A network before training: weights uniform within ±√(6 / (in + out)) (Glorot & Bengio 2010), biases zero."""
    network = Network(tuple(sizes), np.zeros(parameters_of(sizes), np.float32))
    for number, (weights, _) in enumerate(network.layers):
        limit = np.sqrt(6 / sum(weights.shape))
        draw = uniform(mix(key, number, np.arange(weights.size))).reshape(weights.shape)
        weights[:] = limit * (2 * draw - 1)
    return network


def predict(network: Network, x: F4) -> F4:
    """Outputs (…, row) of inputs (…, row, input); each block of the leading axes is a product of its own."""
    for weights, bias in network.layers[:-1]:
        x = np.matmul(x, weights)
        x += bias
        x *= x > 0  # ReLU; a third of the time of np.maximum
    weights, bias = network.layers[-1]
    out: F4 = np.matmul(x, weights)[..., 0]
    out += bias
    return out


def with_slopes(network: Network, x: F4) -> tuple[F4, F4]:
    """Outputs (…, row), and what each changes by as an input changes by one, (…, row, input): one pass backward."""
    layers, live = network.layers, []
    for weights, bias in layers[:-1]:
        x = np.matmul(x, weights)
        x += bias
        live.append(x > 0)
        x *= live[-1]
    weights, bias = layers[-1]
    out: F4 = np.matmul(x, weights)[..., 0] + bias
    slope = np.broadcast_to(weights[:, 0], x.shape)
    for (weights, _), alive in zip(layers[-2::-1], live[::-1], strict=True):
        slope = np.matmul(slope * alive, weights.T)
    return out, slope


class Gradient:
    """Mean squared error of minibatches and its gradient, in buffers that are made once.

    frozen   layers from the input on that stay as they are; the flow backward ends above them
    values   gradient of the parameters that learn, flat, as `Network.flat` from `start_of(frozen)` on
    """

    def __init__(self, network: Network, rows: int, frozen: int = 0) -> None:
        whole = Network(network.sizes, np.empty_like(network.flat))
        self.layers, self.slopes, self.frozen = network.layers, whole.layers, frozen
        self.values = whole.flat[network.start_of(frozen) :]
        self._active = [np.empty((rows, width), np.float32) for width in network.sizes[1:]]
        self._flow = [np.empty_like(active) for active in self._active]
        self._live = [np.empty(active.shape, np.bool_) for active in self._active]

    def of(self, x: F4, y: F4) -> float:
        """The mean squared error of inputs (row, input) against (row,), at most `rows`; its gradient is in `values`."""
        n, below, last = len(y), [x], len(self.layers) - 1
        for number, (weights, bias) in enumerate(self.layers):
            out = self._active[number][:n]
            np.matmul(below[-1], weights, out=out)
            out += bias
            if number < last:
                live = self._live[number][:n]
                np.greater(out, 0, out=live)
                out *= live
                below.append(out)
        error = out[:, 0]
        error -= y
        squares = float(np.dot(error, error))
        out *= np.float32(2 / n)
        self._backward(below, out)
        return squares / n

    def _backward(self, below: list[F4], flow: F4) -> None:
        """Gradients of all layers that learn, from what entered each and the slope of the loss along the output."""
        n = len(flow)
        ones = np.ones(n, np.float32)
        for number in range(len(self.layers) - 1, self.frozen - 1, -1):
            weight_slope, bias_slope = self.slopes[number]
            np.matmul(below[number].T, flow, out=weight_slope)
            np.matmul(ones, flow, out=bias_slope)
            if number > self.frozen:
                under, weights = self._flow[number - 1][:n], self.layers[number][0]
                if flow.shape[1] == 1:  # the same products; BLAS takes three times as long for columns by rows of one
                    np.multiply(flow, weights.T, out=under)
                else:
                    np.matmul(flow, weights.T, out=under)
                under *= self._live[number - 1][:n]
                flow = under
