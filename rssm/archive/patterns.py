"""The language of the catalogue's file names.

`*` any text, `?` one character, within one folder or file name
{year}            the four digits of the year
{date:%Y%m%d}     a date or time in codes of strptime; `date` gives the period, others only distinguish files
{orbit:A|D}       one of the texts given; files that differ in it stand side by side
{cell}, {tile}    any text: files of parts of the globe, which stand side by side
{version}         any other name: any text; of files that differ only in it the newest counts
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rssm.errors import InputError

_CODES = {"Y": r"\d{4}", "m": r"\d{2}", "d": r"\d{2}", "j": r"\d{3}", "H": r"\d{2}", "M": r"\d{2}", "S": r"\d{2}"}
PARTS = ("cell", "tile")
_TOKEN = re.compile(r"\{(\w+)(?::([^}]*))?\}|(\*)|(\?)|([^{}*?]+)|([{}])")


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern: one regular expression per folder level."""

    levels: tuple[re.Pattern[str] | str, ...]  # a plain text needs no listing of its folder
    dates: dict[str, str]  # field → strptime format
    choices: dict[str, tuple[str, ...]]  # fields with given alternatives
    parts: tuple[str, ...]  # fields that name parts of the globe
    texts: tuple[str, ...]  # fields of free text, in order: versions


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, year: int | None = None) -> Pattern:
    """Compile a pattern; `year` fills {year} in, so that only that year's folders are opened."""
    dates: dict[str, str] = {}
    choices: dict[str, tuple[str, ...]] = {}
    parts: list[str] = []
    texts: list[str] = []
    seen: dict[str, int] = {}
    levels: list[re.Pattern[str] | str] = []
    filled = pattern if year is None else pattern.replace("{year}", f"{year:04d}")
    for level in filled.split("/"):
        expression = ""
        for name, form, star, any_one, literal, brace in _TOKEN.findall(level):
            if brace:
                raise InputError(f"pattern {pattern!r}: a brace without its partner.")
            if literal:
                expression += re.escape(literal)
            elif star or any_one:
                expression += ".*?" if star else "."
            else:
                seen[name] = seen.get(name, 0) + 1
                form = "%Y" if name == "year" else form
                if "%" in form:
                    dates[name] = form
                    body = re.sub(r"%(.)|(.)", lambda m: _code(m, pattern), form)
                elif form:
                    choices[name] = tuple(form.split("|"))
                    body = "|".join(map(re.escape, form.split("|")))
                else:
                    body = ".+?"
                    kind = parts if name in PARTS else texts
                    kind += [name] if name not in kind else []
                group = name if seen[name] == 1 else f"{name}__{seen[name]}"
                expression += f"(?P<{group}>{body})"
        levels.append(re.compile(expression + r"\Z") if re.search(r"[{}*?]", level) else level)
    return Pattern(tuple(levels), dates, choices, tuple(parts), tuple(texts))


def _code(found: re.Match[str], pattern: str) -> str:
    """Regular expression of one strptime code or of the text between codes."""
    if found[2]:
        return re.escape(found[2])
    if found[1] not in _CODES:
        raise InputError(f"pattern {pattern!r}: %{found[1]} is not known; use {', '.join('%' + c for c in _CODES)}.")
    return _CODES[found[1]]
