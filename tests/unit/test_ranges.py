"""The range of the target that screens call plausible, worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.testing import assert_array_equal

from rssm.calendar import DEKADS
from rssm.cubes.cube import Cube, write_cube
from rssm.grid import GRID, Window
from rssm.rounds.ranges import read_ranges, target_range
from rssm.rounds.specs import RangeSpec

NAN = np.nan


def ranges(folder: Path, spec: RangeSpec) -> tuple[list[float], list[float]]:
    """Of two pixels in the last two dekads of 2015 and the first two of 2016."""
    values = np.array([[0.2, 0.3, 0.9, 0.1], [0.4, NAN, 0.5, 0.6]], np.float32)
    pixel, start = np.array([0, 1], np.int32), np.array([0, 2], np.int32)
    steps = np.arange(2016 * 36 - 2, 2016 * 36 + 2, dtype=np.int32)
    write_cube(
        folder / "cube.nc", Cube("SMAP", "m3 m-3", values, pixel, ("N89W180",), start, steps, DEKADS.id, GRID.id)
    )
    target_range("tile", [str(folder / "cube.nc")], spec, [str(folder / "range.nc")])
    low, high = read_ranges([str(folder / "range.nc")], Window(0, 0, 1, 2), GRID)
    return low[0].tolist(), high[0].tolist()


def test_the_range_is_that_of_all_dekads_where_there_are_enough(tmp_path: Path) -> None:
    assert_array_equal(ranges(tmp_path, RangeSpec(3)), np.array([[0.1, 0.4], [0.9, 0.6]], np.float32))
    assert_array_equal(ranges(tmp_path, RangeSpec(4)), np.array([[0.1, NAN], [0.9, NAN]], np.float32))


def test_years_held_out_are_kept_from_the_range(tmp_path: Path) -> None:
    assert_array_equal(ranges(tmp_path, RangeSpec(1, (2016,))), np.array([[0.2, 0.4], [0.3, 0.4]], np.float32))
    assert_array_equal(ranges(tmp_path, RangeSpec(1, (2015,))), np.array([[0.1, 0.5], [0.9, 0.6]], np.float32))
    assert np.isnan(ranges(tmp_path, RangeSpec(1, (2015, 2016)))).all()
