"""Flags, worked by hand."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from rssm.product.formats.layers import Codes, layers_with
from rssm.product.values.flags import Flag, encode, has, meanings


def test_each_flag_has_the_bit_of_its_place_in_the_published_list():
    published = (
        "snow_ice_observed snow_ice_inferred rainforest gap_filled fallback_network extrapolated_inputs"
        " outside_smap_range boundary_blended water_above_5_percent no_network in_training_period mean_of_two_networks"
        " no_skill matched_only chain_only"
    )
    flags = next(layer for layer in layers_with(Codes((), (), 0)) if layer.name == "flags")
    assert [word for _, word in flags.bits] == published.split()
    assert [bit for bit, _ in flags.bits] == [2**place for place in range(15)]
    assert flags.stored_dtype("int16") == np.uint16


def test_layers_are_packed_into_bits():
    flags = encode(rainforest=[True, True, False], gap_filled=[False, True, False])
    assert flags.dtype == np.uint16
    assert_array_equal(flags, [4, 12, 0])
    assert_array_equal(has(flags, Flag.GAP_FILLED), [False, True, False])
    assert_array_equal(has(flags, Flag.GAP_FILLED | Flag.RAINFOREST), [False, True, False])
    assert meanings(flags[1]) == ["rainforest", "gap_filled"]
    assert meanings(0) == []


def test_layers_of_less_dimensions_are_broadcast():
    flags = encode(in_training_period=True, rainforest=np.array([[True], [False]]), no_network=np.array([False, True]))
    assert_array_equal(flags, [[1028, 1540], [1024, 1536]])


def test_a_flag_that_is_not_in_the_table_is_refused():
    with pytest.raises(KeyError):
        encode(snow=True)
