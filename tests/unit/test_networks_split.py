"""Splits: a hash of place and time, the same for every network."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from rssm.config.training import Split
from rssm.draws import mix, seed_key, uniform
from rssm.networks.split import TEST, TRAIN, UNUSED, VALIDATION, fold_labels, split_labels


def points(rows: int = 60, cols: int = 60, dekads: int = 144) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.arange(300, 300 + rows)[:, None, None],
        np.arange(900, 900 + cols)[None, :, None],
        np.arange(2015 * 36, 2015 * 36 + dekads)[None, None, :],
    )


def test_seed_key_is_the_same_for_ever() -> None:
    assert seed_key(0, 1, "NN1-1-1", "N30E100") == 2807010951808932390


def test_mix_tells_order_and_neighbours_apart() -> None:
    assert mix(1, 2) != mix(2, 1)
    u = uniform(mix(7, np.arange(100_000)))
    assert abs(u.mean() - 0.5) < 0.005
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 0.01


def test_blocked_labels_are_constant_within_a_block_of_pixels_and_dekads() -> None:
    split = Split(gap=0)
    labels = split_labels(*points(), split, seed=1)
    blocks = labels.reshape(20, 3, 20, 3, 12, 12)  # 300, 900 and 2015 · 36 are multiples of the block
    assert (blocks == blocks[:, :1, :, :1, :, :1]).all()
    shares = np.bincount(labels.ravel(), minlength=4) / labels.size
    assert shares == pytest.approx([0.70, 0.15, 0.15, 0.0], abs=0.02)


def test_a_gap_of_three_dekads_parts_blocks_of_different_roles() -> None:
    labels = split_labels(*points(), Split(), seed=1)
    train_then_test = (labels[:, :, :-3] == TRAIN) & (labels[:, :, 3:] == TEST)
    assert not train_then_test.any()
    assert (labels == UNUSED).any()
    without = split_labels(*points(), Split(gap=0), seed=1)
    assert (labels[labels != UNUSED] == without[labels != UNUSED]).all()


def test_random_labels_vary_inside_a_block() -> None:
    labels = split_labels(*points(dekads=36), Split(kind="random"), seed=1)
    shares = np.bincount(labels.ravel(), minlength=4) / labels.size
    assert shares == pytest.approx([0.70, 0.15, 0.15, 0.0], abs=0.01)
    assert {TRAIN, VALIDATION, TEST} <= set(labels[:3, :3, :12].ravel())


def test_held_out_years_only_test() -> None:
    labels = split_labels(*points(), Split(held_out_years=(2016,)), seed=1)
    assert (labels[:, :, 36:72] == TEST).all()
    assert (labels[:, :, :36] == TRAIN).any()


def test_labels_depend_on_place_and_time_alone() -> None:
    rows, cols, dekads = points()
    whole = split_labels(rows, cols, dekads, Split(), seed=5)
    part = split_labels(rows[10:20], cols[:, 5:9], dekads[:, :, 7:50], Split(), seed=5)
    np.testing.assert_array_equal(part, whole[10:20, 5:9, 7:50])
    assert (split_labels(rows, cols, dekads, Split(), seed=6) != whole).any()


def test_folds_are_even_and_parted_by_gaps() -> None:
    folds = fold_labels(*points(), Split(), seed=1, folds=5, blocks="pixels_dekads")
    assert np.bincount(folds[folds >= 0]) / folds.size == pytest.approx(np.full(5, 0.15), abs=0.02)
    neighbours = (folds[:, :, :-3] >= 0) & (folds[:, :, 3:] >= 0)
    assert (folds[:, :, :-3] == folds[:, :, 3:])[neighbours].all()
    assert (folds != folds[:1, :1]).any()


def test_folds_of_dekads_hold_all_pixels_and_come_in_turn() -> None:
    folds = fold_labels(*points(dekads=360), Split(gap=0), seed=1, folds=5, blocks="dekads")
    assert (folds == folds[:1, :1]).all()
    of_block = folds[0, 0].reshape(30, 12)  # 2015 · 36 is a multiple of five blocks of twelve dekads
    assert (of_block == of_block[:, :1]).all()
    runs = of_block[:, 0].reshape(6, 5)
    np.testing.assert_array_equal(np.sort(runs), np.tile(np.arange(5), (6, 1)))
    assert len({tuple(run) for run in runs}) > 1
    gapped = fold_labels(*points(dekads=360), Split(gap=3), seed=1, folds=5, blocks="dekads")
    assert (gapped[0, 0].reshape(30, 12)[:-1, -3:] == -1).mean() > 0.75
    assert (gapped[0, 0].reshape(30, 12)[:, :-3] >= 0).all()


def test_a_split_that_leaves_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(ValidationError, match="leave at least"):
        Split(validation=0.5, test=0.5)
    with pytest.raises(ValidationError, match="shorter than"):
        Split(gap=12)
