"""Who has a value, from where, and why the others have none: every land pixel of every step is counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.product.records.frame import of_year, season_labels
from rssm.product.values import flags
from rssm.product.values.flags import Flag
from rssm.tsv import tsv_text

# why a land pixel has no value, in the order in which the reasons count
EMPTY = ("snow_ice_observed", "snow_ice_inferred", "no_round", "water", "beyond_radius")
ALL = "all"


def counts(values: Mapping[str, NDArray[Any]], land: NDArray[np.bool_], round_: str | None) -> dict[str, Any]:
    """Land pixels of a step: simulated, filled (ring → pixels), empty (reason → pixels).

    values  layers of `dekad_values`, and under_water: pixels that are neither filled nor searched across
    """
    distance, empty = values["fill_distance"], land & np.isnan(values["soil_moisture"])
    rings, n = np.unique(distance[distance > 0], return_counts=True)
    reasons = {
        "snow_ice_observed": flags.has(values["flags"], Flag.SNOW_ICE_OBSERVED),
        "snow_ice_inferred": flags.has(values["flags"], Flag.SNOW_ICE_INFERRED),
        "no_round": np.full(land.shape, round_ is None),
        "water": values["under_water"],
        "beyond_radius": distance < 0,  # no open way of at most so many pixels leads to a simulated one
    }
    left, why = empty, {}
    for name in EMPTY:
        why[name] = int(np.count_nonzero(left & reasons[name]))
        left = left & ~reasons[name]
    return {
        "land": int(np.count_nonzero(land)),
        "simulated": int(np.count_nonzero(distance == 0)),
        "filled": {str(ring): int(count) for ring, count in zip(rings, n, strict=True)},
        "empty": why,
    }


def table(steps: Iterable[tuple[int, Mapping[str, Any]]], radius: int, calendar: Calendar) -> str:
    """Tab-separated text: pixels times steps of each round and step of the year, of each round, and of all.

    steps   (step, its entry of the index: round, and of `counts`)
    """
    seasons = season_labels(calendar)
    counted = f"{calendar.id}s"
    rows: dict[tuple[str, str], Counter[str]] = {}
    for step, entry in steps:
        round_ = str(entry["round"] or "none")
        found = Counter({name: entry[name] for name in ("land", "simulated")} | entry["empty"])
        found[counted], found["filled"] = 1, sum(entry["filled"].values())
        found.update({f"filled_{ring}": count for ring, count in entry["filled"].items()})
        for key in ((round_, seasons[calendar.season_of(step)]), (round_, ALL), (ALL, ALL)):
            rows.setdefault(key, Counter()).update(found)
    rings = [f"filled_{ring}" for ring in range(1, radius + 1)]
    columns = [counted, "land", "simulated", "filled", *rings, *EMPTY]
    lines = ([*key, *(rows[key][name] for name in columns)] for key in sorted(rows, key=_order))
    return tsv_text(["round", of_year(calendar), *columns], lines)


def _order(key: tuple[str, str]) -> tuple[bool, str, bool, str]:
    """Sums after what they sum."""
    return key[0] == ALL, key[0], key[1] == ALL, key[1]


def of_values(known: NDArray[np.bool_], land: NDArray[np.bool_]) -> dict[str, int]:
    """Land pixels of a step, where nothing is filled: with a value (`simulated`), and without."""
    count = int(np.count_nonzero(land))
    there = int(np.count_nonzero(known & land))
    return {"land": count, "simulated": there, "empty": count - there}


def table_of_values(steps: Iterable[tuple[str, int, Mapping[str, Any]]], calendar: Calendar) -> str:
    """Tab-separated text: pixels times steps of each table and step of the year, and of each table.

    steps   (table, step, its entry of the index, of `of_values`)
    """
    seasons, counted = season_labels(calendar), f"{calendar.id}s"
    rows: dict[tuple[str, str], Counter[str]] = {}
    for name, step, entry in steps:
        found = {column: entry[column] for column in ("land", "simulated", "empty")} | {counted: 1}
        for key in ((name, seasons[calendar.season_of(step)]), (name, ALL)):
            rows.setdefault(key, Counter()).update(found)
    columns = [counted, "land", "simulated", "empty"]
    lines = ([*key, *(rows[key][name] for name in columns)] for key in sorted(rows, key=_order))
    return tsv_text(["table", of_year(calendar), *columns], lines)
