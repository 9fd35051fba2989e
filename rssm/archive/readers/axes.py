"""Where the cells of a file lie on the catalogue's grid: turned over, rolled, cut out or shifted by half a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile
from rssm.archive.fields import Box, NativeGrid
from rssm.archive.grids import LATLON, projection

TOLERANCE = 0.1  # cells; coordinates in float32 are good to 0.01 on the finest grid


class Misfit(BadFile):
    """The axes of a file are not those of the grid; `has` says what they are."""

    def __init__(self, has: str) -> None:
        super().__init__(f"has {has}", check="native_grid")


@dataclass(frozen=True)
class Axis:
    """One axis of a file: its cell i is cell `first + direction · i` of the grid, around the circle if `circle` is set.

    shift   how far the file's centres lie from the grid's, in cells, within ±0.5
    """

    first: int
    count: int
    direction: int = 1
    circle: int = 0
    shift: float = 0.0

    def pieces(self, wanted: slice) -> list[tuple[slice, slice]]:
        """(cells of the file, ascending; their place counted from `wanted.start`) for each unbroken run of cells."""
        found = []
        for turn in (0, self.circle, -self.circle) if self.circle else (0,):
            first = self.first + turn
            if self.direction > 0:
                start, stop = max(wanted.start - first, 0), min(wanted.stop - first, self.count)
            else:
                start, stop = max(first - wanted.stop + 1, 0), min(first - wanted.start + 1, self.count)
            if start < stop:
                ends = first + self.direction * start, first + self.direction * (stop - 1)
                found.append((slice(start, stop), slice(min(ends) - wanted.start, max(ends) + 1 - wanted.start)))
        return found


def place_axis(positions: NDArray[np.float64], cells: int, circle: bool) -> Axis:
    """The axis whose cell centres lie at `positions`, counted in cells of the grid from the centre of its first."""
    count = positions.size
    if count < 1 or count > cells:
        raise Misfit(f"{count} cells along an axis of {cells}")
    if not np.isfinite(positions).all():
        raise Misfit("axes with missing values")
    direction = -1 if count > 1 and positions[-1] < positions[0] else 1
    regular = positions[0] + direction * np.arange(count)
    if float(np.abs(positions - regular).max()) > TOLERANCE:
        step = abs(positions[-1] - positions[0]) / max(count - 1, 1)
        raise Misfit(f"steps of {step:.4g} cells" if abs(step - 1) > 0.01 else "steps that are not equal")
    first = int(np.floor(positions[0] + 0.5 - TOLERANCE))
    shift = float(positions[0] - first)
    shift = 0.0 if abs(shift) <= TOLERANCE else shift
    if circle:
        first %= cells
    elif min(first, first + direction * (count - 1)) < 0 or max(first, first + direction * (count - 1)) >= cells:
        raise Misfit(f"cells beyond the edge (cell {first} of {cells})")
    return Axis(first, count, direction, cells if circle else 0, shift)


def place(grid: NativeGrid, x: NDArray[Any], y: NDArray[Any], degrees: bool) -> tuple[Axis, Axis, NativeGrid]:
    """Rows and columns of a file with cell centres `x` and `y` (degrees, or metres of the projection), and its grid.

    The grid is the catalogue's, or, for a file whose centres lie elsewhere within the cells, that grid shifted.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if degrees and grid.crs != LATLON:
        to_grid = projection(grid.crs)
        x = np.asarray(to_grid.transform(x, np.zeros_like(x))[0])
        y = np.asarray(to_grid.transform(np.zeros_like(y), y)[1])
    step_x, _, left, _, step_y, top = grid.transform
    columns = place_axis((x - left) / step_x - 0.5, grid.columns, circle=degrees and grid.crs == LATLON)
    rows = place_axis((y - top) / step_y - 0.5, grid.rows, circle=False)
    if not columns.shift and not rows.shift:
        return rows, columns, grid
    if grid.crs != LATLON:
        raise Misfit(f"centres {columns.shift:.2f} and {rows.shift:.2f} cells off")
    moved = (step_x, 0.0, left + columns.shift * step_x, 0.0, step_y, top + rows.shift * step_y)
    return rows, columns, replace(grid, id=f"{grid.id}_shifted_{columns.shift:+.2f}_{rows.shift:+.2f}", transform=moved)


def read_box(
    fetch: Callable[[slice, slice], NDArray[Any]], rows: Axis, columns: Axis, box: Box, outside: Any
) -> NDArray[Any]:
    """The box's part of a file, in the grid's order; cells that the file does not hold get `outside`.

    fetch   (row slice, column slice of the file) → (row, column)
    """
    row_pieces, column_pieces = rows.pieces(box.rows), columns.pieces(box.columns)
    shape = box.rows.stop - box.rows.start, box.columns.stop - box.columns.start
    whole: NDArray[Any] | None = None
    for file_rows, box_rows in row_pieces:
        for file_columns, box_columns in column_pieces:
            part = fetch(file_rows, file_columns)[:: rows.direction, :: columns.direction]
            if part.shape == shape:
                return np.ascontiguousarray(part)
            if whole is None:
                whole = np.full(shape, outside, part.dtype)
            whole[box_rows, box_columns] = part
    if whole is None:  # ask for one cell, for its type
        whole = np.full(shape, outside, fetch(slice(0, 1), slice(0, 1)).dtype)
    return whole
