"""Chains: the same rounds side by side in K perturbed worlds, so that the spread between them is error carried along.

Chain 0 is the control: nothing in it is perturbed, so that it equals a run with K = 1 and its held-out scores are
clean. Every other chain k
  - reads each product with an error of that product's size, partly shared by products of one algorithm (`inputs`),
  - learns from a target from outside with an error of its own (`target`),
  - counts each block of training points as often as a resampling drew it (`weights`),
  - passes on its own SIM-nT with an error as large as the held-out error of the subnetworks behind it (`passed_on`).
Where the recipe says that held-out residuals be resampled by blocks, noise of their variance is drawn instead: it
needs nothing but what the estimates already carry. All draws are pure functions of seed, chain, names, absolute pixel
and dekad (`rssm.rounds.perturb`), so they do not depend on tiles or the order of jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.config.training import Training
from rssm.cubes import Cube
from rssm.grid import GRID
from rssm.networks.hashing import seed_key
from rssm.networks.predict import predict
from rssm.networks.samples import Samples
from rssm.networks.split import split_labels
from rssm.networks.subnetworks import Subnetworks
from rssm.rounds.perturb import block_counts, input_error, regional_noise, stream, target_error

F32 = NDArray[np.float32]
BIAS, NOISE = 0.02, 0.02  # m³ m⁻³, of the target from outside: a regional, seasonal bias and first-order noise
MEMORY = 0.5  # correlation of an error from one dekad to the next
SHARED = 0.5  # share of a held-out error's variance that all of a zone has in common


def inputs(cube: Cube, algorithm: str, sd: float, seed: int, chains: int) -> Cube:
    """A product as each chain sees it (chain, pixel, time); sd in its units."""
    row, column = _place(cube)

    def error(k: int) -> NDArray[np.float64]:
        shared = stream(seed, "chain", k, "algorithm", algorithm)
        own = stream(seed, "chain", k, "product", cube.variable)
        return input_error(shared, own, row, column, cube.step, sd, memory=MEMORY)

    return _perturbed(cube, [error(k) for k in range(1, chains)])


def target(cube: Cube, seed: int, chains: int, bias: float = BIAS, noise: float = NOISE) -> Cube:
    """A target from outside as each chain sees it (chain, pixel, time)."""
    row, column = _place(cube)
    keys = [stream(seed, "chain", k, "target", cube.variable) for k in range(1, chains)]
    return _perturbed(cube, [target_error(key, row, column, cube.step, bias, noise, MEMORY) for key in keys])


def passed_on(values: F32, mse: F32, cube: Cube, seed: int) -> F32:
    """SIM-nT (chain, pixel, time) with each chain's held-out error; the control goes as it is.

    mse   (pixel, time) m⁶ m⁻⁶: of the subnetwork behind each estimate, NaN where unknown (then nothing is added)
    cube  tells pixels, steps and the variable's name, which makes the draws of each round its own
    """
    row, column = _place(cube)
    sd = np.sqrt(np.nan_to_num(mse))
    out = values.copy()
    for k in range(1, len(values)):
        key = stream(seed, "chain", k, "held out", cube.variable)
        wide = regional_noise(stream(key, "zone"), row, column, cube.step, GRID.per_degree, MEMORY)
        near = regional_noise(stream(key, "footprint"), row, column, cube.step, 3, MEMORY)
        out[k] += sd * (np.sqrt(SHARED) * wide + np.sqrt(1 - SHARED) * near)
    return out


def weights(samples: Samples, network: str, seed: int, chains: int, footprint: int, block_dekads: int) -> F32:
    """How often each chain draws each point (chain, point): blocks of pixels × dekads, resampled."""
    out = np.ones((chains, samples.dekad.size), np.float32)
    pixel, at = np.unique(np.stack([samples.row, samples.column]), axis=1, return_inverse=True)
    dekads, when = np.unique(samples.dekad, return_inverse=True)
    for k in range(1, chains):
        key = stream(seed, "chain", k, "resampling", network)
        out[k] = block_counts(key, pixel[0], pixel[1], dekads, footprint, block_dekads)[at, when]
    return out


def sampled(samples: Samples, cubes: Sequence[Cube]) -> F32:
    """Inputs at the points of samples as each chain sees them (chain, input, point)."""
    pixel = samples.row.astype(np.int64) * GRID.columns + samples.column
    order = np.argsort(cubes[0].pixel)
    at = order[np.searchsorted(cubes[0].pixel, pixel, sorter=order)]
    dekads, when = np.unique(samples.dekad, return_inverse=True)
    return np.stack(np.broadcast_arrays(*(cube.at(dekads)[..., at, when] for cube in cubes)), axis=-2)


def fit(
    samples: Samples, x: F32, zones: Sequence[str], network: str, settings: Training, seed: int, chains: int
) -> Subnetworks:
    """Subnetworks of all zones and chains; x (chain, input, point) as `sampled` gives it."""
    from rssm.networks.train import train_block

    split = settings.split
    labels = split_labels(samples.row, samples.column, samples.dekad, split, seed)
    keys = np.array([[seed_key(seed, k, network, zone) for zone in zones] for k in range(chains)], np.uint64)
    counts = weights(samples, network, seed, chains, split.pixel_block, split.dekad_block)
    y = np.broadcast_to(samples.y, (chains, samples.y.shape[1]))
    return train_block(x, y, samples.offsets, labels, keys, settings, counts)


def estimates(
    subnetworks: Subnetworks, x: F32, zone_index: NDArray[np.int64], extrapolation: Any = "none"
) -> tuple[F32, F32]:
    """As `rssm.networks.predict`, but x may differ between chains: (chain, input, point)."""
    if x.ndim == 2:
        return predict(subnetworks, x, zone_index, extrapolation)
    parts = [predict(_only(subnetworks, k), x[k], zone_index, extrapolation) for k in range(len(x))]
    return np.concatenate([value for value, _ in parts]), parts[0][1]


def _only(subnetworks: Subnetworks, k: int) -> Subnetworks:
    """One chain of subnetworks."""
    chained = {f.name: getattr(subnetworks, f.name) for f in fields(subnetworks)}
    shared = ("center", "factor", "low", "high")
    return replace(subnetworks, **{name: v[k : k + 1] for name, v in chained.items() if name not in shared})


def _place(cube: Cube) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    return cube.pixel // GRID.columns, cube.pixel % GRID.columns


def _perturbed(cube: Cube, errors: Sequence[NDArray[np.floating]]) -> Cube:
    """A cube with a chain axis: the control as it was, then the others."""
    return replace(cube, values=np.stack([cube.values, *(cube.values + error for error in errors)]).astype(np.float32))
