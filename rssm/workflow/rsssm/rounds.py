"""Networks and rounds: cubes → subnetworks → estimates → SIM-n → SIM-nT, which teach the next rounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rssm.calendar import runs
from rssm.config.plan import Network
from rssm.networks.specs import KernelSpec, Teaching
from rssm.paths import SIMULATED
from rssm.rounds.specs import (
    JoinSpec,
    MosaicSpec,
    ProductError,
    RangeSpec,
    RankedNetwork,
    SimulateSpec,
    TargetSpec,
    TrainSpec,
)
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

    def round_map_years(self, *rounds: str, estimate: str = SIMULATED) -> list[str]:
        """`SIM-n/YEAR` of some rounds, or those of another estimate."""
        return [f"{estimate}-{round_}/{year}" for round_ in rounds for year in self.scope.round_years(round_)]

    # -- params ----------------------------------------------------------------------------------------------------------

    @once_per("network")
    def train_spec(self, wildcards: Any) -> str:
        """A network's row, its targets and the training settings of its round."""
        return canonical(TrainSpec(**self.lesson(wildcards.network)))

    def lesson(self, name: str) -> dict[str, Any]:
        """Fields of `TrainSpec` for a network."""
        network = self.scope.plan.network(name)
        run, targets = self.scope.run, self.scope.plan.training[name].targets
        return {
            "network": name,
            "inputs": tuple(self.scope.variables(network)),
            "predictors": len(network.predictors),
            "targets": tuple(Teaching(target, tuple(runs(list(steps)))) for target, steps in targets.items()),
            "training": run.training_in(self.scope.plan.substep(network.substep).round),
            "seed": run.seed,
            "chains": run.chains,
            "errors": self.errors([network]) if run.chains > 1 else {},
        }

    @once_per("substep")
    def simulate_spec(self, wildcards: Any) -> str:
        return canonical(self.simulation(wildcards.substep, self.scope.plan.substep(wildcards.substep).span))

    def simulation(self, substep: str, span: range) -> SimulateSpec:
        """Which networks simulate some dekads as in a substep."""
        networks = self.scope.networks_of(substep)
        training = self.scope.run.training_in(self.scope.plan.substep(substep).round)
        ranked = (RankedNetwork(n.name, len(n.predictors), tuple(self.scope.variables(n))) for n in networks)
        chained = (self.scope.run.seed, self.errors(networks)) if self.scope.run.chains > 1 else (None, {})
        return SimulateSpec((span[0], span[-1]), tuple(ranked), training.extrapolation, *chained)

    def errors(self, networks: Iterable[Network]) -> dict[str, ProductError]:
        """Of every predictor that has one: chains perturb it by that."""
        entries = {name: self.scope.catalogue[name] for network in networks for name in network.predictors}
        found = entries.items()
        return {n: ProductError(e.algorithm, e.error.constant, e.units) for n, e in found if e.error.constant}

    @once_per("round")
    def join_spec(self, wildcards: Any) -> str:
        return canonical(self.joining(wildcards.round))

    def joining(self, round_: str) -> JoinSpec:
        """How a round's substeps become one series."""
        networks = (n for s in self.scope.plan.substeps_of(round_) for n in self.scope.networks_of(s.name))
        return JoinSpec(self.scope.run.rounds.merge.margin, {n.name: n.predictors for n in networks})

    def mosaic_spec(self, wildcards: Any) -> str:
        """Region and blending of SIM-n."""
        return self.mosaic_of(SIMULATED, wildcards)

    def mosaic_of(self, estimate: str, wildcards: Any) -> str:
        """The same of a round's maps of any estimate."""
        calendar, year = self.scope.calendar, int(wildcards.year)
        steps = [step for step in self.scope.plan.simulated(wildcards.round) if calendar.year_of(step) == year]
        fuzzify = self.scope.run.rounds.fuzzify
        product = f"{estimate}-{wildcards.round}"
        return canonical(MosaicSpec(product, self.scope.area, calendar.id, (steps[0], steps[-1]), fuzzify))

    def kernel_spec(self) -> str:
        """What compiled code depends on beside itself."""
        return canonical(KernelSpec(self.scope.run.training.cpu))

    def range_spec(self, wildcards: Any) -> str:
        return canonical(self.ranging())

    def ranging(self) -> RangeSpec:
        """The screen's range; a year held out in any round is kept from it."""
        run = self.scope.run
        return RangeSpec(run.rounds.screen.min_dekads, run.held_out_in_any)

    def target_spec(self, wildcards: Any) -> str:
        """Screening of SIM-n."""
        run = self.scope.run
        seed = run.seed if run.chains > 1 else None
        return canonical(TargetSpec(self.scope.area, self.scope.calendar.id, run.rounds.screen.sigma, seed))
