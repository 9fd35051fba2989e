"""What the jobs of validation are asked."""

from __future__ import annotations

from dataclasses import dataclass

from rssm.grid import Area

Span = tuple[int, int]  # first and last step, both included


@dataclass(frozen=True)
class Least:
    """What a score asks for; the article's numbers.

    pixel   records of a pixel ("> 20")
    dekad   pixels of a dekad
    years   of a place in the year, for anomalies
    blocks  of time, for an interval
    triple  records of a pixel, for triple collocation
    """

    pixel: int = 21
    dekad: int = 20
    years: int = 3
    blocks: int = 8
    triple: int = 100


@dataclass(frozen=True)
class Bootstrap:
    """Replicates, and steps per block: a season, over which soil moisture forgets."""

    replicates: int = 500
    block: int = 9
    seed: int = 0


@dataclass(frozen=True)
class Pair:
    """The data set and a rival, over the steps of `span`, where both and the stations have a record."""

    product: str
    rival: str
    span: Span


@dataclass(frozen=True)
class SamplesSpec:
    """Where and when the maps of a product are; `filled`: whether filled values of the data set count."""

    area: Area
    calendar_id: str
    filled: bool = False


@dataclass(frozen=True)
class ScoresSpec:
    """What is compared.

    pairs    in the order of the tables
    target   what the data set learnt from: its likeness in the stations' pixels is stated too; none: empty
    spells   kind of group → label → spans of steps: rounds, in and outside the target's period
    joints   label → first step after a change of round or sensor
    window   years on either side of a joint
    """

    calendar_id: str
    pairs: tuple[Pair, ...]
    target: str
    spells: dict[str, dict[str, tuple[Span, ...]]]
    joints: dict[str, int]
    window: int = 3
    least: Least = Least()
    bootstrap: Bootstrap = Bootstrap()


@dataclass(frozen=True)
class TablesSpec:
    """What stands in the tables beside scores.

    said       sentences about what is compared, and what is not
    published  product whose published comparisons are shown; empty: all
    """

    said: tuple[str, ...] = ()
    published: str = ""


@dataclass(frozen=True)
class EfficiencySpec:
    """The data set and its target over all pixels, and the steps that it learnt from: the others are out of sample."""

    product: str
    target: str
    area: Area
    calendar_id: str
    learnt: tuple[Span, ...]
    filled: bool = False
    least: Least = Least()
    bootstrap: Bootstrap = Bootstrap()


@dataclass(frozen=True)
class CoverageSpec:
    """The data set and its rivals, each over the steps in which it is used.

    spans       product → first and last step
    rainforest  product that tells where it is
    """

    product: str
    spans: dict[str, Span]
    area: Area
    calendar_id: str
    rainforest: str


@dataclass(frozen=True)
class TripleSpec:
    """Three products with independent errors.

    names       the data set, an active and a model product
    area        of the tile; of the table, of all tiles
    land_cover  product, and the step whose classes the table takes
    anomalies   whether the mean year is taken away first
    """

    names: tuple[str, str, str]
    area: Area
    calendar_id: str
    land_cover: tuple[str, int]
    anomalies: bool = False
    filled: bool = False
    least: Least = Least()
    bootstrap: Bootstrap = Bootstrap(replicates=200)
