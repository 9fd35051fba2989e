"""Skill of a round's subnetworks on blocks they never saw, and the residual variance that follows, as one table.

R = max(MSE − V, 0) with V the mean variance between chains over what the subnetwork simulates, drawn toward the mean of
its network and land cover where few blocks judged it; held-out error is measured against targets, so R of the rounds
that simulated these is added. The table carries a digest of the network files, so that an interim release can prove that
it uses the frozen ones, and those of all rounds that taught them, so that a year of the data set can name them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.place import window_index
from rssm.errors import InputError
from rssm.files import Kind
from rssm.fusion.store import read_judged
from rssm.grid import Region, Window, grid_of, parse_corner
from rssm.networks import store
from rssm.product.records.release import digest_of
from rssm.product.specs import HeldOutSpec
from rssm.product.uncertainty.recipe import chain_variance, inherited_variance, residual_variance
from rssm.product.uncertainty.spread import mean_by_subnetwork
from rssm.product.values.sources import Maps
from rssm.rounds.estimates import Estimates, read_estimates
from rssm.rounds.specs import MATCHED

HELD_OUT = Kind("held-out skill of a round")
FIELDS = {
    "mse": ("mean squared error on blocks never seen", "(m3 m-3)2"),
    "r2": ("coefficient of determination on blocks never seen", "1"),
    "blocks": ("blocks behind them", "1"),
    "variance": ("mean variance between chains over all that was simulated", "(m3 m-3)2"),
    "lessons": ("pixel-dekads that it simulated where no target from outside was", "1"),
    "residual": ("residual variance R, with that of the simulations learnt from", "(m3 m-3)2"),
}


@dataclass(frozen=True)
class Skill:
    """Subnetworks of a round: all fields (network, zone) float32, NaN where there is no subnetwork.

    files   digest of the network files
    behind  round → digest of its network files, of the rounds that taught this one, directly or through others
    """

    networks: tuple[str, ...]
    zones: tuple[str, ...]
    fields: dict[str, NDArray[np.float32]]
    files: str
    behind: dict[str, str] = field(default_factory=dict)

    def over(self, region: Region, field: str, networks: Sequence[str]) -> NDArray[np.float32]:
        """A field laid on the zones of a region: (network, zone row, zone column), NaN where there is none.

        networks   whose order the first axis takes; another −1st row of NaN follows for `no network`
        """
        laid = np.full((len(networks) + 1, region.north - region.south, region.degrees), np.nan, np.float32)
        corner = [parse_corner(name) for name in self.zones]
        row = region.north - 1 - np.array([south for south, _ in corner])
        column = (np.array([west for _, west in corner]) - region.west) % 360
        inside = (row >= 0) & (row < laid.shape[1]) & (column < laid.shape[2])
        for at, name in enumerate(self.networks):
            if name in networks:
                laid[networks.index(name), row[inside], column[inside]] = self.fields[field][at, inside]
        return laid

    def taught(self, zones: Sequence[str]) -> NDArray[np.float64]:
        """Mean residual variance (zone,) of what the round may teach in some zones, NaN where nothing."""
        residual, weight = (self.fields[name].astype(np.float64) for name in ("residual", "lessons"))
        weight = np.where(np.isfinite(residual), weight, 0)
        total = weight.sum(axis=0)
        mean = np.sum(weight * np.nan_to_num(residual), axis=0) / np.where(total > 0, total, np.nan)
        by_zone = dict(zip(self.zones, mean.tolist(), strict=True))
        return np.array([by_zone.get(zone, np.nan) for zone in zones])


def held_out_skill(
    round: str,
    joined: Sequence[str],
    networks: Sequence[str],
    matched: Sequence[str],
    land_cover: Sequence[str],
    earlier: Sequence[str],
    spec: HeldOutSpec,
    out: Sequence[str],
) -> None:
    """Write the table of a round.

    joined      the round's estimates, all tiles
    networks    network files of the round, all tiles
    matched     files of matched products, all tiles, or nothing where the estimates are those of the chain
    land_cover  index of a year of land-cover maps, or nothing: then all land is one stratum
    earlier     tables of the rounds before, named {round}.nc
    """
    names = spec.names
    zones, variance, lessons, cover = _simulated(map(read_estimates, joined), land_cover, spec)
    fields = {name: np.full((len(names), len(zones)), np.nan, np.float32) for name in FIELDS}
    fields["variance"][:], fields["lessons"][:] = variance, lessons
    fields["blocks"][:] = 0
    place = {zone: at for at, zone in enumerate(zones)}
    for path in networks:
        stored = store.read(path)
        at = [place[zone] for zone in stored.zones]
        n = names.index(str(stored.attributes["network"]))
        fields["mse"][n, at] = stored.subnetworks.rmse[0, :, 2] ** 2
        fields["r2"][n, at] = stored.subnetworks.r2[0, :, 2]
        fields["blocks"][n, at] = stored.subnetworks.points[0, :, 2] / spec.block
    for path in matched:
        judged = read_judged(path)
        at = [place[zone] for zone in judged.zones]
        n = names.index(MATCHED)
        fields["mse"][n, at], fields["r2"][n, at] = judged.mse, judged.r2
        fields["blocks"][n, at] = judged.points / spec.block
    stratum = np.arange(len(names))[:, None] * (cover.max() + 1) + cover
    mse, mean, blocks = (fields[name].ravel() for name in ("mse", "variance", "blocks"))
    residual = residual_variance(mse, mean, blocks, stratum.ravel(), spec.prior)
    before = {Path(path).stem: read_skill(path) for path in earlier}
    taught = np.array([table.taught(zones) for table in before.values()]).reshape(len(before), len(zones))
    shares = np.array(spec.shares).reshape(len(names), len(before))
    fields["residual"][:] = residual.reshape(stratum.shape) + inherited_variance(shares, taught)
    teachers = {round_: table for at, (round_, table) in enumerate(before.items()) if shares[:, at].any()}
    write_skill(out[0], Skill(names, tuple(zones), fields, digest_of(networks), all_networks(teachers)))


def all_networks(tables: Mapping[str, Skill]) -> dict[str, str]:
    """Round → digest of its network files, of the rounds of some tables and all that taught them.

    tables   round → its table
    """
    behind = {round_: digest for table in tables.values() for round_, digest in table.behind.items()}
    return behind | {round_: table.files for round_, table in tables.items()}


def _simulated(
    tiles: Iterable[Estimates], land_cover: Sequence[str], spec: HeldOutSpec
) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Zones, mean variance between chains and number of lessons (network, zone), commonest land-cover class of each zone."""
    maps = Maps.of(land_cover, grid_of(spec.grid_id), CALENDARS[spec.calendar])
    zones: list[str] = []
    parts, covers = [], []
    for tile in tiles:
        spread = chain_variance(tile.value) if tile.value.shape[0] > 1 else np.zeros(tile.network.shape)
        teaches = (tile.step >= spec.teaches[0]) & (tile.step <= spec.teaches[1])
        mean, _ = mean_by_subnetwork(spread, tile)
        _, lessons = mean_by_subnetwork(np.where(teaches, spread, np.nan), tile)
        found = np.zeros((2, len(spec.names), len(tile.zones)))  # a subnetwork that simulates nothing adds none
        found[:, [spec.names.index(name) for name in tile.names]] = mean, lessons
        parts.append(found)
        covers.append(_commonest(maps, spec.land_cover, tile))
        zones += tile.zones
    if not parts:
        raise InputError("skill: no estimates were given; expected those of a round, all tiles.")
    variance, lessons = np.concatenate(parts, axis=2)
    return zones, variance, lessons, np.concatenate(covers)


