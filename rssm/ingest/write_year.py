"""The maps of one product-year: each is written with the record of what it rests on; the index, written last, lists them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from os.path import relpath
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from rssm.archive.listing import Found
from rssm.calendar import CALENDARS, STATIC, days_of
from rssm.config.catalogue import Product
from rssm.config.ingest import Inputs
from rssm.grid import Grid, Window
from rssm.ingest.index import write_index
from rssm.ingest.pins import pins
from rssm.maps import Layers, write_map, write_maps
from rssm.paths import place_of, place_parts

Record = dict[str, object]


def places(product: Product, year: str, folder: Path) -> dict[int, str | Path]:
    """Step → where its map lies, of a product-year."""
    calendar = CALENDARS[product.maps]
    steps = range(1) if year == STATIC else calendar.year(int(year))
    if product.maps_in == "year":
        file = folder / f"{product.id}_{year}.tif"
        return {step: place_of(file, calendar.label(step)) for step in steps}
    return {step: folder / f"{product.id}_{calendar.label(step)}.tif" for step in steps}


def write_year(
    maps: Mapping[int, str | Path],
    index: str | Path,
    steps: Iterator[tuple[int, Layers, Record]],
    *,
    product: Product,
    files: Sequence[Found],
    inputs: Inputs,
    units: str,
    grid: Grid,
    window: Window,
    land: NDArray[np.bool_] | None = None,
) -> dict[str, Record]:
    """Write each step as it comes, and the index last; label → record is returned.

    maps    step → where to write it (rssm.maps)
    steps   step, layers (row, column) and what they rest on, with `status` and `files`, by name
    files   of the product; those that a step rests on are pinned in the index
    land    (row, column) of the window: how much of it has a value is then recorded too
    """
    entries: dict[str, Record] = {}
    calendar, folder = CALENDARS[product.maps], Path(index).parent
    common = {"product": product.id, "calendar_id": product.maps, "units": units}

    def described() -> Iterator[tuple[int, str, Layers, dict[str, str]]]:
        for step, layers, record in steps:
            label = calendar.label(step)
            if land is not None:
                record |= _on_land(layers, land, in_span(product, step))
            entries[label] = {"map": relpath(maps[step], folder), **record}
            text = json.dumps(record, sort_keys=True, ensure_ascii=False)
            yield step, label, layers, {"status": str(record["status"]), "provenance": text}

    if product.maps_in == "year":
        file, _ = place_parts(maps[min(maps)])
        write_maps(file, (part[1:] for part in described()), len(maps), grid, window, common)
    else:
        for step, label, layers, own in described():
            write_map(maps[step], layers, grid, window, {**common, "label": label, **own})
    year = STATIC if product.maps == STATIC else str(calendar.year_of(min(maps)))
    names = {name for entry in entries.values() for name in cast(list[str], entry["files"])}
    native = pins(product, files, names, inputs.pin)
    write_index(index, product.id, year, entries, calendar_id=product.maps, native=native)
    return entries


def in_span(product: Product, step: int) -> bool:
    """Whether a step of the product's maps lies within its span, wholly or in part."""
    if product.maps == STATIC:
        return True
    calendar, (first, last) = CALENDARS[product.maps], product.span
    return calendar.end(step) >= days_of(first)[0] and (last is None or calendar.start(step) <= days_of(last)[1])


def _on_land(layers: Layers, land: NDArray[np.bool_], expected: bool) -> Record:
    """Pixels of land, none where the product's span leaves nothing to expect, and those of them with a value."""
    valued = int(np.count_nonzero(land & ~np.isnan(layers["value"])))
    return {"land": int(np.count_nonzero(land)) if expected else 0, "on_land": valued}
