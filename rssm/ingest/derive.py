"""Maps that follow from other products' maps by a formula: a year of steps from years of steps, or one map from many years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rssm.calendar import CALENDARS, STATIC
from rssm.errors import InputError
from rssm.ingest.formulas import Values, of_step, of_years
from rssm.ingest.index import read_index
from rssm.ingest.specs import DeriveSpec
from rssm.ingest.write_year import Record, places, write_year
from rssm.land import read_land
from rssm.maps import Layers, read_maps

TOGETHER = 32  # steps whose maps are held at once


def derive(
    product: str, year: str, sources: Sequence[str], land: Sequence[str], spec: DeriveSpec, out: Sequence[str]
) -> None:
    """Make the maps of a derived product-year in the folder of their index `out`.

    sources   indices of the products that the formula takes, of this year or, for a map of many years, of all of them
    land      0/1 raster of the whole grid: maps without a value on land stop the job
    """
    entry, area = spec.entry, spec.area
    assert entry.derive is not None
    by_product = {name: [path for path in sources if Path(path).parent.name == name] for name in entry.derive.of}
    ground = read_land(land[0], area.grid, area.window)
    if year == STATIC:
        steps = _one(entry.derive.formula, by_product, spec)
    else:
        steps = _each(entry.derive.formula, by_product, year, spec)
    records = write_year(
        places(entry, year, Path(out[0]).parent), out[0], steps,
        product=entry, files=(), inputs=spec.inputs, units=entry.units, grid=area.grid, window=area.window, land=ground,
    )  # fmt: skip
    if ground.any() and not any(record.get("on_land") for record in records.values()):
        Path(out[0]).unlink()
        made = ", ".join(entry.derive.of)
        raise InputError(
            f"{product}, {year}: no value on land in any map. Check the maps of {made}, from which it follows."
        )


def _each(
    formula: str, by_product: Mapping[str, list[str]], year: str, spec: DeriveSpec
) -> Iterator[tuple[int, Layers, Record]]:
    """The map of each step of a year; a step that a product lacks has none."""
    entry, area = spec.entry, spec.area
    calendar = CALENDARS[entry.maps]
    listed = {name: _entries(paths) for name, paths in by_product.items()}
    steps = calendar.year(int(year))
    maps = zip(*(_values(own, [calendar.label(step) for step in steps], spec) for own in listed.values()), strict=True)
    empty = np.full(area.window.shape, np.nan, np.float32)
    for step, values in zip(steps, maps, strict=True):
        label = calendar.label(step)
        status = {own[label]["status"] if label in own else "missing" for own in listed.values()}
        there = [value for value in values if value is not None]
        value = of_step(formula, there) if len(there) == len(listed) else empty
        one = "missing" if "missing" in status else "partial" if "partial" in status else "complete"
        yield step, {"value": value}, {"status": one, "files": [], "skipped": [], "derived": formula}


def _values(own: Mapping[str, dict[str, Any]], labels: Sequence[str], spec: DeriveSpec) -> Iterator[Values | None]:
    """Values of a product's maps in some steps, one after the other; None where it has none."""
    for start in range(
        0, len(labels), TOGETHER
    ):  # read before anything is written: GDAL knows one environment at a time
        some = [label for label in labels[start : start + TOGETHER] if label in own]
        places_of = [str(own[label]["map"]) for label in some]
        read = read_maps(places_of, spec.area.window, ["value"], spec.area.grid)
        held = {label: layers["value"] for label, (layers, _) in zip(some, read, strict=True)}
        for label in labels[start : start + TOGETHER]:
            yield held.get(label)


def _one(formula: str, by_product: Mapping[str, list[str]], spec: DeriveSpec) -> Iterator[tuple[int, Layers, Record]]:
    """The only map of many years, from means over all their steps that have a value."""
    means, years, days = [], set(), 0
    for paths in by_product.values():
        total, count = np.zeros(spec.area.window.shape), np.zeros(spec.area.window.shape)
        entries = _entries(paths)
        places_of = [str(entry["map"]) for entry in entries.values()]
        for layers, _ in read_maps(places_of, spec.area.window, ["value"], spec.area.grid):
            there = ~np.isnan(layers["value"])
            total[there] += layers["value"][there]
            count += there
        years = {label[:4] for label in entries}
        days = len(entries)
        with np.errstate(invalid="ignore"):
            means.append(total / count)
    value = of_years(formula, means, days / max(len(years), 1))
    yield 0, {"value": value}, {"status": "complete", "files": [], "skipped": [], "derived": formula, "days": days}


def _entries(paths: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Label → entry of indices of a product, with the place of the map as seen from here, in the order of time."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(paths):
        for label, entry in read_index(path).items():
            found[label] = {**entry, "map": Path(path).parent / entry["map"]}
    return found
