"""Which array of a file holds the values, which their errors and flags; what flags mean, and which numbers are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rssm.archive.draft.contents import Contents, Seen
from rssm.archive.readers.decode import SCALE, number_of, text_of
from rssm.errors import InputError, suggestion

_MOISTURE = re.compile(
    r"soil.?moist|soilmoi|soil.?water|volumetric.?(soil|water)|water.?content|swvl|(^|_)(sm|ssm|vsm)(_|$|\d)|(^|_)swi|smsurf",
    re.I,
)
_ERROR = re.compile(r"err(or)?(_|$)|uncert|noise|std|dqx|stddev", re.I)
_FLAG = re.compile(r"flag|qual|(^|[_ ])(qc|ssf|mask|state|mode|sensor|dir|status)([_ ]|$)|reliability", re.I)
_NO_VALUE = re.compile(
    r"^(lat|lon|latitude|longitude|x|y|time|t0|alt|crs|cell|gpi|location_id|nobs|am_pm)$|bnds|bounds|centroid|(row|column)_?index|(^|_)time(_|$)|^lat|^lon|angle|angl$|Acq",
    re.I,
)
SHARE = 0.1  # of the largest array: what is smaller is no field of the product
_SATURATED = re.compile(r"saturation|swi|(^|_)ssm|water.?index|relative|degree", re.I)
_LAYER = re.compile(r"(\d+)\D{1,4}(\d+) ?cm", re.I)
LISTED = 12  # meanings of one flag that are shown


@dataclass(frozen=True)
class Roles:
    """The arrays of a product.

    values   candidates for the value, likeliest first
    flags    arrays that may tell good values from bad
    """

    value: Seen
    values: tuple[Seen, ...]
    error: Seen | None
    flags: tuple[Seen, ...]

    @property
    def is_moisture(self) -> bool:
        return is_moisture(self.value)


def roles_of(held: Contents, wanted: str = "") -> Roles:
    """The arrays of a file by their names and sizes; `wanted` names the value."""
    arrays = {array.path: array for array in held.arrays}
    if not arrays:
        raise InputError(f"{held.path}: holds no array of numbers.")
    if wanted and wanted not in arrays:
        raise InputError(f"{held.path}: has no variable {wanted!r}. {suggestion(wanted, arrays)}")
    fields = [array for array in held.arrays if not _NO_VALUE.search(array.name)] or list(held.arrays)
    largest = max(array.size for array in fields)
    fields = [array for array in fields if array.size >= SHARE * largest and array.shape]
    values = sorted((array for array in fields if not _beside(array)), key=_rank) or fields
    value = arrays[wanted] if wanted else values[0]
    alike = [array for array in fields if array.shape == value.shape and array.path != value.path]
    errors = sorted((array for array in alike if _ERROR.search(array.name)), key=lambda array: _distance(array, value))
    flags = [array for array in alike if _is_flag(array) and array not in errors]
    error = next((array for array in errors if _distance(array, value) < len(array.name)), None)
    return Roles(value, tuple(values), error, tuple(flags))


def is_moisture(array: Seen) -> bool:
    """Whether names say that an array is soil moisture."""
    return bool(_MOISTURE.search(array.name) or _MOISTURE.search(array.words))


def is_saturated(array: Seen) -> bool:
    """Whether per cent are those of saturation, by the names."""
    return bool(_SATURATED.search(f"{array.name} {array.words} {array.units}"))


def layer_depth(array: Seen) -> float | None:
    """Thickness (m) of the layer that a name gives as 0_10cm; None where it gives none."""
    found = _LAYER.search(f"{array.name} {array.words}")
    return (int(found[2]) - int(found[1])) / 100 if found and int(found[2]) > int(found[1]) else None


def _beside(array: Seen) -> bool:
    """Whether an array says something of a value rather than being one."""
    return bool(_ERROR.search(array.name) or _is_flag(array)) or " since " in array.units


def _is_flag(array: Seen) -> bool:
    if _FLAG.search(array.name):
        return True
    says = "flag_meanings" in array.attributes or "flag_masks" in array.attributes
    return says and array.kind in ("i", "u") and number_of(array.attributes, SCALE) is None


def _rank(array: Seen) -> tuple[bool, bool, int, str]:
    """Soil moisture by its own name before that by its description, short names before long ones."""
    by_name, by_words = _MOISTURE.search(array.name), _MOISTURE.search(array.words)
    if not (by_name or by_words):
        return True, True, 0, ""  # as they stand in the file
    return not by_name, not by_words, len(array.name), array.name


def _distance(array: Seen, value: Seen) -> int:
    """How much longer a name is than the part that it shares with that of the value; its whole length if it shares none."""
    stem = value.name if value.name in array.name else next(iter(re.split(r"[_ ]", value.name)), "")
    return len(array.name) - len(stem) * (stem in array.name)


def meanings(array: Seen) -> Iterator[str]:
    """`code meaning` of each code, or `bit meaning`, as far as the file tells."""
    about = array.attributes
    names = re.split(r"[\s,]+", text_of(about.get("flag_meanings", "")).strip()) if "flag_meanings" in about else []
    bits = "flag_masks" in about
    codes = _numbers(about.get("flag_masks" if bits else "flag_values"))
    for number, (code, name) in enumerate(zip(codes, names, strict=False)):
        if number == LISTED:
            yield f"… {len(codes) - LISTED} more"
            return
        yield f"{'bit ' if bits else ''}{code:g} {name}"
    if not codes and "Legend" in about:
        yield " ".join(text_of(about["Legend"]).split())[:400]


def is_bits(array: Seen) -> bool:
    """Whether an array holds bits rather than codes."""
    return "flag_masks" in array.attributes


def codes_beyond(array: Seen) -> list[tuple[float, str]]:
    """Codes of a value that lie outside the range of its numbers, and what they mean: they are no values."""
    limits = limits_of(array)
    names = re.split(r"[\s,]+", text_of(array.attributes.get("flag_meanings", "")).strip())
    codes = _numbers(array.attributes.get("flag_values"))
    if limits is None:
        return []
    names += [""] * len(codes)
    return [(code, name) for code, name in zip(codes, names, strict=False) if not limits[0] <= code <= limits[1]]


def limits_of(array: Seen) -> tuple[float, float] | None:
    """Smallest and largest number of the file's own range, as it is written there; None where it states none."""
    about = array.attributes
    both = _numbers(about.get("valid_range"))
    if len(both) != 2:
        both = [*_numbers(about.get("valid_min"))[:1], *_numbers(about.get("valid_max"))[:1]]
    return (both[0], both[1]) if len(both) == 2 and both[0] < both[1] else None


def _numbers(value: Any) -> list[float]:
    """Numbers of an attribute, also where a text lists them (`1s, 2s`, `0b, 1b`)."""
    if value is None:
        return []
    if isinstance(value, str | bytes) or np.asarray(value).dtype.kind in "SUO":
        return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", text_of(value))]
    return [float(number) for number in np.asarray(value).ravel()]


def shown(arrays: Sequence[Seen]) -> str:
    """Names of arrays for people, the first dozen."""
    names = [array.path + (f" ({array.units})" if array.units else "") for array in arrays]
    return ", ".join(names[:LISTED]) + (f" … {len(names) - LISTED} more" if len(names) > LISTED else "")
