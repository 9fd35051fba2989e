"""The jobs of triple collocation: a tile's map of errors, and the table of all tiles by land cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.place import tile_pixels, window_index
from rssm.errors import InputError
from rssm.files import Kind
from rssm.product.values.sources import Maps
from rssm.tsv import write_tsv
from rssm.validation.samples.fields import fields
from rssm.validation.specs import TripleSpec
from rssm.validation.statistics.blocks import Blocks
from rssm.validation.statistics.status import Status
from rssm.validation.triple.collocation import Triple, triple_collocation, without_season

TRIPLE = Kind("triple collocation of a tile")
STATED = {
    "error_sd": ("m3 m-3", "standard deviation of the error, in the product's own gain"),
    "snr": ("dB", "variance of the signal over that of the error"),
    "r": ("1", "correlation with the truth"),
}
COLUMNS = ("land_cover", "product", "score", "pixels", "median", "lower_quartile", "upper_quartile", "mean", "without")


def triple(
    tile: str,
    first: Sequence[str],
    second: Sequence[str],
    third: Sequence[str],
    land: Sequence[str],
    spec: TripleSpec,
    out: Sequence[str],
) -> None:
    """Write errors of three products on the land of a tile.

    first, second, third  indices of maps or years of the data set, in the order of the names
    """
    area, calendar, boot = spec.area, CALENDARS[spec.calendar_id], spec.bootstrap
    pixel, _, _ = tile_pixels(area.region.zones(), land[0], area.grid)
    inside, position = window_index(pixel, area.window, area.grid)
    taken = [
        {step: field.ravel()[position] for step, field in fields(files, area.window, area.grid, calendar, spec.filled)}
        for files in (first, second, third)
    ]
    steps = sorted(set(taken[0]) & set(taken[1]) & set(taken[2]))
    if not steps:
        raise InputError(
            f"{tile}: {', '.join(spec.names)} have no step in common, so nothing can be collocated. Choose products that"
            " overlap in time."
        )
    values: NDArray[np.floating] = np.stack([np.stack([maps[step] for step in steps], axis=1) for maps in taken])
    step = np.array(steps, np.int64)
    if spec.anomalies:
        values = without_season(values, step, calendar, spec.least.years)
    blocks = Blocks.over(step, boot.block, boot.replicates, boot.seed)
    write_triple(out[0], pixel[inside].astype(np.int64), triple_collocation(values, step, blocks, spec.least), spec)


def write_triple(path: str, pixel: NDArray[np.int64], found: Triple, spec: TripleSpec) -> None:
    """Write the file."""
    words = " ".join(status.word for status in Status)
    with TRIPLE.created(path) as file:
        file.setncatts({"grid_id": spec.area.grid_id, "calendar_id": spec.calendar_id})
        file.createDimension("product", 3)
        file.createDimension("pixel", pixel.size)
        file.createVariable("product", str, ("product",))[:] = np.array(spec.names, object)
        file.createVariable("pixel", "i8", ("pixel",))[:] = pixel
        file.createVariable("n", "i4", ("pixel",))[:] = found.n
        layers = {name: (getattr(found, name), STATED[name]) for name in STATED}
        for side, ends in (("low", found.low), ("high", found.high)):
            for end, (name, (unit, text)) in zip(ends, STATED.items(), strict=True):
                layers[f"{name}_{side}"] = (end, (unit, f"{side} end of the 95 % interval: {text}"))
        layers["beta"] = (found.beta, ("1", "factor that brings the product to the gain of the first"))
        for name, (values, (unit, text)) in layers.items():
            variable = file.createVariable(name, "f4", ("product", "pixel"), zlib=True, fill_value=np.nan)
            variable.setncatts({"units": unit, "long_name": text, "ancillary_variables": "status interval"})
            variable[:] = values
        for name in ("status", "interval"):
            variable = file.createVariable(name, "i1", ("product", "pixel"), zlib=True)
            variable.setncatts({"flag_values": np.array(list(Status), np.int8), "flag_meanings": words})
            variable[:] = getattr(found, name)


@dataclass(frozen=True)
class TileErrors:
    """What a tile's file holds, as far as the table asks.

    values  score → (product, pixel)
    """

    pixel: NDArray[np.int64]
    values: dict[str, NDArray[np.float32]]
    status: NDArray[np.int8]


def read_triple(path: str) -> TileErrors:
    """Read the file of a tile."""
    with TRIPLE.opened(path) as file:
        return TileErrors(file["pixel"][:], {name: file[name][:] for name in STATED}, file["status"][:])


def triple_table(tiles: Sequence[str], land_cover: Sequence[str], spec: TripleSpec, out: Sequence[str]) -> None:
    """Write median, quartiles and mean over pixels, of all land and by its cover.

    land_cover  indices of maps of classes
    """
    area, parts = spec.area, [read_triple(path) for path in tiles]
    pixel = np.concatenate([part.pixel for part in parts])
    status = np.concatenate([part.status for part in parts], axis=1)
    values = {name: np.concatenate([part.values[name] for part in parts], axis=1) for name in STATED}
    name, step = spec.land_cover
    field = Maps.of(land_cover, area.grid, CALENDARS[spec.calendar_id]).value(name, step, area.window)
    inside, position = window_index(pixel, area.window, area.grid)
    cover = np.full(pixel.size, -1)
    cover[inside] = np.nan_to_num(field.ravel()[position], nan=-1).astype(np.int64)
    rows = [row for score in STATED for row in _rows(score, values[score], status, cover, spec)]
    write_tsv(out[0], COLUMNS, rows, f"Extended triple collocation of {', '.join(spec.names)}, over pixels.")


def _rows(
    score: str, values: NDArray[np.float32], status: NDArray[np.int8], cover: NDArray[np.int64], spec: TripleSpec
) -> Iterator[tuple[object, ...]]:
    """A score by land cover; `without`: pixels without it, by reason."""
    for label in ["all", *map(str, np.unique(cover[cover >= 0]))]:
        here = np.ones(cover.size, bool) if label == "all" else cover == int(label)
        for k, product in enumerate(spec.names):
            of, known = status[k, here], values[k, here][status[k, here] == Status.OK].astype(np.float64)
            numbers: list[str | None] = [None] * 4
            if known.size:
                middle, low, high = np.quantile(known, [0.5, 0.25, 0.75])
                numbers = [f"{number:.6g}" for number in (middle, low, high, known.mean())]
            lacking = [
                f"{one.word}:{count}" for one in Status if one != Status.OK and (count := int((of == one).sum()))
            ]
            yield (label, product, score, known.size, *numbers, " ".join(lacking) or None)
