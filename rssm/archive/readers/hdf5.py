"""HDF5 arrays without axes, which lie as the catalogue's grid does: JAXA, FY-3B, freeze/thaw, SMAP land constants.

Old libraries wrote some of them with blanks in names and without dimension scales; nothing here asks for scales.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

import h5py

from rssm.archive.bad_file import BadFile, failures_of_libraries
from rssm.archive.damage.file_format import check_format
from rssm.archive.damage.hdf5_attributes import attributes_of, global_text
from rssm.archive.fields import Field, Where
from rssm.archive.listing import Found
from rssm.archive.readers.arrays import Array, read_overpasses
from rssm.archive.readers.chunks import is_numbers, read_part
from rssm.archive.readers.decode import ASKED_FOR
from rssm.archive.readers.statements import check_product, check_times
from rssm.config.catalogue import Product


def read(product: Product, found: Found, where: Where, first: date, last: date, strict: bool) -> list[Field]:
    """Fields of a file, one per overpass."""
    overpasses = product.options.overpasses or [""]
    with open_hdf5(product, found) as file:
        return read_overpasses(product, found, where, strict, DataSets(file), partial(array_of, file), overpasses)


@contextmanager
def open_hdf5(product: Product, found: Found) -> Iterator[h5py.File]:
    """The file, while it is open, if it is what its name and the catalogue say."""
    check_format(found.path, "HDF5")
    with failures_of_libraries(), h5py.File(found.path, "r", locking=False) as file:
        said = partial(global_text, file)
        check_product(product, said)
        check_times(found, (), (), said)
        yield file


class DataSets(Collection[str]):
    """Paths of the data sets of a file; those of at least two dimensions are listed, any can be asked for."""

    def __init__(self, file: h5py.File) -> None:
        self._file = file

    def __contains__(self, path: object) -> bool:
        return path in self._file and isinstance(self._file[path], h5py.Dataset)

    def __iter__(self) -> Iterator[str]:
        found: list[str] = []

        def note(path: str, item: Any) -> None:
            if isinstance(item, h5py.Dataset) and item.ndim >= 2:
                found.append(path)

        self._file.visititems(note)
        return iter(found)

    def __len__(self) -> int:
        return len(list(iter(self)))


def array_of(file: h5py.File, path: str) -> Array:
    """A data set of numbers."""
    dataset = file[path]
    if not is_numbers(dataset):
        raise BadFile(f"holds no numbers in {dataset.name!r}", "numbers")
    return Array(dataset.name, dataset.shape, partial(attributes_of, dataset, ASKED_FOR), partial(read_part, dataset))
