"""Final and preliminary values in one file: ERA5, and ERA5T where that has not come yet.

The Climate Data Store put them side by side along a dimension (`expver` 1 and 5), each with gaps where the other has a value;
its newer files hold one value and say in words what each time is (`0001`, `0005`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.readers.decode import is_missing
from rssm.archive.readers.netcdf import Variable, Variables, coordinate_of

NAME, FINAL = "expver", 1


@dataclass(frozen=True)
class Versions:
    """What a file says of its versions.

    at     dimension along which they lie side by side; None: there is one value
    order  places along it, the final one first
    final  of the places in that order, or of the times: whether it is final
    """

    at: int | None
    order: tuple[int, ...]
    final: tuple[bool, ...]

    def is_final(self, time: int) -> bool:
        """Whether the one value of a time is final."""
        return self.final[time if len(self.final) > 1 else 0]


def versions_of(there: Variables, variable: Variable) -> Versions | None:
    """Versions of a variable's values; None where the file says nothing of them."""
    for at, dimension in enumerate(variable.dimensions):
        if dimension.rpartition("/")[2].lower() == NAME:
            coordinate = coordinate_of(there, variable, dimension)
            said = np.asarray(coordinate[...]).tolist() if coordinate is not None else there.texts(dimension)
            numbers = [_number(text) for text in said] or list(range(FINAL, FINAL + variable.shape[at]))
            order = tuple(sorted(range(len(numbers)), key=lambda place: numbers[place]))
            return Versions(at, order, tuple(numbers[place] == FINAL for place in order))
    texts = there.texts(f"{variable.group}{NAME}")
    return Versions(None, (), tuple(_number(text) == FINAL for text in texts)) if texts else None


def _number(text: Any) -> float:
    """The number of a version; that of a text which is none counts as preliminary."""
    try:
        return float(text)
    except ValueError:
        return np.inf


def first_there(
    part_of: Callable[[int], NDArray[Any]], versions: Versions, fill: Sequence[float]
) -> tuple[NDArray[Any], int]:
    """Of each cell the first version that has a value, and how many cells have a preliminary one.

    part_of  place along the dimension of versions → stored numbers
    """
    whole, preliminary = part_of(versions.order[0]).copy(), 0
    preliminary += 0 if versions.final[0] else int(np.count_nonzero(~is_missing(whole, tuple(fill))))
    for place, final in zip(versions.order[1:], versions.final[1:], strict=True):
        gaps = is_missing(whole, tuple(fill))
        if not gaps.any():
            break
        part = part_of(place)
        whole[gaps] = part[gaps]
        preliminary += 0 if final else int(np.count_nonzero(gaps & ~is_missing(part, tuple(fill))))
    return whole, preliminary
