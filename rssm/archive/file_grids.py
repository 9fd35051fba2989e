"""The grid of a file, from its own coordinates and what it says of its projection.

A regular longitude–latitude grid is carried on around the globe, so that cuts of one grid share it. A projected grid is
the file's own block of cells.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import Misfit
from rssm.archive.fields import NativeGrid
from rssm.archive.grids import EASE1, EASE2, LATLON, projection

UNEVEN = 0.1  # cells: how far a coordinate may lie beside its place
ROUNDING = 1e-6  # cells

Axis1D = NDArray[np.float64]


def latlon_grid(x: Axis1D, y: Axis1D, of_one: tuple[float, float] = (0, 0)) -> NativeGrid:
    """The regular longitude–latitude grid whose cell centres lie at `x` and `y` (degrees, in either direction).

    of_one   steps along axes of one cell, where they are known
    """
    width, height = _steps(x, y, of_one)
    step_x, step_y = (_divisor(axis, step) for axis, step in ((x, width), (y, height)))
    first = float(x.min()) - step_x / 2
    columns = round(360 / step_x)
    if abs(columns * step_x - 360) > ROUNDING * step_x:  # does not close around the globe
        west, columns = first, min(x.size, int(360 / step_x))
    else:
        west = -180 + _phase((first + 180) / step_x, x, step_x) * step_x
    above = _phase((90 - float(y.max())) / step_y - 0.5, y, step_y)
    north = 90 - above * step_y + (step_y if above >= 0.5 else 0)
    rows = int((north - step_y / 2 + 90) / step_y + ROUNDING) + 1
    name = f"of {step_x:.6g} × {step_y:.6g}° from {north:.6g}, {west:.6g}"
    return NativeGrid(name, LATLON, (step_x, 0, west, 0, -step_y, north), rows, columns)


def projected_grid(crs: str, x: Axis1D, y: Axis1D) -> NativeGrid:
    """The block of cells with centres at `x` and `y` (of the projection, in either direction)."""
    width, height = _steps(x, y)
    transform = (width, 0.0, float(x.min()) - width / 2, 0.0, -height, float(y.max()) + height / 2)
    own = known_crs(crs)
    name = f"of {width:.6g} × {height:.6g} m in {own if own != crs else name_of(crs)}"
    return NativeGrid(name, own, transform, y.size, x.size)


def _steps(x: Axis1D, y: Axis1D, of_one: tuple[float, float] = (0, 0)) -> tuple[float, float]:
    """Distances of the centres along both axes; an axis of one cell is as wide as the other's."""
    steps = []
    for axis, known in zip((x, y), of_one, strict=True):
        if axis.size < 1 or not np.isfinite(axis).all():
            raise Misfit("axes with missing values" if axis.size else "empty axes")
        step = float(axis[-1] - axis[0]) / max(axis.size - 1, 1)
        even = axis[0] + step * np.arange(axis.size)
        if axis.size > 1 and not np.abs(axis - even).max() <= UNEVEN * abs(step):
            raise Misfit("steps that are not equal")
        if axis.size > 1 and step == 0:
            raise Misfit("an axis that stands still")
        steps.append(abs(step) or known)
    if not any(steps):
        raise Misfit("a single cell, whose size nothing says")
    return steps[0] or steps[1], steps[1] or steps[0]


def noise(axis: Axis1D) -> float:
    """How exact coordinates are: numbers that a float32 holds without loss may have been rounded to one."""
    if (axis.astype(np.float32) == axis).all():
        return float(np.spacing(np.float32(np.abs(axis).max())))
    return 1e-9


def _divisor(axis: Axis1D, step: float) -> float:
    """The step, or the nearest that divides the globe, if the coordinates cannot tell them apart."""
    exact = 360 / round(360 / step)
    slack = 4 * noise(axis) + ROUNDING * step
    if abs(exact - step) * max(axis.size - 1, 1) <= slack:
        return exact
    return step


def _phase(cells: float, axis: Axis1D, step: float) -> float:
    """Part of a cell (0…1), exactly 0 or ½ where rounding of the coordinates may have hidden that."""
    half = round(2 * cells) / 2
    slack = 4 * noise(axis) / step + 10 * ROUNDING
    near = abs(cells - half) <= min(slack, UNEVEN / 5)
    return (half if near else round(cells, 9)) % 1.0


@lru_cache
def known_crs(crs: str) -> str:
    """The name that this package gives a projection, or the text itself where it has none."""
    return next((own for own in (EASE2, EASE1) if _apart(crs, own) < 1), crs)


@lru_cache
def is_geographic(crs: str) -> bool:
    """Whether the coordinates of a projection are longitude and latitude, of whatever datum."""
    from pyproj import CRS

    return bool(CRS(crs).is_geographic)


@lru_cache
def name_of(crs: str) -> str:
    """A short name for people."""
    from pyproj import CRS

    text = CRS(crs)
    epsg = text.to_epsg(min_confidence=70)
    return f"EPSG:{epsg}" if epsg else f"the projection {text.name!r}"


def check_crs(grid: NativeGrid, crs: str) -> None:
    """Refuse a file whose projection is not that of the catalogue's grid; of longitude and latitude any datum will do."""
    if is_geographic(crs) if grid.crs == LATLON else _apart(crs, grid.crs) < abs(grid.transform[0]) / 10:
        return
    raise Misfit(f"its cells in {name_of(crs)}")


def _apart(crs: str, other: str) -> float:
    """Largest distance (m) between the coordinates of a few places in two projections; infinite without a common one."""
    if is_geographic(crs):
        return float("inf")
    places: tuple[Any, Any] = (np.array([-120.0, -10.0, 15.0, 100.0]), np.array([40.0, -30.0, 60.0, 5.0]))
    ours, theirs = (np.asarray(projection(one).transform(*places)) for one in (crs, other))
    with np.errstate(invalid="ignore"):
        away = float(np.abs(ours - theirs).max())
    return away if np.isfinite(away) else float("inf")
