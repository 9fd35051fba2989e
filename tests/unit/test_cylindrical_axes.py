"""Longitudes of files on EASE-Grids: wherever they begin and whichever way they run, columns lie where they belong."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from rssm.archive.grids import NATIVE_GRIDS
from rssm.archive.readers.axes import place
from rssm.toy.footprint import axes


def turned(longitude: NDArray[np.floating]) -> NDArray[np.floating]:
    """The same counted from 0° to 360°."""
    return np.sort(np.where(longitude < 0, longitude + 360, longitude))


@pytest.mark.parametrize("grid_id", ["ease2_m09", "ease2_m25", "ease2_m36", "ease1_25km"])
@pytest.mark.parametrize(
    ("name", "of", "columns"),
    [
        ("from the antimeridian", lambda lon: lon, lambda n: range(n)),
        ("from east to west", lambda lon: lon[::-1], lambda n: range(n - 1, -1, -1)),
        ("from the prime meridian", turned, lambda n: [*range(n // 2, n), *range(n // 2)]),
        ("a cut", lambda lon: lon[7:12], lambda n: range(7, 12)),
        ("a cut beyond 180°", lambda lon: lon[2:6] + 360, lambda n: range(2, 6)),
        ("a cut across 180°", lambda lon: np.append(lon[-3:], lon[:2] + 360), lambda n: [n - 3, n - 2, n - 1, 0, 1]),
        ("the same with signs", lambda lon: np.append(lon[-3:], lon[:2]), lambda n: [n - 3, n - 2, n - 1, 0, 1]),
    ],
)
def test_columns_lie_where_they_belong(grid_id, name, of, columns) -> None:
    grid = NATIVE_GRIDS[grid_id]
    latitude, longitude = (axis.astype(np.float64) for axis in axes(grid_id))
    rows, along, found = place(grid, of(longitude), latitude[:9], True)
    assert found == grid and (rows.first, rows.count, rows.direction) == (0, 9, 1)
    where = (along.first + along.direction * np.arange(along.count)) % grid.columns
    assert where.tolist() == list(columns(grid.columns)) and along.shift == 0
