"""The draft of a catalogue entry: what files tell, what is guessed from them, and what only their user can say.

Every guess and every open question is a note beside its field, beginning with GUESS or OPEN.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rssm.archive.draft.contents import Contents, Seen, contents
from rssm.archive.draft.names import Named, dates_in, pattern_of, spacing
from rssm.archive.draft.probe import Reading, checked, half, probe, readings
from rssm.archive.draft.roles import (
    Roles,
    is_bits,
    meanings,
    roles_of,
    shown,
)
from rssm.archive.draft.values import packing, range_of, units, without_sentinels
from rssm.config.catalogue import Product
from rssm.errors import InputError

UNKNOWN = "unknown"
# the step that files state, that their names hold, and that days between them tell
STEPS = {"P1D": "day", "P8D": "8day", "P10D": "dekad", "P1M": "month", "P1Y": "year"}
WORDS = {"daily": "day", "dekad": "dekad", "10-daily": "dekad", "monthly": "month", "yearly": "year", "annual": "year"}
SPACES = {8: "8day", 10: "dekad", 11: "dekad", 28: "month", 30: "month", 31: "month", 365: "year", 366: "year"}


@dataclass(frozen=True)
class Draft:
    """A draft: its fields in the order of the catalogue, notes of each field, what follows them, and the entry itself."""

    fields: dict[str, Any]
    notes: dict[str, list[str]]
    keep: list[str]
    product: Product


def draft(paths: Sequence[Path], root: Path, name: str = "", variable: str = "") -> Draft:
    """Draft the entry of files below `root` that are one product; `variable` names the value, where the guess is wrong."""
    held = [contents(path) for path in paths]
    roles, notes = roles_of(held[0], variable), dict[str, list[str]]()
    points = _are_points(held[0], roles.value)
    named = pattern_of([path.relative_to(root).as_posix() for path in paths], [one.period for one in held], points)
    fields = {"id": name or _id_of(held[0]), **_what(held[0], roles, notes), **_told(held[0], roles, notes)}
    fields |= {"files": named.pattern, **_when(held, named, notes)}
    fields |= units(held[0], roles, notes) | packing(roles.value, notes)
    reading = readings(held[0], roles.value, fields, named, root)
    reading = without_sentinels(held[0], roles.value, fields, reading, named, root, notes)
    fields |= reading.fields
    fields["variables"] = reading.fields["variables"] | _beside(roles, reading)
    fields["valid_range"] = range_of(roles, fields, reading, notes)
    _note_names(named, paths[0].name, root, notes)
    for field, note in reading.notes.items():
        notes.setdefault(field, []).append(note)
    if len(roles.values) > 1 and not variable:
        notes.setdefault("variables", []).append(f"GUESS: `value` is one of {shown(roles.values)}.")
    product = checked(fields)
    notes["reader"] = [*notes.get("reader", []), *_readings(product, held, root)]
    return Draft({key: fields[key] for key in Product.model_fields if key in fields}, notes, _keep(roles), product)


# -- what it is ---------------------------------------------------------------------------------------------------------------


def _are_points(held: Contents, value: Seen) -> bool:
    """Whether values lie on points: arrays of places, a single dimension, or one of points and one of time."""
    places = {array.name.lower(): array for array in held.arrays if len(array.shape) == 1}
    north = places.get("lat") or places.get("latitude")
    east = places.get("lon") or places.get("longitude")
    if north is None or east is None or north.shape != east.shape:
        return False
    return len(value.shape) == 1 or (north.dimensions == east.dimensions and north.dimensions[0] in value.dimensions)


def _id_of(held: Contents) -> str:
    """A name for the entry, from the first words of the file's name that are no number."""
    for text in (held.path.stem, held.path.parent.name):
        words = [word for word in re.split(r"[^A-Za-z0-9]+", text) if re.match(r"[A-Za-z]+\d?[A-Za-z]", word)]
        if words:
            return "-".join(words[:3])[:24].upper().strip("-")
    return "MY-PRODUCT"


def _what(held: Contents, roles: Roles, notes: dict[str, list[str]]) -> dict[str, Any]:
    """Title, kind, sensor and algorithm."""
    title = held.texts.get("title") or roles.value.words.strip() or roles.value.path
    notes["title"] = [
        "GUESS: as the file calls itself."
        if "title" in held.texts
        else "OPEN: the file has no title; what do people call it?"
    ]
    notes["kind"] = ["GUESS: soil_moisture, factor (of quality) or mask; reference, where it is only compared with."]
    sensor = held.texts.get("sensor", UNKNOWN)
    notes["sensor"] = [
        "OPEN: networks rank by the number of different sensors, so two products of one sensor must name it alike."
    ]
    notes["algorithm"] = ["OPEN: products of one algorithm share their errors."]
    kind = "soil_moisture" if roles.is_moisture else "factor"
    return {"title": title, "kind": kind, "sensor": sensor, "algorithm": UNKNOWN}


def _told(held: Contents, roles: Roles, notes: dict[str, list[str]]) -> dict[str, Any]:
    """Version, licence, DOI and citation, as the file states them; the error where it holds none."""
    texts = {name: held.texts.get(name, UNKNOWN) for name in ("version", "licence", "cite")}
    for name, text in texts.items():
        notes[name] = ["OPEN: the file does not say."] if text == UNKNOWN else ["GUESS: as the file says."]
    if roles.error is None and roles.is_moisture:
        notes["error"] = ["OPEN: the file holds no error; which is usual of the product (in its unit)?"]
        return texts | {"error": {"constant": 0.05}, "doi": held.texts.get("doi")}
    return texts | {"doi": held.texts.get("doi")}


