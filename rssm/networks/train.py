"""Training: all subnetworks of a block of zones in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.loader import Kernel
from rssm.networks.kernels.recipe import FOLDS, recipe_of
from rssm.networks.split import fold_labels
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.threads import for_each

if TYPE_CHECKING:
    from rssm.config.training import Training


def train_block(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    offsets: NDArray[np.int64],
    labels: NDArray[np.uint8],
    keys: NDArray[np.uint64],
    settings: Training,
    weights: NDArray[np.float32] | None = None,
    threads: int = 1,
    dekads: NDArray[np.integer] | None = None,
    products: int | None = None,
) -> Subnetworks:
    """Train one subnetwork for every zone and chain.

    x        (input, point), the same for all chains, or (chain, input, point); scaling and range follow chain 0
    y        (chain, point), NaN where missing
    offsets  (zone + 1,): zone z holds points offsets[z] … offsets[z + 1]
    labels   (point,): roles of `rssm.networks.split`
    keys     (chain, zone): `seed_key(seed, chain, network, zone)`
    weights  (chain, point): how much a point counts in learning, as in a bootstrap; None: all alike
    dekads   (point,): when a point is; None: nothing is known of that, so penalties are not tried on dekads left out
    products how many of the inputs, the first, are products: copies of a native cell agree in them; None: all

    Results depend on the zone's own points and keys alone, not on threads, order or neighbours.
    """
    chains, zones = keys.shape
    out = Subnetworks.empty(chains, zones, settings.hidden, x.shape[-2])
    given = (
        np.ascontiguousarray(x if x.ndim == 3 else x[None], np.float32),
        np.ascontiguousarray(y, np.float32),
        np.zeros((chains, 0), np.float32) if weights is None else np.ascontiguousarray(weights, np.float32),
        np.ascontiguousarray(labels, np.uint8),
        np.ascontiguousarray(offsets, np.int64),
        np.ascontiguousarray(keys, np.uint64),
        *when(dekads, y.shape[-1], settings),
    )
    recipe = recipe_of(settings, x.shape[-2] if products is None else products)
    train_zone = Kernel("train", *given, np.array(recipe, np.float64), *out.arrays().values())
    largest_first = np.argsort(-np.diff(offsets), kind="stable").tolist()  # no thread is left with a long last one
    for_each(train_zone, largest_first, threads)
    return out


def when(
    dekads: NDArray[np.integer] | None, points: int, settings: Training
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Dekads (point,) counted from the first, and the part (dekad,) that each is left out with, −1 none."""
    if dekads is None or not points:
        return np.arange(points, dtype=np.int32), np.full(points, -1, np.int8)
    first = int(dekads.min())
    every = np.arange(first, int(dekads.max()) + 1)
    parts = fold_labels(0, 0, every, settings.split, 0, FOLDS, "dekads")  # type: ignore[arg-type]
    return (dekads - first).astype(np.int32), parts.astype(np.int8)
