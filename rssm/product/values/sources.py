"""Maps of many products, found by product and dekad through the indices of their years."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, DEKADS
from rssm.errors import InputError
from rssm.grid import Window
from rssm.ingest.index import read_index
from rssm.maps import Layers, read_map

SLOW = ("year", "static")  # maps that stand for the time around them too


@dataclass(frozen=True)
class Maps:
    """Maps of some products.

    entries    product → label → entry of its index, with `path` of the map
    calendars  product → calendar of its labels
    """

    entries: dict[str, dict[str, dict[str, Any]]]
    calendars: dict[str, str]

    @classmethod
    def of(cls, indices: Sequence[str | Path]) -> Maps:
        """All maps that some indices list."""
        entries: dict[str, dict[str, dict[str, Any]]] = {}
        calendars: dict[str, str] = {}
        for index in indices:
            maps = read_index(index)
            about = json.loads(Path(index).read_text(encoding="utf-8"))
            product = str(about["product"])
            calendars[product] = str(about.get("calendar_id", DEKADS.id))
            listed = {label: {**entry, "path": Path(index).parent / entry["map"]} for label, entry in maps.items()}
            entries.setdefault(product, {}).update(listed)
        return cls(entries, calendars)

    def entry(self, product: str, dekad: int) -> dict[str, Any] | None:
        """Entry of the map that serves a dekad; None where there is none or it holds nothing.

        Of yearly maps the nearest year serves, of a static one the only map.
        """
        listed = self.entries.get(product, {})
        calendar = self.calendars.get(product, DEKADS.id)
        if calendar == "static":
            label = next(iter(listed), "")
        else:
            steps = CALENDARS[calendar]
            wanted = steps.of(DEKADS.start(dekad))
            label = steps.label(wanted)
            if calendar in SLOW and listed:
                label = min(listed, key=lambda other: (abs(steps.parse(other) - wanted), other))
        found = listed.get(label)
        return None if found is None or found.get("status") == "missing" else found

    def layers(self, product: str, dekad: int, window: Window, names: Sequence[str] = ("value",)) -> Layers | None:
        """Layers (row, column) of the map that serves a dekad."""
        found = self.entry(product, dekad)
        return None if found is None else read_map(found["path"], window, names)[0]

    def value(self, product: str, dekad: int, window: Window) -> NDArray[np.float32]:
        """Values (row, column) of a dekad, NaN throughout where there is no map."""
        found = self.layers(product, dekad, window)
        return np.full(window.shape, np.nan, np.float32) if found is None else found["value"]

    def simulated(self, dekad: int) -> tuple[str, dict[str, Any]] | None:
        """(round, entry) of the round that simulates a dekad."""
        found = [(name, entry) for name in self.entries if (entry := self._complete(name, dekad)) is not None]
        if len(found) > 1:
            names = " and ".join(name for name, _ in found)
            raise InputError(f"{DEKADS.label(dekad)}: simulated by {names}; one round must simulate a dekad.")
        return (found[0][0].removeprefix("SIM-"), found[0][1]) if found else None

    def _complete(self, name: str, dekad: int) -> dict[str, Any] | None:
        return self.entry(name, dekad) if name.startswith("SIM-") and not name.endswith("T") else None
