"""From names of files to the catalogue's pattern: where the date stands, and what else differs from file to file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

Period = tuple[datetime, datetime] | None  # first and last moment that a file says it covers

# how a date may be written in a name → its codes; digits may follow where they are an hour
_AFTER = r"(?=T?\d{4}(?!\d)|T?\d{6}(?!\d)|[^\d]|$)"
_DATES = (
    (re.compile(r"(?<!\d)\d{4}([-._])\d{2}\1\d{2}(?!\d)"), "%Y{}%m{}%d"),
    (re.compile(r"(?<!\d)\d{4}(_?day_?)\d{3}(?!\d)"), "%Y{}%j"),
    (re.compile(rf"(?<!\d)\d{{8}}{_AFTER}"), "%Y%m%d"),
    (re.compile(rf"(?<!\d)\d{{7}}{_AFTER}"), "%Y%j"),
    (re.compile(r"(?<!\d)\d{4}([-._])\d{2}(?!\d)"), "%Y{}%m"),
    (re.compile(r"(?<!\d)\d{6}(?!\d)"), "%Y%m"),
    (re.compile(r"(?<!\d)\d{4}(?!\d)"), "%Y"),
)
_YEARS = range(1970, 2101)
_HOUR = re.compile(r"(T?|_)(\d{6}|\d{4})(?!\d)")
_DOTTED_HOUR = re.compile(r"(\.)([01]\d|2[0-3])([0-5]\d)(?=\.)")
_TILE = re.compile(r"(?<![A-Za-z0-9])h\d{2}v\d{2}(?![A-Za-z0-9])")
# versions, and stamps of production
_VERSION = re.compile(r"(?<![A-Za-z0-9])(?:[fF]?[vV]\d+(?:\.\d+)*[a-z]?|R\d{5}(?:_\d{3})?|\d{10,})(?![A-Za-z0-9])")
_WORD = re.compile(r"\{[^}]*\}|\d+|[A-Za-z]+|.")
FEW = 4  # texts that are named one by one: overpasses, satellites


@dataclass(frozen=True)
class Named:
    """A pattern, what it puts in place of texts of the first name, and names that it does not fit.

    form   codes of the date; empty where no name holds one
    days   day of each name
    """

    pattern: str
    form: str
    places: tuple[tuple[str, str], ...]
    days: tuple[date | None, ...]
    left: tuple[str, ...]

    @property
    def lone(self) -> bool:
        return len(self.days) == 1


def pattern_of(names: Sequence[str], periods: Sequence[Period], points: bool) -> Named:
    """The pattern of paths below one folder; `periods` as far as files state them, `points`: files of cells of the globe."""
    constant = set.intersection(*(set(dates_in(name)) for name in names)) if len(set(names)) > 1 else set[str]()
    made = [_one(name, period, points, constant) for name, period in zip(names, periods, strict=True)]
    pattern, left = _joined([pattern for pattern, _, _ in made], points)
    form = re.search(r"\{date:([^}]*)\}", pattern.rpartition("/")[2])
    return Named(
        pattern,
        form[1] if form else "%Y" if "{year}" in pattern else "",
        tuple(made[0][1]),
        tuple(day for _, _, day in made),
        tuple(names[at] for at in left),
    )


def dates_in(name: str) -> list[str]:
    """Texts of a name that may be its date, the most exact form first."""
    stem = name.rpartition("/")[2].rpartition(".")[0]
    some = list(_dates(stem))
    return list(dict.fromkeys(stem[start:end] for start, end, form, _ in some if form == some[0][2]))


def _one(name: str, period: Period, points: bool, constant: set[str]) -> tuple[str, list[tuple[str, str]], date | None]:
    """(pattern, what stands for what, day) of one name; `constant`: dates that stand in all names, as of production."""
    folder, _, file = name.rpartition("/")
    stem, dot, ending = file.rpartition(".")
    found = _date_in(stem, period, constant)
    pieces: list[tuple[int, int, str]] = []
    day = None
    if found:
        start, end, form, day = found
        pieces.append((start, end, "{year}" if form == "%Y" else f"{{date:{form}}}"))
        pieces += _hours(stem, end)
        pieces += _later_date(stem, end, day) if form == "%Y%m%d" else []
    pieces += _others(stem, pieces)
    if points and not found and re.fullmatch(r"\d+", stem):
        pieces = [(0, len(stem), "{cell}")]
    filled, places, at = "", [], 0
    for start, end, text in sorted(pieces):
        filled += _plain(stem[at:start]) + text
        places.append((text, stem[start:end]))
        at = end
    filled += _plain(stem[at:]) + dot + _plain(ending)
    return f"{_folder(folder, day)}/{filled}" if folder else filled, places, day


def _date_in(stem: str, period: Period, constant: set[str]) -> tuple[int, int, str, date] | None:
    """(start, end, codes, day) of the date that the file stands for: one that differs from name to name and lies within
    the file's period, else the first of the most exact.
    """
    some = list(_dates(stem))
    some = [one for one in some if stem[one[0] : one[1]] not in constant] or some
    if period:
        first, last = period[0].date(), period[1].date()
        some = [one for one in some if _within(one[3], one[2], first, last)] or some
    return some[0] if some else None


def _within(day: date, form: str, first: date, last: date) -> bool:
    """Whether the days that a date stands for touch a period, or follow it at once."""
    if "%d" not in form and "%j" not in form:
        low = day.replace(month=1) if "%m" not in form else day
        return low <= last and (day.year, day.month if "%m" in form else 12) >= (first.year, first.month)
    return first.toordinal() - 1 <= day.toordinal() <= last.toordinal() + 1


def _dates(stem: str) -> Iterator[tuple[int, int, str, date]]:
    for expression, codes in _DATES:
        for found in expression.finditer(stem):
            form = codes.format(*found.groups() * 2) if found.groups() else codes
            try:
                day = datetime.strptime(found[0], form).date()
            except ValueError:
                continue
            if day.year in _YEARS:
                yield found.start(), found.end(), form, day


def _hours(stem: str, at: int) -> Iterator[tuple[int, int, str]]:
    """The hour behind a date; midnight and noon stand in all names of products of days and are left as they are."""
    found = _HOUR.match(stem, at) or _DOTTED_HOUR.match(stem, at)
    if not found:
        return
    start = found.end(1)
    digits = stem[start : found.end()]
    if int(digits[:2]) < 24 and int(digits[2:4]) < 60 and digits.rstrip("0") not in ("", "12"):
        yield start, found.end(), "{time:%H%M%S}" if len(digits) == 6 else "{time:%H%M}"


def _later_date(stem: str, at: int, day: date) -> Iterator[tuple[int, int, str]]:
    """A second date of the same form, where the period ends."""
    found = next((one for one in _dates(stem) if one[0] >= at and one[2] == "%Y%m%d"), None)
    if found and day <= found[3]:
        yield found[0], found[1], "{end:%Y%m%d}"


def _others(stem: str, taken: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Tiles, versions and stamps of production that stand clear of what was found."""
    names = iter(("{version}", "{produced}", "{third}", "{fourth}"))
    for expression, fixed in ((_TILE, "{tile}"), (_VERSION, "")):
        for found in expression.finditer(stem):
            if all(found.end() <= start or found.start() >= end for start, end, _ in taken):
                text = fixed or next(names, "")
                if text:
                    yield found.start(), found.end(), text


