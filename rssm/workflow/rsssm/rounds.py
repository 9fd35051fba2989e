"""Networks and rounds: cubes → subnetworks → estimates → SIM-n → SIM-nT, which teach the next rounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rssm.calendar import runs
from rssm.config.plan import Network
from rssm.spec import canonical
from rssm.workflow.ground import Ground, one_of
from rssm.workflow.questions import once_per
from rssm.workflow.rsssm.scope import FACTORS, RsssmScope


class Rounds(Ground):
    """The answers for one scope."""

    scope: RsssmScope

    def wildcards(self) -> dict[str, str]:
        plan = self.scope.plan
        return super().wildcards() | {
            "network": one_of(network.name for network in plan.networks),
            "substep": one_of(substep.name for substep in plan.substeps),
            "round": one_of(plan.rounds),
        }

    def layers(self, variable: str) -> tuple[str, ...]:
        """The chains of a simulated target, else the value."""
        if variable not in self.scope.catalogue and self.scope.run.chains > 1:
            return tuple(f"chain{k}" for k in range(self.scope.run.chains))
        return ("value",)

    # -- inputs ----------------------------------------------------------------------------------------------------------

    def kernels(self, wildcards: Any) -> list[str]:
        """Compiled code, awaited by the cubes that all networks read: so tens of thousands of training jobs need not."""
        awaited_by = [cube for cube in self.scope.cubes if cube.startswith(FACTORS)] or list(self.scope.cubes)
        return [f"{self.scope.paths.results}/kernels.json"] if wildcards.variable in awaited_by else []

    @once_per("network")
    def learnt_from(self, wildcards: Any) -> list[str]:
        """Cubes that a network learns from: those of its inputs, then its targets."""
        network = self.scope.plan.network(wildcards.network)
        return list(
            dict.fromkeys([*self.scope.network_cubes(network), *self.scope.plan.training[network.name].targets])
        )

    @once_per("substep")
    def simulated_from(self, wildcards: Any) -> list[str]:
        """Input cubes of all networks of a substep."""
        networks = self.scope.networks_of(wildcards.substep)
        return list(dict.fromkeys(cube for network in networks for cube in self.scope.network_cubes(network)))

    @once_per("substep")
    def networks_of_substep(self, wildcards: Any) -> list[str]:
        """Networks of a substep, best rank first."""
        return [network.name for network in self.scope.networks_of(wildcards.substep)]

    @once_per("round")
    def substeps_of_round(self, wildcards: Any) -> list[str]:
        """Substeps of a round that simulate any dekad."""
        return [substep.name for substep in self.scope.plan.substeps_of(wildcards.round) if substep.span]

    # -- targets people type ---------------------------------------------------------------------------------------------

    def round_map_years(self, *rounds: str) -> list[str]:
        """`SIM-n/YEAR` of some rounds."""
        return [f"SIM-{round_}/{year}" for round_ in rounds for year in self.scope.round_years(round_)]

    # -- params ----------------------------------------------------------------------------------------------------------

    @once_per("network")
    def network_spec(self, wildcards: Any) -> str:
        """A network's row, its targets and the training settings of its round."""
        network = self.scope.plan.network(wildcards.network)
        substep = self.scope.plan.substep(network.substep)
        targets = self.scope.plan.training[network.name].targets
        return canonical(
            {
                "network": network.name,
                "inputs": self.scope.variables(network),
                "predictors": len(network.predictors),
                "targets": [[name, [list(run) for run in runs(list(steps))]] for name, steps in targets.items()],
                "training": self.scope.run.training_in(substep.round).model_dump(mode="json"),
                "seed": self.scope.run.seed,
                "chains": self.scope.run.chains,
                **self._chained([network]),
            }
        )

    @once_per("substep")
    def substep_spec(self, wildcards: Any) -> str:
        """Which dekads a substep simulates, with which networks in which order."""
        substep = self.scope.plan.substep(wildcards.substep)
        training = self.scope.run.training_in(substep.round)
        return canonical(
            {
                "substep": substep.name,
                "span": [substep.span[0], substep.span[-1]],
                "networks": [
                    [n.name, len(n.predictors), self.scope.variables(n)] for n in self.scope.networks_of(substep.name)
                ],
                "extrapolation": training.extrapolation,
                **self._chained(self.scope.networks_of(substep.name)),
            }
        )

    def _chained(self, networks: Iterable[Network]) -> dict[str, Any]:
        """What several chains need too; nothing with one, so that its jobs know nothing of chains."""
        return {"seed": self.scope.run.seed, "errors": self.errors(networks)} if self.scope.run.chains > 1 else {}

    def errors(self, networks: Iterable[Network]) -> dict[str, list[Any]]:
        """Algorithm, error and its unit of every predictor that has one."""
        entries = {name: self.scope.catalogue[name] for network in networks for name in network.predictors}
        return {name: [e.algorithm, e.error.constant, e.units] for name, e in entries.items() if e.error.constant}

    @once_per("round")
    def join_spec(self, wildcards: Any) -> str:
        """How a round's substeps become one series."""
        substeps = self.scope.plan.substeps_of(wildcards.round)
        networks = {n.name: list(n.predictors) for s in substeps for n in self.scope.networks_of(s.name)}
        return canonical({"merge": self.scope.run.rounds.merge.model_dump(), "networks": networks})

    def mosaic_spec(self, wildcards: Any) -> str:
        """Region and blending of a round's maps."""
        steps = [
            step
            for step in self.scope.plan.simulated(wildcards.round)
            if self.scope.calendar.year_of(step) == int(wildcards.year)
        ]
        return canonical(
            {
                "fuzzify": self.scope.run.rounds.fuzzify.model_dump(),
                "region": self.region,
                "steps": [steps[0], steps[-1]],
            }
        )

    def kernel_spec(self) -> str:
        """What compiled code depends on beside itself."""
        return canonical({"cpu": self.scope.run.training.cpu})

    def range_spec(self, wildcards: Any) -> str:
        """Fewest dekads of a range."""
        return canonical({"min_dekads": self.scope.run.rounds.screen.min_dekads})

    def target_spec(self, wildcards: Any) -> str:
        """Screening of SIM-n."""
        seed = {"seed": self.scope.run.seed} if self.scope.run.chains > 1 else {}
        return canonical({"sigma": self.scope.run.rounds.screen.sigma, "region": self.region, **seed})

    @property
    def region(self) -> list[int]:
        """South, north, west, degrees of longitude."""
        region = self.scope.region
        return [region.south, region.north, region.west, region.degrees]
