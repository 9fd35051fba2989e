"""Other learners for the same chain: a quadratic ridge regression per zone, and one network for all zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.config.training import Training
from rssm.draws import seed_key
from rssm.networks.predict import predict
from rssm.networks.samples import Samples
from rssm.networks.split import TEST, TRAIN, VALIDATION, split_labels
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.train import train_block
from rssm.one_process import Learner

F32 = NDArray[np.float32]
PENALTIES = np.logspace(-4, 1, 6)  # of standardised coefficients, per point
UNIVERSAL_NODES = 21  # three times a subnetwork's


@dataclass(frozen=True)
class Ridge:
    """Quadratic regressions of all zones; what the chain asks of subnetworks, it asks of these.

    weights  (zone, feature + 1), the constant last; center, factor, low, high (zone, input)
    usable   (1, zone); rmse (1, zone, role); status (1, zone)
    """

    weights: NDArray[np.float64]
    center: NDArray[np.float64]
    factor: NDArray[np.float64]
    low: F32
    high: F32
    usable: NDArray[np.bool_]
    rmse: F32

    @property
    def status(self) -> NDArray[np.bool_]:
        return ~self.usable


def quadratic(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standardised inputs (input, point), their squares and products, and a constant: (feature, point)."""
    i, j = np.triu_indices(len(z))
    return np.concatenate([z, z[i] * z[j], np.ones((1, z.shape[1]))])


def fit_ridge(
    samples: Samples, zones: Sequence[str], network: str, settings: Training, seed: int, chains: int = 1
) -> Ridge:
    """A ridge regression per zone; the penalty is chosen by the validation points, then all learning points count."""
    labels = split_labels(samples.row, samples.column, samples.dekad, settings.split, seed)
    inputs, n = len(samples.x), len(zones)
    features = inputs + inputs * (inputs + 1) // 2 + 1
    shape = (n, inputs)
    out = Ridge(
        np.full((n, features), np.nan), np.zeros(shape), np.zeros(shape), np.zeros(shape, np.float32),
        np.zeros(shape, np.float32), np.zeros((1, n), bool), np.full((1, n, 3), np.nan, np.float32),
    )  # fmt: skip
    for zone in range(n):
        part = slice(samples.offsets[zone], samples.offsets[zone + 1])
        x, y, role = samples.x[:, part].astype(np.float64), samples.y[0, part].astype(np.float64), labels[part]
        learn = np.isin(role, (TRAIN, VALIDATION))
        if y.size < settings.min_points or np.count_nonzero(role == TRAIN) < 0.4 * settings.min_points:
            continue
        spread = x[:, learn].std(axis=1)
        out.center[zone] = x[:, learn].mean(axis=1)
        out.factor[zone] = np.divide(1, spread, out=np.zeros(inputs), where=spread > 1e-6)
        out.low[zone], out.high[zone] = x[:, learn].min(axis=1), x[:, learn].max(axis=1)
        design = quadratic((x - out.center[zone][:, None]) * out.factor[zone][:, None])
        judge = role == VALIDATION if (role == VALIDATION).any() else role == TRAIN
        tried = _solve(design[:, role == TRAIN], y[role == TRAIN], PENALTIES)
        errors = np.mean((y[judge] - tried @ design[:, judge]) ** 2, axis=1)
        best = PENALTIES[errors.argmin()]
        out.weights[zone] = _solve(design[:, learn], y[learn], np.array([best]))[0]
        residual = y - out.weights[zone] @ design
        for r in (TRAIN, VALIDATION, TEST):
            if (role == r).any():
                out.rmse[0, zone, r] = np.sqrt(np.mean(residual[role == r] ** 2))
        out.usable[0, zone] = True
    return out


def _solve(design: NDArray[np.float64], y: NDArray[np.float64], penalties: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ridge weights (penalty, feature); features are penalised as if of unit variance, the constant is free."""
    n = y.size
    center, scale = design.mean(axis=1), design.std(axis=1)
    scale = np.where(scale > 1e-9, scale, np.inf)
    covariance = (design @ design.T / n - np.outer(center, center)) / np.outer(scale, scale)
    slope = (design @ y / n - center * y.mean()) / scale
    value, vector = np.linalg.eigh(covariance)
    weights = (vector.T @ slope / (np.maximum(value, 0) + penalties[:, None])) @ vector.T / scale
    weights[:, -1] = y.mean() - weights[:, :-1] @ center[:-1]
    return weights


def apply_ridge(model: Ridge, x: F32, zone_index: NDArray[np.integer], extrapolation: str = "none") -> tuple[F32, F32]:
    """Estimates (1, point) and the share of inputs out of range (point,), as `rssm.networks.predict`."""
    value, beyond = np.full((1, x.shape[1]), np.nan, np.float32), np.zeros(x.shape[1], np.float32)
    for zone in np.unique(zone_index):
        at = zone_index == zone
        inside = x[:, at]
        low, high = model.low[zone][:, None], model.high[zone][:, None]
        beyond[at] = np.mean((inside < low) | (inside > high), axis=0)
        inside = np.clip(inside, low, high) if extrapolation == "clip" else inside
        z = (inside - model.center[zone][:, None]) * model.factor[zone][:, None]
        value[0, at] = model.weights[zone] @ quadratic(z)
    return value, beyond


@dataclass(frozen=True)
class Universal:
    """One network for all zones: `subnetworks` has a single zone; the rest is as the chain asks, (1, zone, …)."""

    subnetworks: Subnetworks
    usable: NDArray[np.bool_]
    rmse: F32

    @property
    def status(self) -> NDArray[np.bool_]:
        return ~self.usable


def fit_universal(
    samples: Samples, zones: Sequence[str], network: str, settings: Training, seed: int, chains: int = 1
) -> Universal:
    """One network on the points of all zones."""
    labels = split_labels(samples.row, samples.column, samples.dekad, settings.split, seed)
    key = np.array([[seed_key(seed, 0, network, "universal")]], np.uint64)
    everything = np.array([0, samples.y.shape[1]], np.int64)
    larger = settings.model_copy(update={"hidden": UNIVERSAL_NODES})
    one = train_block(samples.x, samples.y, everything, labels, key, larger)
    n = len(zones)
    return Universal(one, np.repeat(one.usable, n, axis=1), np.repeat(one.rmse, n, axis=1))


def apply_universal(
    model: Universal, x: F32, zone_index: NDArray[np.integer], extrapolation: str = "none"
) -> tuple[F32, F32]:
    """As `rssm.networks.predict`."""
    return predict(model.subnetworks, x, np.zeros(x.shape[1], np.int64), extrapolation)  # type: ignore[arg-type]


RIDGE = Learner(fit_ridge, apply_ridge)
UNIVERSAL = Learner(fit_universal, apply_universal)
