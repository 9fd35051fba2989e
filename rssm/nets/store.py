"""Networks on disk: arrays by name and what is to be said of them, as NetCDF-4 with every bit kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import rssm
from rssm.files import Kind

About = Mapping[str, str | float | int]


@dataclass(frozen=True)
class Stored:
    """What a file holds: arrays (of any shapes and types that NetCDF has) and attributes."""

    arrays: dict[str, NDArray[Any]]
    about: dict[str, str | float | int]


def write_network(path: str | Path, kind: str, arrays: Mapping[str, NDArray[Any]], about: About) -> None:
    """Write arrays and attributes; `kind` says what they are, and `read_network` asks for the same.

    Every axis has a dimension of its own, NAME_0, NAME_1, …; an array of texts is one of objects.
    """
    with Kind(kind).created(path) as file:
        file.rssm_version = rssm.__version__
        file.setncatts(dict(about))
        for name, values in arrays.items():
            axes = tuple(f"{name}_{axis}" for axis in range(values.ndim))
            for axis, size in zip(axes, values.shape, strict=True):
                file.createDimension(axis, size)
            text = values.dtype.kind in "OU"
            variable = file.createVariable(name, str if text else values.dtype, axes, fill_value=None)
            variable[...] = values.astype(object) if text else values


def read_network(path: str | Path, kind: str) -> Stored:
    """Read what `write_network` wrote; one sentence where the file is of another kind."""
    with Kind(kind).opened(path) as file:
        arrays = {name: np.asarray(variable[...]) for name, variable in file.variables.items()}
        about = {name: _plain(file.getncattr(name)) for name in file.ncattrs() if name not in ("kind", "layout")}
    return Stored(arrays, about)


def _plain(value: Any) -> str | float | int:
    if isinstance(value, np.integer):
        return int(value)
    return float(value) if isinstance(value, np.floating) else str(value)
