"""Any data set of steps up to ten days as dekads, in which drying is counted."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS, Calendar
from rssm.validation.samples.fields import Fields


def dekad_of(step: int, calendar: Calendar) -> int:
    """The dekad that holds the middle of a step."""
    return DEKADS.of(calendar.start(step) + timedelta(days=(calendar.days(step) - 1) // 2))


def steps_in(dekads: range, calendar: Calendar) -> range:
    """Steps whose middle lies in some dekads."""
    first, last = calendar.of(DEKADS.start(dekads[0])), calendar.of(DEKADS.end(dekads[-1]))
    inside = [step for step in range(first, last + 1) if dekad_of(step, calendar) in dekads]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def by_dekad(fields: Fields, calendar: Calendar) -> Iterator[tuple[int, NDArray[np.floating]]]:
    """Means (row, column) of the fields of each dekad, of what is there in each pixel."""
    for dekad, own in groupby(fields, key=lambda field: dekad_of(field[0], calendar)):
        yield dekad, _mean(values for _, values in own)


def _mean(fields: Iterable[NDArray[np.floating]]) -> NDArray[np.floating]:
    several = list(fields)
    if len(several) == 1:
        return several[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where nothing is there
        return np.asarray(np.nanmean(np.stack(several), axis=0))
