"""Adam: steps along a gradient, each weight with a pace of its own (Kingma & Ba 2015)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

PIECE = 16384  # weights at a time, so that all that a step touches stays in the cache


class Adam:
    """Changes parameters in place; epsilon stands beside √v as it is, as in Keras and torch.

    parameters  contiguous float32 arrays of any shapes; one flat array for all weights is fastest
    """

    def __init__(
        self,
        parameters: Sequence[NDArray[np.float32]],
        rate: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-7,
    ) -> None:
        self.parameters = [parameter.reshape(-1) for parameter in parameters]
        if not all(map(np.shares_memory, self.parameters, parameters)):
            raise ValueError("Adam changes its parameters in place: they must be contiguous.")
        self.rate, self.beta1, self.beta2, self.epsilon = rate, beta1, beta2, epsilon
        self.mean = [np.zeros_like(parameter) for parameter in self.parameters]
        self.square = [np.zeros_like(parameter) for parameter in self.parameters]
        self.steps = 0
        self._scratch = np.empty((2, PIECE), np.float32)

    def step(self, gradients: Sequence[NDArray[np.float32]], rate: float | None = None) -> None:
        """One step against the gradients, shaped as the parameters.

        rate  of this step alone, where a schedule changes it
        """
        self.steps += 1
        bias1, bias2 = 1 - self.beta1**self.steps, 1 - self.beta2**self.steps
        pace = (self.rate if rate is None else rate) / bias1
        for parameter, gradient, mean, square in zip(self.parameters, gradients, self.mean, self.square, strict=True):
            flat = gradient.reshape(-1)
            for start in range(0, parameter.size, PIECE):
                part = slice(start, start + PIECE)
                self._piece(parameter[part], flat[part], mean[part], square[part], pace, bias2)

    def _piece(
        self,
        parameter: NDArray[np.float32],
        gradient: NDArray[np.float32],
        mean: NDArray[np.float32],
        square: NDArray[np.float32],
        pace: float,
        bias2: float,
    ) -> None:
        """parameter −= pace · m / (√(v / bias2) + ε), m and v renewed first."""
        a, b = self._scratch[:, : parameter.size]
        np.multiply(gradient, np.float32(1 - self.beta1), out=a)
        mean *= np.float32(self.beta1)
        mean += a
        np.multiply(gradient, gradient, out=a)
        a *= np.float32(1 - self.beta2)
        square *= np.float32(self.beta2)
        square += a
        np.multiply(square, np.float32(1 / bias2), out=a)
        np.sqrt(a, out=a)
        a += np.float32(self.epsilon)
        np.multiply(mean, np.float32(pace), out=b)
        b /= a
        parameter -= b
