"""Skill of a data set that is made of tiles, on a toy Earth: its tables, and products on its grid, against the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.place import tile_pixels, window_index
from rssm.grid import Area
from rssm.product.formats.netcdf import YearReader
from rssm.product.values.sources import Maps
from rssm.toy.true_soil import true_soil
from rssm.worlds.scores import scores, write_csv
from rssm.worlds.spec import Spans, TiledScoreSpec


def tiled_skill(
    years: Sequence[str], products: Sequence[str], land: Sequence[str], spec: TiledScoreSpec, out: Sequence[str]
) -> None:
    """Write the table: world, seed, period, method (a table or a product) and scores.

    years     files of the data set, of all tables
    products  indices of maps
    """
    calendar, area = CALENDARS[spec.calendar_id], spec.area
    pixel, _, _ = tile_pixels(area.region.zones(), land[0], area.grid)
    _, position = window_index(pixel, area.window, area.grid)
    maps, rows = Maps.of(products, area.grid, calendar), []
    for table, soil in spec.tables.items():
        step, values = _series([path for path in years if Path(path).stem.rpartition("_")[0] == table], position)
        truth = true_soil(spec.toy, area, step.tolist(), calendar, soil).reshape(step.size, -1)[:, position].T
        seen = spec.products if soil is None else ()
        methods = {table: values} | {name: _mapped(maps, name, step, area, position) for name in seen}
        chosen = _chosen(spec.periods, step)
        for name, found in methods.items():
            for period, each in scores(found, truth, step, chosen, calendar).items():
                about = {"world": spec.toy.world, "seed": spec.toy.seed, "period": period, "method": name}
                rows.append({**about, **each._asdict()})
    write_csv(out[0], rows)


def _series(years: Iterable[str], position: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Steps, and soil moisture (pixel, step) of the data set there."""
    steps, fields = [], []
    for path in years:
        with YearReader(path) as reader:
            steps += reader.steps
            fields += [reader.values(reader.main, at).ravel()[position] for at in range(len(reader.steps))]
    return np.array(steps, np.int64), np.stack(fields, axis=1).astype(np.float32)


def _mapped(
    maps: Maps, product: str, steps: NDArray[np.int64], area: Area, position: NDArray[np.integer]
) -> NDArray[np.float32]:
    """Values (pixel, step) of a product's maps."""
    return np.stack([maps.value(product, int(step), area.window).ravel()[position] for step in steps], axis=1)


def _chosen(periods: Mapping[str, Spans], steps: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
    """Period → where steps lie in it."""
    return {
        name: np.any([(steps >= first) & (steps <= last) for first, last in spans], axis=0)
        for name, spans in periods.items()
    }
