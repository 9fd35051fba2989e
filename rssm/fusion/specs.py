"""What the jobs of fusion are asked. Light to import: the workflow builds specifications whenever it plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rssm.rounds.specs import ProductError
from rssm.spec import Settings

if TYPE_CHECKING:
    from rssm.config.training import Split
else:
    Split = Settings


@dataclass(frozen=True)
class MatchSpec:
    """Products that are matched to a target and averaged.

    algorithms  of the products and of the target, by name: products of one algorithm share their errors
    split       of the target's points as the subnetworks have it; those that only test are not learnt from
    seed        of the split and of what chains draw
    errors      what chains add to products, where there are several
    """

    target: str
    algorithms: dict[str, str]
    calendar: str
    split: Split
    seed: int
    chains: int = 1
    errors: dict[str, ProductError] = field(default_factory=dict)


@dataclass(frozen=True)
class FitSpec:
    """Products that are fitted jointly with a target.

    algorithms, split, seed   as in `MatchSpec`
    factors                   factor → products that give it, in the order in which they begin
    """

    target: str
    algorithms: dict[str, str]
    calendar: str
    split: Split
    seed: int
    factors: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Evidence:
    """When a zone's weights move away from the defaults: by years of the target that no network and no matching saw.

    rounds  whose weights may move, if a part is better in a zone than what the defaults make of both
    least   fewest dekads of such years that judge a zone
    chance  standard errors by which a part must be better
    """

    rounds: tuple[str, ...] = ()
    least: int = 18
    chance: float = 2.0


@dataclass(frozen=True)
class FuseSpec:
    """How the chain of rounds and the matched products become one estimate.

    rounds      as the joined estimates come, first to last
    season      share of the chain in the season (1)
    departures  share of the chain in departures from the season, by round (1)
    window      steps of the year that a season is averaged over, odd
    joint       share of the joint fit in what is published (1)
    """

    calendar: str
    rounds: tuple[str, ...]
    season: float
    departures: dict[str, float]
    window: int = 3
    evidence: Evidence = field(default_factory=Evidence)
    joint: float = 0.0
