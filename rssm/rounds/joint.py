"""The joint of two substeps that differ in their source of LAI: both simulate the same dekads, and are compared.

Substeps that follow each other in one series with different LAI may leave a step where they meet. So each one's
networks simulate all dekads of the round in which both sources exist, and the difference is published by dekad of the
year. Estimates are compared as they come from the subnetworks, before zones are blended.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.cubes.cube import read_cubes
from rssm.files import atomic
from rssm.networks import store
from rssm.rounds.estimates import Estimates
from rssm.rounds.simulate import simulated
from rssm.rounds.specs import JointSpec
from rssm.tsv import write_tsv

SUMS = ("n", "difference", "magnitude", "square")  # of a − b, by dekad of the year
COLUMNS = ("dekad", "n", "mean", "sd", "mean_absolute")


def joint(
    joint: str,
    tile: str,
    networks_a: Sequence[str],
    cubes_a: Sequence[str],
    networks_b: Sequence[str],
    cubes_b: Sequence[str],
    spec: JointSpec,
    out: Sequence[str],
) -> None:
    """Simulate the dekads of a joint with the networks of both substeps and write sums of their difference by zone.

    joint     names of a and b, in the order of their table
    """
    parts = []
    for networks, cubes, own in ((networks_a, cubes_a, spec.a), (networks_b, cubes_b, spec.b)):
        variables = {cube.variable: cube for path in cubes for cube in read_cubes(path)}
        parts.append(simulated([store.read(path) for path in networks], variables, own))
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps(zone_sums(*parts)), encoding="utf-8")


def zone_sums(a: Estimates, b: Estimates) -> dict[str, dict[str, list[float]]]:
    """Zone → sums (SUMS) of a − b for each dekad of the year, m³ m⁻³; the control where there are several chains."""
    difference = a.value[0].astype(np.float64) - b.value[0]
    both = np.isfinite(difference)
    known = np.where(both, difference, 0)
    layers = {"n": both, "difference": known, "magnitude": np.abs(known), "square": known**2}
    season = np.array([DEKADS.season_of(step) for step in a.step.tolist()])
    of_year = np.equal(np.arange(DEKADS.seasons)[:, None], season)  # (dekad of year, time)
    sums: dict[str, dict[str, list[float]]] = {}
    for z, zone in enumerate(a.zones):
        pixels = slice(a.zone_start[z], a.zone_start[z + 1])
        by_dekad = {name: of_year.astype(np.float64) @ layers[name][pixels].sum(axis=0) for name in SUMS}
        sums[zone] = {name: values.tolist() for name, values in by_dekad.items()}
    return sums


def joint_table(joint: str, tiles: Sequence[str], out: Sequence[str]) -> None:
    """Write the difference of two substeps as a tab-separated table: a row per dekad of the year, and one of all."""
    write_tsv(out[0], COLUMNS, table_rows(json.loads(Path(path).read_text(encoding="utf-8")) for path in tiles))


def table_rows(tiles: Iterable[Mapping[str, Mapping[str, Sequence[float]]]]) -> list[list[str | None]]:
    """Rows of the table of sums by zone; zones are added in the order of their names, so tiles do not matter."""
    zones = {zone: sums for tile in tiles for zone, sums in tile.items()}
    total = sum(
        (np.array([zones[zone][name] for name in SUMS]) for zone in sorted(zones)),
        np.zeros((len(SUMS), DEKADS.seasons)),
    )
    rows = [(f"D{dekad + 1:02d}", total[:, dekad]) for dekad in range(DEKADS.seasons)] + [("all", total.sum(axis=1))]
    return [[name, *_figures(sums)] for name, sums in rows]


def _figures(sums: NDArray[np.float64]) -> list[str | None]:
    """n, mean, standard deviation, mean magnitude of a difference, as text."""
    n, difference, magnitude, square = sums
    if n == 0:
        return ["0", None, None, None]
    mean = difference / n
    spread = np.sqrt(max(square - n * mean**2, 0) / (n - 1)) if n > 1 else None
    return [f"{n:.0f}", f"{mean:.6f}", None if spread is None else f"{spread:.6f}", f"{magnitude / n:.6f}"]
