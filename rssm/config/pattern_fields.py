"""The fields of a catalogue's file names (`rssm.archive.patterns`): a name that was meant otherwise is a mistake.

A misspelt `{dat:%Y%m%d}` is taken for a text that only distinguishes files: every file of a year would be one of that
whole year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from rssm.config.texts import unprintable

FIELD = re.compile(r"\{(\w+)(?::([^}]*))?\}")
PLAIN = ("year", "cell", "tile", "version")  # what a field without a form may be meant to be
PARTS_OF_DAY = {"day": ("%d", "%j"), "8day": ("%d", "%j"), "dekad": ("%d", "%j"), "month": ("%d", "%j", "%m")}


def pattern_mistakes(pattern: str, step: str, finds_times: bool) -> Iterator[str]:
    """What is wrong with a pattern of a product of some step; `finds_times`: its files may say their days themselves."""
    if why := unprintable(pattern):
        yield f"the pattern {why}"
    if not pattern.strip() or pattern.startswith("/") or ".." in pattern.split("/"):
        yield "the pattern is counted from the archive's root, without a leading / or .."
    if "{" in (rest := FIELD.sub("", pattern)) or "}" in rest:
        yield "a brace has no partner, or holds no name of a field"
    forms = dict(FIELD.findall(pattern))
    for name, form in FIELD.findall(pattern):
        yield from _field_mistakes(name, form, "date" in forms)
    if step != "static":
        yield from _time_mistakes(pattern, forms, step, finds_times)


def _field_mistakes(name: str, form: str, dated: bool) -> Iterator[str]:
    """What is wrong with one field; `dated`: there is a `date` too."""
    if name == "date" and "%" not in form:
        yield "{date} does not say how the date is written, for example {date:%Y%m%d}"
    elif name == "year" and form not in ("", "%Y"):
        yield f"{{year:{form}}}: a year is its four digits, {{year}}"
    elif "%" in form and name != "date" and not dated:
        yield f"{{{name}:{form}}} is an unknown field; the date of a file is {{date:{form}}}"
    elif not form and name not in PLAIN and (near := get_close_matches(name, ("date", *PLAIN), 1, 0.7)):
        yield f"{{{name}}} is an unknown field. Did you mean {{{near[0]}{':%Y%m%d' if near[0] == 'date' else ''}}}?"


def _time_mistakes(pattern: str, forms: dict[str, str], step: str, finds_times: bool) -> Iterator[str]:
    """What a name lacks of the time that its file stands for."""
    form = forms.get("date", "")
    if not finds_times and "year" not in forms and "%Y" not in form:
        yield "a product that changes in time needs {year} or {date:…} in its pattern"
    elif form and "%Y" not in form:
        yield f"{{date:{form}}} holds no year (%Y)"
    elif not finds_times and step in PARTS_OF_DAY and not any(code in form for code in PARTS_OF_DAY[step]):
        yield f"no name tells the {step} of its file; expected for example {{date:%Y%m%d}}"
