"""The names that a product's files of some days should have, by its pattern: what stays open is a `*`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import product as combinations

from rssm.archive.patterns import compile_pattern
from rssm.calendar import CALENDARS, STATIC
from rssm.config.catalogue import Product

_PLACE = re.compile(r"\{(?P<name>\w+)(?::(?P<spec>[^}]*))?\}")


def expected_names(product: Product, first: date, last: date) -> list[str]:
    """Names below the archive's root for a period; without dates in the pattern there is one."""
    if product.step == STATIC or not compile_pattern(product.files).dates:
        return list(dict.fromkeys(_filled(product, first)))
    return list(dict.fromkeys(name for day in _stamps(product, first, last) for name in _filled(product, day)))


def _stamps(product: Product, first: date, last: date) -> Iterator[date]:
    """The days by which files of a period are named."""
    if product.step == "8day":
        for year in range(first.year, last.year + 1):
            days = (date(year, 1, 1) + timedelta(days=n) for n in range(0, 366, 8))
            yield from (day for day in days if day.year == year and first <= day <= last)
        return
    calendar = CALENDARS[product.step]
    for step in range(calendar.of(first), calendar.of(last) + 1):
        yield calendar.start(step + 1 if product.stamp == "after" else step)


def _filled(product: Product, day: date) -> Iterator[str]:
    """The names of a day, one for each choice that the pattern leaves."""
    choices = compile_pattern(product.files).choices
    for chosen in combinations(*choices.values()):
        filled = partial(_place, dict(zip(choices, chosen, strict=True)), day)
        yield _PLACE.sub(filled, product.files)


def _place(named: dict[str, str], day: date, found: re.Match[str]) -> str:
    """What stands in one place of the pattern."""
    name, form = found["name"], found["spec"] or ""
    if name in named:
        return named[name]
    if name == "year":
        return f"{day.year:04d}"
    return day.strftime(form) if name == "date" and "%" in form else "*"
