"""What SoMo.ml's jobs are asked. Light to import: the workflow builds specifications whenever it plans.

Days are steps of the calendar `day`. Variables are named as their cubes are. Layers are counted from 1 at the surface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rssm.grid import Area
from rssm.stations.depths import Depths

Days = tuple[int, int]  # first and last
Way = Literal["state", "windows"]  # a state carried from day to day; or every day from a window of its own
Scheme = Literal["random", "space", "time", "both", "network"]


@dataclass(frozen=True)
class RecordsSpec:
    """Which records of which sensors become daily means.

    flags    of records that count
    per_day  values within a day that its mean needs
    network  of the ISMN, whose files alone are read; empty: all
    """

    area: Area
    days: Days
    flags: tuple[str, ...]
    per_day: int
    network: str = ""
    on_bad_file: Literal["fail", "skip"] = "fail"


@dataclass(frozen=True)
class StationsSpec:
    """Days with a mean that a sensor needs."""

    least_days: int


@dataclass(frozen=True)
class TargetSpec:
    """Which sensors teach a layer, and what their records are scaled to.

    depths        of the layer
    soil          variable of the forcing model's soil moisture → weight that its depth has in the layer
    least_common  days that sensor and forcing model need in common
    """

    area: Area
    days: Days
    depths: Depths
    soil: dict[str, float]
    least_common: int


@dataclass(frozen=True)
class SitesSpec:
    """What is kept of the cells that teach: forcing by day, what does not change, and the forcing model's own layers.

    soil  of each layer, variable → weight, as `TargetSpec.soil`
    """

    days: Days
    dynamic: tuple[str, ...]
    static: tuple[str, ...]
    soil: tuple[dict[str, float], ...]


@dataclass(frozen=True)
class NetworkSpec:
    """What a network is, and how it learns.

    way            state: sequences of `years` years, whose later half is scored; windows: of `window` days, whose last is
    units          of the memory
    dropout        share of units that the output does without while learning
    forget_bias    of the forget gate at the start
    forget_cap     most that the forget gate keeps of the memory from a day to the next; 1: all
    epochs         how often every target is seen
    least_updates  updates of the weights, however few targets there are
    rates          of learning, each for an equal part of all updates
    batch          sequences or windows behind an update
    norm           largest length of the gradient
    epsilon        added to the standard deviation of a site, by whose square errors are divided (of scaled targets)
    statics        whether the input gate sees what does not change
    target         stations: what they measured; model: the forcing model's own soil moisture
    """

    way: Way
    units: int
    dropout: float
    forget_bias: float
    forget_cap: float
    epochs: int
    least_updates: int
    rates: tuple[float, ...]
    batch: int
    norm: float
    epsilon: float
    window: int
    years: tuple[float, float]
    statics: bool
    target: Literal["stations", "model"]
    seed: int


@dataclass(frozen=True)
class TrainSpec:
    """Which targets a network learns from.

    days  outside which nothing is learnt
    """

    network: NetworkSpec
    days: Days


@dataclass(frozen=True)
class SplitSpec:
    """What is left out of learning, to be judged.

    scheme  random: cells; space: blocks of cells with a buffer; time: spans of years; both: blocks in a span of years;
            network: whole networks of stations
    folds   parts that are left out in turn
    block   side of a block, degrees
    buffer  nearest that a cell that teaches may lie to one left out, degrees
    """

    scheme: Scheme
    folds: int
    block: float
    buffer: float
    seed: int


@dataclass(frozen=True)
class CrossvalSpec:
    """A fold of cross-validation: what is left out, and the ensemble that learns from the rest."""

    network: NetworkSpec
    days: Days
    split: SplitSpec
    members: int


@dataclass(frozen=True)
class SiteSimulateSpec:
    """How the ensemble of a layer is run where cells teach."""

    way: Way
    window: int


@dataclass(frozen=True)
class ScoresSpec:
    """How cross-validation is scored: anomalies from means of so many days, with so many values (35 and 10).

    aridity  static variable (net radiation as water over rain) that tells climates apart; empty: none does
    """

    anomaly_days: int
    anomaly_least: int
    aridity: str = ""


@dataclass(frozen=True)
class SimulateSpec:
    """A year of a tile.

    days    of the year
    start   day on which the state starts; that of an earlier year is handed on, so `state` files start then
    layers  that are simulated
    far     km to the nearest cell that teaches, beyond which cells are flagged
    """

    grid: str
    days: Days
    start: int
    layers: int
    way: Way
    window: int
    far: float


@dataclass(frozen=True)
class NearSpec:
    """Which variables say how unlike a cell is to those that teach."""

    grid: str
    static: tuple[str, ...]
