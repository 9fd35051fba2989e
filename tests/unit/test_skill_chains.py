"""Perturbed chains: what is untouched, what is shared, and that no draw knows of tiles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from rssm.calendar import DEKADS
from rssm.cubes.cube import Cube
from rssm.networks.samples import gather
from rssm.rounds import chains
from rssm.rounds.specs import ProductError

STEPS = (2010 * 36 + np.arange(200)).astype(np.int32)


def cube(name: str, zones: int = 4) -> Cube:
    """Zeros on whole zones that stand side by side."""
    row, zone, column = np.meshgrid(np.arange(400, 410), np.arange(zones), np.arange(10), indexing="ij")
    pixel = (row * 3600 + 1800 + 10 * zone + column).transpose(1, 0, 2).ravel().astype(np.int32)
    names = tuple(f"N39E{z:03d}" for z in range(zones))
    start = (100 * np.arange(zones + 1)).astype(np.int32)
    return Cube(
        name, "m3 m-3", np.zeros((pixel.size, STEPS.size), np.float32), pixel, names, start, STEPS, "dekad", "wgs84_0.1"
    )


def part(whole: Cube, zone: int) -> Cube:
    """One zone of a cube, as a tile of its own."""
    inside = whole.zone(whole.zones[zone])
    start = np.array([0, 100], np.int32)
    chosen = {"pixel": whole.pixel[inside], "zones": (whole.zones[zone],), "zone_start": start}
    return replace(whole, values=whole.values[..., inside, :], **chosen)


def test_the_control_sees_the_product_as_it_is_and_the_others_with_an_error_of_its_size() -> None:
    seen = chains.inputs(cube("WindSat-LPRM-X"), "LPRM", 0.06, seed=1, chains=4).values
    assert_array_equal(seen[0], 0)
    assert_allclose(seen[1:].std(axis=(1, 2)), 0.06, rtol=0.15)
    assert abs(np.corrcoef(seen[1].ravel(), seen[2].ravel())[0, 1]) < 0.2


def test_products_of_one_algorithm_share_half_of_their_error() -> None:
    one, two = (chains.inputs(cube(n), "LPRM", 0.06, 1, 2).values[1].ravel() for n in ("TMI-LPRM-X", "AMSR2-LPRM-X"))
    other = chains.inputs(cube("AMSR2-JAXA"), "JAXA", 0.06, 1, 2).values[1].ravel()
    assert_allclose(np.corrcoef(one, two)[0, 1], 0.5, atol=0.15)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.15


def test_errors_of_saturation_are_turned_into_moisture_and_cubes_without_error_stay() -> None:
    swi, sand = cube("ASCAT-SWI"), cube("SAND")
    wet = chains.seen(
        [swi, sand],
        {"ASCAT-SWI": ProductError("TU Wien", 0.1, "m3 m-3"), "unknown": ProductError("A", 1.0, "m3 m-3")},
        1,
        2,
    )
    pores = chains.seen([swi, sand], {"ASCAT-SWI": ProductError("TU Wien", 0.1, "saturation")}, 1, 2)
    assert list(wet) == ["ASCAT-SWI", "SAND"]
    assert wet["SAND"] is sand
    assert_allclose(pores["ASCAT-SWI"].values[1], 0.45 * wet["ASCAT-SWI"].values[1], rtol=1e-5)


def test_some_dekads_of_a_monthly_cube_are_its_months_repeated() -> None:
    monthly = replace(cube("LAI"), values=np.arange(800, dtype=np.float32).reshape(400, 2), calendar_id="month")
    monthly = replace(monthly, step=np.array([2010 * 12, 2010 * 12 + 1], np.int32))
    some = chains.during(monthly, np.array([2010 * 36 + 2, 2010 * 36 + 3]))
    assert_array_equal(some.values[0], [0, 1])
    assert some.calendar_id == "dekad"


@given(
    zone=st.integers(0, 3),
    teaching=st.sets(st.integers(0, 199), min_size=2, max_size=12).map(sorted),
    dekads=st.integers(1, 200),
)
def test_what_a_chain_learns_from_depends_on_no_other_zone_or_dekad(
    zone: int, teaching: list[int], dekads: int
) -> None:
    errors = {"TMI-LPRM-X": ProductError("LPRM", 0.06, "m3 m-3")}
    outside, earlier = STEPS[teaching[::2]], STEPS[teaching[1::2]]
    tmi, smap, sim = cube("TMI-LPRM-X"), cube("SMAP_E"), cube("SIM-1T")
    sim = replace(sim, values=np.zeros((3, *sim.values.shape), np.float32))
    targets = [(smap, outside.astype(np.int64)), (sim, earlier.astype(np.int64))]
    (own,), taught = chains.lessons([part(tmi, zone)], [(part(c, zone), t) for c, t in targets], errors, 1, 3)
    whole = part(chains.seen([tmi], errors, 1, 3)["TMI-LPRM-X"], zone)
    assert_array_equal(own.values, whole.at(STEPS[teaching], DEKADS))
    assert_array_equal(taught[0][0].values, part(chains.target(smap, 1, 3), zone).at(outside, DEKADS))
    assert_array_equal(taught[1][0].values, 0)  # it carries the error of its round already
    first = chains.during(tmi, STEPS[:dekads])
    assert_array_equal(part(chains.seen([first], errors, 1, 3)["TMI-LPRM-X"], zone).values, whole.values[..., :dekads])


def test_inputs_come_chain_by_chain_where_any_differs_and_once_where_none_does() -> None:
    shared, own = np.array([1, 2], np.float32), np.array([[3, 4], [5, 6], [7, 8]], np.float32)
    assert_array_equal(chains.by_chain([shared, shared]), [[1, 2], [1, 2]])
    assert_array_equal(list(chains.by_chain([shared, own])), [[[1, 2], [3, 4]], [[1, 2], [5, 6]], [[1, 2], [7, 8]]])


def test_a_draw_does_not_know_of_tiles() -> None:
    whole = cube("SIM-1T")
    for perturbed in (
        lambda c: chains.inputs(c, "LPRM", 0.06, 1, 3),
        lambda c: chains.target(c, 1, 3),
        lambda c: replace(
            c, values=chains.passed_on(np.zeros((3, *c.values.shape), np.float32), c.values + 1e-3, c, 1)
        ),
    ):
        assert_array_equal(perturbed(part(whole, 2)).values, part(perturbed(whole), 2).values)


def test_what_is_passed_on_carries_the_held_out_error_and_the_control_none() -> None:
    some = cube("SIM-2T")
    mse = np.full(some.values.shape, 0.03**2, np.float32)
    mse[:50] = np.nan
    noisy = chains.passed_on(np.zeros((3, *some.values.shape), np.float32), mse, some, 1)
    assert_array_equal(noisy[0], 0)
    assert_array_equal(noisy[1, :50], 0)
    assert_allclose(noisy[1:, 50:].std(), 0.03, rtol=0.2)


def test_points_are_drawn_once_on_average_and_always_by_the_control() -> None:
    some = cube("ASCAT-SWI")
    samples = gather([some], [(some, STEPS.astype(np.int64))])
    weights = chains.weights(samples, "NN1-1-8", 1, 3, footprint=3, block_dekads=12)
    assert_array_equal(weights[0], 1)
    assert_allclose(weights[1:].mean(axis=1), 1, atol=0.1)
    block = (samples.row // 3 == 134) & (samples.column // 3 == 601) & (samples.dekad // 12 == STEPS[40] // 12)
    assert len(np.unique(weights[1, block])) == 1


def test_points_find_their_own_values_in_each_chain() -> None:
    some = cube("ASCAT-SWI")
    numbered = replace(some, values=np.arange(some.values.size, dtype=np.float32).reshape(some.values.shape))
    samples = gather([numbered], [(numbered, STEPS[5:9].astype(np.int64))])
    chained = replace(numbered, values=np.stack([numbered.values, -numbered.values]))
    x = chains.sampled(samples, [chained, numbered])
    assert x.shape == (2, 2, samples.dekad.size)
    assert_array_equal(x[0, 0], samples.x[0])
    assert_array_equal(x[1, 0], -samples.x[0])
    assert_array_equal(x[1, 1], samples.x[0])
