"""Training: all subnetworks of a block of zones in one call.

Each zone is packed once for all its chains. A few random starts are tried on a sample of the training points and
judged by the validation points; the best one is then fitted on training and validation points together, under a
ridge penalty. Test points are never learnt from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from rssm.config.training import Training
from rssm.networks.compiled import ensure_compiled
from rssm.networks.kernels import BLOCK
from rssm.networks.pack import fit_scaler, lay_out, pack_inputs, valid_points
from rssm.networks.search import Fit, Recipe, fit_chain
from rssm.networks.status import Status
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.traingd import descend_chain

FEW_TRAINING = 0.4  # share of the least number of points that must lie in the training part


def train_block(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    offsets: NDArray[np.int64],
    labels: NDArray[np.uint8],
    keys: NDArray[np.uint64],
    settings: Training,
    weights: NDArray[np.float32] | None = None,
    threads: int = 1,
) -> Subnetworks:
    """Train one subnetwork for every zone and chain.

    x        (input, point), the same for all chains, or (chain, input, point); scaling and range follow chain 0
    y        (chain, point), NaN where missing
    offsets  (zone + 1,): zone z holds points offsets[z] … offsets[z + 1]
    labels   (point,): roles of `rssm.networks.split`
    keys     (chain, zone): `seed_key(seed, chain, network, zone)`
    weights  (chain, point): how much a point counts in learning, as in a bootstrap; None: all alike

    Results depend on the zone's own points and keys alone, not on threads, order or neighbours.
    """
    inputs = x.shape[-2]
    ensure_compiled()
    chains, zones = keys.shape
    out = Subnetworks.empty(chains, zones, settings.hidden, inputs)
    x = np.ascontiguousarray(x if x.ndim == 3 else x[None], np.float32)
    y = np.ascontiguousarray(y, np.float32)
    w = np.zeros((chains, 0), np.float32) if weights is None else np.ascontiguousarray(weights, np.float32)
    labels = np.ascontiguousarray(labels, np.uint8)
    recipe = Recipe(
        settings.hidden,
        round(FEW_TRAINING * settings.min_points),
        settings.ridge,
        settings.noise_ridge,
        settings.starts,
        settings.start_iterations,
        max(1, round(settings.start_points / BLOCK)),
        settings.iterations,
        settings.tolerance,
    )

    method = descend_chain if settings.method == "traingd" else fit_chain

    def train_zone(z: int) -> None:
        order, counts, valid = valid_points(x, y, labels, offsets[z], offsets[z + 1])
        if valid.max() < settings.min_points:
            return  # as `Subnetworks.empty` says
        if counts[0] < recipe.least:
            out.status[:, z] = Status.TOO_FEW_TRAINING
            return
        layout, learning = lay_out(order, counts), int(counts[0] + counts[1])
        scaler = fit_scaler(x[0], order, learning, settings.method == "traingd")
        out.center[z], out.factor[z], out.low[z], out.high[z] = scaler
        if not scaler.factor.any():
            out.status[:, z] = Status.NO_INPUT
            return
        packed = pack_inputs(x[0], layout, scaler)
        for k in np.flatnonzero(valid >= settings.min_points).tolist():
            if k > 0 and x.shape[0] > 1:
                packed = pack_inputs(x[k], layout, scaler)
            fit = method(packed, y[k], w[k], layout, learning, scaler.factor, keys[k, z], recipe)
            keep(out, k, z, fit)

    for_each(train_zone, range(zones), threads)
    return out


def keep(out: Subnetworks, k: int, z: int, fit: Fit) -> None:
    """Put the fit of chain k in zone z into its place."""
    hidden, inputs = out.hidden.shape[2:]
    out.status[k, z], out.iterations[k, z] = fit.status, fit.iterations
    if fit.status > Status.NOT_CONVERGED:
        return
    out.hidden[k, z], out.hidden_bias[k, z] = fit.theta[:hidden, :inputs], fit.theta[:hidden, inputs]
    out.output[k, z], out.output_bias[k, z] = fit.v[:hidden], fit.v[-1]
    out.target_center[k, z], out.target_factor[k, z] = fit.center, fit.factor
    out.points[k, z], out.rmse[k, z], out.r2[k, z] = fit.scores.T


def for_each(work: Callable[[int], None], items: Iterable[int], threads: int) -> None:
    """Do the work on every item, in threads (the kernels run without Python's lock)."""
    if threads == 1:
        for item in items:
            work(item)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, items))
