"""The plan: rounds, substeps and networks read from two tables, with every period and rank derived from them.

Nothing here knows the numbers 5, 8 or 67: another pair of tables is another plan. Steps are dekads as integers
(`rssm.calendar.DEKADS`); a span is a `range` of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Literal

from rssm.calendar import DEKADS, runs

Span = range
EMPTY = range(0)


@dataclass(frozen=True)
class Source:
    """What the plan needs to know of a product: when it is valid and which sensor it comes from."""

    span: Span
    sensor: str


@dataclass(frozen=True)
class Substep:
    """One pass of simulation with one priority order of networks."""

    name: str
    round: str
    order: Literal["inputs", "training"]
    predictors: tuple[str, ...]
    targets: tuple[str, ...]  # best first
    use: Literal["best", "one"]
    lai: str | None
    span: Span


@dataclass(frozen=True)
class Network:
    """One row of the network table."""

    name: str
    substep: str
    rank: int
    predictors: tuple[str, ...]


@dataclass(frozen=True)
class Training:
    """What follows for a network from spans and targets.

    targets      target → its dekads in the training period, best target first
    quality      mean target quality, 1 for the poorest target of the plan
    """

    targets: Mapping[str, tuple[int, ...]]
    quality: float

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """All dekads of the training period, ascending."""
        return tuple(sorted(step for steps in self.targets.values() for step in steps))

    @property
    def contiguous(self) -> bool:
        return len(list(runs(list(self.steps)))) <= 1


@dataclass(frozen=True)
class Joint:
    """Two substeps of a round that follow each other with different LAI, and the dekads that both can simulate."""

    substeps: tuple[str, str]
    steps: Span

    @property
    def name(self) -> str:
        return "_".join(self.substeps)


@dataclass(frozen=True)
class Plan:
    """Substeps and networks over the sources they draw from.

    sources          product → span and sensor
    primary          the target from outside (SMAP in the paper); all other targets are screened simulations
    frozen           the plan of the edition that this one extends: its networks have learnt already
    """

    substeps: tuple[Substep, ...]
    networks: tuple[Network, ...]
    sources: Mapping[str, Source]
    frozen: Plan | None = None

    @cached_property
    def rounds(self) -> tuple[str, ...]:
        """Round names in the order of the table."""
        return tuple(dict.fromkeys(substep.round for substep in self.substeps))

    def substep(self, name: str) -> Substep:
        return next(substep for substep in self.substeps if substep.name == name)

    def network(self, name: str) -> Network:
        return next(network for network in self.networks if network.name == name)

    def substeps_of(self, round_: str) -> tuple[Substep, ...]:
        return tuple(substep for substep in self.substeps if substep.round == round_)

    def networks_of(self, substep: str) -> tuple[Network, ...]:
        """Networks of a substep, best rank first."""
        return tuple(sorted((n for n in self.networks if n.substep == substep), key=lambda n: n.rank))

    def simulated(self, round_: str) -> tuple[int, ...]:
        """Dekads that a round simulates."""
        return tuple(sorted({step for substep in self.substeps_of(round_) for step in substep.span}))

    def shares(self, network: str, rounds: Sequence[str]) -> list[float]:
        """Share of a network's training dekads that each of some rounds simulated; the rest came from outside."""
        training = self.training[network]
        steps = {simulated_round(target): len(part) for target, part in training.targets.items()}
        return [steps.get(round_, 0) / max(len(training.steps), 1) for round_ in rounds]

    @cached_property
    def primaries(self) -> tuple[str, ...]:
        """Targets that come from outside and exist at some time."""
        named = dict.fromkeys(target for substep in self.substeps for target in substep.targets)
        return tuple(target for target in named if target in self.sources and self.sources[target].span)

    def target_steps(self, target: str) -> frozenset[int]:
        """Dekads in which a target may teach.

        A simulation does not teach where a target from outside exists: it is in-sample there.
        """
        if target in self.sources:
            return frozenset(self.sources[target].span)
        simulated = frozenset(self.simulated(simulated_round(target)))
        return simulated.difference(*(self.sources[p].span for p in self.primaries))

    def quality(self, target: str) -> int:
        """Rank of a target's quality: the number of rounds for one from outside, one less for each round since."""
        if target in self.sources:
            return len(self.rounds)
        return len(self.rounds) - 1 - self.rounds.index(simulated_round(target))

    @cached_property
    def training(self) -> dict[str, Training]:
        """Network → its training period, by target."""
        if self.frozen:
            return self.frozen.training
        return {network.name: self._train(network) for network in self.networks}

    def _train(self, network: Network) -> Training:
        substep = self.substep(network.substep)
        needed = [*network.predictors, *([substep.lai] if substep.lai else [])]
        open_steps = frozenset.intersection(*(self._span(product) for product in needed))
        chosen: dict[str, tuple[int, ...]] = {}
        for target in substep.targets:
            steps = open_steps & self.target_steps(target)
            if steps:
                chosen[target] = tuple(sorted(steps))
                open_steps -= steps
                if substep.use == "one":
                    break
        count = sum(map(len, chosen.values()))
        quality = sum(self.quality(target) * len(steps) for target, steps in chosen.items()) / count if count else 0.0
        return Training(chosen, quality)

    def _span(self, product: str) -> frozenset[int]:
        source = self.sources.get(product)
        return frozenset(source.span) if source else frozenset()

    def sensors(self, network: Network) -> int:
        """Number of different sensors among a network's predictors."""
        return len({self.sources[p].sensor for p in network.predictors if p in self.sources})

    def derived_order(self, substep: str) -> tuple[str, ...]:
        """Networks of a substep in the order that its rule gives (inputs first or training first)."""
        rule = self.substep(substep)

        def key(network: Network) -> tuple[float, ...]:
            training = self.training[network.name]
            products, sensors = len(network.predictors), self.sensors(network)
            listed = tuple(sorted(rule.predictors.index(p) for p in network.predictors))
            if rule.order == "inputs":
                return (-products, -sensors, -training.quality, -len(training.steps), *listed)
            return (products == 1, -len(training.steps), -training.quality, -products, -sensors, *listed)

        return tuple(network.name for network in sorted(self.networks_of(substep), key=key))

    def shadow(self, network: Network) -> str | None:
        """The better-ranked network that is available wherever this one is, if there is one.

        It needs a subset of the predictors and its training period contains this one's, so its subnetwork exists
        in every zone where this one's does: this network can never be chosen.
        """
        steps = set(self.training[network.name].steps)
        for better in self.networks_of(network.substep):
            if better.rank >= network.rank:
                return None
            if set(better.predictors) <= set(network.predictors) and steps <= set(self.training[better.name].steps):
                return better.name
        return None

    @cached_property
    def joints(self) -> tuple[Joint, ...]:
        """Where one source of LAI takes over from another within a round's series."""
        pairs = [pair for round_ in self.rounds for pair in combinations(self.substeps_of(round_), 2)]
        found = [Joint((a.name, b.name), self._both_lai(a, b)) for a, b in pairs if a.lai != b.lai]
        return tuple(joint for joint in found if joint.steps)

    def _both_lai(self, a: Substep, b: Substep) -> Span:
        """Dekads of two adjoining substeps in which both LAI sources exist."""
        if not (a.lai and b.lai) or (a.span.stop != b.span.start and b.span.stop != a.span.start):
            return EMPTY
        spans = [self.sources[lai].span if lai in self.sources else EMPTY for lai in (a.lai, b.lai)]
        first = max(min(a.span.start, b.span.start), *(span.start for span in spans))
        return range(first, min(max(a.span.stop, b.span.stop), *(span.stop for span in spans)))

    def extended(self, sources: Mapping[str, Source], old: Span, new: Span) -> Plan:
        """The plan of later dekads with the same networks; substeps that reached the end of `old` go on through `new`.

        sources  with spans that last as long as `new`
        """
        return Plan(
            tuple(
                replace(s, span=range(max(s.span.start, new.start), new.stop) if s.span.stop >= old.stop else EMPTY)
                for s in self.substeps
            ),
            self.networks,
            sources,
            self,
        )

    def without(self, products: Iterable[str]) -> Plan:
        """The plan if some products were missing: networks that need them go."""
        gone = set(products)
        kept = tuple(n for n in self.networks if not gone & set(n.predictors))
        return replace(self, networks=kept, sources={k: v for k, v in self.sources.items() if k not in gone})

    def with_span(self, product: str, span: Span) -> Plan:
        """The plan if a product's span were another."""
        changed = replace(self.sources[product], span=span)
        return replace(self, sources={**self.sources, product: changed})


def simulated_round(target: str) -> str:
    """Round whose screened output a target is: '1' of SIM-1T."""
    return target.removeprefix("SIM-").removesuffix("T")


def span_text(steps: Iterable[int]) -> str:
    """`2012D19–2015D09`, or several such, or `–`."""
    return ", ".join(f"{DEKADS.label(a)}–{DEKADS.label(b)}" for a, b in runs(sorted(steps))) or "–"
