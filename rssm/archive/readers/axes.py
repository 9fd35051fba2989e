"""Where the cells of a file lie on the catalogue's grid: turned over, rolled, cut out or shifted by half a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile, Misfit
from rssm.archive.fields import Box, NativeGrid
from rssm.archive.file_grids import check_crs, is_geographic, latlon_grid, noise, projected_grid
from rssm.archive.grids import LATLON, projection

TOLERANCE = 0.02  # cells that a grid may lie beside another and still be it; float32 is good to 0.01 on the finest
UNEVEN = 0.1  # cells that a coordinate may lie beside its place
CLOSED = 1e-6  # degrees


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
    if circle and count == cells + 1:  # a map that repeats its first column
        count, positions = cells, positions[:-1]
    if count < 1 or count > cells:
        raise Misfit(f"{count} cells along an axis of {cells}")
    if not np.isfinite(positions).all():
        raise Misfit("axes with missing values")
    direction = -1 if count > 1 and positions[-1] < positions[0] else 1
    regular = positions[0] + direction * np.arange(count)
    if float(np.abs(positions - regular).max()) > UNEVEN:
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


def place(
    grid: NativeGrid | None, x: NDArray[Any], y: NDArray[Any], degrees: bool, crs: str = ""
) -> tuple[Axis, Axis, NativeGrid]:
    """Rows and columns of a file with cell centres `x` and `y` (degrees, or metres of the projection), and its grid.

    The grid is the catalogue's, if it names one; for a file whose centres lie elsewhere within the cells, or beyond, the
    file's own. crs is the projection that the file states, if it states one.
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if degrees and x.size and np.isfinite(x).all():
        x = np.unwrap(x, period=360)
    if grid is None:
        return _placed_by_itself(x, y, degrees, crs)
    if crs and not (degrees and is_geographic(crs)):  # axes in degrees may describe a projected grid
        check_crs(grid, crs)
    circle = degrees and grid.crs == LATLON
    if degrees and grid.crs != LATLON:
        to_grid = projection(grid.crs)
        x = np.asarray(to_grid.transform(x, np.zeros_like(x))[0])
        y = np.asarray(to_grid.transform(np.zeros_like(y), y)[1])
        turn = to_grid.transform(180.0, 0.0)[0] - to_grid.transform(-180.0, 0.0)[0]
        if circle := abs(grid.columns * grid.transform[0] - turn) < grid.transform[0] / 2:
            x = np.unwrap(x, period=turn)  # axes from 0° to 360°: the projection ends at 180°
    elif degrees and (own := _beside(grid, x, y)):
        return _on(own, x, y, circle=True)
    rows, columns, grid = _on(grid, x, y, circle=circle)
    if columns.shift or rows.shift:
        raise Misfit(f"centres {columns.shift:.2f} and {rows.shift:.2f} cells off")
    return rows, columns, grid


def _placed_by_itself(
    x: NDArray[np.float64], y: NDArray[np.float64], degrees: bool, crs: str
) -> tuple[Axis, Axis, NativeGrid]:
    """Rows and columns of a file on the grid that its coordinates and its projection describe."""
    if degrees:
        grid = latlon_grid(x, y)
        closed = abs(grid.columns * grid.transform[0] - 360) < CLOSED
        return _on(grid, x, y, circle=closed)
    if not crs:
        raise BadFile("has axes in metres and does not say of which projection", "one", check="native_grid")
    return _on(projected_grid(crs, x, y), x, y, circle=False)


def _on(
    grid: NativeGrid, x: NDArray[np.float64], y: NDArray[np.float64], circle: bool
) -> tuple[Axis, Axis, NativeGrid]:
    """Rows and columns of cells with centres `x` and `y`, in the coordinates of the grid."""
    step_x, _, left, _, step_y, top = grid.transform
    columns = place_axis((x - left) / step_x - 0.5, grid.columns, circle)
    return place_axis((y - top) / step_y - 0.5, grid.rows, circle=False), columns, grid


def _beside(grid: NativeGrid, x: NDArray[np.float64], y: NDArray[np.float64]) -> NativeGrid | None:
    """The file's own grid, if its cells are as large as the catalogue's but do not coincide with them; else None."""
    step_x, _, left, _, step_y, top = grid.transform
    for axis, step in ((x, step_x), (y, step_y)):
        if axis.size < 1 or not np.isfinite(axis).all():
            raise Misfit("axes with missing values" if axis.size else "empty axes")
        if axis.size > 1 and abs(abs(axis[-1] - axis[0]) / (axis.size - 1) / abs(step) - 1) > 0.01:
            place_axis(axis / abs(step), axis.size, circle=False)  # says what its steps are
    shift_x, shift_y = _shift(x, left, step_x), _shift(y, top, step_y)
    if max(abs(shift_x), abs(shift_y)) <= TOLERANCE:
        return None
    moved = (step_x, 0.0, left + shift_x * step_x, 0.0, step_y, top + shift_y * step_y)
    row = (y - moved[5]) / step_y - 0.5
    if row.min() < -TOLERANCE or row.max() > grid.rows - 1 + TOLERANCE:  # values at nodes reach over the poles
        return latlon_grid(x, y, (abs(step_x), abs(step_y)))
    return replace(grid, id=f"{grid.id}_shifted_{shift_x:+.2f}_{shift_y:+.2f}", transform=moved)


def _shift(axis: NDArray[np.float64], edge: float, step: float) -> float:
    """How far the centres lie from the grid's, in cells, within ±½, which it is exactly where rounding may hide that."""
    place = (float(axis[0]) - edge) / step - 0.5
    shift = place - np.floor(place + 0.5 - TOLERANCE)
    return 0.5 if abs(shift - 0.5) <= min(4 * noise(axis) / abs(step) + 1e-5, TOLERANCE) else round(shift, 9)


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
