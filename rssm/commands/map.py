"""`rssm map PRODUCT DEKAD [FILE]`: draw what was read from a product in one step, with coasts.

Its map is taken from the results where it was made, or else read from the native files, as ingestion would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, STATIC, Calendar, days_of
from rssm.commands import config_file, parser_of, takes_config
from rssm.config.catalogue import Product
from rssm.errors import InputError, suggestion
from rssm.files import atomic
from rssm.ingest.composite import composites
from rssm.ingest.factor import factor_year
from rssm.ingest.index import read_index
from rssm.ingest.native import native_files
from rssm.land import read_land
from rssm.maps import read_map
from rssm.workflow.methods import scope_in
from rssm.workflow.presence import no_root
from rssm.workflow.scope import Scope

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 7.0  # inches
CLASS, MOISTURE, SATURATION = "class", "m3 m-3", "saturation"
# what may be lost between file and map, as records count it
LOST = {
    "missing": "values missing",
    "out_of_range": "out of range",
    "screened": "screened by quality",
    "denoised": "pixels beyond 3σ",
}


@dataclass(frozen=True)
class Drawn:
    """What is drawn.

    values  (row, column) of the run's region, NaN where missing
    source  what it was taken from, for people
    classes number of classes that there may be, of a map of classes
    """

    values: NDArray[np.float32]
    title: str
    label: str
    units: str
    source: str
    classes: int = 0


def step_of(text: str, calendar: Calendar) -> int:
    """The step of a calendar that a label names, or that holds the first day of what it names."""
    try:
        return calendar.parse(text)
    except InputError:
        return calendar.of(days_of(text)[0])


def drawn(scope: Scope, name: str, text: str) -> Drawn:
    """The map of a product, or of what the run makes, that is made or can be read; of classes as many as can be."""
    product = scope.catalogue.get(name)
    folder = Path(scope.paths.results) / "maps" / name
    if product is None and not folder.is_dir():
        raise InputError(
            f"{name!r} is neither in the catalogue ({scope.run.tables.products}) nor made in {folder}. "
            f"{suggestion(name, scope.catalogue)}"
        )
    calendar = CALENDARS[product.maps if product else scope.calendar.id]
    step = 0 if calendar.id == STATIC else step_of(text, calendar)
    what = _made(scope, folder, name, step, calendar)
    if what is None and product is None:
        raise InputError(f"{folder}: the run has made no map of {calendar.label(step)}.")
    if what is None:
        assert product is not None
        what = _read(scope, product, step, calendar)
    return replace(what, classes=int(product.valid_range[1]) + 1) if product and product.units == CLASS else what


def _made(scope: Scope, folder: Path, name: str, step: int, calendar: Calendar) -> Drawn | None:
    """The map that the run has made; None where it has not, or of another region."""
    label = calendar.label(step)
    year = STATIC if calendar.id == STATIC else str(calendar.year_of(step))
    index = folder / f"{year}.json"
    entry = read_index(index).get(label) if index.is_file() else None
    if entry is None:
        return None
    layers, tags = read_map(folder / entry["map"], scope.grid.window(scope.region), ["value"], scope.grid)
    title = scope.catalogue[name].title if name in scope.catalogue else name
    return Drawn(layers["value"], title, label, tags.get("units", ""), str(folder / entry["map"]))


def _read(scope: Scope, product: Product, step: int, calendar: Calendar) -> Drawn:
    """The map as ingestion would make it of the native files; nothing of it is kept."""
    label, root = calendar.label(step), scope.run.inputs.root
    if missing := no_root(scope):
        raise InputError(missing)
    if product.reader is None:
        raise InputError(f"{product.id}: no maps are made of {product.kind} data; stations serve validation.")
    year = STATIC if calendar.id == STATIC else str(calendar.year_of(step))
    files = native_files(root, product, year, scope.run.inputs.checksums)
    about: dict[str, Any] = {"region": scope.region, "grid": scope.grid, "inputs": scope.run.inputs}
    about["ingest"] = scope.run.ingest
    pores = None
    with TemporaryDirectory() as folder:
        if product.kind == "soil_moisture":
            pores = _porosity(scope, product, Path(folder))
            plain = product if pores else product.model_copy(update={"units": MOISTURE})
            ((_, layers, record),) = composites(plain, files, [step], porosity=pores, **about)
        else:
            path = Path(folder) / "map.tif"
            record = factor_year(product, files, {step: path}, Path(folder) / "index.json", **about)[label]
            layers = read_map(path, layers=["value"])[0]
    if not (used := list(record["files"])):  # type: ignore[call-overload]
        raise InputError(_nothing(scope, product, label, len(files)))
    count = "1 native file" if len(used) == 1 else f"{len(used)} native files"
    lost = ", ".join(f"{record[key]:,} {word}" for key, word in LOST.items() if record.get(key))
    moist = product.kind == "soil_moisture" and (product.units != SATURATION or pores is not None)
    units = MOISTURE if moist else product.units
    return Drawn(layers["value"], product.title, label, units, f"{count} below {root}" + (f" ({lost})" if lost else ""))


def _nothing(scope: Scope, product: Product, label: str, files: int) -> str:
    """Why a step has no file."""
    first, last = product.span
    span = f"its span in the catalogue is {first} to {last or 'today'}"
    if not files:
        what = f"below {scope.run.inputs.root} no file of that year is named {product.files!r}"
    else:
        what = f"below {scope.run.inputs.root} are {files} files of it, but none holds values of that {product.maps}"
    return f"{product.id}, {label}: {what} ({span}). `rssm inventory FILE --all` shows which years are there."


def _porosity(scope: Scope, product: Product, folder: Path) -> Path | None:
    """Map of pore space for a product stored as saturation: the one that was made, or one read for this; None without."""
    if product.units != SATURATION:
        return None
    name = scope.run.ingest.porosity
    made = Path(scope.paths.results) / "maps" / name / f"{STATIC}.json"
    if made.is_file():
        return made.parent / next(iter(read_index(made).values()))["map"]
    pores, path = scope.catalogue.get(name), folder / "pores.tif"
    files = native_files(scope.run.inputs.root, pores, STATIC) if pores else []
    if pores is None or not files:
        return None
    factor_year(pores, files, {0: path}, folder / "pores.json", region=scope.region, grid=scope.grid)
    return path


def picture(scope: Scope, what: Drawn) -> Figure:
    """The map, with coasts, a locator and its scale or its classes."""
    import matplotlib

    from rssm.atlas.colours import VOLUME, class_colours
    from rssm.atlas.maps import WorldMap, draw
    from rssm.atlas.projection import shape_of
    from rssm.atlas.sheet import STYLE, sheet

    area = scope.area
    land = read_land(scope.land, scope.grid, area.window)
    with matplotlib.rc_context(STYLE):
        figure = sheet(WIDTH, max(WIDTH * shape_of(area), 1.5) + 1.1)
        axes, title = figure.subplots(), f"{what.title}\n{what.label}"
        if what.units == CLASS:
            world = WorldMap(axes, area, land)
            codes = np.where(np.isfinite(what.values) & land, what.values, -1).astype(np.int16)  # at sea all is water
            names = [str(code) for code in range(max(what.classes, int(codes.max()) + 1))]
            colours = class_colours(names)
            world.ground(codes < 0)
            world.classes(codes, {int(name): (name, colours[name]) for name in names})
            axes.set_title(title)
            world.legend(ncols=9)
        else:
            kind = "soil_moisture" if what.units in (MOISTURE, SATURATION) else "amount"
            unit = {MOISTURE: VOLUME, SATURATION: "share of pores, of which there is no map"}.get(
                what.units, what.units
            )
            world = draw(axes, what.values, area, kind, title=title, unit=unit, land=land)
        world.locator()
    return figure


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("map")
    parser.add_argument("product", metavar="PRODUCT", help="product of the catalogue, or what the run makes (SIM-1)")
    parser.add_argument("step", metavar="DEKAD", help="dekad, or day, month or year in it; of a static map anything")
    takes_config(parser)
    parser.add_argument("-o", "--out", help="picture .png (default: PRODUCT_DEKAD.png)")
    given = parser.parse_args(arguments)
    if given.out and Path(given.out).suffix != ".png":
        raise InputError(f"{given.out}: expected a name that ends in .png.")
    scope = scope_in([config_file(given)])
    what = drawn(scope, given.product, given.step)
    out = Path(given.out or f"{given.product}_{what.label}.png")
    figure = picture(scope, what)
    with atomic(out) as beside:
        figure.savefig(beside, dpi=150, bbox_inches="tight", metadata={"Software": None})
    known = what.values[np.isfinite(what.values)]
    if what.classes:
        span = f", classes {', '.join(f'{code:g}' for code in np.unique(known))}"
    else:
        span = f", {known.min():.5g} … {known.mean():.5g} … {known.max():.5g} {what.units}" if known.size else ""
    print(f"{out}: {known.size:,} of {what.values.size:,} pixels have a value{span}; from {what.source}.")
    return 0
