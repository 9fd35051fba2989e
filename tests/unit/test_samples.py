"""From cubes to samples, worked by hand: which points are valid, and which target teaches in which dekad."""

from __future__ import annotations

import numpy as np
import pytest

from rssm.cubes.cube import Cube
from rssm.errors import InputError
from rssm.networks.samples import gather

DEKADS = np.array([72549, 72550, 72551])
nan = np.nan


def cube(name: str, values: list, pixel: tuple[int, ...] = (3600, 3601, 3610), calendar: str = "dekad") -> Cube:
    """Three pixels, the first two in one zone."""
    step = DEKADS if calendar == "dekad" else np.array([0])
    return Cube(
        name,
        "1",
        np.array(values, np.float32),
        np.array(pixel, np.int32),
        ("N79W180", "N79W179"),
        np.array([0, 2, 3], np.int32),
        step.astype(np.int32),
        calendar,
        "wgs84_0.1",
    )


def test_a_point_needs_every_input_and_the_target():
    wet = cube("A", [[1, 2, 3], [4, nan, 6], [7, 8, 9]])
    sand = cube("S", [[0.1], [0.2], [nan]], calendar="static")
    smap = cube("T", [[10, 20, nan], [40, 50, 60], [70, 80, 90]])
    samples = gather([wet, sand], [(smap, DEKADS)])
    np.testing.assert_allclose(samples.x, [[1, 2, 4, 6], [0.1, 0.1, 0.2, 0.2]])
    np.testing.assert_allclose(samples.y, [[10, 20, 40, 60]])
    assert samples.offsets.tolist() == [0, 4, 4]  # the second zone's only pixel has no sand
    assert samples.row.tolist() == [1, 1, 1, 1]
    assert samples.column.tolist() == [0, 0, 1, 1]
    assert (samples.dekad - DEKADS[0]).tolist() == [0, 1, 0, 2]


def test_each_target_teaches_in_its_own_dekads():
    wet = cube("A", [[1, 2, 3]] * 3)
    best, second = cube("T", [[10, 11, 12]] * 3), cube("SIM-1T", [[90, 91, 92]] * 3)
    samples = gather([wet], [(best, DEKADS[1:]), (second, DEKADS[:1])])
    assert samples.y[0, :3].tolist() == [90, 11, 12]


def test_the_control_decides_which_points_there_are():
    wet = cube("A", [[1, 2, 3]] * 3)
    chained = cube("SIM-1T", [[[1, nan, 3]] * 3, [[5, 6, nan]] * 3])
    samples = gather([wet], [(chained, DEKADS)])
    np.testing.assert_array_equal(samples.y[:, :2], [[1, 3], [5, nan]])


def test_cubes_of_other_pixels_are_refused():
    with pytest.raises(InputError, match="other pixels"):
        gather([cube("A", [[1, 2, 3]] * 3)], [(cube("T", [[1, 2, 3]] * 3, pixel=(1, 2, 3)), DEKADS)])
