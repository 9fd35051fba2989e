"""The table of calibrated factors by round and stratum, as text: columns round, stratum, c, b, points, and perhaps dry.

A stratum is a land-cover class; `*` stands for all classes or all rounds that have no row of their own. Without a table, or
with fewer chains than it was fitted with (`Calibration.chains`), c and b are 1, and every file says that its uncertainty is not calibrated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rssm.errors import InputError
from rssm.tsv import read_tsv, write_tsv

if TYPE_CHECKING:  # a plan reads the table too, and needs no arrays
    import numpy as np
    from numpy.typing import NDArray

COLUMNS = ("round", "stratum", "c", "b", "points")
DRY = ("dry",)  # a table without it has one σ for wet and dry soil
ANY = "*"
UNCALIBRATED = "not calibrated (c = 1)"


class Factor(NamedTuple):
    """Scale and power of `rssm.product.uncertainty.recipe.total_sigma`, and where `damped` begins, m³ m⁻³ (0: nowhere)."""

    c: float = 1.0
    b: float = 1.0
    dry: float = 0.0


@dataclass(frozen=True)
class Calibration:
    """Factors by (round, stratum), empty where there is no table; source: its file and what it was fitted on."""

    factors: dict[tuple[str, str], Factor]
    source: str = UNCALIBRATED

    @property
    def chains(self) -> int:
        """With how many chains its spreads were made, as its head says; 0 where it does not say."""
        said = re.search(r"(\d+) chains", self.source)
        return int(said[1]) if said else 0

    def factor(self, round_: str, stratum: str) -> Factor:
        """That of a round and a land-cover class: its own, else its round's, else the class's, else that of all."""
        for key in ((round_, stratum), (round_, ANY), (ANY, stratum), (ANY, ANY)):
            if key in self.factors:
                return self.factors[key]
        if self.factors:
            raise InputError(
                f"calibration of uncertainty, {self.source}: no factor for round {round_}, stratum {stratum}. Add a row '*  *'."
            )
        return Factor()

    def serves(self, rounds: Sequence[str]) -> None:
        """Refuse a table that lacks a factor for pixels of any class in one of the rounds."""
        for round_ in rounds:
            self.factor(round_, ANY)

    def over(self, round_: str, classes: NDArray[np.integer]) -> NDArray[np.float32]:
        """c, b and dry (3, …) of each pixel (…) from its class, −1 unknown."""
        import numpy as np

        numbers = map(str, range(int(classes.max(initial=-1)) + 1))
        factors = [*(self.factor(round_, number) for number in numbers), self.factor(round_, ANY)]
        return np.array(factors, np.float32).T[:, classes]  # -1 takes the last


def read_calibration(paths: Sequence[str | Path]) -> Calibration:
    """The table of at most one file."""
    if not paths:
        return Calibration({})
    path, factors = Path(paths[0]), {}
    for number, row in read_tsv(path, COLUMNS, "Expected the table of calibrated factors.", DRY):
        try:
            factor = Factor(float(row["c"]), float(row["b"]), float(row.get("dry", 0)))
        except ValueError:
            found = {name: row[name] for name in ("c", "b", *DRY) if name in row}
            what = f"{' and '.join(found)} are {', '.join(found.values())}"
            raise InputError(f"{path}: line {number}: {what}; expected numbers.") from None
        if not 0 < factor.c < inf:
            raise InputError(f"{path}: line {number}: c is {row['c']}; expected a positive number.")
        if not 0 <= factor.b <= 1:
            raise InputError(f"{path}: line {number}: b is {row['b']}; expected a number from 0 to 1.")
        if not 0 <= factor.dry <= 1:
            raise InputError(f"{path}: line {number}: dry is {row['dry']}; expected soil moisture from 0 to 1, m³ m⁻³.")
        factors[row["round"], row["stratum"]] = factor
    about = " ".join(line.strip("# ") for line in path.read_text("utf-8").splitlines() if line.startswith("#"))
    return Calibration(factors, f"{path.name}: {about}" if about else path.name)


def write_calibration(path: str | Path, rows: Sequence[tuple[str, str, Factor, int]], about: str = "") -> None:
    """Write (round, stratum, factor, points); about: what they were fitted on, for the head of the file."""
    dry = DRY if any(f.dry for _, _, f, _ in rows) else ()
    cells = ((r, s, f"{f.c:.4f}", f"{f.b:.4f}", points, f"{f.dry:.2f}") for r, s, f, points in rows)
    write_tsv(path, (*COLUMNS, *dry), (row[: len(COLUMNS) + len(dry)] for row in cells), about)
