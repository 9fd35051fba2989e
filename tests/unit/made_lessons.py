"""A made-up tile of two zones whose target depends on known inputs by known shares, and two networks trained on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rssm.calendar import DEKADS
from rssm.config.training import Training
from rssm.cubes.cube import Cube, write_cube
from rssm.grid import GRID, Zone
from rssm.networks.specs import Teaching
from rssm.rounds.contribute import contribute
from rssm.rounds.specs import ContributeSpec, ProbedNetwork, TrainSpec
from rssm.rounds.train import train
from rssm.tsv import read_tsv

STEPS = DEKADS.span("2015D01", "2016D36")
ZONES = (Zone(40, -4), Zone(40, -3))
WEIGHTS = {"A": 0.04, "B": 0.02, "C": 0.0, "LAI-X": 0.02}  # m³ m⁻³ for one standard deviation
TRUE = {name: weight**2 / sum(w**2 for w in WEIGHTS.values()) for name, weight in WEIGHTS.items()}
TARGETS = (Teaching("T", ((STEPS[0], STEPS[-1]),)),)
NETWORKS = {"N1": ("A", "B", "C", "LAI-X"), "N2": ("B", "LAI-X")}


class Tile:
    """Files of a tile of two zones: inputs, a target that depends on them linearly, two trained networks."""

    def __init__(self, folder: Path) -> None:
        rng = np.random.default_rng(5)
        parts = [GRID.zone_window(zone) for zone in ZONES]
        places = [
            np.add.outer(np.arange(5) + w.row, np.zeros(8, int)) * GRID.columns + np.arange(8) + w.column for w in parts
        ]
        pixel = np.concatenate([place.ravel() for place in places]).astype(np.int32)
        values = {name: rng.normal(0, 1, (pixel.size, len(STEPS))) for name in WEIGHTS}
        target = 0.25 + sum(WEIGHTS[name] * values[name] for name in WEIGHTS) + rng.normal(0, 0.01, values["A"].shape)
        target[:40, ::2] = np.nan  # the first zone has half of the points

        def cube(name: str, field: np.ndarray) -> Cube:
            start, step = np.array([0, 40, 80], np.int32), np.array(STEPS, np.int32)
            names = tuple(zone.name for zone in ZONES)
            return Cube(name, "1", field.astype(np.float32), pixel, names, start, step, "dekad", GRID.id)

        self.cubes = {name: str(folder / f"cubes/{name}/T.nc") for name in (*"ABC", "FACTORS", "T")}
        for name, path in self.cubes.items():
            own = "LAI-X" if name == "FACTORS" else name
            write_cube(path, cube(own, target if name == "T" else values[own]))
        self.networks = []
        training = Training(starts=2, start_iterations=10, iterations=40)
        for name, inputs in NETWORKS.items():
            spec = TrainSpec(name, inputs, len(inputs) - 1, TARGETS, training, 1, 1)
            self.networks.append(str(folder / f"networks/{name}/T.nc"))
            train(name, "T", list(self.cubes.values()), spec, [self.networks[-1]])

    def contribute(self, out: Path, zones: tuple[Zone, ...] = ZONES) -> list[dict[str, str]]:
        tested = tuple(
            ProbedNetwork(name, ("A", "B", "C", "FACTORS", "T"), inputs, TARGETS) for name, inputs in NETWORKS.items()
        )
        spec = ContributeSpec(tested, tuple(zone.name for zone in zones), 1)
        contribute("T", self.networks, list(self.cubes.values()), spec, [str(out)])
        return [row for _, row in read_tsv(out)]
