"""Simulation by subnetworks with and without skill, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rssm.calendar import DEKADS
from rssm.cubes.cube import Cube
from rssm.grid import GRID
from rssm.networks.kernels.codes import Status
from rssm.networks.store import Stored
from rssm.networks.subnetworks import Subnetworks
from rssm.rounds.estimates import FALLBACK, NO_SKILL
from rssm.rounds.simulate import simulated, tally
from rssm.rounds.specs import RankedNetwork, SimulateSpec


def test_an_estimate_without_skill_says_so() -> None:
    pixel, start = np.array([3600], np.int32), np.array([0, 1], np.int32)
    wet = Cube(
        "A",
        "m3 m-3",
        np.full((1, 1), 0.5, np.float32),
        pixel,
        ("N79W180",),
        start,
        np.array([7], np.int32),
        DEKADS.id,
        GRID.id,
    )
    dry = replace(wet, variable="B")

    def says(name: str, inputs: tuple[str, ...], value: float, status: Status) -> tuple[RankedNetwork, Stored]:
        trained = Subnetworks.empty(chains=1, zones=1, hidden=1, inputs=len(inputs))
        for weights in ("hidden", "hidden_bias", "output"):
            getattr(trained, weights)[:] = 0
        for one in ("factor", "target_factor", "high"):
            getattr(trained, one)[:] = 1
        trained.low[:], trained.output_bias[:], trained.status[:] = 0, value, status
        return RankedNetwork(name, len(inputs), inputs), Stored(trained, inputs, ("N79W180",), {})

    def simulation(first: Status, second: Status) -> tuple[float, int]:
        networks = [says("AB", ("A", "B"), 0.25, first), says("A", ("A",), 0.125, second)]
        spec = SimulateSpec((7, 7), tuple(ranked for ranked, _ in networks), "none")
        found = simulated([stored for _, stored in networks], {"A": wet, "B": dry}, spec)
        assert tally([stored for _, stored in networks], found)["no_skill"].sum() == bool(found.flags[0, 0] & NO_SKILL)
        return float(found.value[0, 0, 0]), int(found.flags[0, 0])

    assert simulation(Status.OK, Status.OK) == (0.25, 0)
    assert simulation(Status.NO_SKILL, Status.OK) == (0.125, FALLBACK)
    assert simulation(Status.NO_SKILL, Status.NO_SKILL) == (0.25, NO_SKILL)
    assert simulation(Status.TOO_FEW_POINTS, Status.NO_SKILL) == (0.125, FALLBACK | NO_SKILL)
