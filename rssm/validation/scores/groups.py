"""Groups of samples: by time (year, place in the year, spells such as rounds) and by labels of their pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.validation.samples.record import Record
from rssm.validation.specs import Span

ALL = "all"


class Kind(NamedTuple):
    """One way of grouping.

    name    all, year, climate …
    labels    of the groups
    code      (sample,) group of each sample, −1 where it is in none
    of_place  whether all samples of a pixel are in one group
    """

    name: str
    labels: tuple[str, ...]
    code: NDArray[np.int64]
    of_place: bool = False


def kinds_of(
    record: Record,
    calendar: Calendar,
    labels: Mapping[str, Mapping[int, str]],
    spells: Mapping[str, Mapping[str, Sequence[Span]]],
) -> list[Kind]:
    """All kinds of groups of a record.

    labels  kind → pixel → label: climate, land cover, density, relief …; a pixel without one is in no group
    spells  kind → label → spans of steps
    """
    everything = Kind(ALL, (ALL,), np.zeros(record.step.size, np.int64), True)
    years, year = np.unique(record.year(calendar), return_inverse=True)
    kinds = [everything, Kind("year", tuple(map(str, years)), year)]
    season = tuple(f"{number:02d}" for number in range(1, calendar.seasons + 1))
    kinds.append(Kind(f"{calendar.id}_of_year", season, record.season(calendar)))
    kinds += [_spell(record, name, named) for name, named in spells.items()]
    return kinds + [_labelled(record, name, of_pixel) for name, of_pixel in labels.items()]


def _spell(record: Record, name: str, spells: Mapping[str, Sequence[Span]]) -> Kind:
    code = np.full(record.step.size, -1, np.int64)
    for number, spans in enumerate(spells.values()):
        for first, last in spans:
            code[(record.step >= first) & (record.step <= last)] = number
    return Kind(name, tuple(spells), code)


def _labelled(record: Record, name: str, of_pixel: Mapping[int, str]) -> Kind:
    pixels, at = record.places
    known = sorted({label for label in of_pixel.values() if label})
    number = {label: k for k, label in enumerate(known)}
    of_place = np.array([number.get(of_pixel.get(int(pixel), ""), -1) for pixel in pixels], np.int64)
    return Kind(name, tuple(known), of_place[at], True)
