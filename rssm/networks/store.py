"""Storage: one self-describing NetCDF file for the subnetworks of a network in a tile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import rssm
from rssm.files import Kind
from rssm.networks.kernels.codes import Status
from rssm.networks.subnetworks import SPLITS, Subnetworks

SUBNETWORKS = Kind("subnetworks")

VARIABLES: dict[str, tuple[tuple[str, ...], str]] = {
    "hidden": (("chain", "zone", "node", "input"), "weights of the scaled inputs in the hidden nodes"),
    "hidden_bias": (("chain", "zone", "node"), "bias of the hidden nodes"),
    "output": (("chain", "zone", "node"), "weights of the hidden nodes in the scaled output"),
    "output_bias": (("chain", "zone"), "bias of the scaled output"),
    "center": (("zone", "input"), "centre that scaling takes from an input"),
    "factor": (("zone", "input"), "factor that scaling multiplies an input with; 0: constant, dropped"),
    "low": (("zone", "input"), "smallest value of an input learnt from"),
    "high": (("zone", "input"), "largest value of an input learnt from"),
    "target_center": (("chain", "zone"), "centre that scaling takes from the target"),
    "target_factor": (("chain", "zone"), "factor that scaling multiplies the target with"),
    "points": (("chain", "zone", "split"), "valid points of each part"),
    "rmse": (("chain", "zone", "split"), "root mean square error in each part, in the target's unit"),
    "r2": (("chain", "zone", "split"), "1 minus squared error over variance of the target, in each part"),
    "iterations": (("chain", "zone"), "iterations of the final fit"),
    "ridge": (("chain", "zone"), "penalty on squared weights in the final fit"),
    "dekad_r2": (("chain", "zone"), "1 minus squared error over that of the mean, on dekads left out in turn"),
    "status": (("chain", "zone"), "how training ended"),
}


@dataclass(frozen=True)
class Stored:
    """Subnetworks as read from a file, with the names of their axes."""

    subnetworks: Subnetworks
    inputs: tuple[str, ...]
    zones: tuple[str, ...]
    attributes: dict[str, str | int]


def write(
    path: str | Path,
    subnetworks: Subnetworks,
    inputs: Sequence[str],
    zones: Sequence[str],
    attributes: Mapping[str, str | int],
) -> None:
    """Write subnetworks with the names of inputs and zones; attributes: network, seed, settings and source."""
    sizes = dict(zip(("chain", "zone", "node", "input"), subnetworks.hidden.shape, strict=True)) | {"split": 3}
    with SUBNETWORKS.created(path) as file:
        file.title = "Subnetworks: one small neural network for every zone"
        file.rssm_version = rssm.__version__
        file.formula = (
            "y = target_center + (output_bias + sum(output * tanh(hidden_bias + hidden . (x - center) * factor)))"
            " / target_factor"
        )
        file.setncatts(dict(attributes))
        for name, size in sizes.items():
            file.createDimension(name, size)
        for axis, names in (("input", inputs), ("zone", zones), ("split", SPLITS)):
            file.createVariable(axis, str, (axis,))[:] = np.array(list(names), object)
        for name, (dimensions, meaning) in VARIABLES.items():
            values = getattr(subnetworks, name)
            fill = np.nan if values.dtype.kind == "f" else None
            variable = file.createVariable(
                name, values.dtype, dimensions, fill_value=fill, compression="zlib", complevel=1, shuffle=True
            )
            variable.long_name = meaning
            variable[:] = values
        status = file["status"]
        status.flag_values = np.array(list(Status), np.int8)
        status.flag_meanings = " ".join(code.name.lower() for code in Status)
        status.comment = " ".join(f"{code:d}: {code.sentence}" for code in Status)


def read(path: str | Path) -> Stored:
    """Read what `write` wrote."""
    with SUBNETWORKS.opened(path) as file:
        arrays = {name: np.ascontiguousarray(file[name][:]) for name in VARIABLES}
        return Stored(
            Subnetworks(**arrays),
            tuple(map(str, file["input"][:])),
            tuple(map(str, file["zone"][:])),
            {name: _plain(file.getncattr(name)) for name in file.ncattrs()},
        )


def _plain(value: object) -> str | int:
    return int(value) if isinstance(value, np.integer) else str(value)
