"""What the jobs of the rounds are asked. Light to import: the workflow builds specifications whenever it plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rssm.grid import Area
from rssm.networks.specs import Steps, Teaching
from rssm.spec import Settings

if TYPE_CHECKING:
    from rssm.config.rounds import Fuzzify
    from rssm.config.training import Training
else:
    Fuzzify = Training = Settings

MATCHED = "MATCHED"  # what is named in place of a network where only products matched to the target speak


@dataclass(frozen=True)
class ProductError:
    """What chains add to a product: errors of this standard deviation (its units), partly shared within an algorithm."""

    algorithm: str
    sd: float
    units: str


@dataclass(frozen=True)
class TrainSpec:
    """A network's row, its targets (best first), the training settings of its round.

    predictors   how many of the inputs are products; the others are factors
    errors       of the predictors, where there are several chains
    """

    network: str
    inputs: tuple[str, ...]
    predictors: int
    targets: tuple[Teaching, ...]
    training: Training
    seed: int
    chains: int
    errors: dict[str, ProductError] = field(default_factory=dict)


@dataclass(frozen=True)
class CrossValidateSpec(TrainSpec):
    """What a network is trained with, and how it is judged; zones: those of each tile."""

    folds: int = 0
    blocks: Literal["dekads", "pixels_dekads"] = "dekads"
    zones: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class ProbedNetwork:
    """A network whose inputs are tested; cubes: files that hold its inputs and targets, by the names of their folders."""

    name: str
    cubes: tuple[str, ...]
    inputs: tuple[str, ...]
    targets: tuple[Teaching, ...]


@dataclass(frozen=True)
class ContributeSpec:
    """Networks whose inputs are tested in some zones of a tile."""

    networks: tuple[ProbedNetwork, ...]
    zones: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class RankedNetwork:
    """A network of a substep; the first has the best rank."""

    name: str
    predictors: int
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class SimulateSpec:
    """Which steps a substep simulates, with which networks; errors and seed where there are several chains."""

    span: Steps
    networks: tuple[RankedNetwork, ...]
    extrapolation: Literal["none", "clip"]
    seed: int | None = None
    errors: dict[str, ProductError] = field(default_factory=dict)


@dataclass(frozen=True)
class JoinSpec:
    """How a round's substeps become one series; networks: name → its predictors."""

    margin: float
    networks: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class MosaicSpec:
    """Where and how a round's tiles are laid together.

    product  name of the maps: SIM-n, or FUSED-n
    steps    those simulated in the year at hand
    """

    product: str
    area: Area
    calendar: str
    steps: Steps
    fuzzify: Fuzzify


@dataclass(frozen=True)
class RangeSpec:
    """Fewest values that make a range; years whose values are kept from it."""

    min_dekads: int
    held_out_years: tuple[int, ...] = ()


@dataclass(frozen=True)
class TargetSpec:
    """How SIM-n is screened; seed where there are several chains."""

    area: Area
    calendar: str
    sigma: float
    seed: int | None = None


@dataclass(frozen=True)
class SubstepShare:
    """A substep's number of steps, and its networks."""

    name: str
    steps: int
    networks: tuple[str, ...]


@dataclass(frozen=True)
class RoundReportSpec:
    """What a round simulates, and which of its steps teach (none, if no later round learns from it)."""

    steps: int
    substeps: tuple[SubstepShare, ...]
    calendar: str
    teaching: Steps | None = None


@dataclass(frozen=True)
class JointSpec:
    """Both substeps of a joint, with its steps as their span."""

    a: SimulateSpec
    b: SimulateSpec
