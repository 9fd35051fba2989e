"""Penalties chosen by dekads left out: small zones get no constant, skill is told from luck, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from rssm.config.rsssm import Rsssm
from rssm.config.training import Split, Training
from rssm.draws import seed_key
from rssm.networks.kernels.codes import Status
from rssm.networks.split import TEST
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.train import train_block
from tests.unit.small_zones import FRESH, SETTINGS, SmallZone, series, small_zone, trained

OFF = SETTINGS.model_copy(update={"weaker_ridges": 0})
TAUGHT, UNSEEN = slice(None, -FRESH), slice(-FRESH, None)
ZONES = 40


def spread_and_r(subnetworks: Subnetworks, unseen: SmallZone) -> tuple[float, float]:
    """Standard deviation of estimates over that of the target (median of pixels), and correlation (mean of pixels)."""
    found = series(subnetworks, unseen)
    pairs = list(zip(found, unseen.y, strict=True))
    r = [np.corrcoef(a, b)[0, 1] if a.std() > 1e-6 else 0.0 for a, b in pairs]
    return float(np.median([a.std() / b.std() for a, b in pairs])), float(np.mean(r))


def learnt(signal: bool, noise: float, settings: Training = SETTINGS) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Status, and spread and r on fresh dekads, of small zones; a few have too few points that are no copies."""
    rows = []
    for seed in range(ZONES):
        zone = small_zone(seed, signal, noise)
        fitted = trained(zone.part(TAUGHT), settings, seed)
        if fitted.usable[0, 0]:
            rows.append((fitted.status[0, 0], *spread_and_r(fitted, zone.part(UNSEEN))))
        else:
            assert fitted.status[0, 0] == Status.TOO_FEW_POINTS
    assert len(rows) > 0.6 * ZONES
    status, spread, r = np.array(rows).T
    return status, spread, r


def test_small_zones_with_a_signal_get_no_constant() -> None:
    _, before, r_before = learnt(signal=True, noise=2.0, settings=OFF)
    status, after, r_after = learnt(signal=True, noise=2.0)
    assert before.min() < 0.2 < after.min()
    assert r_after.mean() > max(0.3, r_before.mean() - 0.02)
    assert np.mean(status == Status.NO_SKILL) < 0.1


def test_hardly_any_signal_gives_no_constant_either() -> None:
    _, before, _ = learnt(signal=True, noise=3.0, settings=OFF)
    _, after, r = learnt(signal=True, noise=3.0)
    assert np.mean(before < 0.2) > 0.3  # the penalty as it is says next to nothing
    assert np.mean(after < 0.2) < 0.1
    assert r.mean() > 0.1


def test_skill_is_told_from_luck() -> None:
    with_signal, _, _ = learnt(signal=True, noise=1.0)
    without, _, r = learnt(signal=False, noise=2.0)
    assert not np.any(with_signal == Status.NO_SKILL)
    assert np.mean(without == Status.NO_SKILL) > 0.7
    assert abs(r.mean()) < 0.1


def test_where_nothing_speaks_against_the_penalty_the_bits_are_those_without_a_choice() -> None:
    zone = small_zone(3).part(TAUGHT)
    chosen, plain = trained(zone), trained(zone, OFF)
    assert chosen.ridge == plain.ridge
    assert chosen.status == Status.OK
    for name in ("hidden", "output", "rmse", "iterations"):
        np.testing.assert_array_equal(getattr(chosen, name), getattr(plain, name))
    assert 0.2 < chosen.dekad_r2[0, 0] < 0.9
    assert np.isnan(plain.dekad_r2).all()  # no word on skill


def test_without_dekads_nothing_is_tried() -> None:
    zone = small_zone(3).part(TAUGHT)
    keys, offsets = np.ones((1, 1), np.uint64), np.array([0, zone.y.size])
    args = (zone.inputs, zone.y.reshape(1, -1), offsets, zone.labels(Split()), keys)
    assert np.isnan(train_block(*args, SETTINGS).dekad_r2).all()
    short = np.tile(np.arange(10), zone.y.size)[: zone.y.size]
    assert np.isnan(train_block(*args, SETTINGS, dekads=short, products=0).dekad_r2).all()


