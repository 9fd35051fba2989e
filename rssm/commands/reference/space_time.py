"""`docs/reference/grids.md`: grids of results, native grids of archives, and calendars, from their declarations."""

from __future__ import annotations

from collections.abc import Iterator

from rssm.archive.grids import NATIVE_GRIDS
from rssm.calendar import CALENDARS, STATIC
from rssm.commands.reference import MADE
from rssm.commands.reference.fields import table
from rssm.grid.kinds import grid_of

HEAD = f"""# Grids and calendars

{MADE} Row 0 is the northernmost, column 0 the westernmost, whatever files do."""
GRIDS = {
    "wgs84_0.1": "of RSSSM; `wgs84_STEP` with any step that divides 140° and 360°",
    "wgs84_0.25_90_-60_-180": "example of `wgs84_STEP_NORTH_SOUTH_WEST`: a step and its outer edges",
    "ease2_m09": "EASE-Grid 2.0, 9 km",
    "ease2_m25": "EASE-Grid 2.0, 25 km",
    "ease2_m36": "EASE-Grid 2.0, 36 km",
}
EXAMPLE = 2015  # year of the labels shown


def grids_page() -> str:
    """The page."""
    lines = [
        HEAD,
        "",
        "## Grids of results",
        "",
        "A land mask and a table of zones on another grid are made by `rssm land --grid GRID`.",
        "",
    ]
    lines += table(("grid", "CRS", "rows × columns", "from north to south", "what"), _results())
    lines += [
        "",
        "## Native grids",
        "",
        "What `native_grid` of a catalogue entry may name; files on another grid are then refused. Where a reader finds grids by itself, it may be left out.",
        "",
    ]
    lines += table(
        ("grid", "CRS", "cell", "rows × columns", "outer corner, north-west (degrees, or metres)"), _native()
    )
    lines += ["", "## Calendars", "", "Steps of maps, data sets and catalogue entries.", ""]
    lines += table(("calendar", "steps a year", f"first label of {EXAMPLE}", "last"), _calendars())
    lines += ["", f"`{STATIC}`: one map for all time."]
    return "\n".join(lines) + "\n"


def _results() -> Iterator[tuple[str, ...]]:
    for name, what in GRIDS.items():
        grid = grid_of(name)
        yield f"`{name}`", grid.crs, f"{grid.rows} × {grid.columns}", f"{grid.north:.2f}° … {grid.south:.2f}°", what


def _native() -> Iterator[tuple[str, ...]]:
    for name, grid in NATIVE_GRIDS.items():
        step, _, west, _, _, north = grid.transform
        unit = "°" if grid.crs == "EPSG:4326" else " m"
        yield f"`{name}`", grid.crs, f"{step:.6g}{unit}", f"{grid.rows} × {grid.columns}", f"{north:.8g}, {west:.8g}"


def _calendars() -> Iterator[tuple[str, ...]]:
    for name, calendar in CALENDARS.items():
        if name == STATIC:
            continue
        steps = calendar.year(EXAMPLE)
        yield (
            f"`{name}`",
            str(calendar.steps_per_year or f"{len(steps)} in {EXAMPLE}"),
            calendar.label(steps[0]),
            calendar.label(steps[-1]),
        )
