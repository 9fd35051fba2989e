"""Networks of stations in archives of the ISMN, from the names of their files alone, of which none is opened.

Light to import: the workflow asks whenever it plans.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

SUFFIX = ".stm"


def network_of(name: str) -> str:
    """The network of a file `…/NETWORK/STATION/….stm`; of a file that lies higher up the first folder of its path, or `-`."""
    folders = PurePosixPath(name).parts[:-1]
    return folders[-2] if len(folders) > 1 else folders[0] if folders else "-"


def networks_in(archives: Sequence[str]) -> dict[str, str]:
    """Network → digest of its files in all archives: names, sizes, and times, or of zip files the checksums that these hold.

    Empty where an archive cannot be listed or holds no such file: whoever reads it says what is wrong.
    """
    digests: dict[str, Any] = {}
    for archive in archives:
        listed = sorted(_listed(Path(archive)))
        if not listed:
            return {}
        for network, line in listed:
            digests.setdefault(network, hashlib.sha256()).update(line.encode())
    return {network: digests[network].hexdigest()[:16] for network in sorted(digests)}


def _listed(archive: Path) -> Iterator[tuple[str, str]]:
    """(network, what tells one state of a file from another) of every file of an archive."""
    if archive.is_dir():
        for path in archive.rglob(f"*{SUFFIX}"):
            name, status = path.relative_to(archive).as_posix(), path.stat()
            yield network_of(name), f"{name} {status.st_size} {status.st_mtime_ns}\n"
    elif archive.is_file() and zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            for info in opened.infolist():
                if info.filename.endswith(SUFFIX):
                    yield network_of(info.filename), f"{info.filename} {info.file_size} {info.CRC}\n"
