"""The same training in plain numpy, slow and plain: what tests hold the kernels to.

Double precision, whole arrays, full matrices; the same draws, steps and stopping rules.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rssm.config.training import Training
from rssm.networks.kernels import curvature, lbfgs
from rssm.networks.kernels import traingd as descent
from rssm.networks.kernels.blocks import BLOCK
from rssm.networks.kernels.recipe import FLOOR, SPREAD

F64 = NDArray[np.floating]
MASK = 2**64 - 1


class Splitmix:
    """The random numbers of the kernels."""

    def __init__(self, state: int) -> None:
        self.state = state

    def bits(self) -> int:
        """Next 64 bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def uniform(self) -> float:
        """Next number in [0, 1)."""
        return (self.bits() >> 11) * 2.0**-53


def evaluate(theta: F64, x: F64, y: F64, w: F64, ridge: float) -> tuple[float, F64, F64]:
    """Cost, gradient and output layer for hidden weights theta (hidden, input + 1); x (point, input)."""
    phi = hidden_values(theta, x)
    penalty = np.diag([*np.full(len(theta), ridge), 1e-6 * w.sum()])
    v = np.linalg.solve(phi.T @ (w[:, None] * phi) + penalty, phi.T @ (w * y))
    r = y - phi @ v
    cost = np.sum(w * r**2) + ridge * (np.sum(theta**2) + np.sum(v[:-1] ** 2))
    slopes = (w * r)[:, None] * v[:-1] * (1 - phi[:, :-1] ** 2)
    gradient = 2 * (ridge * theta - slopes.T @ with_ones(x))
    return float(cost / w.sum()), gradient / w.sum(), v


def inverse_curvature(theta: F64, v: F64, x: F64, w: F64, ridge: float, total: float) -> F64:
    """Inverse of the damped Gauss–Newton matrix of the mean cost, from a sample of the points."""
    phi = hidden_values(theta, x)
    slopes = (v[:-1] * (1 - phi[:, :-1] ** 2))[:, :, None] * with_ones(x)[:, None, :]
    jacobian = slopes.reshape(len(x), -1)
    share = w.sum() / total
    penalty = np.diag([*np.full(len(theta), ridge * share), 1e-6 * w.sum()])
    cross = phi.T @ (w[:, None] * jacobian)
    matrix = jacobian.T @ (w[:, None] * jacobian)
    matrix -= cross.T @ np.linalg.solve(phi.T @ (w[:, None] * phi) + penalty, cross)
    diagonal = matrix.diagonal()
    damping = curvature.DAMPING * (diagonal + 0.01 * padded_mean(diagonal, theta))
    return 0.5 * w.sum() * np.linalg.inv(matrix + np.diag(ridge * share + damping))


