"""Where the ground is frozen in most observed years, at each step of the year: for the time before ASCAT."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rssm.errors import InputError
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.product.records.frame import Frame, of_year, season_labels
from rssm.product.specs import SnowSpec
from rssm.product.values.mask import mostly_frozen
from rssm.product.values.sources import Maps

SNOW = "SNOW-CLIMATOLOGY"
FROZEN = 0.5  # share of a pixel reported frozen from which it counts as frozen


def snow_climatology(snow: Sequence[str], spec: SnowSpec, out: Sequence[str]) -> None:
    """Write a map for each step of the year, and their index last.

    snow  indices of the years of ASCAT's record
    """
    frame = Frame.of(spec.area, spec.calendar)
    calendar, window = frame.calendar, frame.window
    maps = Maps.of(snow, frame.grid, calendar)
    years = sorted({calendar.year_of(calendar.parse(label)) for label in maps.entries.get(spec.snow, {})})
    if not years:
        raise InputError(f"{SNOW}: no map of {spec.snow} is among {', '.join(map(str, snow)) or 'no indices'}.")
    seasons = [{calendar.season_of(step): step for step in calendar.year(year)} for year in years]
    folder, index = Path(out[0]).parent, {}
    for n, label in enumerate(season_labels(calendar)):
        frozen = np.zeros((len(years), *window.shape), np.bool_)
        observed = np.zeros_like(frozen)
        for at, steps in enumerate(seasons):
            if n in steps:
                value = maps.value(spec.snow, steps[n], window)
                frozen[at], observed[at] = value >= FROZEN, ~np.isnan(value)
        mostly, seen = mostly_frozen(frozen, observed), observed.sum(axis=0, dtype=np.int16)
        tags = {"product": SNOW, "label": label, "calendar_id": of_year(calendar), "units": "1", "status": "complete"}
        path = folder / f"{SNOW}_{label}.tif"
        write_map(path, {"value": mostly.astype(np.int8), "years": seen}, frame.grid, window, tags)
        index[label] = {"map": path.name, "status": "complete", "pixels": int(mostly.sum())}
    write_index(out[0], SNOW, "static", index, calendar_id=of_year(calendar), years=years)
