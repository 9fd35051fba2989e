"""The calibrate job: a branch's uncertainty, and its skill, on blocks of space and time that no member learnt from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.casm.members import Member, Said, in_blocks, read_members, together
from rssm.casm.samples import Samples, read_samples
from rssm.casm.specs import CalibrateSpec
from rssm.casm.uncertainty import calibrate, write_calibration
from rssm.errors import InputError

ENOUGH = 100  # held-out rows that make a calibration
Scores = dict[str, tuple[float, str]]


def casm_calibrate(
    branch: str, networks: Sequence[str], samples: Sequence[str], spec: CalibrateSpec, out: Sequence[str]
) -> None:
    """Write the table of a branch.

    networks  all members
    samples   of all tiles
    """
    rows = read_samples(samples)
    held = rows.held_out == 1
    if np.count_nonzero(held) < ENOUGH:
        raise InputError(
            f"branch {branch}: {np.count_nonzero(held)} rows are held out, and {ENOUGH} are needed to calibrate its"
            " uncertainty. Raise held_out.share or training.least_rows, set held_out.degrees lower, or choose a larger region."
        )
    said = of_rows(read_members(networks), rows, held, spec.noise)
    error = (said.mean - rows.y[held]).astype(np.float64)
    own = np.hypot(said.structural, said.data, dtype=np.float64)
    found = calibrate(error, own, rows.usual[held].astype(np.float64), rows.target_error[held].astype(np.float64))
    write_calibration(out[0], found, _scores(said, rows, held))


def of_rows(members: Sequence[Member], rows: Samples, which: NDArray[np.bool_], noise: float) -> Said:
    """What members say of some samples, each field (row,)."""
    columns = [rows.inputs.index(name) for name in members[0].inputs]
    x, spread = (in_blocks(each[which][:, columns]) for each in (rows.x, rows.noise))
    said = together(members, x, noise * spread)
    return Said(*(part.ravel()[: np.count_nonzero(which)] for part in said))


def _scores(said: Said, rows: Samples, held: NDArray[np.bool_]) -> Scores:
    """Skill of departures on held-out rows."""
    y = rows.y[held].astype(np.float64)
    error = said.mean - y
    return {
        "r": (float(np.corrcoef(said.mean, y)[0, 1]), "correlation of departures with the target's on rows held out"),
        "rmse": (float(np.sqrt(np.mean(error**2))), "root mean square difference there, m3 m-3"),
        "spread": (float(y.std()), "standard deviation of the target's departures there, m3 m-3"),
        "structural": (float(said.structural.mean()), "mean spread between members there, m3 m-3"),
        "data": (float(said.data.mean()), "mean effect of noise of the inputs there, m3 m-3"),
    }