def padded_mean(diagonal: F64, theta: F64) -> float:
    """Mean over the rows that the kernel has, its padding included."""
    hidden, inputs = -(-len(theta) // 7) * 7, (theta.shape[1] + 1) // 2 * 2
    return float(diagonal.sum()) / (hidden * inputs)


def minimise(
    theta: F64, x: F64, y: F64, w: F64, ridge: float, iterations: int, tolerance: float, preconditioned: bool
) -> tuple[F64, F64, int]:
    """L-BFGS; returns theta, the output layer and the iterations made."""
    cost, gradient, v = evaluate(theta, x, y, w, ridge)
    history: list[tuple[F64, F64]] = []
    inverse: F64 | None = None
    calm = 0
    for iteration in range(iterations):
        if preconditioned and iteration % lbfgs.REFRESH == 0:
            n = curvature.SAMPLE * BLOCK
            inverse = inverse_curvature(theta, v, x[:n], w[:n], ridge, float(w.sum()))
            history = []
        direction = aim(gradient.ravel(), history, inverse).reshape(theta.shape)
        slope = float(np.sum(gradient * direction))
        step = 1.0
        while True:
            reached, new_gradient, new_v = evaluate(theta + step * direction, x, y, w, ridge)
            if reached <= cost + lbfgs.ENOUGH * step * slope:
                break
            if step < lbfgs.SHORTEST:
                return theta, v, iteration
            lowest = -slope * step**2 / (2 * (reached - cost - slope * step))
            step = float(np.clip(lowest, 0.1 * step, 0.5 * step))
        history = [*history, ((step * direction).ravel(), (new_gradient - gradient).ravel())][-lbfgs.MEMORY :]
        calm = calm + 1 if cost - reached < tolerance * cost else 0
        theta, gradient, v, cost = theta + step * direction, new_gradient, new_v, reached
        if calm >= lbfgs.PATIENCE:
            return theta, v, iteration + 1
    return theta, v, iterations


def aim(g: F64, history: list[tuple[F64, F64]], inverse: F64 | None) -> F64:
    """The direction of L-BFGS by the two loops."""
    d, alphas = -g, list[float]()
    for s, c in reversed(history):
        alphas.append(float(s @ d / (s @ c)))
        d = d - alphas[-1] * c
    if inverse is not None:
        d = inverse @ d
    elif history:
        s, c = history[-1]
        d = d * (s @ c) / (c @ c)
    else:
        d = d * float(np.minimum(1.0, 0.3 / np.sqrt(g @ g)))
    for (s, c), alpha in zip(history, reversed(alphas), strict=True):
        d = d + (alpha - c @ d / (s @ c)) * s
    return d


def fit(
    x: NDArray[np.float32], y: NDArray[np.float32], labels: NDArray[np.uint8], key: int, settings: Training
) -> tuple[F64, F64, int]:
    """Train on one zone without missing values; x (input, point). Hidden weights, output layer, iterations."""
    z, t, _ = scaled(x, y, labels)
    train, judges = shuffled(np.flatnonzero(labels == 0)), np.flatnonzero(labels == 1)
    sample = train[: max(1, round(settings.start_points / BLOCK)) * BLOCK]
    random = Splitmix(key)
    best = np.inf
    winner: F64 = np.empty(0)
    for _ in range(settings.starts):
        theta = draw(settings.hidden, z, random)
        weights = np.ones(sample.size)
        theta, v, _ = minimise(
            theta, z[sample], t[sample], weights, settings.ridge, settings.start_iterations, 0.0, False
        )
        error = float(np.mean((t[judges] - hidden_values(theta, z[judges]) @ v) ** 2))
        if error < best:
            best, winner = error, theta
    every = np.r_[train, judges]
    ridge = max(settings.noise_ridge * best, FLOOR)
    return minimise(
        winner, z[every], t[every], np.ones(every.size), ridge, settings.iterations, settings.tolerance, True
    )


def apply(theta: F64, v: F64, x: NDArray[np.float32], y: NDArray[np.float32], labels: NDArray[np.uint8]) -> F64:
    """Estimates of `fit` in the target's unit."""
    z, _, (center, spread) = scaled(x, y, labels)
    return center + spread * (hidden_values(theta, z) @ v)


def traingd(x: NDArray[np.float32], y: NDArray[np.float32], labels: NDArray[np.uint8], key: int, hidden: int) -> F64:
    """Estimates of the paper's gradient descent on one zone whose inputs all vary."""
    learn = labels < 2
    x, y = x.astype(np.float64), y.astype(np.float64)
    low, high = x[:, learn].min(axis=1), x[:, learn].max(axis=1)
    z = ((x.T - (low + high) / 2) / ((high - low) / 2)).astype(np.float64)
    center, spread = (y[learn].min() + y[learn].max()) / 2.0, (y[learn].max() - y[learn].min()) / 2.0
    t = (y - center) / spread
    random = Splitmix(key)
    directions = np.array([[2 * random.uniform() - 1 for _ in range(len(x))] for _ in range(hidden)])
    span = 2 * 0.7 * hidden ** (1 / len(x))
    biases = span * np.linspace(-1, 1, hidden) * np.sign(directions[:, 0])
    theta = np.column_stack([span * directions / np.linalg.norm(directions, axis=1, keepdims=True), biases])
    v = np.array([2 * random.uniform() - 1 for _ in range(hidden + 1)])
    train, judges = labels == 0, labels == 1
    best, failures, kept = np.inf, 0, (theta, v)
    for _ in range(descent.EPOCHS + 1):
        error = np.mean((t[judges] - hidden_values(theta, z[judges]) @ v) ** 2)
        failures = 0 if error < best else failures + 1
        if error < best:
            best, kept = error, (theta, v)
        phi = hidden_values(theta, z[train])
        r = t[train] - phi @ v
        slope_v = -2 * phi.T @ r / r.size
        slopes = r[:, None] * v[:-1] * (1 - phi[:, :-1] ** 2)
        gradient = -2 * slopes.T @ with_ones(z[train]) / r.size
        length = np.sqrt(np.sum(gradient**2) + np.sum(slope_v**2))
        if failures >= descent.PATIENCE or length < descent.SMALLEST_GRADIENT:
            break
        theta, v = theta - descent.RATE * gradient, v - descent.RATE * slope_v
    return center + spread * (hidden_values(kept[0], z) @ kept[1])


def scaled(
    x: NDArray[np.float32], y: NDArray[np.float32], labels: NDArray[np.uint8]
) -> tuple[F64, F64, tuple[float, float]]:
    """Standardised inputs (point, input), constant ones as zeros, and target; the target's mean and spread."""
    learn = labels < 2
    x, y = x.astype(np.float64), y.astype(np.float64)
    center, spread = x[:, learn].mean(axis=1), x[:, learn].std(axis=1)
    z = (x.T - center) / np.where(spread > 0, spread, np.inf)
    mean, deviation = float(y[learn].mean()), float(y[learn].std())
    return z, (y - mean) / deviation, (mean, deviation)


def draw(hidden: int, z: F64, random: Splitmix) -> F64:
    """Starting hidden weights; inputs that do not vary get none."""
    varies = z.std(axis=0) > 0
    theta = np.empty((hidden, z.shape[1] + 1))
    for k in range(hidden):
        u = np.array([2 * random.uniform() - 1 for _ in range(z.shape[1] + 1)])
        theta[k] = np.r_[u[:-1] * SPREAD * np.sqrt(3 / varies.sum()) * varies, u[-1]]
    return theta


def shuffled(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Fisher and Yates, seeded by the length."""
    order, random = order.copy(), Splitmix(order.size)
    for i in range(order.size - 1, 0, -1):
        j = random.bits() % (i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def hidden_values(theta: F64, x: F64) -> F64:
    """tanh nodes and a column of ones (point, hidden + 1)."""
    return with_ones(np.tanh(with_ones(x) @ theta.T))


def with_ones(x: F64) -> F64:
    """x with a column of ones."""
    return np.column_stack([x, np.ones(len(x))])
