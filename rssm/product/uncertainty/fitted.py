"""c and b of the stated uncertainty from the data at hand: simulated maps against the target in years that no round learnt from.

The error is that of the published estimate (blended SIM-n) against the target from outside, so the target's own noise is
in it: σ then covers the difference from such a target, which is more than that from the truth. A stratum (land-cover
class in a round) is drawn toward its round, the more the fewer its points; one with too few takes its round's factor, and
a round with too few that of all, as `rssm.product.uncertainty.calibration` looks them up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.maps import read_map
from rssm.product.records.frame import Frame
from rssm.product.specs import CalibrateSpec
from rssm.product.uncertainty.calibration import ANY, Factor, write_calibration
from rssm.product.uncertainty.held_out import Skill, read_skill
from rssm.product.uncertainty.recipe import calibrate, information, total_sigma
from rssm.product.uncertainty.spread import chain_variance_of
from rssm.product.values.sources import Maps

ENOUGH = 1000  # points of a stratum, a round, or all that make a factor; neighbours share cells of the target
MOST = 100_000  # points taken of a step, evenly: a global one has ten times as many, which say the same
CalibrationRow = tuple[str, str, Factor, int]


class Points(NamedTuple):
    """Points (point,) of some steps.

    error    estimate − target, m³ m⁻³
    total    V + R, m⁶ m⁻⁶
    round_   number of the round, from 0; cover: land-cover class, 0 unknown
    """

    error: NDArray[np.float32]
    total: NDArray[np.float32]
    round_: NDArray[np.int64]
    cover: NDArray[np.int64]


def calibrate_run(maps: Sequence[str], skill: Sequence[str], spec: CalibrateSpec, out: Sequence[str]) -> None:
    """Write the table of a run.

    maps   indices: SIM-n and targets in the held-out years, and a year of land cover
    skill  tables of the rounds that simulate in these years, named {round}.nc
    """
    found = Maps.of(maps, spec.area.grid, Frame.of(spec.area, spec.calendar).calendar)
    tables = {Path(path).stem: read_skill(path) for path in skill}
    parts = list(_points(found, tables, spec))
    if sum(part.error.size for part in parts) < ENOUGH:
        raise InputError(
            f"{', '.join(spec.targets)}, {_years(spec)}: {sum(part.error.size for part in parts)} points with an estimate and"
            f" a target, and {ENOUGH} are needed to calibrate uncertainty. Hold out other years"
            " (training.split.held_out_years), or name a table in product.uncertainty.calibration."
        )
    points = Points(*(np.concatenate(field) for field in zip(*parts, strict=True)))
    rows = fit(points, spec.rounds)
    write_calibration(out[0], rows, _about(rows, spec))


def _years(spec: CalibrateSpec) -> str:
    calendar = Frame.of(spec.area, spec.calendar).calendar
    return ", ".join(str(year) for year in sorted({calendar.year_of(step) for step in spec.steps}))


def _about(rows: Sequence[CalibrationRow], spec: CalibrateSpec) -> str:
    """What the table rests on, which every file of the data set repeats."""
    own = {round_ for round_, *_ in rows}
    without = ", ".join(name for name in spec.rounds if name not in own)
    text = f"Fitted on held-out years {_years(spec)} of {', '.join(spec.targets)}, against which errors are counted"
    return f"{text}; of too few points, so with the factor of all: round {without}." if without else f"{text}."


def _points(maps: Maps, tables: dict[str, Skill], spec: CalibrateSpec) -> Iterator[Points]:
    """Points of each step that a round simulates."""
    frame, region = Frame.of(spec.area, spec.calendar), spec.area.region
    souths, wests = frame.zones()
    zones = (region.north - 1 - souths)[:, None], (wests - region.west) % 360
    residuals = {name: table.over(region, "residual", table.networks) for name, table in tables.items()}
    for step in spec.steps:
        round_, entry = maps.estimated(step, spec.estimate) or ("", None)
        if entry is None or round_ not in tables:
            continue
        layers, tags = read_map(entry["path"], frame.window, ["value", "network"], frame.grid)
        names = tables[round_].networks
        number = np.array([*(names.index(name) for name in tags["networks"].split()), -1])  # -1: no network
        network = number[np.nan_to_num(layers["network"], nan=-1).astype(np.intp)]
        variance = chain_variance_of(entry["path"], frame.window, frame.grid)
        total = np.nan_to_num(variance) + residuals[round_][network, *zones]
        error = layers["value"] - _target(maps, spec.targets, step, frame)
        at = _thinned(np.flatnonzero(np.isfinite(error) & np.isfinite(total)))
        cover = np.nan_to_num(maps.value(spec.land_cover, step, frame.window)).astype(np.int64)
        rounds = np.full(at.size, spec.rounds.index(round_))
        yield Points(error.ravel()[at], total.ravel()[at], rounds, cover.ravel()[at])


def _target(maps: Maps, targets: Sequence[str], step: int, frame: Frame) -> NDArray[np.float32]:
    """The best target (row, column) of a step: the first that has a value."""
    best = np.full(frame.window.shape, np.nan, np.float32)
    for target in targets:
        np.copyto(best, maps.value(target, step, frame.window), where=np.isnan(best))
    return best


def _thinned(at: NDArray[np.intp]) -> NDArray[np.intp]:
    """At most `MOST` of some positions, evenly."""
    return at[:: -(-at.size // MOST)] if at.size > MOST else at


def fit(points: Points, rounds: Sequence[str]) -> list[CalibrationRow]:
    """Rows of the table: b, and c of all points, of each round and of each stratum that has enough of them."""
    error, total, round_, cover = points
    classes = int(cover.max(initial=0)) + 1
    stratum = round_ * classes + cover
    b = information(error, np.sqrt(total), round_, len(rounds))
    sigma = total_sigma(total, 0.0, 1.0, b)
    everywhere = float(calibrate(error, sigma, np.zeros(error.size, np.int64), 1)[0])
    by_round = calibrate(error, sigma, round_, len(rounds), enough=ENOUGH)
    own = calibrate(error, sigma, stratum, len(rounds) * classes, enough=ENOUGH)
    n = np.bincount(stratum, minlength=len(rounds) * classes).reshape(len(rounds), classes)
    rows: list[CalibrationRow] = [(ANY, ANY, Factor(everywhere, b), error.size)]
    for r in np.flatnonzero(n.sum(axis=1) >= ENOUGH).tolist():
        name, of_round = rounds[r], float(by_round[r])
        rows.append((name, ANY, Factor(of_round, b), int(n[r].sum())))
        for k in np.flatnonzero(n[r] >= ENOUGH).tolist():
            if k:  # 0: unknown
                weight = n[r, k] / (n[r, k] + ENOUGH)
                c = of_round * (float(own[r * classes + k]) / of_round) ** weight
                rows.append((name, str(k), Factor(float(c), b), int(n[r, k])))
    return rows
