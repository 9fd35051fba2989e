"""From a product and one of its files to fields: the catalogue names the module, the module knows the format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import get_args

from rssm.archive.bad_file import BadFile, bad_file
from rssm.archive.checksums import differs
from rssm.archive.fields import Box, Field
from rssm.archive.listing import Found
from rssm.config.catalogue import Product, Reader
from rssm.errors import InputError

READERS: dict[str, str] = {name: f"rssm.archive.readers.{name}" for name in get_args(Reader)}

Read = Callable[[Product, Found, Box, date, date, bool], list[Field]]


def read(
    product: Product, found: Found, box: Box, first: date | None = None, last: date | None = None, strict: bool = False
) -> list[Field]:
    """Fields of a file within `box` of the product's native grid, one per overpass and step, in order of time.

    first, last   only days within them, of a file that holds many; the whole file by default
    strict        screen by the strict quality rule too

    A file that cannot be read, or is not what the catalogue says, raises InputError. Values out of the product's valid
    range are set missing and counted in the notes; a file without any value is not an error and shows there too.
    Several times of one day in one file are averaged.
    """
    if product.reader is None:
        raise InputError(f"{product.title}: no reader makes maps of {product.kind} data; it is used by the validation.")
    reader: Read = import_module(READERS[product.reader]).read
    first, last = max(found.start, first or date.min), min(found.end, last or date.max)
    try:
        _check_digest(found)
        return reader(product, found, box, first, last, strict)
    except BadFile as bad:
        raise bad_file(product, found, *bad.args) from None


def _check_digest(found: Found) -> None:
    """Refuse a file that is not the one its agency's checksum was taken of: some formats cannot prove themselves."""
    if found.digests:
        try:
            wrong = differs(found.location, found.size, found.mtime_ns, found.digests)
        except OSError as error:
            raise BadFile(f"cannot be read ({error.strerror})", hint="Check the file") from None
        if wrong:
            raise BadFile(wrong, "the file as its agency gave it")
