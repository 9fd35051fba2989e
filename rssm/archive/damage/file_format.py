"""Is a file of the format that its reader takes, and whole?"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from rssm.archive.bad_file import BadFile
from rssm.archive.damage.grib_bytes import check_grib
from rssm.archive.damage.hdf4_bytes import check_hdf4
from rssm.archive.damage.netcdf3_bytes import check_netcdf3
from rssm.archive.damage.tiff_bytes import check_tiff

HDF5 = b"\x89HDF\r\n\x1a\n"
HDF4 = b"\x0e\x03\x13\x01"
_BEGINNINGS = {
    "HDF5": (HDF5,),
    "HDF4": (HDF4,),
    "GRIB": (b"GRIB",),
    "NetCDF-3": (b"CDF\1", b"CDF\2", b"CDF\5"),
    "a zip archive": (b"PK\3\4",),
    "TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
}


def check_format(path: Path, *formats: str) -> str:
    """The format of a file (HDF5, NetCDF-3, HDF4, TIFF, GRIB); BadFile where it is none of these or bytes are missing."""
    wanted = " or ".join(formats)
    expected, hint = f"a whole {wanted} file", "Download it again"
    try:
        with path.open("rb") as file:
            head = file.read(8)
            if not head:
                raise BadFile("is empty (0 bytes)")
            name = next((name for name, beginnings in _BEGINNINGS.items() if head.startswith(beginnings)), "")
            name = name or _further_in(file, path.stat().st_size, formats)
            hint = "Unpack it there" if "zip" in name else hint
            if name not in formats:
                raise BadFile(f"is no {wanted} file (it is {name or 'of no format known here'})")
            _CHECKS[name](file, path.stat().st_size)
    except BadFile as bad:
        raise BadFile(str(bad), expected, hint) from None
    except struct.error:
        raise BadFile("ends within its header", expected) from None
    except OSError as error:
        raise BadFile(f"cannot be read ({error.strerror})", expected, "Check the file") from None
    return name


def _further_in(file: BinaryIO, size: int, formats: tuple[str, ...]) -> str:
    """The format of a file that does not begin with its mark: HDF5 has blocks of users, GRIB headings of bulletins."""
    if "HDF5" in formats and _superblock(file, size):
        return "HDF5"
    file.seek(0)
    return "GRIB" if "GRIB" in formats and b"GRIB" in file.read(4096) else ""


def _superblock(file: BinaryIO, size: int) -> int:
    """Where an HDF5 file begins after a block of its user: at 512, 1024, 2048 … bytes; 0 where it does not."""
    position = 512
    while position < size:
        file.seek(position)
        if file.read(8) == HDF5:
            return position
        position *= 2
    return 0


def _check_hdf5(file: BinaryIO, size: int) -> None:
    """The superblock says where the file ends."""
    file.seek(0)
    block = 0 if file.read(8) == HDF5 else _superblock(file, size)
    file.seek(block)
    head = file.read(192)
    version, width = head[8], head[13] if head[8] < 2 else head[9]
    if version > 3 or width not in (2, 4, 8, 16, 32):
        raise BadFile("has a damaged HDF5 superblock")
    start = {0: 24, 1: 28}.get(version, 12)  # the base address, free space (or extension), end
    base, end = (int.from_bytes(head[at : at + width], "little") for at in (start, start + 2 * width))
    # Libraries have counted the end from the base as well as from the file's first byte.
    if (end if base == 0 else end - base) > size - block:
        raise BadFile(f"is truncated ({size} of {end} bytes)")


_CHECKS = {"HDF5": _check_hdf5, "HDF4": check_hdf4, "GRIB": check_grib, "NetCDF-3": check_netcdf3, "TIFF": check_tiff}
