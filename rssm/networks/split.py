"""Which points train, judge and test: a hash of where and when they are, the same for every network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.draws import mix, uniform
from rssm.networks.kernels.codes import TEST, TRAIN, UNUSED, VALIDATION  # noqa: F401  # callers find all four here

if TYPE_CHECKING:
    from rssm.config.training import Split


def split_labels(
    rows: NDArray[np.integer],
    cols: NDArray[np.integer],
    dekads: NDArray[np.integer],
    split: Split,
    seed: int,
) -> NDArray[np.uint8]:
    """TRAIN, VALIDATION, TEST or UNUSED for every point; the three arrays broadcast against each other.

    rows, cols   pixel on the global grid
    dekads       step of the dekad calendar (0 is 0000D01)
    """
    if split.kind == "random":
        labels = _role(mix(seed, rows, cols, dekads), split)
    else:
        block = dekads // split.dekad_block
        pixel = mix(seed, rows // split.pixel_block, cols // split.pixel_block)
        labels = _role(mix(pixel, block), split)
        near_end = dekads % split.dekad_block >= split.dekad_block - split.gap
        following = _role(mix(pixel, block + 1), split)
        labels = np.where(near_end & (following != labels), np.uint8(UNUSED), labels)
    held_out = np.isin(dekads // DEKADS.seasons, split.held_out_years)
    return np.where(held_out, np.uint8(TEST), labels)


def fold_labels(
    rows: NDArray[np.integer],
    cols: NDArray[np.integer],
    dekads: NDArray[np.integer],
    split: Split,
    seed: int,
    folds: int,
    blocks: Literal["dekads", "pixels_dekads"],
) -> NDArray[np.int64]:
    """Fold 0 … folds − 1 of every point; −1 in the gaps between two folds.

    blocks  dekads: of `split.dekad_block` dekads and all pixels; pixels_dekads: those of `split`
    """
    rows, cols, dekads = np.broadcast_arrays(rows, cols, dekads)
    block = dekads // split.dekad_block
    key = mix(seed)
    if blocks == "pixels_dekads":
        key = mix(key, rows // split.pixel_block, cols // split.pixel_block)
    fold = _fold(key, block, folds)
    near_end = dekads % split.dekad_block >= split.dekad_block - split.gap
    following = _fold(key, block + 1, folds)
    return np.where(near_end & (following != fold), -1, fold)


def _fold(key: NDArray[np.uint64], block: NDArray[np.integer], folds: int) -> NDArray[np.int64]:
    """Every run of as many blocks as there are folds holds each fold once, in an order of its own."""
    start = block // folds * folds
    own = mix(key, block)
    return np.asarray(sum((mix(key, start + i) < own).astype(np.int64) for i in range(folds)))


def _role(key: NDArray[np.uint64], split: Split) -> NDArray[np.uint8]:
    u = uniform(key)
    return ((u < split.validation + split.test).astype(np.uint8) + (u < split.test)).astype(np.uint8)
