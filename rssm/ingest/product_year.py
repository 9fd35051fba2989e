"""The maps job: native files of a product-year → its maps and their index."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rssm.errors import InputError
from rssm.ingest.composite import composite_year
from rssm.ingest.emptiness import empty_year
from rssm.ingest.factor import factor_year
from rssm.ingest.index import read_index
from rssm.ingest.named import named
from rssm.ingest.native import native_files
from rssm.ingest.specs import IngestSpec
from rssm.ingest.write_year import places
from rssm.land import read_land
from rssm.paths import place_parts


def ingest(
    product: str,
    year: str,
    manifest: Sequence[str],
    porosity: Sequence[str],
    land: Sequence[str],
    catalogue: Sequence[str],
    spec: IngestSpec,
    out: Sequence[str],
) -> None:
    """Make the maps of a product-year in the folder of their index `out`.

    manifest   of a toy archive: only there so that the archive is written first
    land       0/1 raster of the whole grid: maps without a value on land are reported, or stop the job
    catalogue  for errors alone: what they call the product
    """
    with named(product, catalogue):
        _make(year, porosity, land, spec, out)


def _make(year: str, porosity: Sequence[str], land: Sequence[str], spec: IngestSpec, out: Sequence[str]) -> None:
    entry, inputs = spec.entry, spec.inputs
    if not Path(inputs.root).is_dir():
        raise InputError(f"{inputs.root}: no such folder. Put the archives there, or set inputs.root.")
    maps = places(entry, year, Path(out[0]).parent)
    files = native_files(inputs.root, entry, year, inputs.checksums)
    area = spec.area
    about: dict[str, Any] = {"region": area.region, "grid": area.grid, "inputs": inputs, "ingest": spec.ingest}
    about["land"] = read_land(land[0], area.grid, area.window)
    if entry.kind == "soil_moisture":
        pores = _only_map(porosity[0]) if porosity else None
        records = composite_year(entry, files, maps, out[0], porosity=pores, **about)
    else:
        records = factor_year(entry, files, maps, out[0], **about)
    complaint, stops = empty_year(entry, year, records.values(), inputs)
    if complaint and stops:
        _remove(maps.values(), out[0])
        raise InputError(complaint)
    if complaint:
        print(complaint, file=sys.stderr)


def _remove(maps: Iterable[str | Path], index: str) -> None:
    """Leave nothing of a product-year behind, lest its maps be taken for finished ones."""
    for path in {Path(index), *(place_parts(place)[0] for place in maps)}:
        path.unlink(missing_ok=True)


def _only_map(index: str) -> Path:
    """The map of a static variable, from its index."""
    (entry,) = read_index(index).values()
    return Path(index).parent / entry["map"]
