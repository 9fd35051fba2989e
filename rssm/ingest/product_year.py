"""The maps job: native files of a product-year → its maps and their index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rssm.errors import InputError
from rssm.ingest.composite import composite_year
from rssm.ingest.factor import factor_year
from rssm.ingest.index import read_index
from rssm.ingest.native import native_files
from rssm.ingest.specs import IngestSpec
from rssm.ingest.write_year import places


def ingest(
    product: str, year: str, manifest: Sequence[str], porosity: Sequence[str], spec: IngestSpec, out: Sequence[str]
) -> None:
    """Make the maps of a product-year in the folder of their index `out`.

    manifest  of a toy archive: only there so that the archive is written first
    """
    entry, inputs, settings = spec.entry, spec.inputs, spec.ingest
    if not Path(inputs.root).is_dir():
        raise InputError(f"{inputs.root}: no such folder. Put the archives there, or set inputs.root.")
    maps = places(entry, year, Path(out[0]).parent)
    files = native_files(inputs.root, entry, year, inputs.checksums)
    region, grid = spec.area.region, spec.area.grid
    if entry.kind == "soil_moisture":
        pores = _only_map(porosity[0]) if porosity else None
        composite_year(
            entry, files, maps, out[0], region=region, grid=grid, inputs=inputs, ingest=settings, porosity=pores
        )
    else:
        factor_year(entry, files, maps, out[0], region=region, grid=grid, inputs=inputs, ingest=settings)


def _only_map(index: str) -> Path:
    """The map of a static variable, from its index."""
    (entry,) = read_index(index).values()
    return Path(index).parent / entry["map"]
