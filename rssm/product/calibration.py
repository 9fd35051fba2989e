"""The table of calibrated factors c by round and stratum, as text: columns round, stratum, c, points.

A stratum is a land-cover class; `*` stands for all classes or all rounds that have no row of their own. Without a table
c is 1, and every file says that its uncertainty is not calibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.files import atomic

COLUMNS = ("round", "stratum", "c", "points")
ANY = "*"
UNCALIBRATED = "not calibrated (c = 1)"


@dataclass(frozen=True)
class Calibration:
    """Factors by (round, stratum); empty where there is no table."""

    factors: dict[tuple[str, str], float]
    source: str = UNCALIBRATED

    def factor(self, round_: str, stratum: str) -> float:
        """c of a round and a land-cover class: its own, else its round's, else the class's, else that of all."""
        for key in ((round_, stratum), (round_, ANY), (ANY, stratum), (ANY, ANY)):
            if key in self.factors:
                return self.factors[key]
        if self.factors:
            raise InputError(f"{self.source}: no factor for round {round_}, stratum {stratum}. Add a row '*  *'.")
        return 1.0

    def over(self, round_: str, classes: NDArray[np.integer]) -> NDArray[np.float32]:
        """c of each pixel (row, column) from its class, −1 unknown."""
        numbers = map(str, range(int(classes.max()) + 1))
        c = [*(self.factor(round_, number) for number in numbers), self.factor(round_, ANY)]
        return np.array(c, np.float32)[classes]  # -1 takes the last


def read_calibration(paths: Sequence[str | Path]) -> Calibration:
    """The table of at most one file."""
    if not paths:
        return Calibration({})
    path = Path(paths[0])
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}. Expected the table of calibrated factors.") from None
    if not lines or tuple(lines[0].split("\t")) != COLUMNS:
        raise InputError(f"{path}: expected the tab-separated columns {', '.join(COLUMNS)}.")
    factors = {}
    for number, line in enumerate(lines[1:], 2):
        try:
            round_, stratum, c, _ = line.split("\t")
            factors[round_, stratum] = float(c)
        except ValueError:
            raise InputError(f"{path}: row {number}: expected {', '.join(COLUMNS)}, found {line!r}.") from None
        if not 0 < factors[round_, stratum] < np.inf:
            raise InputError(f"{path}: row {number}: c is {c}; expected a positive number.")
    return Calibration(factors, path.name)


def write_calibration(path: str | Path, rows: Sequence[tuple[str, str, float, int]]) -> None:
    """Write (round, stratum, c, points)."""
    text = "\n".join("\t".join([r, s, f"{c:.6g}", str(points)]) for r, s, c, points in rows)
    with atomic(path) as beside:
        beside.write_text("\t".join(COLUMNS) + "\n" + text + "\n", encoding="utf-8")
