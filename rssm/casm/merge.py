"""Branches joined: the plain mean of values, cycles and uncertainties where both see the ground, as published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.casm.flags import Branch, Flag
from rssm.casm.specs import MergeSpec
from rssm.cubes.estimates import TileEstimates, read_estimates, write_estimates
from rssm.errors import InputError
from rssm.grid import grid_of

AVERAGED = ("soil_moisture", "seasonal_cycle", "structural_uncertainty", "data_uncertainty", "total_uncertainty")
CODES = {"smos": Branch.SMOS, "amsre": Branch.AMSR_E}
OF_VALUE = Flag.EXTRAPOLATED_INPUTS | Flag.IN_TRAINING_PERIOD | Flag.NO_CYCLE
Layers = dict[str, NDArray[Any]]


def casm_merge(tile: str, estimated: Sequence[str], spec: MergeSpec, out: Sequence[str]) -> None:
    """Write all steps of the run in a tile; `estimated` are files of branches, each in a folder of its branch's name."""
    found = {Path(path).parent.name: read_estimates(path) for path in estimated}
    first = next(iter(found.values()))
    if any(not np.array_equal(each.pixel, first.pixel) for each in found.values()):
        raise InputError(
            f"tile {tile}: estimates of its branches hold other pixels. Remove them and run their rules again."
        )
    steps = np.arange(spec.steps[0], spec.steps[1] + 1)
    layers = merged({CODES[name]: over(found[name], steps) for name in spec.branches if name in found})
    write_estimates(out[0], tile, grid_of(first.grid_id), CALENDARS[first.calendar_id], steps, first.pixel, layers)


def over(branch: TileEstimates, steps: NDArray[np.integer]) -> Layers:
    """Layers (step, pixel) of a branch laid on other steps: no observation where it has none."""
    there, here = np.isin(branch.step, steps), np.isin(steps, branch.step)
    laid: Layers = {}
    for name, values in branch.layers.items():
        fill: Any = np.nan if values.dtype.kind == "f" else Flag.NO_OBSERVATION if name == "flags" else 0
        laid[name] = np.full((steps.size, branch.pixel.size), fill, values.dtype)
        laid[name][here] = values[there]
    return laid


def merged(branches: Mapping[Branch, Layers]) -> Layers:
    """Layers of all branches as one; a value beyond 0 … 1 is flagged and kept: what stores it takes the limit."""
    parts = list(branches.values())
    sees = [np.isfinite(part["soil_moisture"]) for part in parts]
    n = np.sum(sees, axis=0)
    out: Layers = {}
    for name in AVERAGED:
        total = np.sum(
            [np.where(see, part[name], 0) for see, part in zip(sees, parts, strict=True)], axis=0, dtype="f8"
        )
        out[name] = np.where(n > 0, total / np.maximum(n, 1), np.nan).astype(np.float32)
    out["branch"] = np.sum([see * np.uint8(code) for code, see in zip(branches, sees, strict=True)], axis=0, dtype="u1")
    out["n_members"] = np.sum([part["n_members"] for part in parts], axis=0, dtype="u1")
    flags = np.zeros(n.shape, np.uint16)
    for see, part in zip(sees, parts, strict=True):
        flags |= np.where(see, part["flags"] & OF_VALUE, 0).astype(np.uint16)
    unseen = np.bitwise_and.reduce([part["flags"] for part in parts])  # what all branches lack
    flags |= np.where(n == 0, unseen, 0).astype(np.uint16)
    with np.errstate(invalid="ignore"):
        beyond = (out["soil_moisture"] < 0) | (out["soil_moisture"] > 1)
    out["flags"] = flags | np.where(beyond, Flag.OUT_OF_RANGE, 0).astype(np.uint16)
    return out
