"""From stored numbers to values: fill, scale, codes, quality rule and valid range, the same for every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile
from rssm.archive.fields import Cells
from rssm.archive.readers.units import check_units
from rssm.config.catalogue import Product, Test

# Names that agencies give to the same attribute.
SCALE = ("scale_factor", "SCALE FACTOR", "Slope", "scale")
OFFSET = ("add_offset", "OFFSET", "Intercept", "offset")
FILL = ("_FillValue", "missing_value", "FillValue", "fmissing_value")
UNITS = ("units", "Units", "UNIT", "unit")
# Of HDF5 files no other attribute is read.
ASKED_FOR = frozenset(
    (
        *SCALE,
        *OFFSET,
        *FILL,
        *UNITS,
        "_Unsigned",
        "sample_dimension",
        "instance_dimension",
        "NAME",
        "calendar",
        "bounds",
        "grid_mapping",
    )
)

Attributes = Mapping[str, Any]
BLOCK = 2**17  # cells decoded at a time: so many stay in the processor's cache


@dataclass(frozen=True)
class Stored:
    """One variable of a file as it is stored, box by box: numbers, and what the file says of them."""

    name: str
    numbers: NDArray[Any]
    attributes: Attributes


@dataclass(frozen=True)
class Packing:
    """How the stored numbers of one variable mean values: value = scale · number + offset, `fill` is missing."""

    scale: float
    offset: float
    fill: tuple[float, ...]


def number_of(attributes: Attributes, names: tuple[str, ...]) -> float | None:
    """The first of these attributes that is a single number; texts such as MODIS's fill `NA` are none."""
    for name in names:
        if name in attributes:
            try:
                return float(np.asarray(attributes[name]).ravel()[0])
            except (ValueError, TypeError, IndexError):
                continue
    return None


def filled(attributes: Attributes) -> tuple[float, ...]:
    """What a file says stands for missing values."""
    given = (number_of(attributes, (name,)) for name in FILL)
    return tuple(dict.fromkeys(number for number in given if number is not None))


def outside_of(product: Product, attributes: Attributes) -> float:
    """What stands for cells of the grid that a file does not hold: its fill, or the catalogue's."""
    fill = number_of(attributes, FILL)
    return fill if fill is not None else (product.fill[0] if product.fill else 0)


def packing(product: Product, role: str, stored: Stored) -> Packing:
    """Scale, offset and fill of a variable: the file's, which must agree with what the catalogue states."""
    whole_values = role == "value" and stored.numbers.dtype.kind in "iu" and not product.codes
    scale = _agreed(product, role, stored, "scale", SCALE, None if whole_values else 1.0)
    offset = _agreed(product, role, stored, "offset", OFFSET, 0.0)
    fill = (*(product.fill if role in ("value", "error") else ()), *filled(stored.attributes))
    return Packing(scale, offset, tuple(dict.fromkeys(fill)))


def _agreed(
    product: Product, role: str, stored: Stored, what: str, names: tuple[str, ...], default: float | None
) -> float:
    """The catalogue's number, the file's, or the default; the scale of whole numbers has none, for they are packed."""
    stated: float | None = getattr(product, what).get(role)
    given = number_of(stored.attributes, names)
    if given is None and stated is None and default is None:
        hint = f"State {product.id}.{what}.{role} in the catalogue if they are not packed"
        raise BadFile(f"holds whole numbers in {stored.name!r} without {what}", f"their {what}", hint)
    value = next(number for number in (stated, given, default) if number is not None)
    if not np.isfinite(value) or (what == "scale" and value == 0):
        raise BadFile(f"gives {stored.name!r} the {what} {value}", f"a {what} that is a number")
    if given is not None and not abs(given - value) <= 1e-4 * max(abs(value), 1e-9):
        expected = f"{value:g}, as the catalogue states for version {product.version}"
        raise BadFile(f"gives {stored.name!r} the {what} {given:g}", expected, check=f"{what}.{role}")
    return value


def is_missing(numbers: NDArray[Any], fill: tuple[float, ...]) -> NDArray[np.bool_]:
    """Where the numbers are fill or NaN; a fill that the type cannot hold never is."""
    kind = numbers.dtype
    parts = [numbers != numbers] if kind.kind == "f" else []  # NaN differs from itself
    for value in fill:
        if kind.kind == "f":
            parts.append(numbers == kind.type(value))
        elif np.isfinite(value) and value == int(value) and np.iinfo(kind).min <= value <= np.iinfo(kind).max:
            parts.append(numbers == kind.type(int(value)))
    return _all_of(parts, np.logical_or) if parts else np.zeros(numbers.shape, bool)


def _all_of(parts: list[NDArray[np.bool_]], join: np.ufunc) -> NDArray[np.bool_]:
    """Masks joined in the memory of the first."""
    for part in parts[1:]:
        join(parts[0], part, out=parts[0])
    return parts[0]


def passes(
    test: Test, role: str, numbers: Mapping[str, NDArray[Any]], packed: Mapping[str, Packing]
) -> NDArray[np.bool_]:
    """Where the variable of a role passes a test of quality, or others say that the test does not matter."""
    passed = _passes(test, numbers[role], packed[role])
    if test.unless:
        passed |= _all_of([passes(other, name, numbers, packed) for name, other in test.unless.items()], np.logical_and)
    return passed


