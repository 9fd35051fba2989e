"""The joint fit of a zone: what was put in comes out, and no poor input breaks it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from rssm.fusion.joint import ANCHOR, joint
from rssm.fusion.looks import learn, look_at
from rssm.fusion.model import Joint, Status, applied, design, scales

PIXELS, STEPS = 40, 240
NO_KIN = np.zeros((9, 9), bool)


class Zone:
    """A zone whose truth follows a factor and weather; products are made to order."""

    def __init__(self, seed: int = 1, pixels: int = PIXELS) -> None:
        self.draw = np.random.default_rng(seed)
        self.factor = np.sin(np.arange(STEPS) / 36 * 2 * np.pi) + 0.3 * self.draw.normal(size=(pixels, 1))
        weather = 0.05 * self.draw.normal(size=STEPS) + 0.02 * self.draw.normal(size=(pixels, STEPS))
        self.truth = 0.25 + 0.04 * self.factor + weather
        self.target = self.truth + ANCHOR * self.draw.normal(size=self.truth.shape)
        self.target[:, :140] = np.nan

    def product(self, gain: object = 1.0, error: float = 0.03, bias: float = 0.0, first: int = 0, last: int = STEPS):  # type: ignore[no-untyped-def]
        values = 0.05 + gain * self.truth + bias * self.factor + error * self.draw.normal(size=self.truth.shape)
        values[:, :first], values[:, last:] = np.nan, np.nan
        values[self.draw.random(values.shape) < 0.3] = np.nan
        return values

    def error(self, found: Joint, part: slice = slice(0, 140)) -> float:
        return float(np.sqrt(np.mean((found.value - self.truth)[:, part] ** 2)))


def test_gains_biases_and_errors_that_were_put_in_come_out() -> None:
    zone = Zone()
    products = [zone.product(0.6, 0.02, 0.05), zone.product(1.2, 0.05, -0.03), zone.product(0.9, 0.03, last=180)]
    found = joint(zone.target, products, [zone.factor], NO_KIN[:3, :3])
    assert_array_equal(found.model.status, [Status.ATTACHED] * 3)
    assert found.model.target == Status.ATTACHED
    assert_allclose(found.model.gain, [0.6, 1.2, 0.9], rtol=0.1)
    assert_allclose(found.model.error, [0.02, 0.05, 0.03], rtol=0.15)
    assert_allclose(found.model.shared, np.eye(3))
    assert zone.error(found) < 0.025  # of products, set right, 0.033, 0.042 and 0.033
    inside = abs(found.value - zone.truth) < np.sqrt(found.variance)
    assert 0.6 < inside[:, :140].mean() < 0.75
    assert found.looks.max() == 3  # the target is not counted


def test_a_product_that_never_met_the_target_is_joined_through_one_that_did() -> None:
    zone = Zone()
    early, bridge = zone.product(0.7, 0.02, 0.06, last=130), zone.product(1.0, 0.04)
    found = joint(zone.target, [early, bridge], [zone.factor], NO_KIN[:2, :2])
    assert_array_equal(found.model.status, [Status.ATTACHED] * 2)
    assert_allclose(found.model.gain[0], 0.7, rtol=0.15)
    alone = joint(zone.target, [bridge], [zone.factor], NO_KIN[:1, :1])
    assert zone.error(found, slice(0, 130)) < 0.9 * zone.error(alone, slice(0, 130))


def test_pixels_have_gains_of_their_own_where_they_show_them() -> None:
    """A zone of two halves does nearly as well as each half would alone, and better than with one gain for all."""
    zone = Zone()
    half = np.arange(PIXELS) < PIXELS // 2
    product = zone.product(np.where(half, 0.3, 0.9)[:, None], 0.02)
    whole = joint(zone.target, [product], [zone.factor], NO_KIN[:1, :1])
    alone = np.empty_like(whole.value)
    for part in (half, ~half):
        alone[part] = joint(zone.target[part], [product[part]], [zone.factor[part]], NO_KIN[:1, :1]).value
    errors = [np.sqrt(np.mean((value - zone.truth)[:, :140] ** 2)) for value in (whole.value, alone)]
    assert errors[0] < 1.06 * errors[1]


def test_gains_of_pixels_are_learnt_from_many_points_and_drawn_to_the_zone_with_few() -> None:
    draw = np.random.default_rng(2)
    x = 0.25 + 0.06 * draw.normal(size=(PIXELS, STEPS))
    own = np.where(np.arange(PIXELS) < PIXELS // 2, 0.4, 0.8)
    product = own[:, None] * x + 0.03 * draw.normal(size=x.shape)
    product[0, 3:] = np.nan
    look = look_at(product, np.ones((x.size, 1)))
    found = learn(look, x.ravel(), np.zeros(x.size), 0.06, 0.03**2)
    assert_allclose(found.gain[1:], own[1:], atol=0.12)
    assert abs(found.gain[0] - found.zone_gain) < 0.05 < abs(found.gain[1:] - found.zone_gain).min()
    assert_allclose(found.zone_gain, 0.6, atol=0.05)


def test_gains_are_right_when_x_was_made_of_the_look_itself() -> None:
    """x is here what a Gaussian prior makes of one look; then sums over x² lack its variance, or gains come out high."""
    draw = np.random.default_rng(4)
    gain, error, spread = 0.5, 0.04, 0.06
    x = spread * draw.normal(size=(PIXELS, 4 * STEPS))
    seen = gain * x + error * draw.normal(size=x.shape)
    variance = 1 / (1 / spread**2 + gain**2 / error**2)
    mean = variance * gain / error**2 * seen
    found = learn(look_at(seen, np.ones((x.size, 1))), mean.ravel(), np.full(x.size, variance), spread, error**2)
    assert_allclose([found.zone_gain, found.gain.mean(), found.error], [gain, gain, error], rtol=0.04)


def test_errors_that_relatives_share_are_found_and_not_counted_twice() -> None:
    zone = Zone()
    common = 0.04 * zone.draw.normal(size=zone.truth.shape)
    products = [zone.truth + common + 0.01 * zone.draw.normal(size=common.shape) for _ in range(2)]
    products += [zone.product(1.0, 0.02), zone.product(1.0, 0.02)]
    kin = np.zeros((4, 4), bool)
    kin[:2, :2] = True
    aware, unaware = (joint(zone.target, products, [zone.factor], k) for k in (kin, NO_KIN[:4, :4]))
    assert (
        aware.model.shared[0, 1] > 0.2 and aware.model.shared[0, 2] == 0
    )  # it is 0.94; what both share, x follows in part
    assert zone.error(aware) < zone.error(unaware)
    assert aware.variance[:, :140].mean() > unaware.variance[:, :140].mean()


def test_where_nothing_is_seen_the_prior_speaks_less_surely() -> None:
    zone = Zone()
    product = zone.product(1.0, 0.02, first=60)
    found = joint(zone.target, [product], [zone.factor], NO_KIN[:1, :1])
    assert (found.looks[:, :60] == 0).all() and np.isfinite(found.value).all()
    assert found.variance[:, :60].mean() > 2 * found.variance[:, 60:140].mean()
    assert np.corrcoef(found.value[:, :60].mean(axis=0), zone.factor[:, :60].mean(axis=0))[0, 1] > 0.95


def test_poor_looks_are_left_out_by_name_and_the_others_go_on() -> None:
    zone = Zone()
    good = zone.product()
    absent, few, constant, apart = np.full((4, PIXELS, STEPS), np.nan)
    few[0, 150:170] = 0.2
    constant[:] = 0.3
    apart[:, :130] = zone.truth[:, :130]
    found = joint(zone.target, [absent, few, constant, apart, good], [zone.factor], NO_KIN[:5, :5])
    assert_array_equal(
        found.model.status, [Status.ABSENT, Status.FEW, Status.CONSTANT, Status.ATTACHED, Status.ATTACHED]
    )
    assert np.isnan(found.model.gain[:3]).all() and np.isfinite(found.model.gain[3:]).all()
    lonely = joint(zone.target, [apart], [zone.factor], NO_KIN[:1, :1])
    assert_array_equal(lonely.model.status, [Status.APART])
    nothing = joint(zone.target, [], [zone.factor], NO_KIN[:0, :0])
    assert_array_equal(lonely.value, nothing.value)


@pytest.mark.parametrize("kind", ["absent", "few", "constant"])
def test_without_a_target_there_is_no_estimate(kind: str) -> None:
    zone = Zone()
    target = np.full_like(zone.target, np.nan if kind != "constant" else 0.2)
    if kind == "few":
        target[:, 150:155] = zone.truth[:, 150:155]
    found = joint(target, [zone.product()], [zone.factor], NO_KIN[:1, :1])
    assert found.model.target == Status[kind.upper()]
    assert found.model.status[0] == Status.APART and not found.model.attached
    assert np.isnan(found.value).all() and np.isnan(found.model.gain).all() and (found.looks == 0).all()


def test_without_factors_or_with_poor_ones_or_with_one_pixel_it_still_runs() -> None:
    zone = Zone()
    product, gappy = zone.product(), zone.factor.copy()
    gappy[5:9] = np.nan
    poor = [np.full_like(gappy, np.nan), np.full_like(gappy, 3.0), gappy]
    columns = design(poor, scales(poor), gappy.shape)
    assert_array_equal(columns.any(axis=0), [True, False, False, True])  # 1, and the one that says something
    for factors in ([], poor):
        found = joint(zone.target, [product], factors, NO_KIN[:1, :1])
        assert zone.error(found) < 0.045
    single = Zone(pixels=1)
    found = joint(single.target, [single.product(0.7)], [single.factor], NO_KIN[:1, :1])
    assert found.model.status[0] == Status.ATTACHED and np.isfinite(found.value).all()


def test_in_a_desert_the_target_is_believed_though_it_hardly_moves() -> None:
    """Its error is thought no larger than half of its spread, or else nothing in the zone would move."""
    zone = Zone()
    small, product = (0.05 + 0.1 * values for values in (zone.target, zone.product(1.0, 0.03)))
    found = joint(small, [product], [], NO_KIN[:1, :1])
    assert found.value[:, 140:].std() > 0.7 * 0.1 * zone.truth[:, 140:].std()


def test_the_same_looks_give_the_same_bits() -> None:
    zone = Zone()
    given = (zone.target, [zone.product(0.6), zone.product(1.1)], [zone.factor], np.ones((2, 2), bool))
    one, other = joint(*given), joint(*given)
    assert_array_equal(one.value, other.value)
    assert_array_equal(one.variance, other.variance)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 4), st.integers(0, 3), st.floats(0.02, 1), st.floats(1e-4, 1e3))
def test_whatever_is_put_in_the_outcome_is_finite(seed: int, n: int, factors: int, share: float, size: float) -> None:
    """Products of any size, without any signal, with any gaps."""
    draw = np.random.default_rng(seed)
    target, *products = draw.normal(size=(n + 1, 6, 50)) * np.append(0.1, np.full(n, size))[:, None, None]
    for values in products:
        values[draw.random(values.shape) > share] = np.nan
    given_factors = [size * draw.normal(size=(6, 50)) for _ in range(factors)]
    found = joint(target, products, given_factors, np.ones((n, n), bool))
    attached = found.model.status == Status.ATTACHED
    assert np.isfinite(found.value).all() and (found.variance > 0).all() and np.isfinite(found.variance).all()
    assert np.isfinite(found.model.gain[attached]).all() and (found.model.error[attached] > 0).all()
    assert (abs(found.model.correlation[attached]) <= 1).all()


def _learnt_and_given() -> tuple[Joint, list]:  # type: ignore[type-arg]
    zone = Zone()
    common = 0.04 * zone.draw.normal(size=zone.truth.shape)
    products = [zone.product(0.7, 0.01) + common, zone.product(0.9, 0.01) + common, zone.product(1.0, last=150)]
    products += [np.full_like(zone.truth, np.nan)]
    given = [zone.target, products, [zone.factor, np.full_like(zone.factor, 3.0)]]
    return joint(*given, np.ones((4, 4), bool)), given  # type: ignore[arg-type]


def test_what_was_learnt_gives_the_same_bits_of_the_same_looks() -> None:
    found, (target, products, factors) = _learnt_and_given()
    assert found.model.shared[0, 1] > 0.2 and found.model.status[3] == Status.ABSENT
    again = applied(found.model, target, products, factors, target.shape)
    for name in ("value", "variance", "looks"):
        assert_array_equal(getattr(again, name), getattr(found, name), err_msg=name)


def test_a_step_has_the_same_bits_whichever_steps_are_beside_it_and_needs_no_target() -> None:
    found, (target, products, factors) = _learnt_and_given()
    for part in (slice(20, 137), slice(138, 139)):  # of an extension, and one step alone
        cut = [[values[:, part] for values in series] for series in (products, factors)]
        later = applied(found.model, None, *cut, target[:, part].shape)
        for name in ("value", "variance", "looks"):
            assert_array_equal(getattr(later, name), getattr(found, name)[:, part], err_msg=name)
    seen = slice(150, 170)
    cut = [[values[:, seen] for values in series] for series in (products, factors)]
    without = applied(found.model, None, *cut, target[:, seen].shape)
    assert (without.variance > found.variance[:, seen]).all()  # there the target had its share


def test_without_a_target_nothing_is_known_later_either() -> None:
    zone = Zone()
    found = joint(np.full_like(zone.target, np.nan), [zone.product()], [zone.factor], NO_KIN[:1, :1])
    assert np.isnan(applied(found.model, zone.target, [zone.product()], [zone.factor], zone.target.shape).value).all()
