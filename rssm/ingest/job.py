"""The maps job: native files of a product-year → its maps and their index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rssm.archive.listing import list_files
from rssm.calendar import CALENDARS
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest, Inputs
from rssm.errors import InputError
from rssm.grid import Region
from rssm.ingest.composite import composite_year
from rssm.ingest.factor import factor_year
from rssm.ingest.index import read_index
from rssm.ingest.year import step_label


def year_maps(
    product: str, year: str, manifest: Sequence[str], porosity: Sequence[str], spec: dict[str, Any], out: Sequence[str]
) -> None:
    """Make the maps of a product-year beside the index `out`.

    manifest  of a toy archive: only there so that the archive is written first
    spec      entry (of the catalogue), inputs, ingest, region [south, north, west, degrees]
    """
    entry = Product.model_validate(spec["entry"])
    inputs, ingest = Inputs.model_validate(spec["inputs"]), Ingest.model_validate(spec["ingest"])
    folder = Path(out[0]).parent
    static = year == "static"
    steps = range(1) if static else CALENDARS[entry.maps].year(int(year))
    maps = {step: folder / f"{product}_{step_label(entry, step)}.tif" for step in steps}
    if not Path(inputs.root).is_dir():
        raise InputError(f"{inputs.root}: no such folder. Put the archives there, or set inputs.root.")
    files = list_files(inputs.root, entry, None if static else int(year))
    region = Region(*spec["region"])
    if entry.kind == "soil_moisture":
        pores = _only_map(porosity[0]) if porosity else None
        composite_year(entry, files, maps, out[0], region=region, inputs=inputs, ingest=ingest, porosity=pores)
    else:
        factor_year(entry, files, maps, out[0], region=region, inputs=inputs, ingest=ingest)


def _only_map(index: str) -> Path:
    """The map of a static variable, from its index."""
    (entry,) = read_index(index).values()
    return Path(index).parent / entry["map"]
