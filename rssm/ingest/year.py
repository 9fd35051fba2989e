"""The maps of one product-year: each is written with the record of what it rests on; the index lists them, last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from os.path import relpath
from pathlib import Path
from typing import cast

from rssm.archive.listing import Found
from rssm.calendar import CALENDARS
from rssm.config.catalogue import Product
from rssm.config.ingest import Inputs
from rssm.grid import Grid, Window
from rssm.ingest.index import write_index
from rssm.ingest.pins import pins
from rssm.ingest.pool import STATIC
from rssm.maps import Layers, write_map

Record = dict[str, object]


def step_label(product: Product, step: int) -> str:
    """`2015D10`, `2015-04`, `2015` or `static`, by the period of the product's maps."""
    return STATIC if product.maps == STATIC else CALENDARS[product.maps].label(step)


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
) -> dict[str, Record]:
    """Write each step as it comes, and the index last; label → record is returned.

    maps    step → file to write
    steps   step, layers (row, column) and what they rest on, with `status` and `files`, by name
    files   of the product; those that a step rests on are pinned in the index
    """
    entries: dict[str, Record] = {}
    for step, layers, record in steps:
        label = step_label(product, step)
        tags = {
            "product": product.id,
            "label": label,
            "calendar_id": product.maps,
            "units": units,
            "status": str(record["status"]),
            "provenance": json.dumps(record, sort_keys=True, ensure_ascii=False),
        }
        write_map(maps[step], layers, grid, window, tags)
        entries[label] = {"map": relpath(maps[step], Path(index).parent), **record}
    year = STATIC if product.maps == STATIC else next(iter(entries))[:4]
    names = {name for entry in entries.values() for name in cast(list[str], entry["files"])}
    native = pins(product, files, names, inputs.pin)
    write_index(index, product.id, year, entries, version=product.version, calendar_id=product.maps, native=native)
    return entries
