"""Decoding and screening: by hand, and against the formula written out."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rssm.archive.bad_file import BadFile, bad_file
from rssm.archive.fields import spread
from rssm.archive.listing import Found
from rssm.archive.readers.decode import Packing, Stored, is_missing, passes, screen
from rssm.config.catalogue import Product, Test
from rssm.errors import InputError

FOUND = Found("/archive/x_20150401.nc", date(2015, 4, 1), date(2015, 4, 1), {}, 1, 1)
NO_PACKING = Packing(1.0, 0.0, ())


def product(**changes: Any) -> Product:
    fields: dict[str, Any] = {
        "id": "X",
        "title": "a product",
        "kind": "soil_moisture",
        "sensor": "S",
        "algorithm": "A",
        "reader": "cf",
        "files": "x_{date:%Y%m%d}.nc",
        "variables": {"value": "sm", "error": "e", "flag": "f"},
        "units": "m3 m-3",
        "valid_range": [0, 1],
        "span": ["2015D10", None],
        "step": "day",
        "native_grid": "latlon_0.25",
        "version": "1",
        "licence": "free",
        "cite": "nobody",
    }
    return Product.model_validate(fields | changes)


def screened(entry: Product, numbers: Any, attributes: dict[str, Any] | None = None, **others: Any) -> Any:
    variables = {"value": Stored("sm", np.atleast_2d(numbers), attributes or {})}
    variables |= {role: Stored(role, np.atleast_2d(given), {}) for role, given in others.items()}
    try:
        cells, notes = screen(entry, variables, strict=False)
    except BadFile as bad:
        raise bad_file(entry, FOUND, *bad.args) from None
    error = None if cells.errors is None else spread(cells.there, cells.errors)
    return spread(cells.there, cells.numbers), error, notes


def test_saturation_in_half_per_cents_by_hand() -> None:
    entry = product(scale={"value": 0.5}, multiply=0.01, fill=[255], variables={"value": "swi"})
    values, error, notes = screened(entry, np.array([0, 1, 200, 201, 251, 255], "u1"))
    np.testing.assert_allclose(values, [[0, 0.005, 1, np.nan, np.nan, np.nan]], atol=1e-6)
    assert error is None and notes == {"valid": 3, "screened": 0, "out_of_range": 2, "missing": 1}


def test_scale_and_offset_of_the_file_under_any_of_its_names() -> None:
    for scale, offset in (("scale_factor", "add_offset"), ("Slope", "Intercept"), ("SCALE FACTOR", "OFFSET")):
        values, _, _ = screened(product(), np.array([10, 20], "i2"), {scale: np.array([0.01]), offset: np.float32(0.1)})
        np.testing.assert_allclose(values, [[0.2, 0.3]], rtol=1e-6)


def test_whole_numbers_need_a_scale_from_somewhere_and_an_offset_is_zero_unless_stated() -> None:
    for stated in ({}, {"add_offset": 0.0}):
        with pytest.raises(InputError, match="without scale"):
            screened(product(), np.array([0, 1], "i2"), stated)
    values, _, _ = screened(product(), np.array([0, 1], "i2"), {"scale_factor": 0.5})  # many CF files say no offset
    assert values.tolist() == [[0.0, 0.5]]
    values, _, _ = screened(product(scale={"value": 1}), np.array([0, 1], "i2"))
    assert values.tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize("given_scale", [0.02, 0.0, np.nan, np.inf])
def test_a_scale_that_contradicts_the_catalogue_or_is_none_is_refused(given_scale: float) -> None:
    for entry in (product(scale={"value": 0.01}), product()):
        if given_scale == 0.02 and not entry.scale:
            continue
        with pytest.raises(InputError, match=r"x_20150401\.nc gives 'sm' the scale"):
            screened(entry, np.array([10], "i2"), {"scale_factor": given_scale, "add_offset": 0})


def test_a_fill_that_is_a_text_or_does_not_fit_the_type_is_none() -> None:
    assert not is_missing(np.array([0, 255], "u1"), (2550.0, -9999.0, 0.5)).any()
    values, _, notes = screened(
        product(scale={"value": 0.1}, fill=[255]), np.array([5, 255], "u1"), {"_FillValue": "NA\0"}
    )
    assert notes["missing"] == 1 and values[0, 0] == np.float32(0.5)


def test_codes_are_looked_up_and_others_are_missing() -> None:
    entry = product(codes={0: 0, 1: 1, 2: 0.5}, kind="mask", units="1", variables={"value": "ft"})
    values, _, notes = screened(entry, np.array([0, 1, 2, 252, 255], "u1"))
    np.testing.assert_array_equal(values, [[0, 1, 0.5, np.nan, np.nan]])
    assert notes["out_of_range"] == 2


def kept_by(test: Test, numbers: Any, packed: Packing) -> Any:
    return passes(test, "it", {"it": numbers}, {"it": packed})


BITS = np.array([0, 1, 2, 3, 4, 7, 65534], "u2")


@pytest.mark.parametrize(
    ("test", "kept"),
    [
        ({"without": [1]}, [0, 2, 4]),
        ({"without": [1, 2]}, [0, 4]),
        ({"having": [1]}, [1, 3, 7]),
        ({"having": [1], "without": [2]}, [1]),
        ({"one_of": [2, 4]}, [2, 4]),
        ({"none_of": [2, 4]}, [0, 1, 3, 7]),
        ({"at_least": 3}, [3, 4, 7]),
        ({"at_most": 3, "at_least": 1}, [1, 2, 3]),
        ({"without": [1], "missing": "keep"}, [0, 2, 4, 65534]),
    ],
)
def test_a_test_of_quality_keeps_what_it_says(test: dict[str, Any], kept: list[int]) -> None:
    keep = kept_by(Test.model_validate(test), BITS, Packing(1.0, 0.0, (65534.0,)))
    assert BITS[keep].tolist() == kept


def test_thresholds_are_in_the_variables_own_unit() -> None:
    numbers = np.array([70, 80, 90], "i2")
    assert kept_by(Test(at_most=8), numbers, Packing(0.1, 0.0, ())).tolist() == [True, True, False]
    assert kept_by(Test(at_least=-1), numbers, Packing(0.1, -9.0, ())).tolist() == [False, True, True]


def test_bits_of_numbers_stored_as_floats_are_tested_too() -> None:
    assert kept_by(Test(without=[1]), np.array([0.0, 1.0, 2.0, np.nan]), NO_PACKING).tolist() == [
        True,
        False,
        True,
        False,
    ]


def test_a_test_gives_way_where_other_variables_say_so() -> None:
    frozen = Test.model_validate({"without": [128], "unless": {"quality": {"having": [8]}}})
    surface, quality = np.array([0, 128, 128, 129, 128], "u2"), np.array([0, 0, 8, 15, 65534], "u2")
    numbers = {"surface": surface, "quality": quality}
    packed = {"surface": NO_PACKING, "quality": Packing(1.0, 0.0, (65534.0,))}  # unknown quality excuses nothing
    assert passes(frozen, "surface", numbers, packed).tolist() == [True, False, True, True, False]


def test_several_tests_of_one_variable_must_all_pass() -> None:
    rule = [{"without": [1]}, {"without": [2], "unless": {"error": {"at_least": 5}}}]
    entry = product(keep={"flag": rule})
    assert entry.tested() == ["flag", "error"]
    values, _, _ = screened(
        entry, np.array([[0.1, 0.2, 0.3, 0.4]]), flag=np.array([[0, 1, 2, 2]], "u1"), error=np.array([[0.0, 9, 9, 1]])
    )
    np.testing.assert_allclose(values, [[0.1, np.nan, 0.3, np.nan]], rtol=1e-6)


def test_an_error_is_there_only_with_a_value_and_is_never_negative() -> None:
    entry = product(scale={"value": 0.01, "error": 0.001}, fill=[-1], keep={"flag": {"one_of": [0]}})
    values, error, notes = screened(
        entry,
        np.array([[10, 20, 30, -1]], "i2"),
        flag=np.array([[0, 1, 0, 0]], "u1"),
        error=np.array([[5, 5, -9, 5]], "i2"),
    )
    np.testing.assert_allclose(values, [[0.1, np.nan, 0.3, np.nan]], rtol=1e-6)
    np.testing.assert_allclose(error, [[0.005, np.nan, np.nan, np.nan]], rtol=1e-6)
    assert notes == {"valid": 2, "screened": 1, "out_of_range": 0, "missing": 1}


@given(
    arrays.arrays("i2", st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.integers(-40, 140)),
    st.integers(0, 2**32 - 1),
)
def test_screening_is_the_formula_whatever_the_shape(numbers: np.ndarray[Any, Any], seed: int) -> None:
    flag = np.random.default_rng(seed).integers(0, 8, numbers.shape).astype("u1")
    entry = product(
        scale={"value": 0.01}, fill=[-7], keep={"flag": {"without": [2]}}, variables={"value": "v", "flag": "f"}
    )
    values, _, notes = screened(entry, numbers, flag=flag)
    inside = (numbers >= 0) & (numbers <= 100) & (numbers != -7)
    keep = inside & (flag & 2 == 0)
    np.testing.assert_allclose(values, np.where(keep, numbers * 0.01, np.nan), rtol=1e-6)
    assert notes["valid"] == keep.sum() and notes["screened"] == (inside & ~keep).sum()
    assert notes["missing"] == (numbers == -7).sum() and sum(notes.values()) == numbers.size


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.random.default_rng(0).random((57, 31)).astype("f4") * 1.5
    whole = screened(product(variables={"value": "v"}), numbers)
    monkeypatch.setattr("rssm.archive.readers.decode.BLOCK", 64)
    blocks = screened(product(variables={"value": "v"}), numbers)
    np.testing.assert_array_equal(whole[0], blocks[0])
    assert whole[2] == blocks[2]
