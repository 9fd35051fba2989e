"""Maps: pixels where the grid has them, coasts where the Earth has them, scales and legends that say what is there."""

from __future__ import annotations

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path
from PIL import Image

from rssm.atlas import colours
from rssm.atlas.geography import Box, outlines, resolution_of, surfaces
from rssm.atlas.maps import WorldMap, bytes_of, draw
from rssm.atlas.picture import places, stripes, warped
from rssm.atlas.projection import View, box_of, degrees
from rssm.atlas.sheet import MAPPED, STYLE, keep_map, sheet
from rssm.grid import Area, Region

QUARTERS = Area("wgs84_0.5", Region(40, 41, -3, 1))  # two rows, two columns
DATELINE = Area("wgs84_0.5", Region(-19, -16, 177, 5))
EASE = Area("ease2_m36", Region(20, 50, 60, 50))
GLOBE = Area("wgs84_0.5", Region(-60, 80, -180, 360))


def index(area: Area) -> np.ndarray:
    """Every pixel's own number (row, column)."""
    return np.arange(area.window.rows * area.window.columns).reshape(area.window.shape)


def test_a_field_of_four_pixels_fills_four_quarters_of_its_map(tmp_path):
    codes = np.array([[1, 2], [3, 4]])
    named = {k: (f"class {k}", colour) for k, colour in enumerate(("#ff0000", "#00ff00", "#0000ff", "#ffff00"), 1)}
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(4, 4))
        axis = figure.add_axes((0, 0, 1, 1))
        WorldMap(axis, QUARTERS).classes(codes, named, zorder=9)
        keep_map(figure, {"code": codes}, QUARTERS, {}, [str(tmp_path / f"a.{kind}") for kind in ("svg", "png", "nc")])
    picture = np.asarray(Image.open(tmp_path / "a.png").convert("RGB"))
    found = {tuple(colour[:3]): None for colour in map(bytes_of, ("#ff0000", "#00ff00", "#0000ff", "#ffff00"))}
    for colour in found:
        rows, columns = np.nonzero((picture == colour).all(axis=2))
        found[colour] = (rows.min(), rows.max(), columns.min(), columns.max())
    (red, green, blue, yellow) = found.values()
    assert red[1] + 1 == blue[0] == yellow[0]  # the line between them, at 40.5° N
    assert red[3] + 1 == green[2] == yellow[2]  # at 2.5° W
    assert abs((red[1] - red[0]) - (blue[1] - blue[0])) <= 1
    assert abs((red[3] - red[2]) - (green[3] - green[2])) <= 1
    assert (red[1] - red[0]) / (red[3] - red[2]) == pytest.approx(1 / np.cos(np.radians(40.5)), rel=0.02)


@pytest.mark.parametrize("area", [QUARTERS, DATELINE, EASE, GLOBE, Area("wgs84_0.25", Region(70, 80, -60, 60))])
def test_every_point_of_a_picture_shows_the_pixel_that_its_place_lies_in(area):
    flat, shape = places(area, 300)
    view, window = View(box_of(area)), area.window
    left, right, bottom, top = view.extent
    rows, columns = np.nonzero(flat >= 0)
    x = left + (columns + 0.5) * (right - left) / shape[1]
    y = top - (rows + 0.5) * (top - bottom) / shape[0]
    longitude, latitude = view.projection(x, y, inverse=True)
    pixel = [area.grid.pixel(float(a), float(b)) for a, b in zip(longitude[::37], latitude[::37], strict=True)]
    wanted = [(r - window.row) * window.columns + (c - window.column) % area.grid.columns for r, c in pixel]
    assert flat[rows, columns][::37].tolist() == wanted


@pytest.mark.parametrize("area", [QUARTERS, DATELINE, EASE, GLOBE])
def test_the_picture_fills_the_outline_and_no_more(area):
    flat, shape = places(area, 400)
    view = View(box_of(area))
    left, right, bottom, top = view.extent
    x = left + (np.arange(shape[1]) + 0.5) * (right - left) / shape[1]
    y = top - (np.arange(shape[0]) + 0.5) * (top - bottom) / shape[0]
    inside = Path(view.outline).contains_points(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)).reshape(shape)
    assert np.mean(inside != (flat >= 0)) < 0.004  # points that the edge itself crosses


def test_the_northernmost_row_and_both_sides_of_the_dateline_are_seen():
    flat, _ = places(GLOBE, 1200)
    assert set(range(300, 400)) <= set(flat[0].tolist())  # row 0, at 80° N, about 30° W … 20° E
    flat, _ = places(DATELINE, 500)
    assert set(flat.ravel().tolist()) == set(range(DATELINE.window.rows * DATELINE.window.columns))
    west, east = warped(index(DATELINE), DATELINE, 500, -1)[0, [0, -1]]
    assert (west, east) == (0, 9)


