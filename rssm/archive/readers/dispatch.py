"""From a product and one of its files to fields: the catalogue names the module, the module knows the format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, get_args

from rssm.archive.bad_file import BadFile, bad_file
from rssm.archive.checksums import differs
from rssm.archive.fields import Box, Field, NativeGrid, Where
from rssm.archive.listing import Found
from rssm.config.catalogue import Product, Reader
from rssm.errors import InputError

if TYPE_CHECKING:
    from rssm.archive.readers.collection import PointFile

READERS: dict[str, str] = {name: f"rssm.archive.readers.{name}" for name in get_args(Reader)}

Read = Callable[[Product, Found, Where, date, date, bool], list[Field]]


def read(
    product: Product,
    found: Found,
    part: Box | Where,
    first: date | None = None,
    last: date | None = None,
    strict: bool = False,
) -> list[Field]:
    """Fields of a part of a file's grid, one per overpass and step, in order of time.

    part          the box that is wanted, or what says it of the grid that the file turns out to have
    first, last   only days within them, of a file that holds many; the whole file by default
    strict        screen by the strict quality rule too

    A file that cannot be read, or is not what the catalogue says, raises InputError. Values out of the product's valid
    range are set missing and counted in the notes; a file without any value is not an error and shows there too.
    Several times of one day in one file are averaged.
    """
    if product.reader is None:
        raise InputError(f"{product.title}: no reader makes maps of {product.kind} data; it is used by the validation.")
    where: Where = (lambda _: part) if isinstance(part, Box) else part
    reader: Read = import_module(READERS[product.reader]).read
    first, last = max(found.start, first or date.min), min(found.end, last or date.max)
    with _reading(product, found):
        return reader(product, found, where, first, last, strict)


def read_points(
    product: Product, found: Found, first: date, last: date, strict: bool, near: tuple[NativeGrid, Box]
) -> PointFile:
    """What a file of points holds between two days, of points near a box; errors as `read`."""
    from rssm.archive.readers.collection import load

    with _reading(product, found):
        return load(product, found, max(found.start, first), min(found.end, last), strict, near)


@contextmanager
def _reading(product: Product, found: Found) -> Iterator[None]:
    """Name the file and its product where one turns out to be bad."""
    try:
        _check_digest(found)
        yield
    except BadFile as bad:
        raise bad_file(product, found, *bad.args) from None


def grid_of(product: Product, found: Found) -> NativeGrid:
    """The grid of a file, of which a single cell is read."""
    seen: list[NativeGrid] = []

    def note(grid: NativeGrid) -> Box:
        seen.append(grid)
        return Box(slice(0, 1), slice(0, 1))

    read(product, found, note, date.max, date.min)
    if not seen:  # the reader looks at the grids of single maps
        read(product, found, note)
    if not seen:
        raise bad_file(product, found, "holds no map", "a map")
    return seen[0]


def _check_digest(found: Found) -> None:
    """Refuse a file that is not the one its agency's checksum was taken of: some formats cannot prove themselves."""
    if found.digests:
        try:
            wrong = differs(found.location, found.size, found.mtime_ns, found.digests)
        except OSError as error:
            raise BadFile(f"cannot be read ({error.strerror})", hint="Check the file") from None
        if wrong:
            raise BadFile(wrong, "the file as its agency gave it")
