"""Where the messages of a GRIB file begin and end: its library passes over what is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from rssm.archive.bad_file import BadFile
from rssm.archive.damage.streams import exactly

_BLOCK = 2**20


def check_grib(file: BinaryIO, size: int) -> None:
    """BadFile where a message lacks its end."""
    if not any(True for _ in messages(file, size)):
        raise BadFile("holds no GRIB message")


def messages(file: BinaryIO, size: int) -> Iterator[tuple[int, int]]:
    """(offset, bytes) of each message; headings of bulletins may stand between them."""
    position = 0
    while (position := _next(file, position)) >= 0:
        length = _length(file, position)
        if position + length > size:
            raise BadFile(f"is truncated ({size} of {position + length} bytes)")
        file.seek(position + max(length, 12) - 4)
        if length < 12 or file.read(4) != b"7777":
            raise BadFile("has a damaged GRIB message")
        yield position, length
        position += length


def _next(file: BinaryIO, position: int) -> int:
    """Where the next message begins; -1 after the last."""
    while True:
        file.seek(position)
        block = file.read(_BLOCK)
        found = block.find(b"GRIB")
        if found >= 0:
            return position + found
        if len(block) < _BLOCK:
            return -1
        position += _BLOCK - 3


def _length(file: BinaryIO, position: int) -> int:
    """Bytes of a message, as its heading says."""
    file.seek(position)
    head = exactly(file, 8)
    if head[7] == 2:
        return int.from_bytes(exactly(file, 8), "big")
    if head[7] != 1:
        raise BadFile(f"has a GRIB message of edition {head[7]}", "edition 1 or 2")
    length = int.from_bytes(head[4:7], "big")
    if not length & 0x800000:
        return length
    start = position + 8  # longer than three bytes can say: counted in 120 bytes, less the last section's short number
    file.seek(start)
    first = exactly(file, 8)
    start += int.from_bytes(first[:3], "big")
    for flag in (0x80, 0x40):
        if first[7] & flag:
            file.seek(start)
            start += int.from_bytes(exactly(file, 3), "big")
    file.seek(start)
    last = int.from_bytes(exactly(file, 3), "big")
    return (length & 0x7FFFFF) * 120 - last + 4 if last < 120 else length
