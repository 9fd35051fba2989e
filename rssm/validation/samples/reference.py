"""The reference: what stations measured, in pixels and dekads, and what is known of the pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.validation.stations.file import STATIONS


@dataclass(frozen=True)
class Reference:
    """Measurements of pixels.

    pixel   (pixel,) numbers on the whole grid
    step    (step,)
    values  (pixel, step) m³ m⁻³, NaN where nothing was measured
    labels  kind of group → pixel → label
    """

    pixel: NDArray[np.int64]
    step: NDArray[np.int64]
    values: NDArray[np.float64]
    labels: dict[str, dict[int, str]]


def read_reference(path: str | Path) -> Reference:
    """Read a file of station records: pixels are grouped by its classes, by the density of stations and by relief."""
    with STATIONS.opened(path) as file:
        pixel = file["pixel"][:].astype(np.int64)
        groups = {name: _classes(file[name]) for name in ("climate", "land_cover") if name in file.variables}
        dense = np.where(file["n_stations"][:] >= file.dense, "dense", "sparse")
        relief = file["topography"][:]
        flat = np.where(np.isnan(relief), "", np.where(relief < file.flat, "flat", "rough"))
        groups |= {"density": dense.tolist(), "relief": flat.tolist()}
        labels = {kind: dict(zip(pixel.tolist(), words, strict=True)) for kind, words in groups.items()}
        return Reference(pixel, file["step"][:].astype(np.int64), file["soil_moisture"][:].astype(np.float64), labels)


def _classes(variable: Any) -> list[str]:
    """Words behind the numbers of a layer of classes; the number 0, unknown, has none."""
    words = dict(zip(np.atleast_1d(variable.flag_values).tolist(), str(variable.flag_meanings).split(), strict=True))
    return ["" if number == 0 else words[number] for number in variable[:].tolist()]
