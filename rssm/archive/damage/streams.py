"""Bytes that must be there, and zlib streams that must agree with their checksums."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from rssm.archive.bad_file import BadFile


def exactly(file: BinaryIO, count: int) -> bytes:
    """So many bytes, no fewer."""
    data = file.read(count)
    if len(data) < count:
        raise BadFile("is truncated")
    return data


def check_stream(file: BinaryIO, offset: int, length: int) -> None:
    """A zlib stream ends in a checksum, to which the libraries of HDF4 and TIFF never read; other streams pass."""
    file.seek(offset)
    data = exactly(file, length)
    if len(data) < 2 or data[0] & 15 != 8 or int.from_bytes(data[:2], "big") % 31:
        return
    stream = zlib.decompressobj()
    try:
        while data and not stream.eof:
            stream.decompress(data, 2**22)
            data = stream.unconsumed_tail
    except zlib.error:
        raise BadFile("is damaged (a compressed part fails its checksum)") from None
    if not stream.eof:
        raise BadFile("is damaged (a compressed part has no end)")
