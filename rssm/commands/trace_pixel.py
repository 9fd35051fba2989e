"""What the data set says of the pixel that is traced: its layers, typed, and in words."""

from __future__ import annotations

import math
from typing import Any

from pydantic import Field

from rssm.commands.answers import Answer
from rssm.grid import Window
from rssm.product.formats.layers import BY_NAME
from rssm.product.formats.netcdf import YearReader
from rssm.product.values.flags import meanings

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


def layers_of(source: YearReader, at: int, pixel: Window) -> dict[str, Value]:
    """Layer → value of a pixel at the `at`-th step of a year."""
    found: dict[str, Value] = {}
    for name, layer in BY_NAME.items():
        stored = source.stored(name, at, slice(pixel.row, pixel.row + 1))
        value: Any = layer.unpack(stored, source.packing)[0, pixel.column].item()
        names = source.codes.names(name)
        if name == "flags":
            found[name] = list(meanings(value))
        elif names:
            found[name] = names[value]
        else:
            found[name] = None if layer.real and math.isnan(value) else value
    return found


def in_words(name: str, value: Value) -> str:
    """A layer's value for people."""
    if isinstance(value, list):
        return ", ".join(value) or "none"
    if value is None:
        return "missing"
    return f"{value:.4f} {BY_NAME[name].units}".removesuffix(" 1") if isinstance(value, float) else str(value)
