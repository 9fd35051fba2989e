"""Specifications of CASM's jobs. Light to import: the workflow builds them whenever it plans.

A sensor has one cube file in a tile, with a variable for each channel. A branch is a sensor that learns from a target:
`smos` and `amsr2` from SMAP, `amsre` from what the SMOS branch estimated, starting where `amsr2` ended.
"""

from __future__ import annotations

from dataclasses import dataclass

from rssm.blocks import Blocks

PLACE = ("latitude", "longitude")  # inputs that are no channels
HELD_OUT = {  # kind of `rssm.blocks.Blocks` → what was held out
    "random": "single rows drawn at random",
    "time": "whole years",
    "space": "blocks of space",
    "both": "blocks of space in whole years",
    "patches": "blocks of space in single years",
}


@dataclass(frozen=True)
class CycleSpec:
    """How the seasonal cycle of each variable of a sensor is fitted.

    steps         (first, last) of the record that is fitted
    amplitude     lowest and highest, in the variable's unit, of the first harmonic
    offset        lowest and highest
    periods       days; of several the one that fits best is taken
    harmonics     1 as published, or 2
    shrinkage     weight of zero amplitude, in observations: the fewer there are, the smaller the cycle
    fewest        values that make a cycle; with fewer it is their median
    """

    variables: tuple[str, ...]
    calendar: str
    steps: tuple[int, int]
    amplitude: tuple[float, float]
    offset: tuple[float, float]
    periods: tuple[float, ...] = (365.25,)
    harmonics: int = 1
    shrinkage: float = 0.0
    fewest: int = 40


@dataclass(frozen=True)
class SamplesSpec:
    """Which rows of a tile a branch learns from, and is judged on.

    channels   variables of the sensor's cube that are inputs, in order
    target     variable that is soil moisture, of the target's cube and of the target's cycles
    steps      (first, last) in which the target teaches
    share      of rows that are kept, drawn by hash: 1 keeps all
    held_out   what networks never learn from; it calibrates their uncertainty
    seed       of both
    """

    channels: tuple[str, ...]
    target: str
    calendar: str
    steps: tuple[int, int]
    share: float
    held_out: Blocks
    seed: int


@dataclass(frozen=True)
class TrainSpec:
    """How a network learns.

    inputs    of the network, in order: channels and, as published, `latitude` and `longitude` before them
    hidden    units of each layer
    frozen    layers that keep what they are, counted from the input; only of networks that start from others
    decay     whether the rate falls to zero along half a cosine; as published it is constant
    """

    inputs: tuple[str, ...]
    hidden: tuple[int, ...]
    rate: float
    epochs: int
    seed: int
    batch: int = 1024
    frozen: int = 0
    decay: bool = False


@dataclass(frozen=True)
class CalibrateSpec:
    """How the uncertainty of a branch is calibrated.

    noise    of each channel as a share of the spread of its departures, 0.1 as published
    """

    noise: float = 0.1


@dataclass(frozen=True)
class EstimateSpec:
    """What a branch estimates in a tile.

    steps    (first, last)
    target   variable of the target's cycles that is its soil moisture
    taught   (first, last) step in which the target taught, which values there say
    noise    as in `CalibrateSpec`
    """

    channels: tuple[str, ...]
    calendar: str
    steps: tuple[int, int]
    target: str
    taught: tuple[int, int]
    noise: float = 0.1


@dataclass(frozen=True)
class MergeSpec:
    """Which branches are joined over which steps of the run; the first gets bit 1 of `branch`, the second bit 2."""

    branches: tuple[str, ...]
    steps: tuple[int, int]


@dataclass(frozen=True)
class BranchesSpec:
    """What of the joined estimates is held beside the target: steps (first, last) that both have; what was held out."""

    target: str
    steps: tuple[int, int]
    held_out: str
