"""Laws of the flags."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from rssm.product.values.flags import Flag, encode, has, meanings

layers = st.dictionaries(st.sampled_from([flag.meaning for flag in Flag]), arrays(bool, (3, 4)))


@given(layers)
def test_what_is_encoded_is_what_is_read(conditions):
    flags = np.broadcast_to(encode(**conditions), (3, 4))
    for flag in Flag:
        expected = conditions.get(flag.meaning, np.zeros((3, 4), bool))
        assert_array_equal(has(flags, flag), expected)
    assert set(meanings(flags[0, 0])) == {name for name, layer in conditions.items() if layer[0, 0]}


@given(layers, st.randoms())
def test_the_order_of_layers_does_not_matter(conditions, random):
    names = list(conditions)
    random.shuffle(names)
    assert_array_equal(encode(**{name: conditions[name] for name in names}), encode(**conditions))
