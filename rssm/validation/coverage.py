"""Coverage: what share of land and time a product has a value for, by year, with rainforest and without it (Fig. 13d)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rssm.calendar import CALENDARS
from rssm.land import read_land
from rssm.product.dekad import FOREST
from rssm.product.values.sources import Maps
from rssm.tsv import read_tsv, write_tsv
from rssm.validation.sources import fields
from rssm.validation.specs import CoverageSpec

COUNTS = ("product", "step", "land", "covered", "open_land", "open_covered")
COLUMNS = ("product", "year", "steps", "share", "share_without_rainforest")


def coverage(
    product: str,
    year: str,
    maps: Sequence[str],
    land: Sequence[str],
    rainforest: Sequence[str],
    spec: CoverageSpec,
    out: Sequence[str],
) -> None:
    """Write the pixels of land, and those with a value, of each step of a year; a step without a map has none.

    maps        the year's index of maps, or the year of the data set
    rainforest  indices of maps of its share; none: there is no rainforest
    """
    calendar, area = CALENDARS[spec.calendar_id], spec.area
    ground = read_land(land[0], area.grid, area.window)
    forests = Maps.of(rainforest, area.grid, calendar)
    steps = [step for step in calendar.year(int(year)) if spec.span[0] <= step <= spec.span[1]]
    covered = {step: np.isfinite(field) & ground for step, field in fields(maps, area.window, area.grid, calendar)}
    rows = []
    for step in steps:
        open_land = ground & ~(forests.value(spec.rainforest, step, area.window) >= FOREST)
        there = covered.get(step, np.zeros(area.window.shape, bool))
        counts = (ground, there, open_land, there & open_land)
        rows.append((product, calendar.label(step), *(int(part.sum()) for part in counts)))
    write_tsv(out[0], COUNTS, rows)


def coverage_table(parts: Sequence[str], spec: CoverageSpec, out: Sequence[str]) -> None:
    """Write the shares of all products by year."""
    calendar = CALENDARS[spec.calendar_id]
    sums: dict[tuple[str, int], list[int]] = {}
    for path in parts:
        for _, row in read_tsv(path, COUNTS):
            total = sums.setdefault((row["product"], calendar.year_of(calendar.parse(row["step"]))), [0] * 5)
            for k, value in enumerate((1, *(int(row[name]) for name in COUNTS[2:]))):
                total[k] += value
    rows = [
        (product, year, steps, *(f"{part / whole:.6f}" if whole else None for whole, part in (every, bare)))
        for (product, year), (steps, *counts) in sums.items()
        for every, bare in [(counts[:2], counts[2:])]
    ]
    write_tsv(out[0], COLUMNS, rows, "Share of land x steps with a value, by year.")
