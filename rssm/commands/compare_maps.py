"""Maps of two data sets, step by step: where both have values, how far apart these are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from rssm.commands.answers import Answer
from rssm.errors import InputError, suggestion
from rssm.product.formats.netcdf import YearReader
from rssm.product.records.frame import season_labels


class Difference(Answer):
    """Maps of A and B over a year, a dekad of the year or everything: B less A."""

    of: str = Field(description="Year, dekad of the year (D01…D36), or all.")
    both: int = Field(description="Values that both have.")
    only_a: int = Field(description="Values that only A has.")
    only_b: int = Field(description="Values that only B has.")
    unlike: int = Field(description="Of those that both have, how many are stored otherwise.")
    bias: float | None = Field(description="Mean of the differences.")
    rmse: float | None = Field(description="Root of their mean square.")
    greatest: float | None = Field(description="Greatest of their amounts.")
    r: float | None = Field(description="Correlation of A and B.")


class MapsCompared(Answer):
    """A layer of two data sets."""

    layer: str = Field(description="Its name.")
    units: str = Field(description="Its unit.")
    years_only_a: list[str] = Field(description="Years that only A has.")
    years_only_b: list[str] = Field(description="Years that only B has.")
    steps_apart: int = Field(description="Steps of the years of both that only one of them has.")
    pixels_apart: int = Field(description="Pixels of the maps that lie in only one of them.")
    all: Difference = Field(description="Over everything that both hold.")
    years: list[Difference] = Field(description="One entry a year.")
    seasons: list[Difference] = Field(description="One entry a dekad of the year.")
    others: dict[str, int] = Field(description="Other layer → values that differ; empty where --layer names one alone.")

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        apart = (self.years_only_a, self.years_only_b, self.steps_apart, self.pixels_apart)
        return not any((*apart, *self.others.values(), self.all.only_a, self.all.only_b, self.all.unlike))


@dataclass
class Sums:
    """Sums over pairs of values that add up, and counts."""

    both: int = 0
    only_a: int = 0
    only_b: int = 0
    unlike: int = 0
    a: float = 0.0
    b: float = 0.0
    aa: float = 0.0
    bb: float = 0.0
    ab: float = 0.0
    dd: float = 0.0
    greatest: float = 0.0

    def add(self, a: NDArray[Any], b: NDArray[Any]) -> None:
        """Add a map of each; NaN is a gap."""
        there_a, there_b = ~np.isnan(a), ~np.isnan(b)
        x, y = (values[there_a & there_b].astype(np.float64) for values in (a, b))
        self.both += x.size
        self.only_a += int((there_a & ~there_b).sum())
        self.only_b += int((there_b & ~there_a).sum())
        self.unlike += int((x != y).sum())
        self.a, self.b = self.a + float(x.sum()), self.b + float(y.sum())
        self.aa, self.bb, self.ab = self.aa + float(x @ x), self.bb + float(y @ y), self.ab + float(x @ y)
        self.dd += float(((y - x) ** 2).sum())
        self.greatest = max(self.greatest, float(np.abs(y - x).max(initial=0.0)))

    def difference(self, of: str) -> Difference:
        """What the sums say."""
        n = self.both
        known: dict[str, float | None] = dict.fromkeys(("bias", "rmse", "greatest", "r"))
        if n:
            known |= {"bias": (self.b - self.a) / n, "rmse": math.sqrt(self.dd / n), "greatest": self.greatest}
            spread = (self.aa - self.a**2 / n) * (self.bb - self.b**2 / n)
            known["r"] = (self.ab - self.a * self.b / n) / math.sqrt(spread) if spread > 1e-18 * n * n else None
        return Difference(of=of, both=n, only_a=self.only_a, only_b=self.only_b, unlike=self.unlike, **known)


def years_in(folder: Path) -> dict[str, Path]:
    """Year → file of a data set; of one with several tables its name and year."""
    files = {path: path.stem.rpartition("_") for path in sorted((folder / "netcdf").glob("*_[0-9][0-9][0-9][0-9].nc"))}
    several = len({table for table, _, _ in files.values()}) > 1
    return {f"{table} {year}" if several else year: path for path, (table, _, year) in files.items()}


def compare_maps(a: Path, b: Path, layer: str = "") -> MapsCompared:
    """Compare the data sets in two folders: a layer, or soil moisture, and of all other layers count what differs."""
    files_a, files_b = years_in(a), years_in(b)
    whole, by_year, by_season = Sums(), dict[str, Sums](), dict[str, Sums]()
    steps_apart, pixels_apart, unlike, units = 0, 0, dict[str, int](), dict[str, str]()
    common = sorted(files_a.keys() & files_b.keys())
    if layer:
        common = _with_layer(layer, common, files_a)
    for year in common:
        with YearReader(files_a[year]) as one, YearReader(files_b[year]) as two:
            wanted = one.layers[layer] if layer else one.main
            units[wanted.name] = wanted.units
            _refuse_foreign(one, two)
            others = [] if layer else [name for name in one.layers if name in two.layers and name != wanted.name]
            steps_apart += len(set(one.steps) ^ set(two.steps))
            cut_a, cut_b, apart = _overlap(one, two)
            pixels_apart = max(pixels_apart, apart)
            names = season_labels(one.frame.calendar)
            for step in sorted(set(one.steps) & set(two.steps)):
                season = names[one.frame.calendar.season_of(step)]
                x, y = (_real(reader, wanted.name, step, cut) for reader, cut in ((one, cut_a), (two, cut_b)))
                for sums in (whole, by_year.setdefault(year, Sums()), by_season.setdefault(season, Sums())):
                    sums.add(x, y)
                for other in others:
                    unlike[other] = unlike.get(other, 0) + _count_unlike(one, two, other, step, (cut_a, cut_b))
    return MapsCompared(
        layer=", ".join(units) or layer or "soil moisture",
        units=", ".join(dict.fromkeys(units.values())),
        years_only_a=sorted(files_a.keys() - files_b.keys()),
        years_only_b=sorted(files_b.keys() - files_a.keys()),
        steps_apart=steps_apart,
        pixels_apart=pixels_apart,
        all=whole.difference("all"),
        years=[sums.difference(year) for year, sums in by_year.items()],
        seasons=[sums.difference(season) for season, sums in sorted(by_season.items())],
        others=unlike,
    )


def _with_layer(layer: str, years: Sequence[str], files: Mapping[str, Path]) -> list[str]:
    """Years whose files hold a layer."""
    found, seen = [], dict[str, None]()
    for year in years:
        with YearReader(files[year]) as source:
            seen |= dict.fromkeys(source.layers)
            found += [year] if layer in source.layers else []
    if years and not found:
        raise InputError(f"no layer {layer}. {suggestion(layer, seen)}")
    return found


def _refuse_foreign(one: YearReader, two: YearReader) -> None:
    """Refuse data sets whose pixels or steps are not the same things."""
    if one.frame.ids != two.frame.ids:
        apart = " and ".join(f"{reader.path} on {' and '.join(reader.frame.ids.values())}" for reader in (one, two))
        raise InputError(f"{apart}: maps of different grids or calendars cannot be compared.")


def _overlap(one: YearReader, two: YearReader) -> tuple[Any, Any, int]:
    """Rows and columns of both that are the same pixels, as indices; and number of pixels that only one has."""
    around = one.frame.grid.columns
    pairs = []
    for first, size_a, second, size_b, circle in (
        (one.window.row, one.window.rows, two.window.row, two.window.rows, 0),
        (one.window.column, one.window.columns, two.window.column, two.window.columns, around),
    ):
        lines_a, lines_b = np.arange(first, first + size_a), np.arange(second, second + size_b)
        if circle:
            lines_a, lines_b = lines_a % circle, lines_b % circle
        _, at_a, at_b = np.intersect1d(lines_a, lines_b, return_indices=True)
        pairs.append((at_a, at_b))
    (rows_a, rows_b), (columns_a, columns_b) = pairs
    size = sum(reader.window.rows * reader.window.columns for reader in (one, two))
    return np.ix_(rows_a, columns_a), np.ix_(rows_b, columns_b), size - 2 * rows_a.size * columns_a.size


def _values(reader: YearReader, layer: str, step: int, cut: Any) -> NDArray[Any]:
    """A layer's values at a step (row, column) within a cut."""
    values: NDArray[Any] = reader.values(reader.layers[layer], reader.steps.index(step))[cut]
    return values


def _real(reader: YearReader, layer: str, step: int, cut: Any) -> NDArray[np.float64]:
    return _values(reader, layer, step, cut).astype(np.float64)


def _count_unlike(one: YearReader, two: YearReader, layer: str, step: int, cuts: tuple[Any, Any]) -> int:
    """Number of values that differ; codes count by their names, two gaps are alike."""
    x, y = (_values(reader, layer, step, cut) for reader, cut in zip((one, two), cuts, strict=True))
    names_a, names_b = dict(one.layers[layer].codes), dict(two.layers[layer].codes)
    if names_a != names_b:
        x, y = (np.vectorize(names.get, otypes=[object])(values) for names, values in ((names_a, x), (names_b, y)))
    same = x == y
    if one.layers[layer].real:
        same |= np.isnan(x) & np.isnan(y)
    return int((~same).sum())