def _passes(test: Test, numbers: NDArray[Any], packed: Packing) -> NDArray[np.bool_]:
    """Where numbers pass a test, as if it stood alone."""
    parts: list[NDArray[np.bool_]] = []
    if test.without or test.having:
        bits = numbers if numbers.dtype.kind in "iu" else np.nan_to_num(numbers, nan=-1).astype(np.int64)
        without, having = bits.dtype.type(sum(test.without)), bits.dtype.type(sum(test.having))
        parts.append((bits & (without | having)) == having)
    if test.one_of:
        parts.append(np.isin(numbers, test.one_of))
    if test.none_of:
        parts.append(~np.isin(numbers, test.none_of))
    if test.at_least is not None:
        parts.append(numbers >= (test.at_least - packed.offset) / packed.scale)
    if test.at_most is not None:
        parts.append(numbers <= (test.at_most - packed.offset) / packed.scale)
    if packed.fill or numbers.dtype.kind == "f":
        missing = is_missing(numbers, packed.fill)
        if test.missing == "keep":
            return _all_of(parts, np.logical_and) | missing
        parts.append(~missing)
    return _all_of(parts, np.logical_and)


def text_of(value: Any) -> str:
    """An attribute as text, without the padding that files put around it."""
    if isinstance(value, np.ndarray):
        value = value.ravel()[0] if value.size else ""
    return (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)).strip("\0 ")


def screen(product: Product, variables: Mapping[str, Stored], strict: bool) -> tuple[Cells, dict[str, int]]:
    """(cells, notes) of one overpass: decoded, screened by the quality rule, out of range left out.

    variables   role → stored numbers, all of one shape; `value`, what the rule tests, and `error` where there is one
    """
    stored = variables["value"]
    _check_units(product, stored)
    packed = {role: packing(product, role, variable) for role, variable in variables.items()}
    rule = product.rule(strict)
    flat = {role: variable.numbers.reshape(-1) for role, variable in variables.items()}
    there = np.empty(stored.numbers.shape, bool)
    values, errors = [], []
    present = in_range = 0
    for start in range(0, there.size, BLOCK):
        block = {role: numbers[start : start + BLOCK] for role, numbers in flat.items()}
        here = there.reshape(-1)[start : start + BLOCK]
        np.logical_not(is_missing(block["value"], packed["value"].fill), out=here)
        those = {role: numbers[here] for role, numbers in block.items()}  # of a day's swaths few cells
        decoded = _decode(product, packed["value"], those["value"])
        keep = _in_range(product, decoded)
        present += keep.size
        in_range += int(np.count_nonzero(keep))
        for role, test in rule:
            keep &= passes(test, role, those, packed)
        here[here] = keep
        values.append(decoded[keep])
        if "error" in variables:
            errors.append(_decode_error(product, packed["error"], those["error"][keep]))
    numbers = np.concatenate(values)
    notes = {
        "valid": numbers.size,
        "screened": in_range - numbers.size,
        "out_of_range": present - in_range,
        "missing": there.size - present,
    }
    return Cells(there, numbers, np.concatenate(errors) if errors else None), notes


def mean_of_times(screened: list[tuple[Cells, dict[str, int]]]) -> tuple[Cells, dict[str, int]]:
    """(cells, notes) of the only time of a day, or the mean of several, which has no error of its own."""
    if len(screened) == 1:
        return screened[0]
    shape = screened[0][0].there.shape
    total, count = np.zeros(shape, np.float32), np.zeros(shape, np.int32)
    for cells, _ in screened:
        total[cells.there] += cells.numbers
        count += cells.there
    there = count > 0
    notes = {name: sum(notes[name] for _, notes in screened) for name in screened[0][1]}
    return Cells(there, (total[there] / count[there]).astype(np.float32)), notes


def _check_units(product: Product, stored: Stored) -> None:
    """Refuse values in another unit than the catalogue's."""
    said = next((text_of(stored.attributes[name]) for name in UNITS if name in stored.attributes), "")
    ours = product.scale.get("value", 1.0) != 1.0 and number_of(stored.attributes, SCALE) is None
    check_units(product, stored.name, said, packed=ours or "value" in product.offset)


def _in_range(product: Product, decoded: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where values lie in the valid range; NaN does not."""
    low, high = product.valid_range
    edge = 1e-6 * max(abs(low), abs(high))  # 200 · 0.5 · 0.01 is a little more than 1 in float32
    inside = decoded >= np.float32(low - edge)
    inside &= decoded <= np.float32(high + edge)
    return inside


def _decode(product: Product, packed: Packing, numbers: NDArray[Any]) -> NDArray[np.float32]:
    """Values of stored numbers, in the catalogue's unit; a code that it does not name is NaN."""
    if product.codes:
        out = np.full(numbers.shape, np.nan, np.float32)
        for code, value in product.codes.items():
            out[numbers == code] = value
        return out
    out = numbers.astype(np.float32)
    if (scale := packed.scale * product.multiply) != 1:
        out *= np.float32(scale)
    if packed.offset:
        out += np.float32(packed.offset * product.multiply)
    return out


def _decode_error(product: Product, packed: Packing, numbers: NDArray[Any]) -> NDArray[np.float32]:
    """The product's own error, in its unit; missing where it is no positive number."""
    out = numbers.astype(np.float32)
    out *= np.float32(packed.scale * product.multiply)
    out[is_missing(numbers, packed.fill) | (out < 0)] = np.nan
    return out
