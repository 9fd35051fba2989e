"""A full disk, or a folder that must not be written to: why an output could not be written, in one sentence."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from rssm.errors import InputError

MORE = 2**22  # bytes that are tried
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def said_by_system(beside: Path, error: Exception) -> OSError | None:
    """What the system says of an output that failed with an error; nothing where it would take more.

    HDF5 and GDAL do not tell why a write failed, so some more is written beside the output.
    """
    try:
        with (beside / "more" if beside.is_dir() else beside).open("ab") as file:
            file.write(bytes(MORE))
            file.flush()
            os.fsync(file.fileno())
    except OSError as reason:
        return reason
    return error if isinstance(error, OSError) and error.errno in FULL else None


def size_of(path: Path) -> int:
    """Bytes of a file or of all files of a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def refusal(final: Path, reason: OSError, written: int = 0) -> InputError:
    """The sentence where an output cannot be written: its folder, why, and what is needed.

    written   bytes for which there was room
    """
    folder, why = final.parent, (reason.strerror or str(reason)).lower()
    if reason.errno in FULL:
        there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
        free = shutil.disk_usage(there).free
        return InputError(
            f"{folder}: no room for {final.name} ({why}): it needs more than {written / 1e3:.0f} kB, and {free / 1e3:.0f} kB"
            " were left. Make room (rssm estimate tells what a run needs) and start again; what is finished is kept."
        )
    return InputError(
        f"{folder}: {final.name} cannot be written ({why}). A run needs a folder that it may write to: change its"
        " permissions, or run in another (snakemake --directory FOLDER)."
    )
