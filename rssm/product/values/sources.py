"""Maps of many products, found by product and step through the indices of their years; and the land mask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.errors import InputError
from rssm.grid import Grid, Window
from rssm.ingest.index import read_index
from rssm.land import read_land
from rssm.maps import Layers, read_map
from rssm.paths import SIMULATED
from rssm.product.records.frame import Frame

SLOW = ("year", "static")  # maps that stand for the time around them too


@dataclass(frozen=True)
class Maps:
    """Maps of some products on one grid, asked for by steps of one calendar.

    entries    product → label → entry of its index, with `path` of the map
    calendars  product → calendar of its labels
    """

    entries: dict[str, dict[str, dict[str, Any]]]
    calendars: dict[str, str]
    grid: Grid
    calendar: Calendar

    @classmethod
    def of(cls, indices: Sequence[str | Path], grid: Grid, calendar: Calendar) -> Maps:
        """All maps that some indices list; an index that names no calendar has the one of the steps."""
        entries: dict[str, dict[str, dict[str, Any]]] = {}
        calendars: dict[str, str] = {}
        for index in indices:
            maps = read_index(index)
            about = json.loads(Path(index).read_text(encoding="utf-8"))
            product = str(about["product"])
            calendars[product] = str(about.get("calendar_id", calendar.id))
            listed = {label: {**entry, "path": Path(index).parent / entry["map"]} for label, entry in maps.items()}
            entries.setdefault(product, {}).update(listed)
        return cls(entries, calendars, grid, calendar)

    def entry(self, product: str, step: int) -> dict[str, Any] | None:
        """Entry of the map that serves a step; None where there is none or it holds nothing.

        Of yearly maps the nearest year serves, of a static one the only map.
        """
        listed = self.entries.get(product, {})
        calendar = self.calendars.get(product, self.calendar.id)
        if calendar == "static":
            label = next(iter(listed), "")
        else:
            own = CALENDARS[calendar]
            wanted = own.of(self.calendar.start(step))
            label = own.label(wanted)
            if calendar in SLOW and listed:
                label = min(listed, key=lambda other: (abs(own.parse(other) - wanted), other))
        found = listed.get(label)
        return None if found is None or found.get("status") == "missing" else found

    def layers(self, product: str, step: int, window: Window, names: Sequence[str] = ("value",)) -> Layers | None:
        """Layers (row, column) of the map that serves a step."""
        found = self.entry(product, step)
        return None if found is None else read_map(found["path"], window, names, self.grid)[0]

    def value(self, product: str, step: int, window: Window) -> NDArray[np.float32]:
        """Values (row, column) of a step, NaN throughout where there is no map."""
        found = self.layers(product, step, window)
        return np.full(window.shape, np.nan, np.float32) if found is None else found["value"]

    def estimated(self, step: int, estimate: str = SIMULATED) -> tuple[str, dict[str, Any]] | None:
        """(round, entry) of the round that simulates a step, with the entry of SIM-n or of another estimate."""
        rounds = (name for name in self.entries if name.startswith(f"{estimate}-") and not name.endswith("T"))
        found = [(name, entry) for name in rounds if (entry := self.entry(name, step)) is not None]
        if len(found) > 1:
            names = " and ".join(name for name, _ in found)
            raise InputError(f"{self.calendar.label(step)}: simulated by {names}; one round must simulate a step.")
        return (found[0][0].removeprefix(f"{estimate}-"), found[0][1]) if found else None


def land_of(path: str, frame: Frame) -> NDArray[np.bool_]:
    """Land (row, column) of a frame's window, from the mask of the whole grid."""
    return read_land(path, frame.grid, frame.window)
