"""What the jobs of validation are asked."""

from __future__ import annotations

from dataclasses import dataclass

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
    """A product, and where the pixels of its maps lie."""

    product: str
    calendar_id: str
    grid_id: str


@dataclass(frozen=True)
class ScoresSpec:
    """What is compared.

    pairs    in the order of the tables
    target   against which the data set's training efficiency is told; none: empty
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
class EfficiencySpec:
    """The data set and its target, and which steps it learnt from."""

    product: str
    target: str
    calendar_id: str
    grid_id: str
    learnt: tuple[Span, ...]


@dataclass(frozen=True)
class TripleSpec:
    """Three products with independent errors.

    names      the data set, an active and a model product; the first scales the others' errors
    anomalies  whether the mean year is taken away first
    """

    names: tuple[str, str, str]
    calendar_id: str
    anomalies: bool = False
    least: Least = Least()
    bootstrap: Bootstrap = Bootstrap(replicates=200)
