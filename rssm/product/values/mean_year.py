"""The mean year of every pixel: what is usual at each step of the year, from all years of the estimate.

It serves the filling of gaps, which wants it known nearly everywhere; hence a wide window in the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.product.records.frame import Frame, of_year, season_labels
from rssm.product.specs import MeanYearSpec
from rssm.product.values.sources import Maps

MEAN_YEAR = "MEAN-YEAR"
WINDOW = 9  # steps that a mean is taken over, odd; the year is a ring
LEAST = 3  # values behind a mean


def mean_year(maps: Sequence[str], spec: MeanYearSpec, out: Sequence[str]) -> None:
    """Write a map for each step of the year, and their index last.

    maps  indices of all years of the estimate

    Each map is read once or twice, and the sums of a window's steps are in memory.
    """
    frame = Frame.of(spec.area, spec.calendar)
    calendar, window = frame.calendar, frame.window
    found = Maps.of(maps, frame.grid, calendar)
    steps = sorted({calendar.parse(label) for entries in found.entries.values() for label in entries})
    if not steps:
        raise InputError(
            f"{MEAN_YEAR}: no map of {spec.estimate} is among {', '.join(map(str, maps)) or 'no indices'}."
        )

    @lru_cache(WINDOW)
    def sums(season: int) -> tuple[NDArray[np.float32], NDArray[np.uint16]]:
        """Sum and number of values (row, column) at one step of the year."""
        total, count = np.zeros(window.shape, np.float32), np.zeros(window.shape, np.uint16)
        for step in (step for step in steps if calendar.season_of(step) == season):
            estimated = found.estimated(step, spec.estimate)
            if estimated is not None:
                value = found.value(f"{spec.estimate}-{estimated[0]}", step, window)
                total += np.nan_to_num(value)
                count += ~np.isnan(value)
        return total, count

    folder, index = Path(out[0]).parent, {}
    half = WINDOW // 2
    for n, label in enumerate(season_labels(calendar)):
        around = dict.fromkeys(k % calendar.seasons for k in range(n - half, n + half + 1))
        total, count = np.zeros(window.shape, np.float32), np.zeros(window.shape, np.uint16)
        for season in around:
            total += sums(season)[0]
            count += sums(season)[1]
        mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count >= LEAST)
        tags = {"product": MEAN_YEAR, "label": label, "calendar_id": of_year(calendar), "units": "m3 m-3"}
        path = folder / f"{MEAN_YEAR}_{label}.tif"
        write_map(path, {"value": mean, "values": count}, frame.grid, window, tags | {"status": "complete"})
        index[label] = {"map": path.name, "status": "complete", "pixels": int(np.count_nonzero(count >= LEAST))}
    write_index(out[0], MEAN_YEAR, "static", index, calendar_id=of_year(calendar))
