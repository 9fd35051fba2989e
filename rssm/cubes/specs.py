"""Specifications of the jobs that turn maps into cubes. Light to import: the workflow builds them whenever it plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rssm.grid import Area

OutsideSpan = Literal["missing", "nearest_year", "fail"]


@dataclass(frozen=True)
class SeriesPart:
    """Steps (first, last) of a variable's own calendar."""

    calendar: str
    steps: tuple[int, int]


@dataclass(frozen=True)
class SeriesSpec:
    """Which steps of which variables a series lists, and whether one without any value stops the job."""

    parts: dict[str, SeriesPart]
    on_empty: Literal["fail", "report"] = "fail"


@dataclass(frozen=True)
class CubePart:
    """Layers of a variable's maps that become its cube, and what stands outside the variable's span."""

    layers: tuple[str, ...]
    outside_span: OutsideSpan


@dataclass(frozen=True)
class CubeSpec:
    """Which variables a cube file holds, and which zones."""

    parts: dict[str, CubePart]
    area: Area
    tile_degrees: int
