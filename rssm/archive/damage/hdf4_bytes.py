"""The objects of an HDF4 file, byte by byte: its library believes every length in it, and crashes on a wrong one."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from rssm.archive.bad_file import BadFile
from rssm.archive.damage.streams import check_stream, exactly

_NULL, _VERSION, _COMPRESSED, _TABLE_HEADER, _TABLE, _GROUP = 1, 30, 40, 1962, 1963, 1965
_SPECIAL, _NO_DATA = 0x4000, 0xFFFFFFFF
_COMPRESSION, _DEFLATE = 3, 4  # kind of a special element, and the coder it names
_WIDTHS = {3: 1, 4: 1, 5: 4, 6: 8, 20: 1, 21: 1, 22: 2, 23: 2, 24: 4, 25: 4, 26: 8, 27: 8}
_LONGEST_NAME, _LONGEST_VERSION = 256, 92
_OF_THE_LIBRARY = (b"CDF0.0", b"Var0.0", b"Dim0.0", b"UDim0.0", b"DimVal0.0", b"DimVal0.1")

Object = tuple[int, int, int, int]  # tag, reference, offset, length


def check_hdf4(file: BinaryIO, size: int) -> None:
    """BadFile where an object leaves the file, contradicts itself, or does not agree with its checksum."""
    objects = list(_objects(file, size))
    tables = {reference: length for tag, reference, _, length in objects if tag == _TABLE and length != _NO_DATA}
    there = {(tag & ~_SPECIAL, reference) for tag, reference, _, _ in objects}
    held = [item for item in objects if _NO_DATA not in item[2:]]  # an object may have been declared and never written
    for _, _, offset, length in held:
        if offset + length > size:
            raise BadFile(f"is truncated ({size} bytes, an object ends at {offset + length})")
    deflated = _deflated(file, held)
    for tag, reference, offset, length in held:
        if tag == _VERSION and length > _LONGEST_VERSION:
            raise BadFile("has a damaged HDF4 version")
        if tag == _COMPRESSED and reference in deflated:
            check_stream(file, offset, length)
        elif tag in (_TABLE_HEADER, _GROUP):
            file.seek(offset)
            data = exactly(file, length)
            try:
                if tag == _GROUP:
                    _check_group(data, there)
                else:
                    _check_table(data, tables.get(reference))
            except struct.error:
                raise BadFile("has a damaged HDF4 table") from None


def _objects(file: BinaryIO, size: int) -> Iterator[Object]:
    """All objects; their descriptors must form a chain without a loop."""
    position, seen = 4, set()
    while position:
        if position in seen or position + 6 > size:
            raise BadFile("has a damaged list of HDF4 objects")
        seen.add(position)
        file.seek(position)
        count, position = struct.unpack(">hI", file.read(6))
        if count <= 0:
            raise BadFile("has a damaged list of HDF4 objects")
        for tag, reference, offset, length in struct.iter_unpack(">HHII", exactly(file, 12 * count)):
            if tag != _NULL:
                yield tag, reference, offset, length


def _deflated(file: BinaryIO, objects: list[Object]) -> set[int]:
    """References of the compressed objects that are zlib streams: other coders' bytes may begin like one."""
    found = set()
    for tag, _, offset, length in objects:
        if tag & _SPECIAL and not tag & 0x8000 and length >= 14:
            file.seek(offset)
            kind, _, _, reference, _, coder = struct.unpack(">HHIHHH", exactly(file, 14))
            if kind == _COMPRESSION and coder == _DEFLATE:
                found.add(reference)
    return found


def _check_table(data: bytes, held: int | None) -> None:
    """A table's header: widths of fields that add up to its rows, rows that its data hold, names that fit."""
    _, rows, width, fields = struct.unpack_from(">hiHh", data)  # a field is up to 65 535 bytes wide
    if not 0 <= fields <= _LONGEST_NAME or rows < 0:
        raise BadFile("has a damaged HDF4 table")
    kinds, widths, _, orders = (struct.unpack_from(f">{fields}H", data, 10 + 2 * fields * i) for i in range(4))
    for kind, wide, order in zip(kinds, widths, orders, strict=True):
        known = _WIDTHS.get(kind & 0xFFF)
        if known is None or wide != order * known:
            raise BadFile("has a damaged HDF4 table")
    if sum(widths) != width or (held is not None and rows * width > held):
        raise BadFile("has a damaged HDF4 table")
    _check_names(data, 10 + 8 * fields, fields + 2, _LONGEST_NAME)


def _check_group(data: bytes, there: set[tuple[int, int]]) -> None:
    """A group's header: names that fit into it; in a group of the library's own, members that exist, each once.

    People's groups may name an object twice, or one that was removed.
    """
    (count,) = struct.unpack_from(">H", data)
    tags, references = (struct.unpack_from(f">{count}H", data, 2 + 2 * count * i) for i in range(2))
    _, kind = _check_names(data, 2 + 4 * count, 2, len(data))
    members = [(tag & ~_SPECIAL, reference) for tag, reference in zip(tags, references, strict=True)]
    if kind in _OF_THE_LIBRARY and (len(set(members)) < count or not there.issuperset(members)):
        raise BadFile("has a damaged HDF4 group")


def _check_names(data: bytes, position: int, count: int, longest: int) -> list[bytes]:
    """So many names, each after its length."""
    names = []
    for _ in range(count):
        (length,) = struct.unpack_from(">H", data, position)
        names.append(data[position + 2 : position + 2 + length])
        position += 2 + length
        if length > longest or position > len(data):
            raise BadFile("has a damaged HDF4 table")
    return names
