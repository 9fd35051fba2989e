"""What the data set says of the pixel that is traced: its layers, typed, and in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from rssm.commands.answers import Answer
from rssm.commands.trace_place import Place
from rssm.layer import Layer
from rssm.product.formats.netcdf import YearReader

Value = float | int | str | list[str] | None


class Traced(Answer):
    """A pixel of the data set, and the way back from it."""

    step: str = Field(description="Label of the step.")
    lon: float = Field(description="Longitude that was asked for, degrees east.")
    lat: float = Field(description="Latitude that was asked for, degrees north.")
    row: int = Field(description="Row of the pixel on the grid, from the north.")
    column: int = Field(description="Its column, from the west.")
    zone: str = Field(description="Its zone.")
    layers: dict[str, Value] = Field(
        description="Layer → value; null is a gap, networks, rounds and distances of fill are names, flags a list of names."
    )
    way: list[str] = Field(description="The way back to the native files, line by line, as it is printed.")


@dataclass(frozen=True)
class Pixel:
    """Layers of a pixel at a step: their values, and their declarations."""

    values: dict[str, Value]
    of: dict[str, Layer]


def layers_of(netcdf: Path, step: int, place: Place) -> Pixel:
    """What a year of the data set says of a pixel."""
    found: dict[str, Value] = {}
    with YearReader(netcdf) as source:
        at, pixel = source.steps.index(step), place.within(source)
        for name, layer in source.layers.items():
            stored = source.stored(name, at, slice(pixel.row, pixel.row + 1))
            value: Any = layer.unpack(stored, source.packing)[0, pixel.column].item()
            if layer.bits:
                found[name] = layer.meanings(value)
            elif layer.codes:
                found[name] = dict(layer.codes)[value]
            else:
                found[name] = None if layer.real and math.isnan(value) else value
        return Pixel(found, source.layers)


def in_words(layer: Layer, value: Value) -> str:
    """A layer's value for people."""
    if isinstance(value, list):
        return ", ".join(value) or "none"
    if value is None:
        return "missing"
    return f"{value:.4f} {layer.units}".removesuffix(" 1") if isinstance(value, float) else str(value)
