"""The files of an archive that match the catalogue's patterns, by name alone: none is opened."""

from __future__ import annotations

import hashlib
import os
import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from rssm.archive.checksums import digests_of, listed_checksums
from rssm.archive.patterns import Pattern, compile_pattern
from rssm.calendar import CALENDARS
from rssm.config.catalogue import Product

ALWAYS = date.min, date.max  # of static files, and of those that say inside which days they hold


@dataclass(frozen=True, slots=True)
class Found:
    """One file of a product.

    start, end   first and last day that its values may stand for, both included; ALWAYS where its name says none
    fields       what the pattern's fields matched
    mtime_ns     time of last change
    digests      checksums that its agency's lists give it, of which it must have one; empty where there are none
    """

    location: str
    start: date
    end: date
    fields: dict[str, str]
    size: int
    mtime_ns: int
    digests: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return Path(self.location)  # made only when needed: for every file it would take half the time of a listing

    @property
    def name(self) -> str:
        return self.location.rpartition(os.sep)[2]


def list_files(
    root: str | Path, product: Product, year: int | None = None, checksums: Sequence[str] = ()
) -> list[Found]:
    """Files below `root` that match the product's pattern and may hold values of `year` (None: of any), sorted.

    checksums   lists of checksums to hold the files against when they are read (`inputs.checksums`)
    """
    found = []
    for entry, period, fields in _matching(root, product, year):
        status = entry.stat()
        found.append((entry.path, period, fields, status.st_size, status.st_mtime_ns))
    found.sort(key=lambda file: (file[1][0], file[0]))
    listed = listed_checksums(root, checksums)
    return [
        Found(path, *period, fields, size, changed, digests_of(listed, path) if listed else ())
        for path, period, fields, size, changed in found
    ]


def any_file(root: str | Path, product: Product, year: int | None = None) -> bool:
    """Whether there is a file that `list_files` would find; the search ends with the first."""
    return next(_matching(root, product, year), None) is not None


def _matching(
    root: str | Path, product: Product, year: int | None
) -> Iterator[tuple[os.DirEntry[str], tuple[date, date], dict[str, str]]]:
    """Files of a product that may hold values of a year (None: of any), with their days and the texts of the fields."""
    pattern = compile_pattern(product.files, year)
    form = pattern.dates.get("date")
    undated = product.step == "static" or (not form and "{year}" not in product.files)
    for entry, fields in _walk(str(root), pattern.levels, {}):
        text = fields.get("date", "") if form else fields.get("year") or str(year)
        period = ALWAYS if undated else _period(product.step, product.stamp, form or "%Y", text)
        if period and (year is None or period[0].year <= year <= period[1].year):
            yield entry, period, fields


def found_at(path: Path, start: date = date.min, end: date | None = None) -> Found:
    """One file that stands outside the archive's tree, with the days it is known to hold; static without them."""
    status = path.stat()
    last = end or (start if start != date.min else date.max)
    return Found(str(path), start, last, {}, status.st_size, status.st_mtime_ns)


def _walk(
    folder: str, levels: tuple[re.Pattern[str] | str, ...], fields: dict[str, str]
) -> Iterator[tuple[os.DirEntry[str], dict[str, str]]]:
    """Files whose path fits the levels, with the texts of the fields."""
    level, deeper = levels[0], levels[1:]
    if isinstance(level, str) and deeper:  # a name without wildcards: no need to list its neighbours
        yield from _walk(os.path.join(folder, level), deeper, fields)  # noqa: PTH118
        return
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            if isinstance(level, str):
                inner: dict[str, str] | None = fields if entry.name == level else None
            elif entry.name.startswith(".") and not level.pattern.startswith(r"\."):
                continue  # what a download or a killed job left
            else:
                match = level.match(entry.name)
                inner = _merged(fields, match.groupdict()) if match else None
            if inner is None:
                continue
            if not deeper:
                if entry.is_file():
                    yield entry, inner
            elif entry.is_dir():
                yield from _walk(entry.path, deeper, inner)


