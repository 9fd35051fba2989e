"""Stations, networks and simulation: what the rules of SoMo.ml ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

from rssm.calendar import STATIC
from rssm.somo.specs import (
    CrossvalSpec,
    NearSpec,
    NetworkSpec,
    RecordsSpec,
    ScoresSpec,
    SimulateSpec,
    SiteSimulateSpec,
    SitesSpec,
    SplitSpec,
    StationsSpec,
    TargetSpec,
    TrainSpec,
)
from rssm.spec import canonical
from rssm.stations.networks import networks_in
from rssm.validation.stations.inputs import station_digest
from rssm.workflow.ground import Ground, code, one_of
from rssm.workflow.somo.scope import FORCING, SOIL, STATICS, SomoScope
from rssm.workflow.toy_files import AS_WRITTEN

LAYERS = ("1", "2", "3")
KINDS = ("ismn", "csv", "cemaden")  # archives of stations
ALL, NETWORK = "all", "ISMN-"  # parts of them that a job reads: everything, and what a network's begin with


class SomoJobs(Ground):
    """The answers for one scope."""

    scope: SomoScope

    def wildcards(self) -> dict[str, str]:
        return super().wildcards() | {
            "part": r"[^/]+",
            "layer": one_of(LAYERS),
            "member": r"\d+",
            "fold": r"\d+",
            "scheme": r"[a-z]+",
        }

    def code(self, verb: str) -> Callable[[Any], str]:
        """Digest of the code behind a verb, found when a job is planned."""
        return lambda wildcards: code(verb)

    @property
    def members(self) -> list[int]:
        """Members of a layer's ensemble."""
        return list(range(1, self.scope.run.members + 1))

    @property
    def folds(self) -> list[int]:
        return list(range(self.scope.run.crossval.folds))

    # -- stations --------------------------------------------------------------------------------------------------------

    def toy_archives(self, wildcards: Any) -> list[str]:
        """Manifests of the toy's archives of stations; real archives enter as a digest."""
        toy, root = self.scope.run.toy, self.scope.run.inputs.root
        if not toy:
            return []
        stations = [name for name, product in self.scope.catalogue.items() if product.kind == "station"]
        wanted = [name for name in stations if toy.products is None or name in toy.products]
        named = self.scope.run.stations
        asked = {*named.ismn, *named.cemaden}
        return [
            f"{root}/{name}/{STATIC}.json" for name in wanted if self.scope.catalogue[name].files.split("/")[0] in asked
        ]

    def archives(self, kind: str) -> Callable[[Any, Any], list[str]]:
        """Where archives of one kind lie, which decides nothing: Snakemake keeps no parameter that asks for `output`."""
        return lambda wildcards, output: self._places[kind] if self._reads(wildcards.part, kind) else []

    @cached_property
    def _places(self) -> dict[str, list[str]]:
        root, named = self.scope.run.inputs.root, self.scope.run.stations
        return {kind: [f"{root}/{name}" for name in getattr(named, kind)] for kind in KINDS}

    def _reads(self, part: str, kind: str) -> bool:
        return part in (kind, ALL) or (kind == "ismn" and part.startswith(NETWORK))

    @cached_property
    def parts(self) -> dict[str, str]:
        """What a job reads of stations → digest of its files: networks of the ISMN, and other formats, each as a whole.

        All at once where networks are not known yet, as of a toy Earth, or where an archive cannot be listed.
        """
        places = self._places
        if self.scope.run.toy:
            return {ALL: AS_WRITTEN}
        networks = networks_in(places["ismn"])
        if not networks and (places["ismn"] or not any(places.values())):
            return {ALL: station_digest(places)}
        others = {kind: station_digest({kind: places[kind]}) for kind in KINDS[1:] if places[kind]}
        return {f"{NETWORK}{quote(name, safe='')}": digest for name, digest in networks.items()} | others

    def records(self, wildcards: Any) -> list[str]:
        """Daily means of all parts."""
        return [f"{self.scope.paths.results}/stations/{part}.nc" for part in self.parts]

    def dropped(self, wildcards: Any) -> list[str]:
        """What of them was dropped."""
        return [f"{self.scope.paths.results}/stations/{part}_dropped.tsv" for part in self.parts]

    def station_files(self, wildcards: Any) -> str:
        """Digest of the files of a part."""
        return self.parts[wildcards.part]

    def records_spec(self, wildcards: Any) -> str:
        scope, stations, part = self.scope, self.scope.run.stations, wildcards.part
        network = unquote(part.removeprefix(NETWORK)) if part.startswith(NETWORK) else ""
        asked = stations.flags, stations.per_day, network, scope.run.inputs.on_bad_file
        return canonical(RecordsSpec(scope.area, self._days, *asked))

    def stations_spec(self, wildcards: Any) -> str:
        return canonical(StationsSpec(self.scope.run.stations.least_days))

    @property
    def _days(self) -> tuple[int, int]:
        return self.scope.days[0], self.scope.days[-1]

    # -- targets and sites -----------------------------------------------------------------------------------------------

    def tiles_of(self, *cubes: str) -> list[str]:
        """`CUBE/TILE` of some cubes in all tiles."""
        return [f"{cube}/{tile}" for tile in self.scope.tiles for cube in cubes]

    @property
    def soil_cubes(self) -> list[str]:
        return self.tiles_of(SOIL)

    @property
    def all_cubes(self) -> list[str]:
        return self.tiles_of(FORCING, STATICS, SOIL)

    def above(self, wildcards: Any) -> list[str]:
        """Layers above a layer."""
        return [layer for layer in LAYERS if layer < wildcards.layer]

    def target_spec(self, wildcards: Any) -> str:
        scope, number = self.scope, int(wildcards.layer)
        soil, common = dict(scope.run.layers[number - 1].soil), scope.run.stations.least_common
        return canonical(TargetSpec(scope.area, self._days, scope.depths(number), soil, common))

    def sites_spec(self, wildcards: Any) -> str:
        forcing = self.scope.run.forcing
        soil = tuple(dict(layer.soil) for layer in self.scope.run.layers)
        return canonical(SitesSpec(self._days, forcing.dynamic, forcing.static, soil))

    # -- networks --------------------------------------------------------------------------------------------------------

    @property
    def network(self) -> NetworkSpec:
        """What a network is, and how it learns."""
        return NetworkSpec(**self.scope.run.network.model_dump(), seed=self.scope.run.seed)

    def train_spec(self, wildcards: Any) -> str:
        return canonical(TrainSpec(self.network, self._days))

    def site_simulate_spec(self, wildcards: Any) -> str:
        return canonical(SiteSimulateSpec(self.network.way, self.network.window))

    def crossval_spec(self, wildcards: Any) -> str:
        run = self.scope.run
        split = SplitSpec(wildcards.scheme, run.crossval.folds, run.crossval.block, run.crossval.buffer, run.seed)
        return canonical(CrossvalSpec(self.network, self._days, split, run.crossval.members))

    def judged(self, *schemes: str) -> list[str]:
        """Files of cross-validation, below their folder."""
        return [f"{s}/layer{layer}/{fold}" for s in schemes for layer in LAYERS for fold in self.folds]

    @property
    def calibrating(self) -> list[str]:
        """Those that calibrate."""
        scheme = self.scope.run.calibration.scheme
        return self.judged(scheme) if scheme != "none" else []

    def scores_spec(self, wildcards: Any) -> str:
        crossval = self.scope.run.crossval
        return canonical(ScoresSpec(crossval.anomaly_days, crossval.anomaly_least))

    # -- simulation ------------------------------------------------------------------------------------------------------

    def state(self, wildcards: Any) -> list[str]:
        """The state that the year before hands on; none where it starts."""
        if wildcards.year == self.scope.simulated_years[0]:
            return []
        return [self.scope.state_before(wildcards.year, wildcards.tile)]

    def simulate_spec(self, wildcards: Any) -> str:
        scope, network = self.scope, self.network
        year = scope.calendar.year(int(wildcards.year))
        days = (year[0], year[-1])
        return canonical(
            SimulateSpec(scope.grid.id, days, scope.days[0], len(LAYERS), network.way, network.window, scope.run.far)
        )

    def tables(self) -> list[str]:
        """Tables that tell of a run."""
        return [f"{self.scope.paths.report}/{name}" for name in ("archive.tsv", "land_share.tsv")]

    def near_spec(self, wildcards: Any) -> str:
        return canonical(NearSpec(self.scope.grid.id, self.scope.run.forcing.static))
