"""Dekad composites of the toy Earth straight on the 0.1° grid, without files: for experiments on skill.

The same sensors, errors, gaps and days as in the files; only the files' packing and ingestion's 3σ denoising are left
out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.config.toy import Toy
from rssm.grid import Region
from rssm.toy.geography import Array
from rssm.toy.observe import Overpasses, observe
from rssm.toy.sensors import LEAVES_SEEN, SENSORS
from rssm.toy.truth import Earth, Year

Span = tuple[str, str | None]


def generate(
    toy: Toy,
    region: Region,
    steps: Sequence[int],
    spans: Mapping[str, Span] | None = None,
    land: NDArray[np.bool_] | None = None,
) -> dict[str, Array]:
    """Composites, factors and truth of a region: name → (dekad, row, column).

    steps   dekads (`rssm.calendar.DEKADS`), ascending
    spans   product → first and last dekad (as in the catalogue); a product outside its span is NaN, without one never

    Products are in m³ m⁻³ and NaN where missing; factors bear the catalogue's names and units (static ones are
    broadcast views); TRUTH is the mean of all days of the dekad; sea is NaN in all of them. POROSITY comes along.
    """
    earth = Earth(toy, region, land)
    inner = earth.inner
    dry = np.where(earth.geography.land, np.float32(1), np.float32(np.nan))[inner]
    out = {
        name: np.full((len(steps), *dry.shape), np.nan, np.float32)
        for name in (*SENSORS, "TRUTH", *LEAVES_SEEN, "WATER", "LST")
    }
    for year in sorted({step // 36 for step in steps}):
        at = [i for i, step in enumerate(steps) if step // 36 == year]
        dekads = [steps[i] for i in at]
        for name, values in _factors(earth, year, dekads).items():
            out[name][at] = values[:, *inner] * dry
        for product in SENSORS:
            inside = [j for j, step in enumerate(dekads) if _within(step, (spans or {}).get(product))]
            if inside:
                values = composite(earth, product, [dekads[j] for j in inside])
                out[product][[at[j] for j in inside]] = values * dry
    for name, field in static(earth).items():
        out[name] = np.broadcast_to(field[inner] * dry, out["TRUTH"].shape)
    years = [step // 36 for step in steps]
    cover = {year: earth.geography.cover(year)[inner] * dry for year in set(years)}
    out["LANDCOVER"] = np.stack([cover[year] for year in years]).astype(np.float32)
    return out


def true_moisture(toy: Toy, region: Region, steps: Sequence[int]) -> Array:
    """TRUTH alone (dekad, row, column)."""
    earth = Earth(toy, region)
    return np.stack([_mean_moisture(earth.year(step // 36), step)[earth.inner] for step in steps])


def static(earth: Earth) -> dict[str, Array]:
    """Factors that do not change, in the catalogue's units (row, column)."""
    land = earth.geography
    return {
        "TOPOGRAPHY": land.relief / 100,
        "SAND": land.sand,
        "CLAY": land.clay,
        "POROSITY": land.porosity,
        "TREE": land.tree,
        "NONTREE": land.nontree,
    }


def composite(earth: Earth, product: str, dekads: Sequence[int]) -> Array:
    """Mean of the overpasses of each dekad of one year, day and night together (dekad, row, column), m³ m⁻³.

    Of each dekad the first `days_per_dekad` days count, as in the files; ASCAT-SWI is dekadal and holds all.
    """
    lengths = [
        DEKADS.days(d) if product == "ASCAT-SWI" else min(DEKADS.days(d), earth.toy.days_per_dekad) for d in dekads
    ]
    days = np.concatenate([DEKADS.start(d).toordinal() + np.arange(n) for d, n in zip(dekads, lengths, strict=True)])
    seen = observe(earth, product, days)
    edges = np.cumsum([0, *lengths[:-1]])
    if product == "ASCAT-SWI":  # saturation has an end; the surface state of the dekad decides, not of the day
        values = np.minimum(seen.value, seen.porosity)
        cold = [np.add.reduceat(state, edges, axis=0, dtype=np.float32) for state in (seen.frozen, seen.snow)]
        lost = np.maximum(*cold) / np.array(lengths)[:, None, None] > 0.5
    else:
        values, lost = seen.screened, np.bool_(False)
    there = ~np.isnan(values)
    total = np.add.reduceat(np.where(there, values, 0).sum(axis=1), edges, axis=0)
    count = np.add.reduceat(there.sum(axis=1), edges, axis=0)
    mean = np.where((count > 0) & ~lost, total / np.maximum(count, 1), np.float32(np.nan)).astype(np.float32)
    return _to_pixels(earth, seen, mean)


def _to_pixels(earth: Earth, seen: Overpasses, values: Array) -> Array:
    """Values of native cells given to the 0.1° pixels of the region whose centres they hold."""
    grid, window = seen.cells, earth.window
    rows = np.arange(window.rows)[earth.inner[0]] + window.row + 0.5
    columns = (np.arange(window.columns)[earth.inner[1]] + window.column + 0.5) % 3600
    row = np.abs(grid.north[:, None] - rows).argmin(axis=0)
    apart = np.abs(grid.west[:, None] - columns)
    column = np.minimum(apart, 3600 - apart).argmin(axis=0)
    return values[:, row[:, None], column]


def _factors(earth: Earth, year: int, dekads: Sequence[int]) -> dict[str, Array]:
    """Truth and changing factors of the dekads of a year (dekad, row, column)."""
    truth = earth.year(year)
    month = [DEKADS.month(dekad) - 1 for dekad in dekads]
    leaves = earth.leaf_area(year)[month]
    wet = earth.open_water(year)
    return {
        "TRUTH": np.stack([_mean_moisture(truth, dekad) for dekad in dekads]),
        "WATER": np.stack([wet[_days(truth, dekad)].mean(axis=0) for dekad in dekads]),
        "LST": earth.surface_heat(year)[0][month],
        **{name: share * leaves for name, share in LEAVES_SEEN.items()},
    }


def _mean_moisture(truth: Year, dekad: int) -> Array:
    return truth.moisture[_days(truth, dekad)].mean(axis=0)


def _days(truth: Year, dekad: int) -> slice:
    """Days of a dekad, as positions in its year."""
    start = DEKADS.start(dekad).toordinal() - truth.first
    return slice(start, start + DEKADS.days(dekad))


def _within(step: int, span: Span | None) -> bool:
    if span is None:
        return True
    return DEKADS.parse(span[0]) <= step and (span[1] is None or step <= DEKADS.parse(span[1]))