def _merged(fields: dict[str, str], more: dict[str, str]) -> dict[str, str] | None:
    """Fields so far and those of one more level; None where one name stands for two different texts."""
    if not fields and not any("__" in key for key in more):
        return more
    merged = dict(fields)
    for key, text in more.items():
        name = key.partition("__")[0]
        if merged.get(name, text) != text and name != "date":
            return None
        merged[name] = text  # `date` may be written in two forms: the file name's comes last and counts
    return merged


@lru_cache(maxsize=65536)
def _period(step: str, stamp: str, form: str, text: str) -> tuple[date, date] | None:
    """First and last day that a file stands for; None where its name holds no real date."""
    try:
        day = datetime.strptime(text, form).date() - timedelta(days=stamp == "after")
    except ValueError:
        return None
    start, end = _step(step, day)
    if stamp == "end":  # its first time may be the midnight that ends the day before
        start -= timedelta(days=1)
    if "%d" not in form and "%j" not in form:  # one file for the month or the year
        end = max(end, day.replace(day=monthrange(day.year, day.month)[1]))
        if "%m" not in form:
            end = max(end, date(day.year, 12, 31))
    return start, end


def _step(step: str, day: date) -> tuple[date, date]:
    """First and last day of the step that holds a day."""
    if step == "8day":  # counted again from each 1 January
        return day, min(day + timedelta(days=7), date(day.year, 12, 31))
    calendar = CALENDARS[step]
    return calendar.start(calendar.of(day)), calendar.end(calendar.of(day))


def digest(files: list[Found]) -> str:
    """Short digest of names, sizes and times of change: equal as long as nobody touched the files."""
    lines = sorted(f"{file.name}\t{file.size}\t{file.mtime_ns}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def resolve_duplicates(product: Product, files: list[Found]) -> tuple[list[Found], list[Found]]:
    """(kept, dropped): of files of one period, overpass, satellite and part of the globe the newest version is kept."""
    pattern = compile_pattern(product.files)
    best: dict[tuple[str, ...], Found] = {}
    dropped = []
    for file in sorted(files, key=lambda file: (_version(pattern, file), file.name)):
        same = tuple(
            file.fields.get(name, "")
            for name in (*pattern.dates, *sorted(pattern.choices), *pattern.parts)
            if name != "end"
        )
        key = (file.start.isoformat(), *same)
        if key in best:
            dropped.append(best[key])
        best[key] = file
    kept = sorted(best.values(), key=lambda file: (file.start, file.location))
    return kept, sorted(dropped, key=lambda file: file.location)


def overlapping(product: Product, files: list[Found]) -> list[tuple[Found, Found]]:
    """Files with days that another of the same overpass holds too, each after that other; days have many files."""
    if product.step in ("day", "static"):
        return []
    pattern = compile_pattern(product.files)
    choices = [*sorted(pattern.choices), *pattern.parts]
    last: dict[tuple[str, ...], Found] = {}
    found = []
    for file in sorted(files, key=lambda file: (file.start, file.location)):
        overpass = tuple(file.fields.get(name, "") for name in choices)
        before = last.get(overpass)
        if before and file.start <= before.end:
            found.append((before, file))
        else:
            last[overpass] = file
    return found


def _version(pattern: Pattern, file: Found) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Free texts of a file, as keys that sort V10 after V9."""
    return tuple(
        tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", file.fields[name]))
        for name in pattern.texts
        if name in file.fields
    )


def overpass_of(product: Product, found: Found, inner: str = "") -> str:
    """What distinguishes the fields of one day: the pattern's choices (orbit, satellite) and the overpass in the file."""
    choices = sorted(compile_pattern(product.files).choices)
    return " ".join(filter(None, [*(found.fields.get(name, "") for name in choices), inner]))
