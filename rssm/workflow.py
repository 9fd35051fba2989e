"""What the Snakefile asks: which files to make, from which files, with which slice of the configuration.

Pure functions of the configuration, the tables and (for digests) the names of native files. A rule's `params` hold one
canonical JSON string: exactly the settings it uses, so that a change re-runs what depends on it and nothing else.
Imports stay light, because every cluster job parses the Snakefile anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from rssm.answers import asked, canonical, once_per
from rssm.archive.files import digest, list_files
from rssm.calendar import runs
from rssm.config.plan import Network
from rssm.digest import code_digest
from rssm.scope import FACTORS, Scope

VERBS = {
    "toy": "rssm.toy.job",
    "maps": "rssm.ingest.job",
    "archive-report": "rssm.ingest.report",
    "series": "rssm.ingest.series",
    "cube": "rssm.ingest.cut",
    "range": "rssm.rounds.ranges",
    "kernels": "rssm.networks.prepare",
    "train": "rssm.rounds.train",
    "crossval": "rssm.networks.crossval",
    "simulate": "rssm.rounds.simulate",
    "join": "rssm.rounds.join",
    "mosaic": "rssm.rounds.mosaic",
    "target": "rssm.rounds.target",
    "round-report": "rssm.rounds.report",
    "joint": "rssm.rounds.joint",
    "take-over": "rssm.product.release",
    "run-skill": "rssm.skill.maps",
    "usual-snow": "rssm.product.usual",
    "network-skill": "rssm.product.skill",
    "product-year": "rssm.product.year",
    "derived": "rssm.product.derived",
    "zarr": "rssm.product.zarrs",
    "quicklook": "rssm.product.quicklook",
    "publish": "rssm.product.publish",
}
# What of a catalogue entry describes without deciding values: it may change without a re-run.
DESCRIPTION = ("title", "sensor", "algorithm", "version", "licence", "doi", "cite")


class Workflow:
    """The answers for one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.answers: dict[tuple[str, str], str] = {}

    def wildcards(self) -> dict[str, str]:
        """Regular expression of every wildcard."""
        return {
            "product": "|".join(self.scope.catalogue),
            "variable": "|".join(map(re.escape, {**self.scope.catalogue, **self.scope.cubes})),
            "network": "|".join(network.name for network in self.scope.plan.networks),
            "substep": "|".join(substep.name for substep in self.scope.plan.substeps),
            "round": "|".join(self.scope.plan.rounds),
            "tile": r"[NS]\d\d[EW]\d\d\d",
            "year": r"\d{4}|static",
        }

    def products(self, *steps: str) -> str:
        """Regular expression of the products whose maps have one of these steps."""
        return "|".join(name for name, product in self.scope.catalogue.items() if product.maps in steps) or "$none"

    # -- inputs -------------------------------------------------------------------------------------------------------

    def archive(self, wildcards: Any) -> list[str]:
        """Manifest of a toy archive; real archives enter as a digest."""
        return [f"{self.scope.run.inputs.root}/{wildcards.product}/{wildcards.year}.json"] if self.scope.run.toy else []

    def porosity(self, wildcards: Any) -> list[str]:
        """Index of the porosity map, for products stored as saturation."""
        return [f"results/rsssm/maps/{v}/static.json" for v in self.scope.porosity([wildcards.product])]

    def indices(self, wildcards: Any) -> list[str]:
        """Indices of the years of a variable's series."""
        return [
            f"results/rsssm/maps/{v}/{year}.json"
            for v in self.scope.cubed(wildcards.variable)
            for year in self.scope.years(v, wildcards.variable)
        ]

    def kernels(self, wildcards: Any) -> list[str]:
        """Compiled code, awaited by the cubes that all networks read: so tens of thousands of training jobs need not."""
        awaited_by = [cube for cube in self.scope.cubes if cube.startswith(FACTORS)] or list(self.scope.cubes)
        return ["results/rsssm/kernels.json"] if wildcards.variable in awaited_by else []

    @asked
    def cubes(self, wildcards: Any) -> list[str]:
        """Cubes that a network learns from: those of its inputs, then its targets."""
        targets = self.scope.plan.training[wildcards.network].targets
        names = dict.fromkeys([*self._network_cubes[wildcards.network], *targets])
        return [f"results/rsssm/cubes/{name}/{wildcards.tile}.nc" for name in names]

    @cached_property
    def _network_cubes(self) -> dict[str, list[str]]:
        return {network.name: self.scope.network_cubes(network) for network in self.scope.plan.networks}

    def substep_cubes(self, wildcards: Any) -> list[str]:
        """Input cubes of all networks of a substep."""
        named = [
            name for network in self.scope.networks_of(wildcards.substep) for name in self._network_cubes[network.name]
        ]
        return [f"results/rsssm/cubes/{name}/{wildcards.tile}.nc" for name in dict.fromkeys(named)]

    def substep_networks(self, wildcards: Any) -> list[str]:
        """Network files of a substep, best rank first."""
        names = [network.name for network in self.scope.networks_of(wildcards.substep)]
        return [self.scope.learnt(f"results/rsssm/networks/{name}/{wildcards.tile}.nc") for name in names]

    def simulated(self, wildcards: Any) -> list[str]:
        """Estimates of a round's substeps."""
        names = [substep.name for substep in self.scope.plan.substeps_of(wildcards.round) if substep.span]
        return [f"results/rsssm/simulated/{name}/{wildcards.tile}.nc" for name in names]

    def joined(self, wildcards: Any) -> list[str]:
        """A round's tiles."""
        return [f"results/rsssm/joined/{wildcards.round}/{tile}.nc" for tile in self.scope.tiles]

    def ranges(self, wildcards: Any) -> list[str]:
        """Per-pixel ranges of the target from outside, all tiles."""
        return [self.scope.learnt(f"results/rsssm/ranges/{tile}.nc") for tile in self.scope.tiles]

    def range_cubes(self, wildcards: Any) -> list[str]:
        """Cubes of the targets from outside."""
        return [f"results/rsssm/cubes/{target}/{wildcards.tile}.nc" for target in self.scope.plan.primaries]

    # -- targets people type -------------------------------------------------------------------------------------------

    def round_maps(self, round_: str) -> list[str]:
        """Indices of a round's maps."""
        return [f"results/rsssm/maps/SIM-{round_}/{year}.json" for year in self.scope.round_years(round_)]

    def all_maps(self) -> list[str]:
        """Indices of the maps of all rounds that serve the period."""
        return [index for round_ in self.rounds_wanted() for index in self.round_maps(round_)]

    def rounds_wanted(self) -> list[str]:
        """Rounds that serve the period."""
        wanted = set(self.scope.run.period.steps())
        return [r for r in self.scope.plan.rounds if wanted & set(self.scope.plan.simulated(r))]

    # -- params -------------------------------------------------------------------------------------------------------

    def code(self, verb: str) -> str:
        """Digest of the code behind a verb."""
        return code_digest(VERBS[verb])

    def files(self, wildcards: Any) -> str:
        """Digest of a product-year's native files (name, size, time)."""
        if self.scope.run.toy:
            return "toy"
        product = self.scope.catalogue[wildcards.product]
        return digest(list_files(Path(self.scope.run.inputs.root), product, _year(wildcards.year)))

    def toy_spec(self, wildcards: Any) -> str:
        """The toy's settings, and the product whose files it writes."""
        assert self.scope.run.toy is not None
        toy = self.scope.run.toy.model_dump(mode="json", exclude={"products"})
        return canonical(
            {
                "toy": toy,
                "entry": self._entry(wildcards.product),
                "region": self.region_spec(),
                "last": self.scope.run.period.last,
            }
        )

    def map_spec(self, wildcards: Any) -> str:
        """Settings of the maps of a product-year."""
        inputs = self.scope.run.inputs.model_dump(mode="json")
        return canonical(
            {
                "entry": self._entry(wildcards.product),
                "inputs": inputs,
                "ingest": self.scope.run.ingest.model_dump(mode="json"),
                "region": self.region_spec(),
                "last": self.scope.run.period.last,
            }
        )

    def series_spec(self, wildcards: Any) -> str:
        """Which steps of which variables a series lists."""
        parts = {}
        for variable in self.scope.cubed(wildcards.variable):
            steps = self.scope.steps(variable, wildcards.variable)
            parts[variable] = {"calendar": self.scope.map_step(variable), "steps": [steps[0], steps[-1]]}
        return canonical(parts)

    @once_per("variable")
    def cube_spec(self, wildcards: Any) -> str:
        """Which layers and zones a cube holds."""
        parts = {}
        for variable in self.scope.cubed(wildcards.variable):
            entry = self.scope.catalogue.get(variable)
            outside = entry.outside_span if entry else "missing"
            parts[variable] = {"layers": self.layers(variable), "outside_span": outside}
        degrees = self.scope.run.zones.tile_degrees
        return canonical({"parts": parts, "region": self.region_spec(), "tile_degrees": degrees})

    def layers(self, variable: str) -> list[str]:
        """Layers of a variable's maps that its cube holds: the chains of a simulated target, else the value."""
        if variable not in self.scope.catalogue and self.scope.run.chains > 1:
            return [f"chain{k}" for k in range(self.scope.run.chains)]
        return ["value"]

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
        """What several chains need besides; nothing with one, so that its jobs know nothing of chains."""
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
        steps = [step for step in self.scope.plan.simulated(wildcards.round) if step // 36 == int(wildcards.year)]
        return canonical(
            {
                "fuzzify": self.scope.run.rounds.fuzzify.model_dump(),
                "region": self.region_spec(),
                "steps": [steps[0], steps[-1]],
            }
        )

    def kernel_spec(self) -> str:
        """What compiled code depends on besides itself."""
        return canonical({"cpu": self.scope.run.training.cpu})

    def range_spec(self, wildcards: Any) -> str:
        """Fewest dekads of a range."""
        return canonical({"min_dekads": self.scope.run.rounds.screen.min_dekads})

    def target_spec(self, wildcards: Any) -> str:
        """Screening of SIM-n."""
        seed = {"seed": self.scope.run.seed} if self.scope.run.chains > 1 else {}
        return canonical({"sigma": self.scope.run.rounds.screen.sigma, "region": self.region_spec(), **seed})

    def region_spec(self) -> list[int]:
        """South, north, west, degrees of longitude."""
        region = self.scope.region
        return [region.south, region.north, region.west, region.degrees]

    def _entry(self, product: str) -> dict[str, Any]:
        entry = self.scope.catalogue[product].model_dump(mode="json", exclude_defaults=True)
        return entry | {name: "-" for name in DESCRIPTION if name in entry}


def _year(text: str) -> int | None:
    return None if text == "static" else int(text)
