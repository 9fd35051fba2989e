"""The scope of an RSSSM run: rounds, substeps and networks, and which dekads of which variables they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from rssm.config.catalogue import Product
from rssm.config.plan import Joint, Network, Plan, Source, Substep, simulated_round
from rssm.config.plan_tables import read_plan
from rssm.config.product import HELD_OUT, SHIPPED, TABLES
from rssm.config.rsssm import Rsssm
from rssm.errors import InputError
from rssm.ingest.index import checksum
from rssm.paths import ESTIMATES, FUSED, Paths
from rssm.product.records.release import Parent
from rssm.product.uncertainty.calibration import read_calibration
from rssm.workflow.rsssm.contradictions import contradictions
from rssm.workflow.scope import REPOSITORY, Scope, locate, product_span

GUIDE, PUBLISHED, CALIBRATION = "docs/product.md", "config/published.tsv", "calibration.tsv"
FACTORS = "FACTORS"  # how the names of the cubes begin that hold all factors of a substep
# sections that decide values or what is learnt, beside the plan and some of `product`
KEPT = {
    *("method", "seed", "region", "zones", "ingest", "factors", "plan"),
    *("training", "training_of_round", "chains", "rounds", "fusion"),
}


def sources(catalogue: Mapping[str, Product], run: Rsssm, last: str) -> dict[str, Source]:
    """Span and sensor of each product; an open span ends with the dekad `last`."""
    return {name: Source(product_span(product, run, last), product.sensor) for name, product in catalogue.items()}


class RsssmScope(Scope):
    """What one configuration covers."""

    run: Rsssm

    def __init__(self, run: Rsssm, root: Path = REPOSITORY, beside: Path = Path()) -> None:
        super().__init__(run, root, beside)
        release, period = run.product.release, run.period
        self.parent = Parent.at(release.extends, self.paths) if release.extends else None
        last = self.parent.record["last"] if self.parent else period.last
        self.networks_table = self.table("networks")
        self.plan: Plan = read_plan(
            self.table("substeps"),
            self.networks_table,
            sources(self.catalogue, run, last),
            strict=run.profile == "paper",
            last=last,
        )
        if self.parent:
            later = self.parent.later(run.steps)
            self.parent.check_settings(self.settings_kept())
            self.plan = self.plan.extended(sources(self.catalogue, run, period.last), self.parent.dekads, later)
        self.calibration, self.calibrated_by = self._calibration()

    def contradictions(self) -> Iterator[str]:
        yield from super().contradictions()
        yield from contradictions(self.run, self.plan, self.catalogue)

    @property
    def given(self) -> dict[str, str]:
        """Land mask, guide for users of the data, what the article says of itself, and a table of calibration that the run does not make itself."""
        shipped = {"guide.md": GUIDE, "published.tsv": PUBLISHED}
        own = super().given | {name: str(locate(path, self.root)) for name, path in shipped.items()}
        return own | (
            {CALIBRATION: self._table_of_calibration} if self.calibration == self.paths.given(CALIBRATION) else {}
        )

    def _calibration(self) -> tuple[str | None, list[str]]:
        """Table of c and b for jobs, if any, and what stands for it in the digest of all that decides values."""
        named = self.run.product.uncertainty.calibration
        if self.run.calibrates:
            if not self.held_out_steps and not self.parent:
                years = ", ".join(map(str, sorted(self.run.held_out_years)))
                raise InputError(
                    f"product.uncertainty.calibration: held_out, but of the held-out years ({years}) no round simulates a step in"
                    f" which {' or '.join(self.plan.primaries)} has values. Hold out years that a round simulates."
                )
            return f"{self.learnt.results}/held_out/calibration_held_out.tsv", [HELD_OUT]
        if not named or self.run.chains == 1:  # c and b scale the spread between chains, which one chain does not have
            return None, []
        path = self._table_of_calibration
        table = read_calibration([path])
        table.serves(self.plan.rounds)
        if self.run.chains < table.chains:  # fewer chains spread otherwise
            return None, []
        return self.paths.given(CALIBRATION), [checksum(path)]

    @property
    def _table_of_calibration(self) -> str:
        """The table of calibration that the configuration names."""
        named = str(self.run.product.uncertainty.calibration)
        named = TABLES[self.run.product.estimate] if named == SHIPPED else named
        return str(locate(named, self.root, self.beside, "product.uncertainty.calibration"))

    @cached_property
    def held_out_steps(self) -> list[int]:
        """Steps held out in all rounds in which a target from outside is there and a round simulates."""
        there = {step for target in self.plan.primaries for step in self.plan.sources[target].span}
        simulated = {step for round_ in self.plan.rounds for step in self.plan.simulated(round_)}
        return sorted(step for step in there & simulated if self.calendar.year_of(step) in self.run.held_out_years)

    def settings_kept(self) -> dict[str, Any]:
        """Settings that decide values or what is learnt: an extension of the data set keeps them."""
        run = self.run.model_dump(mode="json", include=KEPT)
        return run | {
            "product": self.run.product.model_dump(
                mode="json",
                include={"estimate", "fill", "water_flag", "layers", "climatology"},
                exclude={"layers": {"steps"}},
            ),
            "networks": [[n.name, n.substep, n.rank, "+".join(n.predictors)] for n in self.plan.networks],
            "toy": self.run.toy is not None,
        }

    @property
    def estimate(self) -> str:
        """How the names of the maps begin that the data set is made of."""
        return ESTIMATES[self.run.product.estimate]

    @cached_property
    def matched(self) -> list[str]:
        """Products that are matched to the target, if the data set asks for it."""
        return self.predictors if self.estimate == FUSED else []

    @cached_property
    def matched_now(self) -> list[str]:
        """Those of them that are there in the dekads which the run makes."""
        return [p for p in self.matched if set(self.dekads) & set(self.plan.sources[p].span)]

    @cached_property
    def fits_jointly(self) -> bool:
        """Whether the joint fit has a share in what the data set is made of."""
        return bool(self.matched) and self.run.fusion.joint > 0

    @cached_property
    def predictors(self) -> list[str]:
        """Products that some network learns from."""
        return list(dict.fromkeys(p for network in self.networks for p in network.predictors))

    @property
    def learnt(self) -> Paths:
        """Where what was learnt lies: in an extension, in the folder of the edition that it extends."""
        return self.parent.paths if self.parent else self.paths

    @cached_property
    def dekads(self) -> range:
        """Dekads that the run makes: those of its period, of an extension the later ones."""
        return self.parent.later(self.run.steps) if self.parent else self.run.steps

    # -- networks --------------------------------------------------------------------------------------------------------

    @cached_property
    def networks(self) -> tuple[Network, ...]:
        """Networks that are trained: those that can be, and that can be chosen if that is asked for."""
        taught = (n for n in self.plan.networks if self.plan.training[n.name].steps)
        return tuple(n for n in taught if self.run.plan.train == "all" or self.plan.shadow(n) is None)

    def networks_of(self, substep: str) -> list[Network]:
        """Trained networks of a substep, best rank first."""
        return self._networks_of[substep]

    @cached_property
    def _networks_of(self) -> dict[str, list[Network]]:
        trained = {network.name for network in self.networks}
        named = [substep.name for substep in self.plan.substeps]
        return {name: [n for n in self.plan.networks_of(name) if n.name in trained] for name in named}

    @cached_property
    def joints(self) -> tuple[Joint, ...]:
        """Joints between sources of LAI, if LAI is a factor at all."""
        return self.plan.joints if "LAI" in self.run.factors else ()

    # -- variables -------------------------------------------------------------------------------------------------------

    def factors(self, substep: Substep) -> list[str]:
        """Products that give the factors in a substep."""
        named = (substep.lai if factor == "LAI" else factor for factor in self.run.factors)
        return [factor for factor in named if factor]

    def variables(self, network: Network) -> list[str]:
        """Inputs of a network: its predictors, then the factors."""
        return [*network.predictors, *self.factors(self.plan.substep(network.substep))]

    def factor_cube(self, substep: Substep) -> str:
        """Cube of all factors of a substep, which differ by the source of LAI alone; empty where there are none."""
        if not self.factors(substep):
            return ""
        return f"{FACTORS}-{substep.lai}" if substep.lai and "LAI" in self.run.factors else FACTORS

    def network_cubes(self, network: Network) -> list[str]:
        """Cubes that hold the inputs of a network."""
        return self._network_cubes[network.name]

    @cached_property
    def _network_cubes(self) -> dict[str, list[str]]:
        factors = {s.name: self.factor_cube(s) for s in self.plan.substeps}
        named = ((n, factors[n.substep]) for n in self.plan.networks)
        return {n.name: [*n.predictors, *([cube] if cube else [])] for n, cube in named}

    @cached_property
    def factor_cubes(self) -> list[str]:
        """Cubes that hold factors."""
        return [cube for cube in self.cubes if cube in self._factors_in]

    @cached_property
    def _factors_in(self) -> dict[str, list[str]]:
        return {cube: self.factors(s) for s in self.plan.substeps if (cube := self.factor_cube(s))}

    def cubed(self, cube: str) -> list[str]:
        return self._factors_in.get(cube, [cube])

    @cached_property
    def cubes(self) -> dict[str, dict[str, set[int]]]:
        """Cube → its variables → dekads of them that some network learns from or simulates with."""
        cubes: dict[str, dict[str, set[int]]] = {}

        def need(cube: str, variable: str, steps: Iterable[int]) -> None:
            cubes.setdefault(cube, {}).setdefault(variable, set()).update(steps)

        for network in self.networks:
            training = self.plan.training[network.name]
            learnt = {} if self.parent else training.targets
            steps = {*self.plan.substep(network.substep).span}.union(*learnt.values())
            for cube in self.network_cubes(network) if steps else ():
                for variable in self.cubed(cube):
                    need(cube, variable, steps)
            for target, part in learnt.items():
                need(target, target, part)
        for joint in self.joints:
            for network in (n for substep in joint.substeps for n in self.networks_of(substep)):
                for cube in self.network_cubes(network):
                    for variable in self.cubed(cube):
                        need(cube, variable, joint.steps)
        for product in self.matched_now:
            need(product, product, set(self.dekads) & set(self.plan.sources[product].span))
        for target in self.plan.primaries if not self.parent else ():  # ranges
            need(target, target, self.plan.sources[target].span)
        return cubes

    def span(self, product: str) -> range:
        return self.plan.sources[product].span  # in an extension, open spans end with its own period

    # -- rounds ----------------------------------------------------------------------------------------------------------

    def made_steps(self, variable: str) -> range:
        steps = sorted(self.plan.target_steps(variable))
        return range(steps[0], steps[-1] + 1)

    def made_years(self, variable: str) -> list[int]:
        return self.round_years(simulated_round(variable))

    def round_years(self, round_: str) -> list[int]:
        """Years that a round simulates, wholly or in part."""
        return sorted({self.calendar.year_of(step) for step in self.plan.simulated(round_)})

    def rounds_wanted(self) -> list[str]:
        """Rounds that serve the period."""
        wanted = set(self.run.steps)
        return [r for r in self.plan.rounds if wanted & set(self.plan.simulated(r))]