def test_rows_of_an_ease_grid_are_as_high_as_the_grid_says():
    area = Area("ease2_m36", Region(40, 50, 0, 10))
    flat, shape = places(area, 2000)
    row = flat[:, shape[1] // 2] // area.window.columns
    found = np.flatnonzero(np.diff(row)) + 1.0
    view = View(box_of(area))
    edges = np.stack([np.full(area.window.rows - 1, 5.0), area.grid.row_edges(area.window)[1:-1]], axis=1)
    _, _, bottom, top = view.extent
    assert view.name == "eqc"
    assert found == pytest.approx((top - view.paper(edges)[:, 1]) / (top - bottom) * shape[0], abs=0.51)


def test_projections_fit_the_box_and_keep_areas():
    assert [View(box_of(area)).name for area in (QUARTERS, DATELINE, EASE, GLOBE)] == ["eqc", "eqc", "laea", "eqearth"]
    for area in (EASE, GLOBE):
        flat, shape = places(area, 900)
        view, window = View(box_of(area)), area.window
        left, right, bottom, top = view.extent
        point = (right - left) * (top - bottom) / (shape[0] * shape[1])  # m²
        rows = np.bincount(flat[flat >= 0] // window.columns, minlength=window.rows) * point
        edges, width = np.radians(area.grid.row_edges(window)), np.radians(window.columns * area.grid.column_step)
        sphere = 6371007.2**2 * width * -np.diff(np.sin(edges))  # of the authalic sphere
        groups = np.array_split(np.arange(window.rows), 10)
        assert [rows[g].sum() for g in groups] == pytest.approx([sphere[g].sum() for g in groups], rel=0.02)


def test_coasts_are_where_land_meets_sea():
    box = Box(-3, 0, 39, 42)
    land = [Path(shape) for shape in surfaces("land", box)]
    assert resolution_of(box) == "i"
    assert any(path.contains_point((-2.0, 40.5)) for path in land)
    assert not any(path.contains_point((-0.1, 39.4)) for path in land)  # off Valencia
    coast = np.concatenate(outlines("land", box))
    assert abs(coast - (-0.32, 39.47)).sum(axis=1).min() < 0.05  # its shore


def test_shapes_are_not_drawn_along_the_antimeridian_which_cuts_them():
    box = Box(165, 195, 60, 72)
    lines = outlines("land", box)
    for line in lines:
        along = abs(line[:, 0] - 180) < 1e-3
        assert not (along[1:] & along[:-1]).any()
    assert any(line[:, 0].min() > 180 for line in lines)  # both sides are there
    assert any(Path(shape).contains_point((182.0, 66.5)) for shape in surfaces("land", box))  # Chukotka
    assert any(Path(shape).contains_point((178.0, 67.5)) for shape in surfaces("land", box))


def test_an_open_sea_has_a_map_without_any_shape():
    sea = Area("wgs84_0.5", Region(-45, -44, -120, 1))
    assert surfaces("land", Box(-120, -119, -45, -44)) == []
    with matplotlib.rc_context(STYLE):
        figure = sheet(3, 3)
        draw(figure.subplots(), np.full((2, 2), np.nan), sea, "soil_moisture")
        figure.draw_without_rendering()


def test_classes_that_do_not_occur_are_not_in_the_legend():
    with matplotlib.rc_context(STYLE):
        figure = sheet(3, 3)
        world = WorldMap(figure.subplots(), QUARTERS, land=np.ones((2, 2), bool))
        world.classes(np.array([[1, 1], [3, 0]]), {1: ("one", "red"), 2: ("two", "blue"), 3: ("three", "green")})
        world.hatch(np.zeros((2, 2), bool), "not significant")
        world.values(np.ones((2, 2)), "soil_moisture", (0, 1))
        assert list(world.seen) == ["one", "three"]
        world.values(np.array([[1, np.nan], [1, 1]]), "soil_moisture", (0, 1))
        assert list(world.seen) == ["one", "three", "no value"]


def test_no_value_not_tested_and_hatched_pixels_look_each_of_their_own():
    values, land = np.array([[0.2, np.nan], [np.nan, np.nan]]), np.array([[True, True], [True, False]])
    untested = np.array([[False, False], [True, False]])
    with matplotlib.rc_context(STYLE):
        figure = sheet(3, 3)
        axis = figure.subplots()
        draw(
            axis, values, QUARTERS, "trend", land=land, not_tested=untested, hatch=(values > 0, "not significant"), bar=False
        )  # fmt: skip
        pictures = sorted(axis.images, key=lambda image: image.get_zorder())
    ground, grey, field, hatched = [np.asarray(picture.get_array()) for picture in pictures]
    height, width = ground.shape[0] // 2, ground.shape[1] // 2
    assert ground[5, -5].tolist() == bytes_of(colours.NO_VALUE)
    assert grey[-5, 5].tolist() == bytes_of(colours.NOT_TESTED)
    assert field[5, 5, 3] == 255
    assert field[-5, -5, 3] == ground[-5, -5, 3] == 0  # sea
    assert (hatched[..., 3] > 0)[:height, :width].tolist() == stripes(ground.shape[:2])[:height, :width].tolist()
    assert not hatched[height + 1 :].any()
    assert not hatched[:, width + 1 :].any()


def test_land_that_was_not_tested_is_not_said_to_have_no_value():
    values, land = np.array([[0.2, np.nan], [0.1, 0.1]]), np.ones((2, 2), bool)
    with matplotlib.rc_context(STYLE):
        world = draw(sheet(3, 3).subplots(), values, QUARTERS, "trend", land=land, not_tested=np.isnan(values))
    assert list(world.seen) == ["not tested"]


def test_a_locator_shows_where_a_part_of_the_world_lies_and_is_left_out_of_a_map_of_the_world():
    for area, insets in ((QUARTERS, 1), (DATELINE, 1), (GLOBE, 0)):
        with matplotlib.rc_context(STYLE):
            axis = sheet(3, 3).subplots()
            WorldMap(axis, area).locator()
            assert len(axis.child_axes) == insets


def test_limits_leave_out_the_ends_and_are_round():
    values = np.linspace(0.113, 0.387, 1001)
    assert colours.limits_of([values], "soil_moisture") == pytest.approx((0.1, 0.4))
    assert colours.limits_of([values, values - 0.5], "difference") == pytest.approx((-0.4, 0.4))
    assert (
        colours.limits_of([np.array([0.25])], "soil_moisture")[0]
        <= 0.25
        <= colours.limits_of([np.array([0.25])], "error")[1]
    )
    assert colours.limits_of([np.array([np.nan])], "uncertainty") == (0.0, 1.0)
    assert colours.limits_of([values], "score") == (0.0, 1.0)
    assert [colours.beyond([values], ends) for ends in ((0, 1), (0.2, 1), (0, 0.2), (0.2, 0.3))] == [
        "neither", "min", "max", "both"
    ]  # fmt: skip


def test_every_kind_has_a_scale_and_one_without_sense_of_direction_closes():
    for kind in colours.KINDS.values():
        assert len(kind.scale(0.5)) == 4
    season = colours.KINDS["season"].scale
    assert np.abs(np.subtract(season(0.0), season(0.9999))).max() < 0.02


def test_colours_of_classes_follow_from_the_list_alone():
    names = [f"network {k}" for k in range(67)]
    assert colours.class_colours(names) == colours.class_colours(names)
    assert len(set(colours.class_colours(names).values())) == 67
    assert colours.class_colours(["A", "B"]) == {"A": colours.BLUE, "B": colours.ORANGE}


def test_degrees_are_written_with_their_hemisphere():
    assert [degrees(v, "EW") for v in (-10, 190, 180, -180, 0, 2.5)] == ["10°W", "170°W", "180°", "180°", "0°", "2.5°E"]
    assert [degrees(v, "NS") for v in (-10, 0, 80)] == ["10°S", "0°", "80°N"]


def test_the_same_map_is_the_same_three_files_and_they_hold_its_values(tmp_path):
    values = np.array([[0.1, 0.2], [0.3, np.nan]], np.float32)
    for name in ("a", "b"):
        with matplotlib.rc_context(STYLE):
            figure = sheet(4, 4)
            world = draw(figure.subplots(), values, QUARTERS, "soil_moisture", title="Moisture", unit=colours.VOLUME)
            world.locator()
            out = [str(tmp_path / f"{name}.{kind}") for kind in ("svg", "png", "nc")]
            keep_map(figure, {"soil_moisture": values}, QUARTERS, {"soil_moisture": "m3 m-3"}, out)
    for kind in ("svg", "png", "nc"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
    svg = (tmp_path / "a.svg").read_text()
    assert "<dc:date>" not in svg
    assert len(svg) < 300_000
    with MAPPED.opened(tmp_path / "a.nc") as file:
        np.testing.assert_array_equal(file["soil_moisture"][:], values)
        assert file["lat"][:].tolist() == [40.75, 40.25]
        assert file["lon"][:].tolist() == [-2.75, -2.25]
        assert file["soil_moisture"].units == "m3 m-3"
