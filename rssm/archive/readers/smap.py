"""SMAP level 3 radiometer soil moisture (SPL3SMP, SPL3SMP_E), old granules and new.

Latitude and longitude arrays of the morning hold −9999 without a fill value: the grid comes from the projection alone.
Evening variables end in `_pm`. The oldest granules have a single group for the morning; the newest also have
polar groups, which are not read.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from rssm.archive.bad_file import BadFile
from rssm.archive.fields import Field, Where
from rssm.archive.listing import Found
from rssm.archive.readers.arrays import read_overpasses
from rssm.archive.readers.hdf5 import DataSets, array_of, open_hdf5
from rssm.config.catalogue import Product

GROUP = "Soil_Moisture_Retrieval_Data"


def read(product: Product, found: Found, where: Where, first: date, last: date, strict: bool) -> list[Field]:
    """Morning and evening of one day, as far as the granule has them."""
    with open_hdf5(product, found) as file:
        single = GROUP in file
        overpasses = [p for p in product.options.overpasses if f"{GROUP}_{p}" in file or (p == "AM" and single)]
        if not overpasses:
            what = f"has {', '.join(sorted(file)) or 'no group'}"
            raise BadFile(what, f"groups {GROUP}_AM and {GROUP}_PM", check="files")
        arrays = DataSets(file), partial(array_of, file)
        return read_overpasses(product, found, where, strict, *arrays, overpasses, _names)


def _names(overpass: str, name: str) -> list[str]:
    """Where a variable may be: evening names end in _pm, and the only group of old granules says no overpass."""
    path = name.replace("{overpass}", overpass)
    if overpass == "PM":
        return [f"{path}_pm", path]
    return [path, name.replace("_{overpass}", "")]
