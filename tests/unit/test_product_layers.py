"""The table of layers: what is stored is what was computed, within the stated step; codes and counts are exact."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from rssm.casm.layers import DECLARED as CASM
from rssm.layer import MISSING
from rssm.product.formats.described import described, description, layer_of, main_of
from rssm.product.formats.layers import BY_NAME, LAYERS, Codes, layers_with
from rssm.product.values.flags import Flag
from rssm.somo.layers import DECLARED as SOMO

NAMED = layers_with(Codes(["NN1-1", "NN1-2"], ["1", "2"], 3))


def test_soil_moisture_is_stored_in_steps_of_a_ten_thousandth():
    stored = BY_NAME["soil_moisture"].pack(np.array([0.2, 0.12344, 0.12346, np.nan, -0.1, 1.7], np.float32), "int16")
    assert stored.dtype == np.int16
    assert stored.tolist() == [2000, 1234, 1235, MISSING, 0, 10000]


def test_float32_stores_what_was_computed():
    values = np.array([0.123456, np.nan], np.float32)
    stored = BY_NAME["soil_moisture"].pack(values, "float32")
    assert stored.dtype == np.float32
    assert_array_equal(stored, values)


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer.real], ids=lambda layer: layer.name)
@given(data=st.data())
def test_a_real_layer_comes_back_within_its_stated_error(layer, data):
    numbers = st.floats(layer.low, layer.high, width=32) | st.just(np.float32(np.nan))
    values = data.draw(arrays(np.float32, 20, elements=numbers))
    back = layer.unpack(layer.pack(values, "int16"), "int16")
    assert_array_equal(np.isnan(back), np.isnan(values))
    assert np.nanmax(np.abs(np.float64(back) - values), initial=0) <= layer.error + 1e-7  # rounding of float32


@given(arrays(np.uint16, 30, elements=st.integers(0, 2 ** len(Flag) - 1)))
def test_flags_are_exact_also_as_the_int16_of_a_geotiff(flags):
    stored = BY_NAME["flags"].pack(flags, "int16")
    assert stored.dtype == np.uint16
    assert_array_equal(stored.astype(np.int16).astype(np.uint16), flags)


def test_no_code_can_be_taken_for_a_gap_in_a_geotiff():
    for layer in LAYERS:
        if not layer.real:
            highest = 2 ** len(Flag) - 1 if layer.name == "flags" else layer.high
            assert layer.low > MISSING and highest <= np.iinfo(np.int16).max, layer.name


def test_codes_are_named_in_the_type_of_the_layer():
    of = {layer.name: known for layer, known in described(NAMED, "int16", "day").items()}
    known = of["network_used"]
    assert known["flag_values"].dtype == np.int16 and known["flag_values"].tolist() == [0, 1, 2]
    assert known["flag_meanings"] == "none NN1-1 NN1-2"
    distance = of["fill_distance"]
    assert distance["flag_values"].tolist() == [-1, 0, 1, 2, 3]
    assert distance["flag_meanings"].split()[:2] == ["no_value", "simulated"]


def test_soil_moisture_names_all_other_layers():
    main, *others = NAMED
    assert described(NAMED, "int16", "day")[main]["ancillary_variables"].split() == [layer.name for layer in others]


@pytest.mark.parametrize("packing", ["int16", "float32"])
@pytest.mark.parametrize("layers", [NAMED, *(table.layers for table in (*CASM.tables, *SOMO.tables))])
def test_a_file_says_its_layers_again(layers, packing):
    """So that readers of a data set need to know no method."""
    known = {layer.name: own for layer, own in described(layers, packing, "day").items()}
    scaled = {layer.name: {} if layer.scale(packing) is None else {"scale_factor": 1e-4} for layer in layers}
    for layer in layers:
        said = layer_of(layer.name, layer.stored_dtype(packing), known[layer.name] | scaled[layer.name])
        comment = layer.comment and layer.comment.format(period="day")
        low, high = (said.low, said.high) if layer.codes or layer.bits else (layer.low, layer.high)
        assert said == replace(layer, comment=comment, of=(), low=low, high=high)
        assert description(known[layer.name] | {"grid_mapping": "crs"}).keys() == known[layer.name].keys()
    assert main_of(known) == (layers[0].name, layers[1].name)
