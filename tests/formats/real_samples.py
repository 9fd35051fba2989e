"""How the tests look at real sample files: through our readers, at a place, and as raw numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from handmade.grids import CATALOGUE
from numpy.typing import NDArray

from rssm.archive.fields import Box, Field
from rssm.archive.grids import NATIVE_GRIDS, centres, whole
from rssm.archive.listing import found_at
from rssm.archive.readers.dispatch import read
from rssm.config.catalogue import Product

PLAIN: dict[str, Any] = {
    "file_units": [],
    "keep": {},
    "scale": {"value": 1.0},
    "offset": {},
    "multiply": 1.0,
    "codes": {},
}
ANY_VALUE: dict[str, Any] = {**PLAIN, "valid_range": (-1e9, 1e9)}


def described(product: str, **changes: Any) -> Product:
    """A product of the catalogue with another variable, grid or range."""
    return CATALOGUE[product].model_copy(update=changes)


def read_one(product: Product, path: Path, day: date = date.min, box: Box | None = None) -> Field:
    (field,) = read(product, found_at(path, day), box or whole(NATIVE_GRIDS[product.native_grid or ""]))
    return field


def at(field: Field, longitude: float, latitude: float) -> float:
    """The value of the cell that holds a point."""
    x, y = centres(field.grid, field.box)
    return float(field.values[np.abs(y - latitude).argmin(), np.abs(x - longitude).argmin()])


def raw(path: Path, name: str) -> NDArray[Any]:
    """Stored numbers, by h5py."""
    with h5py.File(path) as file:
        return np.asarray(file[name][...])
