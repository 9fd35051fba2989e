"""Which steps of the products of an archive are complete, partial or missing, by file names alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product as combinations
from pathlib import Path

from rssm.archive.listing import ALWAYS, Found, list_files, resolve_duplicates
from rssm.archive.patterns import compile_pattern
from rssm.calendar import Calendar, days_of
from rssm.config.catalogue import Product

MARKS = {"complete": "█", "partial": "▒", "missing": "·"}


@dataclass(frozen=True)
class Row:
    """One product and year: steps of its span within the period asked for, and what its files say of them.

    files, duplicates  of the year: a file that covers several years counts in each
    new                of these files, those that no earlier year of the product counts
    """

    product: str
    year: int
    complete: int
    partial: int
    missing: int
    files: int
    duplicates: int
    new: int

    @property
    def state(self) -> str:
        """`complete`, `partial` or `missing`, of the whole year."""
        if not self.partial and not self.missing:
            return "complete"
        return "partial" if self.complete or self.partial else "missing"


def coverage(product: Product, files: Sequence[Found], steps: Iterable[int], calendar: Calendar) -> dict[int, float]:
    """Step → share of its days and overpasses for which there is a file (0…1)."""
    choices = compile_pattern(product.files).choices
    overpasses = list(combinations(*(choices[name] for name in sorted(choices))))
    covered: dict[tuple[str, ...], set[int]] = {overpass: set() for overpass in overpasses}
    always = any((file.start, file.end) == ALWAYS for file in files)
    for file in [] if always else files:
        overpass = tuple(file.fields[name] for name in sorted(choices))
        covered[overpass].update(range(file.start.toordinal(), file.end.toordinal() + 1))
    shares = {}
    for step in steps:
        days = range(calendar.start(step).toordinal(), calendar.end(step).toordinal() + 1)
        there = sum(len(held.intersection(days)) for held in covered.values())
        shares[step] = 1.0 if always else there / (len(days) * len(overpasses))
    return shares


def steps_of(product: Product, period: range, calendar: Calendar) -> range:
    """Steps of a period that lie within the product's span."""
    start, end = product.span
    last = calendar.of(days_of(end)[1]) if end else period[-1]
    return range(max(period[0], calendar.of(days_of(start)[0])), min(period[-1], last) + 1)


def inventory(
    root: str | Path, catalogue: Mapping[str, Product], period_of: Callable[[str], range], calendar: Calendar
) -> list[Row]:
    """Rows of every product and year of the period that it is asked for; stations are counted as they lie."""
    rows = []
    for name, product in catalogue.items():
        steps = steps_of(product, period_of(name), calendar)
        kept, dropped = resolve_duplicates(product, list_files(root, product))
        shares = coverage(product, kept, steps, calendar)
        counted = 0
        for year in sorted({calendar.year_of(step) for step in steps}):
            of_year = [share for step, share in shares.items() if calendar.year_of(step) == year]
            complete, missing = of_year.count(1.0), of_year.count(0.0)
            files, doubles = (sum(f.start.year <= year <= f.end.year for f in part) for part in (kept, dropped))
            since = calendar.year_of(steps[0])
            up_to = sum(f.start.year <= year and f.end.year >= since for f in kept)
            rows.append(
                Row(name, year, complete, len(of_year) - complete - missing, missing, files, doubles, up_to - counted)
            )
            counted = up_to
    return rows


def table(rows: list[Row]) -> str:
    """The inventory for people: a line per product, a mark per year, sums at the end of the line."""
    if not rows:
        return "No product of the catalogue falls into this period."
    years = range(min(row.year for row in rows), max(row.year for row in rows) + 1)
    by_product: dict[str, dict[int, Row]] = {}
    for row in rows:
        by_product.setdefault(row.product, {})[row.year] = row
    wide = max(len(name) for name in by_product)
    digits = "".join(str(year % 10) for year in years)
    lines = [f"{'':{wide}}  from {years[0]} to {years[-1]}", f"{'':{wide}}  {digits}  complete partial missing  files"]
    for name, found in by_product.items():
        marks = "".join(MARKS[found[year].state] if year in found else " " for year in years)
        sums = [sum(getattr(row, field) for row in found.values()) for field in ("complete", "partial", "missing")]
        files, doubles = sum(row.new for row in found.values()), sum(row.duplicates for row in found.values())
        note = f" and {doubles} older versions left out" if doubles else ""
        lines.append(f"{name:{wide}}  {marks}  {sums[0]:8d} {sums[1]:7d} {sums[2]:7d} {files:6d}{note}")
    legend = ", ".join(f"{mark} {state}" for state, mark in MARKS.items())
    return "\n".join([*lines, "", f"By file names: {legend}; blank outside the product's span."])
