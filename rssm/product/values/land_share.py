"""What share of land × steps has a value: of every product, of every round or table, and of the data set that a run makes.

A run whose data set has no value at all is refused here, whatever the reason and whatever the configuration allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rssm.calendar import CALENDARS, spoken
from rssm.errors import InputError
from rssm.ingest.index import read_index
from rssm.tsv import write_tsv

COLUMNS = ("level", "name", "maps", "land", "valued", "share")
DATA_SET, ROUND, TABLE, PRODUCT = "data set", "round", "table", "product"
SHOWN = 5  # products in a sentence, the emptiest first


@dataclass(frozen=True)
class LandShareSpec:
    """What of the maps that a run estimates the data set is made of.

    land      pixels of the region
    estimate  how the names of those maps begin (`SIM`); empty where they are the tables of the data set itself
    steps     (first, last) of the data set, by its calendar
    """

    land: int
    estimate: str
    steps: tuple[int, int]
    calendar: str


@dataclass
class Share:
    """Maps, their land pixels, and those of them with a value."""

    maps: int = 0
    land: int = 0
    valued: int = 0

    def add(self, land: int, valued: int) -> None:
        self.maps, self.land, self.valued = self.maps + 1, self.land + land, self.valued + valued

    @property
    def share(self) -> float | None:
        return round(self.valued / self.land, 6) if self.land else None


def land_share(indices: Sequence[str], simulated: Sequence[str], spec: LandShareSpec, out: Sequence[str]) -> None:
    """Write the table, the emptiest products first; refuse a data set without any value.

    indices    of the maps made of native files
    simulated  of SIM-n maps, or of the years of each table of the data set
    """
    products = shares_of_products(indices)
    level, (estimates, whole) = (
        (ROUND, shares_of_rounds(simulated, spec)) if spec.estimate else (TABLE, shares_of_tables(simulated))
    )
    if not whole.valued:
        raise InputError(_nothing(whole, products, spec))
    named = [(DATA_SET, DATA_SET, whole)]
    named += [(level, name, share) for name, share in estimates.items()]
    named += [(PRODUCT, name, share) for name, share in products.items()]
    write_tsv(out[0], COLUMNS, ((level, name, s.maps, s.land, s.valued, s.share) for level, name, s in named))


def shares_of_products(indices: Sequence[str]) -> dict[str, Share]:
    """Product → its share over all maps within its span, the emptiest first."""
    found: dict[str, Share] = {}
    for index in indices:
        share = found.setdefault(Path(index).parent.name, Share())
        for entry in _counted(index):
            share.add(entry["land"], entry["on_land"])
    return dict(sorted(found.items(), key=lambda item: (item[1].share is None, item[1].share or 0.0)))


def _counted(index: str) -> Iterable[dict[str, Any]]:
    return (entry for entry in read_index(index).values() if entry.get("land"))


def shares_of_rounds(simulated: Sequence[str], spec: LandShareSpec) -> tuple[dict[str, Share], Share]:
    """Round → its share over the steps that it simulates; and that of the data set's steps, whoever simulates them."""
    rounds: dict[str, Share] = {}
    steps = range(spec.steps[0], spec.steps[1] + 1)
    whole = Share(len(steps), len(steps) * spec.land)
    for index in simulated:
        name = Path(index).parent.name
        share, published = rounds.setdefault(name, Share()), name.startswith(f"{spec.estimate}-")
        for label, entry in read_index(index).items():
            if entry["status"] != "missing":
                share.add(spec.land, entry["pixels"])
                counts = published and CALENDARS[spec.calendar].parse(label) in steps
                whole.valued += entry["pixels"] if counts else 0
    return rounds, whole


def shares_of_tables(years: Sequence[str]) -> tuple[dict[str, Share], Share]:
    """Table of the data set → its share over the steps that the run makes; and that of all tables together."""
    tables: dict[str, Share] = {}
    whole = Share()
    for index in years:
        share = tables.setdefault(Path(index).stem.rpartition("_")[0], Share())
        for entry in read_index(index).values():
            for each in (share, whole):
                each.add(entry["land"], entry["simulated"])
    return tables, whole


def _nothing(whole: Share, products: dict[str, Share], spec: LandShareSpec) -> str:
    calendar = CALENDARS[spec.calendar]
    first, last = (calendar.label(step) for step in spec.steps)
    return (
        f"The data set of {first} to {last} has no value at all: 0 of {whole.land} land pixels × {spoken(calendar.id)}s. "
        f"Share of land × steps with a value in what it was made of, the emptiest first: {_list(products.items())}. "
        "See report/archive.tsv for what was screened or missing, and the logs of jobs that learn and estimate."
    )


def _list(products: Iterable[tuple[str, Share]]) -> str:
    return ", ".join(f"{name} {percent(share.share)}" for name, share in list(products)[:SHOWN])


def percent(share: float | None) -> str:
    """A share for people; one that is not quite 0 or 1 does not read so."""
    if share is None:
        return "-"
    return f"{100 * share:.1f} %" if 0.0005 <= share <= 0.9995 or share in (0, 1) else f"{100 * share:.4f} %"
