"""The numbers of a draft: unit and factor, packing, what is missing, and what can be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.draft.contents import Contents, Seen
from rssm.archive.draft.names import Named
from rssm.archive.draft.probe import Reading, readings
from rssm.archive.draft.roles import Roles, codes_beyond, is_saturated, layer_depth, limits_of
from rssm.archive.readers.decode import OFFSET, SCALE, number_of
from rssm.archive.readers.units import quantity_of

SENTINELS = (-9999, -9990, -999, -99, -32768, -32767, 9999, 32767, 65535, 65534, 255, 254, 127, 1e20)
STEPS = {"P1D": "day", "P8D": "8day", "P10D": "dekad", "P1M": "month", "P1Y": "year"}
WORDS = {"daily": "day", "dekad": "dekad", "10-daily": "dekad", "monthly": "month", "yearly": "year", "annual": "year"}
SPACES = (
    (8, "8day"),
    (10, "dekad"),
    (11, "dekad"),
    (28, "month"),
    (30, "month"),
    (31, "month"),
    (365, "year"),
    (366, "year"),
)
ACTIVE = re.compile(r"metop|ascat|\bers\b", re.I)  # scatterometers measure saturation
NEAR = 1e-6  # of a number: how exact float32 holds it
DIVISOR = 100  # a scale of whole numbers that is at least so large is what to divide by


def units(held: Contents, roles: Roles, notes: dict[str, list[str]]) -> dict[str, Any]:
    """Unit of the catalogue, the file's, and the factor between them."""
    value, said = roles.value, roles.value.units
    file_units = {"file_units": [said]} if said else {}
    if not roles.is_moisture:
        notes["units"] = ["The file's own unit." if said else "OPEN: the file states no unit."]
        return {"units": said or "1", **file_units}
    known = quantity_of(said)
    if known and known[0] == "share":
        by_sensor = bool(ACTIVE.search(held.texts.get("sensor", "")))
        saturated = ((is_saturated(value) or by_sensor) and known[1] != 1) or "saturation" in said
        note = "GUESS: of saturation, by the names; m3 m-3 if it is of the whole volume." if saturated else ""
        if not saturated and known[1] != 1:
            note = "GUESS: of the whole volume; `saturation` if it is of the pores, which ingestion then multiplies by porosity."
        notes["units"] = [note or "As the file states."]
        factor = {"multiply": known[1]} if known[1] != 1 else {}
        return {"units": "saturation" if saturated else "m3 m-3", **file_units, **factor}
    depth = layer_depth(value)
    if known and known[0] == "water" and depth:
        notes["multiply"] = [f"GUESS: water in a layer of {depth:g} m, by its name."]
        return {"units": "m3 m-3", **file_units, "multiply": round(known[1] / 1000 / depth, 9)}
    notes["units"] = [
        f"OPEN: the file says {said!r}; `multiply` must turn it into m3 m-3."
        if said
        else "OPEN: the file states no unit; is it m3 m-3?"
    ]
    return {"units": "m3 m-3", **file_units}


def packing(value: Seen, notes: dict[str, list[str]]) -> dict[str, Any]:
    """Scale where the file has none or an odd one, and numbers that mean missing beside those it names."""
    made: dict[str, Any] = {}
    scale = number_of(value.attributes, SCALE)
    if scale is None and value.kind in ("i", "u", ""):
        made["scale"] = {"value": 1}
        notes["scale"] = ["OPEN: the file gives none, so numbers are taken as they stand."]
    elif scale is not None and value.kind in ("i", "u", "") and abs(scale) >= DIVISOR:
        made |= {"scale": {"value": scale}, "multiply": 1 / scale**2}
        notes["scale"] = ["GUESS: the file gives what to divide by, so `multiply` divides twice."]
    if beyond := codes_beyond(value):
        made["fill"] = [code for code, _ in beyond]
        notes["fill"] = ["Codes beside the values: " + ", ".join(f"{code:g} {text}" for code, text in beyond) + "."]
    elif value.fills:
        notes["fill"] = [
            f"The file names {', '.join(f'{number:g}' for number in value.fills)}; others are to be listed here."
        ]
    return made


def without_sentinels(
    held: Contents,
    value: Seen,
    fields: dict[str, Any],
    reading: Reading,
    named: Named,
    root: Path,
    notes: dict[str, list[str]],
) -> Reading:
    """The reading without numbers that only look like values: they become part of `fill`."""
    scale = (fields.get("scale", {}).get("value") or number_of(value.attributes, SCALE) or 1) * fields.get(
        "multiply", 1
    )
    offset = (number_of(value.attributes, OFFSET) or 0) * fields.get("multiply", 1)
    for _ in range(3):
        packed = (reading.values - np.float32(offset)) / np.float32(scale)
        odd = {number: np.abs(packed - np.float32(number)) <= NEAR * abs(number) for number in SENTINELS}
        others = packed[~np.logical_or.reduce(list(odd.values()))]
        ends = (packed.min(), packed.max()) if packed.size else ()
        found = [
            number
            for number, there in odd.items()
            if there.any()
            and not _may_be(number, value)
            and any(abs(number - end) <= NEAR * abs(number) for end in ends)
            if _is_lone(number, others)
        ]
        if not found:
            break
        fields["fill"] = [*fields.get("fill", []), *found]
        said = ", ".join(f"{number:g}" for number in found)
        notes["fill"] = [*notes.get("fill", []), f"GUESS: {said} is in the file and looks like no value."]
        reading = readings(held, value, fields, named, root)
    return reading


def _is_lone(end: float, others: NDArray[np.float32]) -> bool:
    """Whether a value lies farther from all others than they spread, or there are no others."""
    return not others.size or bool(min(abs(end - others.min()), abs(end - others.max())) > others.max() - others.min())


def _may_be(number: float, value: Seen) -> bool:
    """Whether a number lies in the range that the file states for its values."""
    limits = limits_of(value)
    return limits is not None and limits[0] <= number <= limits[1]


def range_of(roles: Roles, fields: Mapping[str, Any], reading: Reading, notes: dict[str, list[str]]) -> list[float]:
    """Smallest and largest possible value, in the catalogue's unit."""
    value, multiply = roles.value, fields.get("multiply", 1)
    seen = (float(reading.values.min()), float(reading.values.max())) if reading.values.size else None
    text = f"values of {seen[0]:.5g} … {seen[1]:.5g} were seen" if seen else "no value was seen"
    limits = limits_of(value)
    if fields["units"] in ("m3 m-3", "saturation"):
        stated = f"; the file says {limits[0]:.5g} … {limits[1]:.5g}" if limits else ""
        notes["valid_range"] = [f"GUESS: all that can be{stated}; {text}."]
        return [0.0, 1.0]
    scale, offset = (
        fields.get("scale", {}).get("value") or number_of(value.attributes, SCALE) or 1,
        number_of(value.attributes, OFFSET) or 0,
    )
    if limits:
        packed = value.kind != "f" or scale != 1
        low, high = sorted((end * scale + offset if packed else end) * multiply for end in limits)
        notes["valid_range"] = [f"GUESS: as the file says; {text}."]
        return [float(f"{low:.8g}"), float(f"{high:.8g}")]
    notes["valid_range"] = [f"OPEN: what can be; {text}."]
    low, high = seen or (0.0, 1.0)
    return [float(np.floor(low)), float(np.floor(high)) + 1]
