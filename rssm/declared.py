"""What a method declares of its data set, from which the product room makes every file of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rssm.layer import Layer


@dataclass(frozen=True)
class LayerTable:
    """What the yearly files of one depth of soil hold: `PREFIX_{year}.nc`.

    prefix  how the names of its files begin
    layers  soil moisture first, then its standard uncertainty, then all else
    depth   top and bottom, m
    maps    what there is a GeoTIFF file of: every step, or the mean of every month
    """

    prefix: str
    layers: tuple[Layer, ...]
    depth: tuple[float, float] = (0.0, 0.05)
    maps: Literal["step", "month"] = "step"

    @property
    def main(self) -> Layer:
        """Soil moisture."""
        return self.layers[0]

    @property
    def sigma(self) -> Layer:
        """Its standard uncertainty."""
        return self.layers[1]


@dataclass(frozen=True)
class Texts:
    """What files say of a method.

    reference  what describes it
    summary    of the data set; may hold {period}, {grid} and {depth}
    keywords   separated by commas
    comment    on values and coordinates
    made_of    what values are made of, before the names of products: `satellite observations and neural networks`
    history    what was done with estimates
    project    short name
    """

    reference: str
    summary: str
    keywords: str
    comment: str
    made_of: str
    history: str
    project: str


@dataclass(frozen=True)
class Declaration:
    """A method's data set: a table for each depth, and texts."""

    tables: tuple[LayerTable, ...]
    texts: Texts

    def table(self, prefix: str) -> LayerTable:
        """The table whose files begin with a prefix."""
        return next(table for table in self.tables if table.prefix == prefix)