def test_the_control_of_several_chains_is_a_chain_alone() -> None:
    zone = small_zone(5, noise=2.0).part(TAUGHT)
    rng = np.random.default_rng(1)
    x = np.stack([zone.inputs, zone.inputs + rng.normal(size=zone.inputs.shape).astype(np.float32)])
    y, weights = zone.y.reshape(1, -1), np.stack([np.ones(zone.y.size), rng.integers(0, 3, zone.y.size)])
    keys = np.array([[seed_key(1, chain, "NN", "5")] for chain in range(2)], np.uint64)
    two = train_block(
        x, np.repeat(y, 2, 0), np.array([0, y.size]), zone.labels(Split()), keys, SETTINGS,
        weights.astype(np.float32), dekads=zone.dekads, products=2,
    )  # fmt: skip
    one = trained(zone, key=5)
    for name, values in one.arrays().items():
        np.testing.assert_array_equal(getattr(two, name)[:1] if values.shape[0] == 1 else values, values, err_msg=name)
    assert (two.hidden[0] != two.hidden[1]).any()


def test_bits_depend_neither_on_neighbours_nor_on_threads() -> None:
    zones = [small_zone(seed, noise=2.0).part(TAUGHT) for seed in range(4)]
    keys = np.array([[seed_key(1, 0, "NN", str(seed)) for seed in range(4)]], np.uint64)
    together = train_block(
        np.concatenate([zone.inputs for zone in zones], axis=1),
        np.concatenate([zone.y.ravel() for zone in zones])[None],
        np.cumsum([0, *(zone.y.size for zone in zones)]),
        np.concatenate([zone.labels(Split()) for zone in zones]),
        keys, SETTINGS, threads=3, dekads=np.concatenate([zone.dekads for zone in zones]), products=2,
    )  # fmt: skip
    for at, zone in enumerate(zones):
        alone = trained(zone, key=at)
        for name in ("hidden", "output", "ridge", "dekad_r2", "status", "rmse"):
            np.testing.assert_array_equal(getattr(together, name)[:, at], getattr(alone, name)[:, 0], err_msg=name)


def test_copies_of_a_native_cell_are_one_point() -> None:
    rng = np.random.default_rng(1)
    cell, dekads = rng.normal(size=(3, 60)).astype(np.float32), np.tile(np.arange(60), 9)
    x = np.tile(cell, 9)  # one cell over nine pixels
    x[2] = np.repeat(rng.normal(size=9), 60)  # a factor of each pixel
    y, labels, keys = np.tile(cell[0], 9), (np.arange(540) % 4 == 3).astype(np.uint8), np.ones((1, 1), np.uint64)

    def status(target: np.ndarray, least: int, products: int | None) -> int:
        settings = Training(min_points=least)
        fitted = train_block(
            x, target[None], np.array([0, 540]), labels, keys, settings, dekads=dekads, products=products
        )
        return int(fitted.status[0, 0])

    assert status(y, 60, 2) != Status.TOO_FEW_POINTS
    assert status(y, 61, 2) == Status.TOO_FEW_POINTS  # sixty dekads, not 540 points
    assert status(y, 61, None) != Status.TOO_FEW_POINTS  # where the factor counts as a product, pixels differ
    assert status(y + np.repeat(np.arange(9), 60).astype(np.float32), 540, 2) != Status.TOO_FEW_POINTS  # other targets
    other_dekads = train_block(x, y[None], np.array([0, 540]), labels, keys, Training(min_points=540), products=2)
    assert other_dekads.status[0, 0] != Status.TOO_FEW_POINTS  # nothing is known of when they are


@pytest.mark.parametrize("seed", range(3))
def test_years_held_out_change_nothing_but_the_scores_of_the_test(seed: int) -> None:
    split = Split(held_out_years=(2016,))
    settings, zone = SETTINGS.model_copy(update={"split": split}), small_zone(seed)
    held_out = zone.step // 36 == 2016
    assert (zone.labels(split).reshape(zone.y.shape)[:, held_out] == TEST).all()
    spoilt_x, spoilt_y = zone.x.copy(), zone.y.copy()
    spoilt_x[:, :, held_out] *= 50
    spoilt_y[:, held_out] = np.random.default_rng(seed).uniform(-9, 9, (len(zone.y), held_out.sum()))
    before, after = trained(zone, settings), trained(zone._replace(x=spoilt_x, y=spoilt_y), settings)
    assert before.rmse[0, 0, 2] != after.rmse[0, 0, 2]
    for name, values in before.arrays().items():
        if name not in ("rmse", "r2"):
            np.testing.assert_array_equal(getattr(after, name), values, err_msg=name)
    np.testing.assert_array_equal(before.rmse[..., :2], after.rmse[..., :2])


def test_the_paper_chooses_no_penalty_and_the_product_does() -> None:
    paper, product = (Training(**Rsssm.profiles[name]["training"]) for name in ("paper", "product"))
    assert (paper.noise_ridge, paper.weaker_ridges) == (12, 0)
    assert (product.noise_ridge, product.weaker_ridges) == (200, 2)
