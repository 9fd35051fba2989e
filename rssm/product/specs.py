"""What the jobs of the data set are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from rssm.declared import LayerTable, Texts
from rssm.grid import Area
from rssm.product.records.article import RSSSM
from rssm.product.records.frame import DEPTH, Frame
from rssm.spec import Settings

if TYPE_CHECKING:
    from rssm.config.product import About, Filling, Layers
else:
    About = Filling = Layers = Settings

Format = Literal["geotiff", "zarr", "stac"]


@dataclass(frozen=True)
class TakeOverSpec:
    """Names of the networks of each round that simulates later steps."""

    rounds: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class SnowSpec:
    """The product that reports snow and ice, and where."""

    snow: str
    area: Area
    calendar: str


@dataclass(frozen=True)
class MeanYearSpec:
    """How the names of the maps begin whose mean year is wanted, and where they are."""

    estimate: str
    area: Area
    calendar: str


@dataclass(frozen=True)
class HeldOutSpec:
    """Networks of a round in order, and what counts as one independent block.

    shares      (network, earlier round): share of a network's training steps that a round gave
    teaches     first and last step of what the round teaches
    block       pixels × steps that count as one block
    prior       blocks that the mean of a stratum weighs
    land_cover  name of the product
    """

    names: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]
    teaches: tuple[int, int]
    block: int
    prior: float
    land_cover: str
    grid_id: str
    calendar: str


@dataclass(frozen=True)
class CalibrateSpec:
    """What uncertainty is calibrated on.

    estimate    how the names of the maps begin that are judged
    steps       held out of training in all rounds, with a target and a round that simulates them
    rounds      all of the plan, in order
    targets     from outside, best first
    land_cover  name of the product
    """

    area: Area
    calendar: str
    estimate: str
    steps: tuple[int, ...]
    rounds: tuple[str, ...]
    targets: tuple[str, ...]
    land_cover: str


@dataclass(frozen=True)
class Cited:
    """Whom to cite for a product."""

    title: str
    version: str
    licence: str
    cite: str
    doi: str | None


@dataclass(frozen=True)
class Edition:
    """What all files of an edition state alike.

    date      day of release, where one is stated
    config    digest of the configuration
    toy       whether its values are of a toy Earth
    estimate  what they are: chain, or fused; None where a method has no choice
    joint     share of the joint fit in them
    texts     what files say of the method
    """

    method: str
    version: str
    date: str | None
    about: About
    citations: dict[str, Cited]
    config: str
    toy: bool = False
    estimate: str | None = "chain"
    joint: float = 0.0
    texts: Texts = RSSSM

    @property
    def prefix(self) -> str:
        """How the names of its files begin."""
        return self.method.upper()

    @property
    def id(self) -> str:
        """Its name."""
        return edition_id(self.method, self.version, self.toy)


def edition_id(method: str, version: str, toy: bool) -> str:
    """Name of an edition; one of a toy Earth says so."""
    return f"{method.upper()}{'-TOY' if toy else ''}-v{version}"


@dataclass(frozen=True)
class UsedNetwork:
    """A network, its predictors, and first and last steps of the runs that it learnt from: held-out years are none."""

    name: str
    predictors: tuple[str, ...]
    training: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class DataSetSpec:
    """What the jobs that make and describe an edition are asked alike; `fill`: how gaps are filled, None where they stay."""

    edition: Edition
    area: Area
    calendar: str
    fill: Filling | None
    layers: Layers
    formats: tuple[Format, ...]

    @property
    def frame(self) -> Frame:
        return Frame.of(self.area, self.calendar)


@dataclass(frozen=True)
class YearSpec(DataSetSpec):
    """How a year of the data set is made.

    estimate   how the names of the maps begin that it is made of
    steps      first and last step of this year within the period
    roles      snow, freeze_thaw, rainforest, water, land_cover → product
    networks   of all rounds, in the order of their numbers
    matched    products behind a fused value; none where the data set is made of the chain
    snow_from  first step with snow reported
    code       digest of the code behind the verb
    """

    fill: Filling
    estimate: str
    steps: tuple[int, int]
    roles: dict[str, str]
    networks: tuple[UsedNetwork, ...]
    matched: tuple[str, ...]
    rounds: tuple[str, ...]
    snow_from: int
    water_flag: float
    code: str


@dataclass(frozen=True)
class PublishSpec(DataSetSpec):
    """What describes a finished edition.

    settings  those that an extension keeps
    tables    of layers, from which a guide is made; none: a guide is given
    """

    settings: dict[str, Any]
    tables: tuple[LayerTable, ...] = ()

    @property
    def frame(self) -> Frame:
        depths = [table.depth for table in self.tables] or [DEPTH]
        whole = min(top for top, _ in depths), max(bottom for _, bottom in depths)
        return Frame.of(self.area, self.calendar, whole)


@dataclass(frozen=True)
class TiledYearSpec(DataSetSpec):
    """How a year of one table is made of estimates of tiles.

    table       its layers
    steps       first and last step of this year within the period
    calibrated  how its uncertainty is calibrated
    code        digest of the code behind the verb
    """

    table: LayerTable
    steps: tuple[int, int]
    calibrated: str
    code: str

    @property
    def frame(self) -> Frame:
        return Frame.of(self.area, self.calendar, self.table.depth)


@dataclass(frozen=True)
class FileSpec:
    """Storage of what is made of yearly files, and the digest of the code behind the verb."""

    layers: Layers
    code: str


@dataclass(frozen=True)
class ClimatologySpec(FileSpec):
    """First and last year of the climatology, or all that is given."""

    years: tuple[int, int] | None
