"""What the rules ask that tell what inputs contribute to networks (section 5.1 of the article)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from rssm.analysis.contributions.specs import ContributionsSpec, Probed
from rssm.config.plan import Network
from rssm.rounds.specs import ContributeSpec, ProbedNetwork
from rssm.spec import canonical
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.rsssm.sampled import sampled_zones


class Contributing:
    """The answers for one workflow; `speaks`: whether to say what is left out."""

    def __init__(self, rounds: Rounds, speaks: bool) -> None:
        self.rounds, self.scope, self._speaks = rounds, rounds.scope, speaks
        self.folder = f"{rounds.scope.paths.results}/analysis/contributions"

    def wanted(self, wildcards: Any) -> list[str]:
        """All files; what is left out is said once."""
        if self._speaks:
            self._speaks = False
            for sentence in self.left_out():
                print(f"analysis: {sentence}", file=sys.stderr)
        made = ("contributions.md", "figures/contributions.svg")
        return [f"{self.folder}/{name}" for name in made] if self.zones else []

    def left_out(self) -> Iterator[str]:
        """A sentence where an extension, which trains nothing, has none."""
        if self.scope.parent and self.scope.run.contributions.zones:
            yield (
                f"contributions of inputs are left out: networks are those of {self.scope.parent.paths.results},"
                " whose own analysis tells them."
            )

    @cached_property
    def zones(self) -> dict[str, list[str]]:
        """Tile → tested zones."""
        return {} if self.scope.parent else sampled_zones(self.scope, self.scope.run.contributions.zones)

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        return self.scope.networks

    def network_files(self, wildcards: Any) -> list[str]:
        """Subnetworks of all networks in a tile."""
        return [f"{self.scope.paths.results}/networks/{network.name}/{wildcards.tile}.nc" for network in self.networks]

    def cubes(self, wildcards: Any) -> list[str]:
        """All cubes of a tile that some network learns from."""
        names = dict.fromkeys(cube for network in self.networks for cube in self._cubes(network))
        return [f"{self.scope.paths.results}/cubes/{name}/{wildcards.tile}.nc" for name in names]

    def _cubes(self, network: Network) -> list[str]:
        return [*self.scope.network_cubes(network), *self.scope.plan.training[network.name].targets]

    def tile_tables(self, wildcards: Any) -> list[str]:
        return [f"{self.folder}/tiles/{tile}.tsv" for tile in self.zones]

    def tile_spec(self, wildcards: Any) -> str:
        """All networks with their inputs and targets, and the zones of a tile."""
        tested = []
        for network in self.networks:
            lesson = self.rounds.lesson(network.name)
            cubes = tuple(dict.fromkeys(self._cubes(network)))
            tested.append(ProbedNetwork(network.name, cubes, lesson["inputs"], lesson["targets"]))
        return canonical(ContributeSpec(tuple(tested), tuple(self.zones[wildcards.tile]), self.scope.run.seed))

    def spec(self, wildcards: Any) -> str:
        """Networks and the kinds of their inputs."""
        plan, leaves = self.scope.plan, {substep.lai for substep in self.scope.plan.substeps if substep.lai}
        rows = tuple(Probed(n.name, n.substep, n.rank, n.predictors) for n in self.networks)
        tested = sum(len(zones) for zones in self.zones.values())
        whole = sum(len(self.scope.land_zones(tile)) for tile in self.scope.tiles.values())
        return canonical(ContributionsSpec(rows, tuple(sorted(leaves)), tested, whole, plan.networks[0].name))