def _folder(folder: str, day: date | None) -> str:
    """Folders with the year of the day, or the day itself, as fields."""
    parts = []
    for part in folder.split("/"):
        whole = next((one for one in _dates(part) if one[:2] == (0, len(part)) and one[3] == day), None)
        text = f"{{date:{whole[2]}}}" if whole and whole[2] != "%Y" else _plain(part)
        parts.append("{year}" if day and part == f"{day.year}" else text)
    return "/".join(parts)


def _plain(text: str) -> str:
    """A text in which nothing counts as part of a pattern."""
    return re.sub(r"[{}*?]", "?", text)


def _joined(patterns: list[str], points: bool) -> tuple[str, list[int]]:
    """One pattern for patterns that differ in words alone, and the places of those that it does not fit."""
    words = [_WORD.findall(pattern) for pattern in patterns]
    alike = [at for at, some in enumerate(words) if len(some) == len(words[0])]
    joined, free = [], iter(("{cell}",) if points else ("{version}", "{produced}", "{third}"))
    for texts in zip(*(words[at] for at in alike), strict=True):
        different = list(dict.fromkeys(texts))
        if len(different) == 1:
            joined.append(different[0])
        elif len(different) <= FEW and all(text.isalpha() for text in different):
            joined.append(f"{{orbit:{'|'.join(sorted(different))}}}")
        else:
            name = next((name for name in free if name not in "".join(words[0])), "*")
            joined.append(name)
    pattern = "".join(joined)
    return re.sub(r"\*{2,}", "*", pattern), [at for at in range(len(patterns)) if at not in alike]


def spacing(days: Sequence[date | None]) -> int:
    """Smallest number of days between files of different days; 0 where that cannot be said."""
    some = sorted({day for day in days if day})
    return min(((b - a).days for a, b in pairwise(some)), default=0)
