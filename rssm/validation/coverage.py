"""Coverage: on what share of land each product has values, year by year, with and without rainforest (Fig. 13d)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.land import read_land
from rssm.product.dekad import FOREST
from rssm.product.values.sources import Maps
from rssm.tsv import write_tsv
from rssm.validation.samples.fields import fields
from rssm.validation.specs import CoverageSpec

COLUMNS = ("year", "product", "land", "pixels", "steps", "share")
ALL, OPEN = "all", "without_rainforest"
UNFILLED = "not filled"
Field = NDArray[np.float32]


def coverage(
    year: str, netcdf: Sequence[str], maps: Sequence[str], land: Sequence[str], spec: CoverageSpec, out: Sequence[str]
) -> None:
    """Write the mean share of land with a value, over the steps of a year in which each product is used.

    netcdf  the year of the data set
    maps    indices of the rivals' maps of the year, and of rainforest
    """
    area, calendar = spec.area, CALENDARS[spec.calendar_id]
    known = Maps.of(maps, area.grid, calendar)
    dry, steps = read_land(land[0], area.grid, area.window), calendar.year(int(year))
    forest = known.value(spec.rainforest, steps[0], area.window) >= FOREST  # NaN compares false
    grounds = {ALL: dry, OPEN: dry & ~forest}
    rows: list[tuple[Any, ...]] = []
    for product, (first, last) in spec.spans.items():
        own = [step for step in steps if first <= step <= last]
        if product == spec.product:
            for name, filled in ((product, True), (f"{product}, {UNFILLED}", False)):
                found = fields(netcdf, area.window, area.grid, calendar, filled)
                rows += _rows(year, name, (field for _, field in found), len(own), grounds)
        elif own:
            rows += _rows(year, product, (known.value(product, step, area.window) for step in own), len(own), grounds)
    write_tsv(out[0], COLUMNS, rows, "Mean share of land with a value, over the steps of a year.")


def _rows(
    year: str, product: str, values: Iterable[Field], steps: int, grounds: Mapping[str, NDArray[np.bool_]]
) -> Iterator[tuple[str, str, str, int, int, str]]:
    """Rows of a product; a step that is not among its values has none."""
    there = dict.fromkeys(grounds, 0)
    for field in values:
        for name, ground in grounds.items():
            there[name] += int(np.count_nonzero(np.isfinite(field) & ground))
    for name, ground in grounds.items():
        pixels = int(np.count_nonzero(ground))
        yield (year, product, name, pixels, steps, f"{there[name] / max(pixels * steps, 1):.6g}")
