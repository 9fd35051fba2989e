"""What the jobs of contributions are asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Probed:
    """A network, where the plan has it, and its products; its other inputs are factors."""

    name: str
    substep: str
    rank: int
    products: tuple[str, ...]


@dataclass(frozen=True)
class ContributionsSpec:
    """All networks.

    leaves  sources of the leaf area index, which are one factor
    zones   that were tested, of `land_zones`
    first   the network that the article shows
    """

    networks: tuple[Probed, ...]
    leaves: tuple[str, ...]
    zones: int
    land_zones: int
    first: str
