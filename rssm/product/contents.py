"""What a finished edition holds, from the indices of its years: NetCDF files, GeoTIFF files, their steps and layers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os.path import relpath
from pathlib import Path
from typing import Any

from rssm.calendar import CALENDARS, Calendar
from rssm.errors import InputError
from rssm.files import Kind
from rssm.layer import Layer
from rssm.product.formats.netcdf import YEAR, YearReader


@dataclass(frozen=True)
class Listed:
    """What the index of a year lists: its maps, and the NetCDF file that they are of."""

    path: Path
    about: Mapping[str, Any]
    calendar: Calendar

    @classmethod
    def read(cls, path: str, calendar: Calendar) -> Listed:
        """An index; one that names no calendar has that of the data set."""
        about = json.loads(Path(path).read_text(encoding="utf-8"))
        return cls(Path(path), about, CALENDARS[about.get("calendar_id", calendar.id)])

    @property
    def table(self) -> str:
        """How the names of its files begin."""
        return str(self.about["product"])

    @property
    def netcdf(self) -> str:
        """Path of the NetCDF file from the data set's folder."""
        file = self.about["netcdf"]
        return f"{file.get('folder', 'netcdf')}/{file['file']}"

    @property
    def steps(self) -> list[tuple[int, Mapping[str, Any]]]:
        """Steps with their entries."""
        return [(self.calendar.parse(label), entry) for label, entry in self.about["maps"].items()]

    def layers(self, folder: Path) -> tuple[Layer, ...]:
        """Layers of its files."""
        kind = Kind(self.about["netcdf"].get("kind", YEAR.name))
        with YearReader(folder / self.netcdf, kind, self.calendar) as source:
            return tuple(source.layers.values())

    def rows(self, folder: Path, alone: bool) -> Iterator[dict[str, Any]]:
        """name, file, step, release, sha256, configuration of its files, of rounds also round; alone: whether there is one table."""
        configuration = self.about["provenance"]["configuration"]
        for step, entry in self.steps:
            known = {key: entry[key] for key in ("round", "release", "sha256") if key in entry}
            label = self.calendar.label(step)
            named = {"name": label if alone else f"{self.table}-{label}", "step": step, "configuration": configuration}
            yield {**named, "file": relpath(self.path.parent / entry["map"], folder), **known}


@dataclass(frozen=True)
class Contents:
    """What a finished edition holds.

    years  of all tables
    maps   that there are GeoTIFF files of, where these are not the years' steps
    """

    folder: Path
    years: Sequence[Listed]
    maps: Sequence[Listed]

    @classmethod
    def of(cls, folder: Path, years: Sequence[str], maps: Sequence[str], calendar: Calendar) -> Contents:
        listed = [Listed.read(path, calendar) for path in years]
        return cls(folder, listed, [Listed.read(path, calendar) for path in maps] or listed)

    @cached_property
    def tables(self) -> list[str]:
        return list(dict.fromkeys(listed.table for listed in self.years))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Of all GeoTIFF files."""
        found = [row for listed in self.maps for row in listed.rows(self.folder, len(self.tables) == 1)]
        if not found:
            raise InputError("publish: the indices of years list no files.")
        return found

    @property
    def calendar(self) -> Calendar:
        """Of the GeoTIFF files."""
        return self.maps[0].calendar

    @property
    def steps(self) -> list[int]:
        """Of the data set."""
        return sorted({step for listed in self.years for step, _ in listed.steps})

    @property
    def netcdf(self) -> dict[str, str]:
        """Path of each year from the data set's folder → checksum."""
        return {listed.netcdf: listed.about["netcdf"]["sha256"] for listed in self.years}

    def layers(self) -> dict[str, tuple[Layer, ...]]:
        """Table → layers of its GeoTIFF files."""
        first = {listed.table: listed for listed in reversed(self.maps)}
        return {table: first[table].layers(self.folder) for table in self.tables}

    def check_values(self) -> None:
        """Refuse an edition in which no pixel has a value of its own at any step."""
        for table in self.tables:
            entries = [entry for listed in self.years if listed.table == table for _, entry in listed.steps]
            if any(entry["simulated"] for entry in entries):
                continue
            land = sum(entry["land"] for entry in entries)
            if any("round" in entry for entry in entries):
                raise InputError(
                    f"The data set has no value at all: none of {land} land pixels × steps was simulated or all are hidden by"
                    " snow and ice. See report/land_share.tsv and report/archive.tsv for what the maps behind it hold."
                )
            raise InputError(
                f"{table}: the data set has no value at all in {land} land pixels × steps. See report/archive.tsv for what"
                " the maps behind it hold."
            )
