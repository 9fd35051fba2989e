"""The first directory of a TIFF file, and the checksums of its strips or tiles."""

from __future__ import annotations

import struct
from typing import BinaryIO

from rssm.archive.bad_file import BadFile
from rssm.archive.damage.streams import check_stream, exactly

_COMPRESSION, _DEFLATE = 259, (8, 32946)


def check_tiff(file: BinaryIO, size: int) -> None:
    """The first directory must lie within the file, and every compressed strip or tile agree with its checksum."""
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2] + head[3] == 43
    (first,) = struct.unpack(order + ("Q" if big else "I"), head[8:16] if big else head[4:8])
    if first >= size:
        raise BadFile(f"is truncated ({size} bytes, its directory lies at {first})")
    tags = _tiff_tags(file, order, first, big)
    if tags.get(_COMPRESSION, (1,))[0] in _DEFLATE:
        offsets, lengths = (tags.get(strip, tags.get(tile, ())) for strip, tile in ((273, 324), (279, 325)))
        for offset, length in zip(offsets, lengths, strict=False):
            check_stream(file, offset, length)


def _tiff_tags(file: BinaryIO, order: str, first: int, big: bool) -> dict[int, tuple[int, ...]]:
    """Whole numbers of the first directory; those of BigTIFF are twice as wide."""
    wide = "Q" if big else "I"
    room = struct.calcsize(wide)
    file.seek(first)
    (count,) = struct.unpack(order + wide if big else order + "H", file.read(room if big else 2))
    tags = {}
    entries = exactly(file, min(count, 2**16) * (4 + 2 * room))
    for tag, kind, number, value in struct.iter_unpack(f"{order}HH{wide}{room}s", entries):
        code = {3: "H", 4: "I", 16: "Q"}.get(kind)
        if code is None or number > 10_000_000:
            continue
        length = struct.calcsize(code) * number
        if length > room:
            file.seek(struct.unpack(order + wide, value)[0])
            value = exactly(file, length)
        tags[tag] = struct.unpack(f"{order}{number}{code}", value[:length])
    return tags
