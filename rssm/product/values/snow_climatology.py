"""The usual state of the ground at each dekad of the year, for the time before ASCAT: frozen in most observed years."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.grid import GRID, Region
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.product.values.mask import usually_frozen
from rssm.product.values.sources import Maps

SNOW = "SNOW-CLIMATOLOGY"
FROZEN = 0.5  # share of a pixel reported frozen from which it counts as frozen
DEKADS_OF_YEAR = [f"D{n:02d}" for n in range(1, 37)]


def snow_climatology(snow: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Write a map for each dekad of the year, and their index last.

    snow  indices of the years of ASCAT's record
    spec  snow (name of the product), region [south, north, west, degrees]
    """
    maps, window = Maps.of(snow), GRID.window(Region(*spec["region"]))
    years = sorted({DEKADS.parse(label) // 36 for label in maps.entries.get(spec["snow"], {})})
    if not years:
        raise InputError(f"{SNOW}: no map of {spec['snow']} is among {', '.join(map(str, snow)) or 'no indices'}.")
    folder, index = Path(out[0]).parent, {}
    for n, label in enumerate(DEKADS_OF_YEAR):
        frozen = np.zeros((len(years), *window.shape), np.bool_)
        observed = np.zeros_like(frozen)
        for at, year in enumerate(years):
            value = maps.value(spec["snow"], year * 36 + n, window)
            frozen[at], observed[at] = value >= FROZEN, ~np.isnan(value)
        usual, seen = usually_frozen(frozen, observed), observed.sum(axis=0, dtype=np.int16)
        tags = {"product": SNOW, "label": label, "calendar_id": "dekad_of_year", "units": "1", "status": "complete"}
        path = folder / f"{SNOW}_{label}.tif"
        write_map(path, {"value": usual.astype(np.int8), "years": seen}, GRID, window, tags)
        index[label] = {"map": path.name, "status": "complete", "pixels": int(usual.sum())}
    write_index(out[0], SNOW, "static", index, calendar_id="dekad_of_year", years=years)
