"""What fusion learnt in a tile, as one NetCDF-4 file: an extension of the data set goes on with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.files import Kind

LEARNT = Kind("fusion of rounds and matched products")
LAYOUT = {  # dimensions, what it is, units
    "difference": (("chain", "pixel", "season"), "mean year of chain less matched products", "m3 m-3"),
    "count": (("pixel", "season"), "values behind it", "1"),
    "season": (("round", "zone"), "share of the chain in the season", "1"),
    "departures": (("round", "zone"), "share of the chain in departures from the season", "1"),
}


@dataclass(frozen=True)
class Learnt:
    """Mean years and weights.

    difference  (chain, pixel, season) float32, mean year of E − C, m³ m⁻³, NaN where unknown
    count       (pixel, season) float32: values behind it
    season      (round, zone) float32: share of the chain in the season
    departures  (round, zone) float32: share of the chain in departures from it
    """

    difference: NDArray[np.float32]
    count: NDArray[np.float32]
    season: NDArray[np.float32]
    departures: NDArray[np.float32]
    rounds: tuple[str, ...]
    zones: tuple[str, ...]

    def share(self, round_: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Shares of a round in the season and in departures (zone,)."""
        number = self.rounds.index(round_)
        return self.season[number], self.departures[number]


def write_learnt(path: str | Path, learnt: Learnt) -> None:
    """Write one file."""
    with LEARNT.created(path) as file:
        for name, (dimensions, about, units) in LAYOUT.items():
            values = getattr(learnt, name)
            for dimension, size in zip(dimensions, values.shape, strict=True):
                if dimension not in file.dimensions:
                    file.createDimension(dimension, size)
            variable = file.createVariable(name, "f4", dimensions, zlib=True, complevel=1)
            variable.setncatts({"long_name": about, "units": units})
            variable[:] = values
        file.createVariable("rounds", str, ("round",))[:] = np.array(learnt.rounds, object)
        file.createVariable("zones", str, ("zone",))[:] = np.array(learnt.zones, object)


def read_learnt(path: str | Path, rounds: Sequence[str] | None = None) -> Learnt:
    """What was learnt, of all rounds or of some."""
    with LEARNT.opened(path) as file:
        names = tuple(file["rounds"][:])
        wanted = names if rounds is None else tuple(rounds)
        if missing := [name for name in wanted if name not in names]:
            raise InputError(f"{path}: knows nothing of round {', '.join(missing)}. Extend an edition that has it.")
        at = [names.index(name) for name in wanted]
        found = {name: file[name][:] for name in LAYOUT}
        values = {name: v[at] if LAYOUT[name][0][0] == "round" else v for name, v in found.items()}
        return Learnt(**values, rounds=wanted, zones=tuple(file["zones"][:]))
