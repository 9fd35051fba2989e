"""What SoMo.ml's networks are shown, and that they learn it: batches, losses, cells and days that are left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_somo import NETWORK, sites_of, targets_of
from numpy.testing import assert_allclose, assert_array_equal

from rssm.draws import mix, uniform
from rssm.errors import InputError
from rssm.nets.ealstm import initial
from rssm.somo import train
from rssm.somo.apart import distance, left_out
from rssm.somo.lessons import Sampler, lesson
from rssm.somo.site_simulate import simulated
from rssm.somo.specs import SplitSpec

NONE = np.empty((0, 12, 900), "f4")


def test_a_batch_scores_the_later_half_of_sequences_which_hold_their_targets():
    y = np.full((4, 900), np.nan, "f4")
    y[2, 500:520] = 0
    sampler = Sampler.of(y, replace(NETWORK, years=(1.0, 2.0)), key=7)
    for update in range(20):
        batch = sampler.batch(update)
        assert set(batch.site) == {2} and 365 <= batch.steps <= 731 and batch.scored == batch.steps // 2
        last = batch.first + batch.steps
        assert (batch.first >= 0).all() and (last <= 900).all()
        assert (last > 500).all() and (last - batch.scored < 520).all()
    assert len({sampler.batch(update).steps for update in range(20)}) > 5
    assert_array_equal(sampler.batch(3).first, sampler.batch(3).first)


def test_a_window_scores_its_last_day():
    y = np.full((4, 900), np.nan, "f4")
    y[1, 600] = 0
    batch = Sampler.of(y, replace(NETWORK, way="windows"), key=7).batch(0)
    assert (batch.steps, batch.scored) == (365, 1) and set(batch.first + 364) == {600}


def test_units_are_left_out_as_often_as_asked_for_and_the_others_count_more():
    sampler = Sampler.of(np.zeros((1, 900), "f4"), replace(NETWORK, dropout=0.25, batch=100), key=1)
    kept = sampler.kept(0, 40)
    assert set(np.unique(kept)) == {np.float32(0), np.float32(4 / 3)}
    assert kept.mean() == pytest.approx(1, abs=0.05)
    assert not np.array_equal(kept, sampler.kept(1, 40))


def test_half_of_the_sequences_start_where_others_ended_and_windows_never():
    ends = np.arange(200, dtype="f4")[None] + 1, -np.arange(200, dtype="f4")[None] - 1
    for way, share in (("state", 0.5), ("windows", 0.0)):
        sampler = Sampler.of(np.zeros((1, 900), "f4"), replace(NETWORK, batch=200, way=way), key=1)
        h, c = sampler.start(5, ends)
        assert_array_equal(h, -c)
        assert len(set(h[h > 0])) == np.count_nonzero(h) and (h > 0).mean() == pytest.approx(share, abs=0.12)
        assert way == "windows" or not np.array_equal(h, ends[0] * (h > 0))


def test_the_loss_of_a_batch_does_not_depend_on_how_many_sequences_run_side_by_side(monkeypatch):
    cells = sites_of(12, 900)
    taught = lesson(cells.forcing, cells.statics, targets_of(cells)[0], 0.1, True)
    net = initial(2, 3, 8, 3.0, 1.0, uniform(mix(1, np.arange(999))))
    sampler = Sampler.of(taught.y, replace(NETWORK, batch=96), key=1)
    rng = np.random.default_rng(4)
    start = sampler.start(0, (rng.normal(size=(8, 96)).astype("f4"), rng.normal(size=(8, 96)).astype("f4")))
    whole = train.slope(net, taught, sampler.batch(0), sampler.kept(0, 8), start)
    monkeypatch.setattr(train, "TRACED", 1)  # 32 at a time
    parts = train.slope(net, taught, sampler.batch(0), sampler.kept(0, 8), start)
    assert_allclose(parts[2][1], whole[2][1], atol=1e-5)
    assert parts[0] == pytest.approx(whole[0], rel=1e-5)
    for name, gradient in whole[1].items():
        assert_allclose(parts[1][name], gradient, atol=1e-5 * np.abs(gradient).max(), rtol=1e-3)


def test_an_error_counts_by_how_much_its_cell_varies():
    cells = sites_of(12, 900)
    taught = lesson(cells.forcing, cells.statics, targets_of(cells)[0], 0.1, True)
    spread = np.nanstd(taught.y, axis=1)
    assert_allclose(taught.weight, 1 / (spread + 0.1) ** 2, rtol=1e-5)
    assert np.nanmean(taught.y) == pytest.approx(0, abs=1e-3) and np.nanstd(taught.y) == pytest.approx(1, abs=1e-3)


def test_a_network_learns_a_bucket_and_the_same_seed_gives_the_same_bits():
    cells = sites_of(12, 900)
    measured = targets_of(cells)[0]
    made = [train.trained(cells, NONE, measured, 1, member, NETWORK) for member in (0, 0, 1)]
    assert_array_equal(made[0].net.weight_ih, made[1].net.weight_ih)
    assert not np.array_equal(made[0].net.weight_ih, made[2].net.weight_ih)
    assert made[0].losses[-1] < 0.5 * made[0].losses[0]
    mean, spread = simulated([made[0], made[2]], cells, NONE, "state", 365)
    assert (
        np.median([np.corrcoef(*pair)[0, 1] for pair in zip(mean[:, 300:], cells.soil[0][:, 300:], strict=True)]) > 0.8
    )
    assert (spread > 0).any() and spread.max() < 0.2


def test_a_state_forgets_in_two_years_where_it_started():
    cells = sites_of(12, 900)
    network = replace(NETWORK, forget_cap=0.99, least_updates=60)
    learnt = train.trained(cells, NONE, targets_of(cells)[0], 1, 0, network)
    later = replace(cells, forcing=cells.forcing[:, :, 150:])
    early, late = (
        simulated([learnt], each, NONE[..., : each.forcing.shape[2]], "state", 365)[0] for each in (cells, later)
    )
    apart = early[:, 150:] - late
    assert np.sqrt(np.mean(apart[:, :30] ** 2)) > 0.01
    assert np.sqrt(np.mean(apart[:, 730:] ** 2)) < 0.001


def test_a_network_without_statics_does_not_see_them():
    cells = sites_of(12, 900)
    blind = train.trained(cells, NONE, targets_of(cells)[0], 1, 0, replace(NETWORK, statics=False, least_updates=3))
    other = replace(cells, statics=cells.statics[:, ::-1].copy())
    a, b = (simulated([blind], each, NONE, "state", 365)[0] for each in (cells, other))
    assert_array_equal(a, b)


def test_no_cell_left_is_one_sentence():
    cells = sites_of(12, 900)
    with pytest.raises(InputError, match="No cell is left"):
        lesson(cells.forcing, cells.statics * np.nan, targets_of(cells)[0], 0.1, True)


@pytest.mark.parametrize("scheme", ["random", "space", "time", "both", "network"])
def test_every_cell_and_day_judges_once_and_nothing_near_teaches(scheme):
    cells = sites_of(40, 900)
    split = SplitSpec(scheme, 3, 2.0, 1.0, seed=1)
    networks = [f"N{cell % 5}" for cell in range(40)]
    judged = np.zeros((40, 900), int)
    for fold in range(3):
        held, days, shut = left_out(split, fold, cells.place, networks, cells.days)
        judged += held[:, None] & days
        if scheme == "time":
            assert held.all() and not shut.any() and 0 < days.sum() < 900
            continue
        assert (shut >= held).all() and not shut.all() and held.any()
        if scheme in ("space", "both"):
            lat, lon = cells.place
            apart = distance((lat[held], lon[held]), (lat[~shut], lon[~shut]))
            assert apart.min() >= 1.0
        if scheme == "network":
            assert not {networks[i] for i in np.flatnonzero(held)} & {networks[i] for i in np.flatnonzero(~held)}
    assert judged.max() == 1 and (judged.all() or scheme == "both")
