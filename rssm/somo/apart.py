"""How far cells lie apart on the globe, and which parts of them are left out of learning to judge it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.draws import seed_key
from rssm.errors import InputError
from rssm.somo.specs import Days, SplitSpec

Place = tuple[NDArray[np.float64], NDArray[np.float64]]  # latitudes and longitudes, degrees
KM_PER_DEGREE = 6371.0 * np.pi / 180


def distance(a: Place, b: Place) -> NDArray[np.float64]:
    """(place of a, place of b) great-circle distances, degrees."""
    lat, other = np.radians(a[0])[:, None], np.radians(b[0])[None]
    half = (lat - other) / 2, np.radians(a[1][:, None] - b[1][None]) / 2
    share = np.sin(half[0]) ** 2 + np.cos(lat) * np.cos(other) * np.sin(half[1]) ** 2
    arcs: NDArray[np.float64] = np.degrees(2 * np.arcsin(np.sqrt(share.clip(0, 1))))
    return arcs


def left_out(
    split: SplitSpec, fold: int, place: Place, networks: Sequence[str], days: Days
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """(cell,) that judge, (day,) on which they do, and (cell,) of which nothing may be learnt: they and their surroundings.

    With scheme `time` every cell judges and every cell teaches, but on other days.
    """
    cells, every = place[0].size, np.ones(days[1] - days[0] + 1, bool)
    if not 0 <= fold < split.folds:
        raise InputError(f"fold {fold}: expected 0 to {split.folds - 1}.")
    span = _span(split, fold, days) if split.scheme in ("time", "both") else every
    if split.scheme == "time":
        return np.ones(cells, bool), span, np.zeros(cells, bool)
    names = {"random": [str(cell) for cell in range(cells)], "network": list(networks)}.get(split.scheme)
    names = names or [f"{lat // split.block:g} {lon // split.block:g}" for lat, lon in zip(*place, strict=True)]
    held = np.array([folds == fold for folds in map(_folds(names, split).__getitem__, names)], bool)
    near = held
    if split.scheme in ("space", "both") and held.any():
        near = distance(place, (place[0][held], place[1][held])).min(axis=1) < split.buffer
    return held, span, held | near


def _folds(names: Sequence[str], split: SplitSpec) -> dict[str, int]:
    """Fold of each name: dealt out in the order of hashes, so that folds are as large as each other."""
    order = sorted(set(names), key=lambda name: (seed_key(split.seed, "fold", split.scheme, name), name))
    return {name: at % split.folds for at, name in enumerate(order)}


def _span(split: SplitSpec, fold: int, days: Days) -> NDArray[np.bool_]:
    """(day,) of the fold's years: of all years an equal part, in their order."""
    calendar = CALENDARS["day"]
    year = np.array([calendar.year_of(day) for day in range(days[0], days[1] + 1)])
    parts = np.array_split(np.unique(year), split.folds)
    if not parts[fold].size:
        raise InputError(
            f"{split.folds} folds of years, but targets of {len(np.unique(year))} years. Ask for fewer folds."
        )
    return np.isin(year, parts[fold])
