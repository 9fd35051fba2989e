"""Text files of single sensors, for stations that are in no archive: the second way in (docs/stations.md).

Lines `# name: value` say whose records they are; below them stands a table with the columns time, soil_moisture and,
where there is quality control, flag.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.stations.sensors import Records, Sensor, centimetres, placed

ASKED = ("network", "station", "latitude", "longitude", "depth_from", "depth_to", "units")
UNITS = {"m3 m-3": 1.0, "%": 0.01}  # what a value is multiplied by
TIME, VALUE, FLAG = "time", "soil_moisture", "flag"
GOOD = "G"  # flag of records of a file without flags
A_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?Z?")
MEND = "docs/stations.md shows how such a file looks."


def text_files(place: str) -> list[TextFile]:
    """A text file, or all of a folder."""
    path = Path(place)
    if not path.exists():
        raise InputError(f"{place}: no such file or folder. Check validation.stations.csv.")
    files = sorted(path.rglob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise InputError(f"{place}: holds no file *.csv. Check validation.stations.csv.")
    return [TextFile(file) for file in files]


@dataclass(frozen=True)
class TextFile:
    """A text file of one sensor."""

    path: Path

    @property
    def where(self) -> str:
        return str(self.path)

    def sensor(self) -> Sensor:
        said = self._said()
        if absent := [name for name in ASKED if name not in said]:
            raise InputError(f"{self.where}: its head does not say {', '.join(absent)}. {MEND}")
        if said["units"] not in UNITS:
            raise InputError(
                f"{self.where}: units {said['units']!r}, expected volumetric soil moisture in {' or '.join(UNITS)}. {MEND}"
            )
        latitude, longitude, top, bottom = (self._number(name, said[name]) for name in ASKED[2:6])
        if not 0 <= top <= bottom:
            raise InputError(f"{self.where}: depths {top:g} to {bottom:g}, expected metres below ground. {MEND}")
        latitude, longitude = placed(self.where, latitude, longitude, MEND)
        named = said["network"], said["station"], said.get("sensor", "-")
        return Sensor(*named, centimetres(top), centimetres(bottom), latitude, longitude)

    def records(self) -> Records:
        lines = [(n, line) for n, line in enumerate(self._text().splitlines(), 1) if line.strip() and line[0] != "#"]
        names, *rows = [[cell.strip() for cell in line.split(",")] for _, line in lines] or [[""]]
        if names not in ([TIME, VALUE], [TIME, VALUE, FLAG]):
            raise InputError(
                f"{self.where}: expected the columns {TIME},{VALUE} or {TIME},{VALUE},{FLAG}, found"
                f" {', '.join(names) or 'nothing'}. {MEND}"
            )
        at = [number for number, _ in lines[1:]]
        for number, row in zip(at, rows, strict=True):
            if len(row) != len(names):
                raise InputError(f"{self.where}: line {number} has {len(row)} columns, expected {len(names)}. {MEND}")
        columns = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
        flags, flag = np.unique(np.array(columns.get(FLAG, [GOOD] * len(rows)), str), return_inverse=True)
        value = self._values(columns[VALUE], at) * UNITS[self._said()["units"]]
        return Records(self._times(columns[TIME], at), value, flag, tuple(map(str, flags)))

    def _said(self) -> dict[str, str]:
        """What the head says."""
        heads = (line[1:].partition(":") for line in self._text().splitlines() if line[:1] == "#")
        return {name.strip(): " ".join(text.split()) for name, _, text in heads}

    def _text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{self.where}: cannot be read as text ({error}). {MEND}") from None

    def _number(self, name: str, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            raise InputError(f"{self.where}: {name} {text!r} is no number. {MEND}") from None

    def _times(self, texts: Sequence[str], at: Sequence[int]) -> NDArray[np.datetime64]:
        bad = [number for number, text in zip(at, texts, strict=True) if not A_TIME.fullmatch(text)]
        plain = [text.removesuffix("Z") for text in texts]
        try:
            if not bad:
                return np.array(plain, "M8[s]")
        except ValueError:  # 31 February
            bad = [number for number, text in zip(at, plain, strict=True) if not _is(np.datetime64, text)]
        text = texts[at.index(bad[0])]
        raise InputError(f"{self.where}: line {bad[0]}: {text!r} is no time such as 2015-04-01T12:00. {MEND}")

    def _values(self, texts: Sequence[str], at: Sequence[int]) -> NDArray[np.float64]:
        try:
            return np.array([text or "nan" for text in texts], np.float64)
        except ValueError:
            bad = next((n, text) for n, text in zip(at, texts, strict=True) if text and not _is(float, text))
            raise InputError(
                f"{self.where}: line {bad[0]}: {bad[1]!r} is no number; leave gaps empty. {MEND}"
            ) from None


def _is(kind: type, text: str) -> bool:
    """Whether a text can be read as something."""
    try:
        kind(text)
    except ValueError:
        return False
    return True
