"""What the two jobs of the report are asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from rssm.config.toy import Toy
from rssm.grid import Area


@dataclass(frozen=True)
class PackSpec:
    """How a year of maps is packed.

    factor  pixels along the side of a cell, 1 where the report shows every pixel
    step    of the whole numbers that real layers are stored as, m³ m⁻³
    toy     the toy Earth whose truth is shown too, if any
    soil    layer of its soil that the data set tells of, counted from 0; None: the surface that sensors see
    """

    area: Area
    calendar: str
    factor: int
    step: float
    toy: Toy | None
    soil: int | None = None


@dataclass(frozen=True)
class Choice:
    """A setting that differs from the article's, both as texts, and what the setting is."""

    setting: str
    here: str
    article: str
    meaning: str


@dataclass(frozen=True)
class Source:
    """A product of the run: its role, and what the catalogue says of it."""

    name: str
    role: str
    title: str
    version: str
    span: str
    licence: str
    cite: str
    doi: str | None


@dataclass(frozen=True)
class ReportSpec:
    """What the page is made of beside files.

    region      south, north, west, east in degrees
    networks    network → products that it takes
    choices     settings that differ from the article's
    sources     products of the run
    left_out    section → sentences of what is not made
    stages      of a run in order, with their rules
    depths      folder below validation/, empty of the first → depth of soil in words; empty: the data set has one
    """

    area: Area
    calendar: str
    method: str
    profile: str
    first: str
    last: str
    seed: int
    networks: dict[str, tuple[str, ...]]
    choices: tuple[Choice, ...]
    sources: tuple[Source, ...]
    left_out: dict[str, tuple[str, ...]]
    stages: tuple[tuple[str, tuple[str, ...]], ...]
    toy: bool
    depths: dict[str, str] = field(default_factory=dict)
