"""What the job of the stations is asked. Light to import: the workflow builds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rssm.grid import Area
from rssm.spec import Settings
from rssm.stations.depths import Depths

if TYPE_CHECKING:
    from rssm.config.validation import Stations
else:
    Stations = Settings

Role = Literal["water", "land_cover", "topography", "climate"]


@dataclass(frozen=True)
class StationsSpec:
    """Which measurements become records of which pixels.

    steps        first and last step of the data set
    maps         role → product that describes pixels; a role may be absent
    on_bad_file  fail: stop at a file that cannot be read; skip: go on without it and say so in the table
    depths       of the layer of soil that the data set tells of, whose sensors count; None: all that are not too deep
    """

    area: Area
    calendar: str
    steps: tuple[int, int]
    stations: Stations
    maps: dict[Role, str]
    on_bad_file: Literal["fail", "skip"] = "fail"
    depths: Depths | None = None
