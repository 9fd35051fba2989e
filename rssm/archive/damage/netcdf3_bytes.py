"""Where the data of a classic NetCDF file end: the library fills what is missing with zeros."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from rssm.archive.bad_file import BadFile

_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
_MOST_DIMENSIONS = 1024  # of a variable


@dataclass
class _Extents:
    """What the header says of the data: (begin, bytes) of each variable; of a variable with records, bytes of one."""

    records: int
    header: int = 0
    fixed: list[tuple[int, int]] = field(default_factory=list)
    recorded: list[tuple[int, int]] = field(default_factory=list)

    def end(self) -> int:
        """The last byte of the data; bytes that only pad the last record may be missing."""
        step = sum(-(-width // 4) * 4 for _, width in self.recorded)
        if len(self.recorded) == 1:  # a single variable's records follow one another without padding
            step = self.recorded[0][1]
        ends = [begin + width for begin, width in self.fixed]
        if self.records:
            ends += [begin + (self.records - 1) * step + width for begin, width in self.recorded]
        return max([self.header, *ends])


def check_netcdf3(file: BinaryIO, size: int) -> None:
    """BadFile where the header is damaged, or the file shorter than it says."""
    end = _extents(file, size).end()
    if end > size:
        raise BadFile(f"is truncated ({size} of {end} bytes)")


def _extents(file: BinaryIO, size: int) -> _Extents:
    """The header, read."""
    file.seek(0)
    version = file.read(4)[3]
    count_code, offset_code = (">Q" if version == 5 else ">I"), (">I" if version == 1 else ">Q")

    def number(code: str) -> int:
        return int(struct.unpack(code, file.read(struct.calcsize(code)))[0])

    count = partial(number, count_code)

    def listed() -> int:
        tag, items = number(">I"), count()
        if tag not in (0, 10, 11, 12) or items > size:
            raise BadFile("has a damaged NetCDF header")
        return items

    def skip(length: int) -> None:
        if length > size:
            raise BadFile("has a damaged NetCDF header")
        file.seek(-(-length // 4) * 4, 1)

    def attributes() -> None:
        for _ in range(listed()):
            skip(count())
            kind = number(">I")
            skip(count() * _WIDTHS.get(kind, size))

    records = count()
    found = _Extents(0 if records == 2 ** (64 if version == 5 else 32) - 1 else records)  # all bits: being streamed
    lengths = []
    for _ in range(listed()):
        skip(count())
        lengths.append(count())
    attributes()
    for _ in range(listed()):
        skip(count())
        if (rank := count()) > _MOST_DIMENSIONS:
            raise BadFile("has a damaged NetCDF header")
        dimensions = [count() for _ in range(rank)]
        attributes()
        kind, _ = number(">I"), count()  # the stored size overflows in large files: derived again here
        begin = number(offset_code)
        if any(d >= len(lengths) for d in dimensions) or kind not in _WIDTHS:
            raise BadFile("has a damaged NetCDF header")
        record = bool(dimensions) and lengths[dimensions[0]] == 0
        width = _WIDTHS[kind]
        for dimension in dimensions[record:]:
            width *= lengths[dimension]
        (found.recorded if record else found.fixed).append((begin, width))
    found.header = file.tell()
    return found
