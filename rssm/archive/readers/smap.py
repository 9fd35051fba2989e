"""SMAP level 3 radiometer soil moisture (SPL3SMP, SPL3SMP_E), old granules and new.

Latitude and longitude arrays of the morning hold −9999 without a fill value: the grid comes from the projection alone.
Evening variables end in `_pm`. The oldest granules have a single group for the morning; the newest carry polar groups
besides, which are left alone.
"""

from __future__ import annotations

from datetime import date

from rssm.archive.errors import bad_file
from rssm.archive.fields import Box, Field
from rssm.archive.listing import Found
from rssm.archive.readers.hdf5 import open_hdf5, read_overpass
from rssm.config.catalogue import Product

GROUP = "Soil_Moisture_Retrieval_Data"


def read(product: Product, found: Found, box: Box, first: date, last: date, strict: bool) -> list[Field]:
    """Morning and evening of one day, as far as the granule has them."""
    with open_hdf5(product, found) as file:
        single = GROUP in file
        overpasses = [p for p in product.options.overpasses if f"{GROUP}_{p}" in file or (p == "AM" and single)]
        if not overpasses:
            groups = ", ".join(sorted(file)) or "no group"
            hint = f"Check {product.id}.files in the catalogue"
            raise bad_file(product, found, f"has {groups}", f"groups {GROUP}_AM and {GROUP}_PM", hint)
        return [read_overpass(product, found, file, box, strict, overpass, _names) for overpass in overpasses]


def _names(name: str, overpass: str) -> list[str]:
    """Where a variable may be: evening names end in _pm, and the only group of old granules says no overpass."""
    path = name.replace("{overpass}", overpass)
    if overpass == "PM":
        return [f"{path}_pm", path]
    return [path, name.replace("_{overpass}", "")]
