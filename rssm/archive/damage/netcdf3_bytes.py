"""Where the data of a classic NetCDF file end: the library fills what is missing with zeros."""

from __future__ import annotations

import struct
from functools import partial
from typing import BinaryIO

from rssm.archive.bad_file import BadFile


def check_netcdf3(file: BinaryIO, size: int) -> None:
    """BadFile where the header is damaged, or the file shorter than it says."""
    file.seek(0)
    version = file.read(4)[3]
    count_code, offset_code = (">Q" if version == 5 else ">I"), (">I" if version == 1 else ">Q")
    widths = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}

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
            skip(count() * widths.get(kind, size))

    records = count()
    lengths = []
    for _ in range(listed()):
        skip(count())
        lengths.append(count())
    attributes()
    fixed_end, record_start, record_size = file.tell(), 0, 0
    for _ in range(listed()):
        skip(count())
        if (rank := count()) > 32:
            raise BadFile("has a damaged NetCDF header")
        dimensions = [count() for _ in range(rank)]
        attributes()
        kind, _ = number(">I"), count()  # the stored size overflows in large files: derived again here
        begin = number(offset_code)
        if any(d >= len(lengths) for d in dimensions) or kind not in widths:
            raise BadFile("has a damaged NetCDF header")
        record = bool(dimensions) and lengths[dimensions[0]] == 0
        width = widths[kind]
        for dimension in dimensions[record:]:
            width *= lengths[dimension]
        if record:
            record_start = min(record_start or begin, begin)
            record_size += -(-width // 4) * 4
        else:
            fixed_end = max(fixed_end, begin + width)
    if records == 2 ** (64 if version == 5 else 32) - 1:  # being streamed
        records = 0
    end = max(fixed_end, record_start + records * record_size)
    if end > size:
        raise BadFile(f"is truncated ({size} of {end} bytes)")
