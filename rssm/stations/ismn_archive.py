"""Archives of the International Soil Moisture Network as downloaded: a zip file or the folder made of it.

Files `NETWORK_NETWORK_STATION_sm_DEPTH_DEPTH_SENSOR_FROM_TO.stm` are found wherever they lie; other variables are passed
over. The head of a file is read here, a few bytes of it, because the package reads the whole and fails on a file with
less than two records; records are read by the package `ismn`, in both formats that the ISMN gives out: header and
values, and CEOP in separate files.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from rssm.archive.bad_file import FAILURES
from rssm.errors import InputError
from rssm.stations.networks import network_of
from rssm.stations.sensors import Records, Sensor, centimetres, placed

VARIABLE, MOISTURE = "soil_moisture", "sm"
NAME = re.compile(r"_(?P<variable>[a-z]+)_-?\d+\.\d+_-?\d+\.\d+_(?P<sensor>.+)_\d{8}_\d{8}\.stm$")
HEAD = 4096  # bytes that hold the first two lines
COLUMNS = {"header_values": (1, 2, 3, 4, 6, 7), "ceop_sep": (5, 6, 7, 8, 10, 11)}  # network, station, place, depths
UNREADABLE: tuple[type[Exception], ...] = (*FAILURES, EOFError, zipfile.BadZipFile, zlib.error)
AGAIN = "Download it from the ISMN again, or set inputs.on_bad_file: skip to go on without this file."


def ismn_files(archive: str, network: str = "") -> list[IsmnFile]:
    """The files of soil moisture in an archive, by name; of one network, if it is named."""
    path = Path(archive)
    if not path.exists():
        raise InputError(
            f"{archive}: no such zip file or folder. Download stations from the ISMN, or correct the setting stations.ismn."
        )
    if path.is_file() and not zipfile.is_zipfile(path):
        raise InputError(f"{archive}: is no complete zip file. Download it from the ISMN again.")
    root = _library().IsmnRoot(path)
    names = root.zip.namelist() if root.zip else [file.relative_to(path).as_posix() for file in path.rglob("*.stm")]
    listed = [IsmnFile(root, name) for name in sorted(names) if name.endswith(".stm")]
    if not listed:
        raise InputError(f"{archive}: holds no file NETWORK/STATION/*.stm. Is it an archive of the ISMN, and whole?")
    wanted = [file for file in listed if network in ("", network_of(file.name))]
    return [file for file in wanted if file.variable == MOISTURE]


class Head(NamedTuple):
    """Format, words of the first line, and whether records follow."""

    kind: str
    words: list[str]
    filled: bool


@dataclass(frozen=True)
class IsmnFile:
    """A file of an archive: `root` is the archive as the package opens it, `name` the path in it."""

    root: Any
    name: str

    @property
    def where(self) -> str:
        return f"{self.root.path}: {self.name}"

    @property
    def variable(self) -> str:
        """Its variable, which stands in its name; a file that is named otherwise is read to see what it is."""
        named = NAME.search(self.name)
        return named["variable"] if named else MOISTURE

    @cached_property
    def _head(self) -> Head:
        with _readable(self.where), self._opened() as file:
            lines = [line.split() for line in file.read(HEAD).decode("latin-1").splitlines() if line.strip()]
        if not lines:
            raise InputError(f"{self.where}: is empty. {AGAIN}")
        ceop = len(lines[0]) == 15 and lines[0][0][4:8:3] == "//"  # begins with a date
        return Head("ceop_sep" if ceop else "header_values", lines[0], ceop or len(lines) > 1)

    def sensor(self) -> Sensor:
        head = self._head
        try:
            network, station, *numbers = (head.words[at] for at in COLUMNS[head.kind])
            latitude, longitude, top, bottom = map(float, numbers)
        except (IndexError, ValueError):
            raise InputError(
                f"{self.where}: begins with {' '.join(head.words)[:60]!r}, expected network, station, latitude, longitude,"
                f" elevation and depths of its sensor. {AGAIN}"
            ) from None
        latitude, longitude = placed(self.where, latitude, longitude, AGAIN)
        named = NAME.search(self.name)
        name = named["sensor"] if named else "-"
        return Sensor(network, station, name, centimetres(top), centimetres(bottom), latitude, longitude)

    def records(self) -> Records:
        if not self._head.filled:
            return Records(np.empty(0, "M8[s]"), np.empty(0), np.empty(0, np.intp), ())
        library = _library()
        with _readable(self.where), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the package, about pandas
            file = library.DataFile(self.root, self.name, load_metadata=False)
            file.metadata = library.MetaData([library.MetaVar("variable", VARIABLE)])
            file.file_type = self._head.kind
            table = file.read_data()
            time, value = table.index.to_numpy().astype("M8[s]"), table[VARIABLE].to_numpy(np.float64)
            flag, flags = table[f"{VARIABLE}_flag"].factorize()
        if (short := np.isnat(time) | (flag < 0)).any():
            raise InputError(f"{self.where}: its record {int(short.argmax()) + 1} is cut short. {AGAIN}")
        return Records(time, value, flag, tuple(map(str, flags)))

    def _opened(self) -> IO[bytes]:
        if self.root.zip:
            opened: IO[bytes] = self.root.zip.open(self.name)
            return opened
        return (Path(self.root.path) / self.name).open("rb")


@contextmanager
def _readable(where: str) -> Iterator[None]:
    """One sentence where a file of an archive is damaged."""
    try:
        yield
    except UNREADABLE as error:
        reason = str(error).split("\n")[0]
        raise InputError(f"{where}: is damaged or no file of the ISMN ({reason}). {AGAIN}") from None


class _Library(NamedTuple):
    """What is used of the package `ismn`."""

    IsmnRoot: Any
    DataFile: Any
    MetaData: Any
    MetaVar: Any


def _library() -> _Library:
    """The package that reads archives of the ISMN; a sentence where it is absent."""
    try:
        from ismn.base import IsmnRoot
        from ismn.filehandlers import DataFile
        from ismn.meta import MetaData, MetaVar
    except ImportError as error:
        raise InputError(
            f"Archives of the ISMN need the package ismn ({error}). Install it: pip install 'rssm[validation]'."
        ) from None
    return _Library(IsmnRoot, DataFile, MetaData, MetaVar)
