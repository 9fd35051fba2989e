"""Every value lands where the coordinates of its file say, whatever regular grid they are of.

The reference is slow and shares nothing with the package: for each pixel it walks through the cells of the file.
"""

from datetime import date
from math import floor, isnan, nan, radians, sin

import netCDF4
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from rssm.archive.listing import found_at
from rssm.calendar import DEKADS
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest
from rssm.grid import GRID, Region
from rssm.ingest.composite import composites

DAY = date(2015, 4, 3)
STEPS = [0.025, 0.04, 0.05, 1 / 12, 1 / 112 * 5, 0.1, 0.125, 0.2, 0.25, 0.3, 0.35, 0.5, 0.7, 1.0, 1.25, 2.5]


def entry(**changes):
    about = {
        "id": "X", "title": "x", "kind": "soil_moisture", "sensor": "x", "algorithm": "x", "reader": "cf",
        "files": "x_{date:%Y%m%d}.nc", "variables": {"value": "sm"}, "units": "m3 m-3", "valid_range": (0, 1),
        "span": ("2015D01", None), "step": "day", "version": "1", "licence": "x", "cite": "x",
    }  # fmt: skip
    return Product.model_validate(about | changes)


def write(path, x, y, values, kind="f8"):
    with netCDF4.Dataset(path, "w") as data:
        for name, axis, units in (("lat", y, "degrees_north"), ("lon", x, "degrees_east")):
            data.createDimension(name, len(axis))
            data.createVariable(name, kind, (name,))[:] = axis
            data[name].units = units
        data.createVariable("sm", "f4", ("lat", "lon"), fill_value=-9999)[:] = np.where(np.isnan(values), -9999, values)
        data["sm"].units = "m3 m-3"


def mapped(product, path, region, grid=GRID):
    files, step = [found_at(path, DAY)], DEKADS.of(DAY)
    plain = Ingest(sigma=None)
    ((_, layers, _),) = composites(product, files, [step], region=region, grid=grid, ingest=plain)
    return layers["value"]


def reference(region, x, y, step_x, step_y, values, pixel=0.1):
    """(row, column) of the region, pixel by pixel and cell by cell."""
    averaged = step_x < pixel - 1e-9 or step_y < pixel - 1e-9
    if abs(step_x - pixel) < 1e-9:  # as wide: averaged unless the cells are the pixels
        averaged = averaged or abs(((x[0] - pixel / 2) / pixel + 0.5) % 1 - 0.5) > 0.01
    rows, columns = round((region.north - region.south) / pixel), round(region.degrees / pixel)
    out = np.full((rows, columns), nan)
    for i in range(rows):
        north = region.north - i * pixel
        for j in range(columns):
            west = region.west + j * pixel
            place = west, north - pixel, west + pixel, north
            made = _mean if averaged else _holder
            out[i, j] = made(place, x, y, step_x, step_y, values)
    return out


def _holder(place, x, y, step_x, step_y, values):
    longitude, latitude = (place[0] + place[2]) / 2 + 1e-7, (place[1] + place[3]) / 2 - 1e-7
    for r, cy in enumerate(y):
        for c, cx in enumerate(x):
            away = (longitude - cx + 180) % 360 - 180
            if -step_x / 2 <= away < step_x / 2 and -step_y / 2 <= latitude - cy < step_y / 2:
                return values[r, c]
    return nan


def _mean(place, x, y, step_x, step_y, values):
    total = area = 0.0
    west, south, east, north = place
    for r, cy in enumerate(y):
        top, bottom = min(cy + step_y / 2, 90.0, north), max(cy - step_y / 2, -90.0, south)
        if top - bottom < 1e-6 * step_y:
            continue
        height = sin(radians(top)) - sin(radians(bottom))
        for c, cx in enumerate(x):
            left = cx - step_x / 2
            left += 360 * floor((west - left) / 360 + 0.5)  # the turn nearest to the pixel
            width = min(left + step_x, east) - max(left, west)
            if width > 1e-6 * step_x and not isnan(values[r, c]):
                total, area = total + values[r, c] * width * height, area + width * height
    return total / area if area else nan


@st.composite
def cuts(draw):
    """A cut of a regular grid: centres and steps, around a region of one zone."""
    region = Region(
        south := draw(st.sampled_from([-60, -31, 0, 47, 79])),
        south + 1,
        draw(st.sampled_from([-180, -71, -1, 0, 12, 179])),
        1,
    )
    step_x = draw(st.sampled_from(STEPS))
    step_y = draw(st.sampled_from([step_x, draw(st.sampled_from(STEPS))]))
    # origin: cells begin on the degree (centres), are centred on it (nodes), or lie anywhere
    begin_x, begin_y = (draw(st.sampled_from([0.0, 0.5, draw(st.integers(1, 9)) / 11])) for _ in "xy")
    first, last = (draw(st.integers(low, high)) for low, high in ((-4, 1), (1, 4)))
    x = region.west + (np.arange(first, max(round(1.2 / step_x), 3) + last) + 0.5 - begin_x) * step_x
    y = region.south + (np.arange(first, max(round(1.2 / step_y), 3) + last) + 0.5 - begin_y) * step_y
    y = y[np.abs(y) <= 90]
    if draw(st.booleans()):
        x = x % 360
    elif draw(st.booleans()):
        x = (x + 180) % 360 - 180
    return region, x, (y[::-1] if draw(st.booleans()) else y), step_x, step_y, draw(st.integers(0, 2**32 - 1))


@given(cuts())
@settings(max_examples=60, deadline=None)
def test_each_pixel_gets_what_the_definition_says(tmp_path_factory, cut):
    region, x, y, step_x, step_y, seed = cut
    path = tmp_path_factory.mktemp("cut") / "x_20150403.nc"
    rng = np.random.default_rng(seed)
    values = rng.random((y.size, x.size), np.float32)
    values[rng.random(values.shape) < 0.2] = nan
    write(path, x, y, values)
    found = mapped(entry(), path, region)
    assert_allclose(found, reference(region, x, y, step_x, step_y, values), rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("kind", ["f4", "f8"])
@pytest.mark.parametrize("west", [-180.0, 0.0, -180.125])
@pytest.mark.parametrize("nodes", [True, False])
def test_globes_of_a_quarter_degree(tmp_path, kind, west, nodes):
    """Nodes reach over the poles; what the catalogue names is the size of the cells."""
    y = np.linspace(90, -90, 721) if nodes else np.linspace(89.875, -89.875, 720)
    x = west + (0 if nodes else 0.125) + np.arange(1440) * 0.25
    values = np.random.default_rng(1).random((y.size, x.size), np.float32)
    write(tmp_path / "x_20150403.nc", x, y, values, kind)
    for region in (Region(50, 51, 179, 2), Region(-1, 1, -1, 2), Region(79, 80, -180, 1)):
        near = np.flatnonzero((y > region.south - 1) & (y < region.north + 1))
        middle = region.west + region.degrees / 2
        beside = np.flatnonzero(np.abs((x - middle + 180) % 360 - 180) < 2)
        expected = reference(region, x[beside], y[near], 0.25, 0.25, values[np.ix_(near, beside)])
        for product in (entry(), entry(native_grid="latlon_0.25")):
            assert_allclose(mapped(product, tmp_path / "x_20150403.nc", region), expected, rtol=1e-6)
