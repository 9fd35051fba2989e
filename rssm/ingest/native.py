"""Which native files a product-year is made of. Light to import: the workflow asks whenever it plans."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rssm.archive.listing import Found, list_files
from rssm.calendar import CALENDARS, STATIC
from rssm.config.catalogue import Product


def native_years(product: Product, year: str) -> list[str]:
    """Years of the days in a product-year's steps; the last step of 3-day maps may end in the next year."""
    if year == STATIC:
        return [STATIC]
    calendar = CALENDARS[product.maps]
    last = calendar.end(calendar.year(int(year))[-1]).year
    return [str(number) for number in range(int(year), last + 1)]


def native_files(root: str | Path, product: Product, year: str, checksums: Sequence[str] = ()) -> list[Found]:
    """Files that may hold days of a product-year's steps, by time.

    checksums   lists to hold them against when they are read (`inputs.checksums`)
    """
    years = (None if name == STATIC else int(name) for name in native_years(product, year))
    found = {file.location: file for number in years for file in list_files(root, product, number, checksums)}
    return list(found.values())
