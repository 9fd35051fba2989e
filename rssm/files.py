"""Outputs appear whole or not at all: write beside the final name, then rename. What a run wrote is read with care."""

from __future__ import annotations

import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import sleep
from typing import Any

from rssm.errors import InputError
from rssm.room import refusal, said_by_system, size_of

PART = re.compile(r"\.(.+)\.(\d+)\.part(\.\w+)?")  # .STEM.PROCESS.part.SUFFIX


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`, of a file or a folder; rename it onto `path` on success, remove it
    on failure, and with it what killed jobs left of the same output.

    The suffix is kept, because writers of GeoTIFF, NetCDF and HDF choose their format by it.
    """
    final = Path(path)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        left = _left_in(str(final.parent)).pop(final.name, [])
    except OSError as error:
        raise refusal(final, error) from None
    beside = final.with_name(f".{final.stem}.{os.getpid()}.part{final.suffix}")
    for part in {*left, beside}:
        remove(part)
    try:
        yield beside
        if beside.is_dir() and final.is_dir():
            shutil.rmtree(final)
        beside.replace(final)
    except InputError:
        raise
    except Exception as error:
        written = size_of(beside)
        reason = said_by_system(beside, error)
        if reason is None:
            raise
        raise refusal(final, reason, written) from None
    finally:
        remove(beside)


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if not path.is_dir():
        path.unlink(missing_ok=True)
        return
    gone = 0
    for _ in range(40):  # of a cube that failed, threads may still write a chunk, and make its folder again
        shutil.rmtree(path, ignore_errors=True)
        sleep(0.05)
        gone = 0 if path.is_dir() else gone + 1
        if gone == 3:
            break


def left_behind(folder: str | Path) -> list[tuple[str, Path]]:
    """What killed jobs left in a folder: the name of the output that each was to become, and its path."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            part = PART.fullmatch(entry.name)
            if part and not _runs(int(part[2])):
                found.append((part[1] + (part[3] or ""), Path(entry.path)))
    return found


@cache
def _left_in(folder: str) -> dict[str, list[Path]]:
    """The same by output; looked up once a process, because a folder may hold thousands of files that one job writes."""
    left: dict[str, list[Path]] = defaultdict(list)
    for name, path in left_behind(folder):
        left[name].append(path)
    return left


def _runs(process: int) -> bool:
    """Whether another process of that number is alive on this machine."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


@dataclass(frozen=True)
class Kind:
    """A kind of NetCDF file that rules pass on: its name, and a number raised when readers of older files could go wrong."""

    name: str
    layout: int = 1

    @contextmanager
    def created(self, path: str | Path) -> Iterator[Any]:
        """A new file, which says what it is."""
        import netCDF4

        with atomic(path) as beside, netCDF4.Dataset(beside, "w") as file:
            file.setncatts({"kind": self.name, "layout": self.layout})
            yield file

    def describes(self, path: str | Path) -> bool:
        """Whether a file says that it is of this kind."""
        import netCDF4

        try:
            with netCDF4.Dataset(path) as file:
                return bool(getattr(file, "kind", None) == self.name)
        except OSError:
            return False

    @contextmanager
    def opened(self, path: str | Path) -> Iterator[Any]:
        """A file of this kind, its numbers unmasked; one sentence where it is not."""
        import netCDF4

        again = "Remove it and run its rule again."
        try:
            file = netCDF4.Dataset(path)
        except OSError as error:
            raise InputError(f"{path}: cannot be read as {self.name} ({error}). {again}") from None
        with file:
            kind, layout = getattr(file, "kind", "unknown"), getattr(file, "layout", None)
            if (kind, layout) != (self.name, self.layout):
                raise InputError(
                    f"{path}: holds {kind} of layout {layout}; expected {self.name} of layout {self.layout}. {again}"
                )
            file.set_auto_mask(False)
            yield file