def _commonest(maps: Maps, product: str, tile: Estimates) -> NDArray[np.int64]:
    """Commonest land-cover class of each zone of a tile, 0 where unknown."""
    if not maps.entries:
        return np.zeros(len(tile.zones), np.int64)
    rows, columns = np.divmod(tile.pixel, maps.grid.columns)
    window = Window(int(rows.min()), int(columns.min()), int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1)
    value = np.nan_to_num(maps.value(product, int(tile.step[0]) if tile.step.size else 0, window)).astype(np.int64)
    _, position = window_index(tile.pixel, window, maps.grid)
    classes = value.ravel()[position]
    bounds = zip(tile.zone_start[:-1], tile.zone_start[1:], strict=True)
    return np.array([np.bincount(classes[a:b]).argmax() for a, b in bounds], np.int64)


def write_skill(path: str | Path, table: Skill) -> None:
    """Write a table as one NetCDF file."""
    with HELD_OUT.created(path) as file:
        file.title = "Skill of a round's subnetworks"
        file.network_files = table.files
        file.network_files_behind = json.dumps(table.behind, sort_keys=True)
        file.createDimension("network", len(table.networks))
        file.createDimension("zone", len(table.zones))
        file.createVariable("network", str, ("network",))[:] = np.array(table.networks, object)
        file.createVariable("zone", str, ("zone",))[:] = np.array(table.zones, object)
        for name, (meaning, units) in FIELDS.items():
            variable = file.createVariable(name, "f4", ("network", "zone"), fill_value=np.nan, zlib=True, complevel=1)
            variable.setncatts({"long_name": meaning, "units": units})
            variable[:] = table.fields[name]


def read_skill(path: str | Path) -> Skill:
    """Read a table back."""
    with HELD_OUT.opened(path) as file:
        return Skill(
            tuple(file["network"][:]),
            tuple(file["zone"][:]),
            {name: file[name][:] for name in FIELDS},
            str(file.network_files),
            json.loads(file.network_files_behind),
        )