# -- when ---------------------------------------------------------------------------------------------------------------------


def _when(held: Sequence[Contents], named: Named, notes: dict[str, list[str]]) -> dict[str, Any]:
    """Step, maps and span."""
    first = min((day for day in named.days if day), default=held[0].period[0].date() if held[0].period else None)
    if not named.form and (held[0].period is None or _is_lone(held[0])):
        notes["step"] = ["GUESS: neither name nor file holds a time, or but one: a map for all times."]
        return {"step": "static", "maps": "static", "span": ["1978D01", None]}
    step, why = _step(held, named)
    notes["step"] = [f"{why}; the period that one value stands for: day, 8day, dekad, month, year, static."]
    notes["span"] = [
        "OPEN: the first and the last day, dekad, month or year that is used; null: still running. Known are these files alone."
    ]
    maps = {"maps": step} if step in ("month", "year") else {}
    return {"step": step, **maps, "span": [f"{first:%Y-%m-%d}" if first else "1978D01", None]}


def _is_lone(held: Contents) -> bool:
    """Whether a file has one time that says nothing: midnight of the first of a January, and no day in its name."""
    first, last = held.period or (None, None)
    return first is not None and first == last and (first.month, first.day, first.hour) == (1, 1, 0)


def _step(held: Sequence[Contents], named: Named) -> tuple[str, str]:
    """The step and what it is guessed from."""
    words = f"{held[0].path.name} {held[0].texts.get('title', '')}".lower()
    for word, step in WORDS.items():
        if word in words:
            return step, f"GUESS: name or title says {word!r}"
    if held[0].times > 1:
        step = SPACES.get(round(held[0].apart), "day")
        return step, f"GUESS: the file holds {held[0].times} times"
    if days := spacing(named.days):
        step = SPACES.get(days, "day")
        return step, f"GUESS: files are {days} days apart"
    if step := STEPS.get(held[0].texts.get("step", ""), ""):
        return step, "GUESS: the file says so"
    if named.form in ("%Y%m", "%Y"):
        return "day", "OPEN: the name holds no day; days of a month or year in one file, or one value for it"
    return "day", "OPEN: a day, because nothing tells"


# -- quality and names ----------------------------------------------------------------------------------------------------


def _beside(roles: Roles, reading: Reading) -> dict[str, str]:
    """Roles of the error and the flags, under their own names."""
    if reading.fields["reader"] == "geotiff":
        return {}
    halves: list[str] = reading.fields.get("options", {}).get("overpasses", [])

    def path(array: Seen) -> str:
        changed = half(array.path, halves[0], "{overpass}") if halves else ""
        return changed.removesuffix("_pm") or array.path

    error = {"error": path(roles.error)} if roles.error is not None else {}
    taken = [array for array in roles.flags if array.name not in ("value", "error")]
    of_first = [array for array in taken if not any(half(array.path, other, halves[0]) for other in halves[1:])]
    return error | {array.name: path(array) for array in of_first}


def _keep(roles: Roles) -> list[str]:
    """The quality rule as a question, with what every flag says."""
    if not roles.flags:
        return ["OPEN: no array looks like a flag of quality; without `keep` every value within valid_range is taken."]
    lines = ["OPEN: which flags make a value bad? Nothing is screened until `keep` says so, for example:", "keep:"]
    for flag in roles.flags:
        test = "{without: [1]}" if is_bits(flag) else "{one_of: [0]}"
        said = ", ".join(meanings(flag)) or "the file does not say what its numbers mean"
        lines.append(f"  {flag.name}: {test} # {said}")
    return lines


def _note_names(named: Named, name: str, root: Path, notes: dict[str, list[str]]) -> None:
    """What the pattern rests on."""
    found = notes.setdefault("files", [])
    found.append(f"OPEN: counted from {root}; set inputs.root to it, or begin the pattern farther up.")
    if named.places:
        found.append("GUESS: " + ", ".join(f"{text} is {was}" for text, was in dict(named.places).items()) + ".")
    if named.lone and len(dates := dates_in(name)) > 1 and "{end:" not in named.pattern:
        found.append(f"OPEN: the name holds {' and '.join(dates)}; which is the day of the data?")
    if named.lone:
        found.append("OPEN: made of one name; of several files of other days, overpasses or cells more could be said.")
    if named.left:
        found.append(f"OPEN: does not find {', '.join(named.left[:4])}.")


def _readings(product: Product, held: Sequence[Contents], root: Path) -> list[str]:
    """What every file gives through the entry as it stands."""
    lines = []
    for one in held[:4]:
        try:
            given = probe(product, one, root)
        except InputError as error:
            lines.append(f"OPEN: {' '.join(str(error).split())}")
            continue
        span = f", {given.values.min():.5g} … {given.values.max():.5g}" if given.values.size else ""
        beyond = f"; {given.outside} more lie outside valid_range" if given.outside else ""
        lines.append(f"Read: {one.path.name}: {given.where}, {given.values.size} values{span}{beyond}.")
    return lines
