"""Samples: what a product says in the pixels that hold stations. Of years of global maps a small file is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.place import window_index
from rssm.errors import InputError
from rssm.files import Kind
from rssm.grid import Area, Window
from rssm.validation.samples.fields import fields
from rssm.validation.samples.record import Record
from rssm.validation.samples.reference import Reference, read_reference
from rssm.validation.specs import SamplesSpec

SAMPLES = Kind("samples of a product")
F32 = NDArray[np.float32]


@dataclass(frozen=True)
class Samples:
    """Values of a product in some pixels.

    pixel   (pixel,) numbers on the whole grid
    step    (step,)
    values  (pixel, step) m³ m⁻³, NaN where the product has none
    """

    product: str
    pixel: NDArray[np.int64]
    step: NDArray[np.int64]
    values: F32


def samples(product: str, maps: Sequence[str], stations: Sequence[str], spec: SamplesSpec, out: Sequence[str]) -> None:
    """Write a product's values in the pixels of the stations.

    maps  indices of its maps, or years of the data set
    """
    calendar, grid, pixel = CALENDARS[spec.calendar_id], spec.area.grid, read_reference(stations[0]).pixel
    window = rows_of(pixel, spec.area)
    inside, position = window_index(pixel, window, grid)
    steps, taken = [], []
    for step, field in fields(maps, window, grid, calendar, spec.filled):
        steps.append(step)
        taken.append(np.full(pixel.size, np.nan, np.float32))
        taken[-1][inside] = field.ravel()[position]
    values = np.stack(taken, axis=1) if taken else np.zeros((pixel.size, 0), np.float32)
    write_samples(out[0], Samples(product, pixel, np.array(steps, np.int64), values))


def rows_of(pixel: NDArray[np.int64], area: Area) -> Window:
    """The rows of an area from the northernmost to the southernmost pixel."""
    whole, row = area.window, pixel // area.grid.columns
    first = max(int(row.min(initial=whole.row + whole.rows - 1)), whole.row)
    last = min(int(row.max(initial=first)), whole.row + whole.rows - 1)
    return Window(first, whole.column, max(last - first + 1, 1), whole.columns)


def write_samples(path: str | Path, samples: Samples) -> None:
    """Write the file."""
    with SAMPLES.created(path) as file:
        file.product = samples.product
        file.createDimension("pixel", samples.pixel.size)
        file.createDimension("step", samples.step.size)
        file.createVariable("pixel", "i8", ("pixel",))[:] = samples.pixel
        file.createVariable("step", "i8", ("step",))[:] = samples.step
        values = file.createVariable("soil_moisture", "f4", ("pixel", "step"), zlib=True, fill_value=np.nan)
        values.units = "m3 m-3"
        values[:] = samples.values


def read_samples(path: str | Path) -> Samples:
    """Read the file."""
    with SAMPLES.opened(path) as file:
        return Samples(str(file.product), file["pixel"][:], file["step"][:], file["soil_moisture"][:])


def record_of(reference: Reference, parts: Sequence[Samples]) -> Record:
    """All pixel-dekads of the stations, with what each product says of them: NaN where nothing."""
    row, column = np.nonzero(np.isfinite(reference.values))
    pixel, step = reference.pixel[row], reference.step[column]
    products: dict[str, NDArray[np.float64]] = {}
    for part in parts:
        if not np.array_equal(part.pixel, reference.pixel):
            raise InputError(f"{part.product}: its samples are of other pixels than the stations'. Make them again.")
        values = products.setdefault(part.product, np.full(row.size, np.nan))
        at = place_in(part.step, step)
        values[at >= 0] = part.values[row[at >= 0], at[at >= 0]]
    return Record(pixel, step, reference.values[row, column], products)


def place_in(known: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of wanted numbers among known ones, −1 where there is none."""
    if not known.size:
        return np.full(wanted.size, -1)
    order = np.argsort(known)
    at = order[np.searchsorted(known, wanted, sorter=order).clip(0, known.size - 1)]
    return np.where(known[at] == wanted, at, -1)
