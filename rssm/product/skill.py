"""Skill of a round's subnetworks on blocks they never saw, and the residual variance that follows, as one table.

R = max(MSE − V, 0) with V the mean variance between chains over what the subnetwork simulates, drawn toward the mean of
its network and land cover where few blocks judged it. The table carries a digest of the network files, so that an
interim release can prove that it uses the frozen ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.cubes import window_index
from rssm.errors import InputError
from rssm.files import atomic
from rssm.grid import GRID, Window, parse_corner
from rssm.ingest.index import checksum
from rssm.networks import store
from rssm.product.sources import Maps
from rssm.product.uncertainty import chain_variance, residual_variance
from rssm.rounds.estimates import Estimates, read_estimates

FIELDS = {
    "mse": ("mean squared error on blocks never seen", "(m3 m-3)2"),
    "r2": ("coefficient of determination on blocks never seen", "1"),
    "blocks": ("blocks behind them", "1"),
    "variance": ("mean variance between chains over all that was simulated", "(m3 m-3)2"),
    "residual": ("residual variance R", "(m3 m-3)2"),
}


@dataclass(frozen=True)
class Skill:
    """Subnetworks of a round: all fields (network, zone) float32, NaN where there is no subnetwork.

    files   digest of the network files
    """

    networks: tuple[str, ...]
    zones: tuple[str, ...]
    fields: dict[str, NDArray[np.float32]]
    files: str

    def over(self, window: Window, field: str, networks: Sequence[str]) -> NDArray[np.float32]:
        """A field laid on the zones of a window: (network, zone row, zone column), NaN where there is none.

        networks   whose order the first axis takes; another −1st row of NaN follows for `no network`
        """
        n = GRID.per_degree
        laid = np.full((len(networks) + 1, window.rows // n, window.columns // n), np.nan, np.float32)
        corner = [parse_corner(name) for name in self.zones]
        row = np.array([GRID.north - 1 - south for south, _ in corner]) - window.row // n
        column = (np.array([west + 180 for _, west in corner]) - window.column // n) % 360
        inside = (row >= 0) & (row < laid.shape[1]) & (column < laid.shape[2])
        for at, name in enumerate(self.networks):
            if name in networks:
                laid[networks.index(name), row[inside], column[inside]] = self.fields[field][at, inside]
        return laid


def skill(
    round: str,
    joined: Sequence[str],
    networks: Sequence[str],
    land_cover: Sequence[str],
    spec: dict[str, Any],
    out: Sequence[str],
) -> None:
    """Write the table of a round.

    joined      the round's estimates, all tiles
    networks    network files of the round, all tiles
    land_cover  index of a year of land-cover maps, or nothing: then all land is one stratum
    spec        names (networks in order), block (pixels × dekads that count as one block), prior (blocks),
                land_cover (name of the product)
    """
    names: list[str] = spec["names"]
    zones, variance, cover = _simulated(map(read_estimates, joined), names, land_cover, spec["land_cover"])
    fields = {name: np.full((len(names), len(zones)), np.nan, np.float32) for name in FIELDS}
    fields["variance"] = variance
    fields["blocks"][:] = 0
    place = {zone: at for at, zone in enumerate(zones)}
    digests = []
    for path in networks:
        stored = store.read(path)
        network = str(stored.attributes["network"])
        digests.append(f"{network}/{Path(path).name}={checksum(path)}")
        at = [place[zone] for zone in stored.zones]
        n = names.index(network)
        fields["mse"][n, at] = stored.subnetworks.rmse[0, :, 2] ** 2
        fields["r2"][n, at] = stored.subnetworks.r2[0, :, 2]
        fields["blocks"][n, at] = stored.subnetworks.points[0, :, 2] / spec["block"]
    stratum = np.arange(len(names))[:, None] * (cover.max() + 1) + cover
    mse, mean, blocks = (fields[name].ravel() for name in ("mse", "variance", "blocks"))
    residual = residual_variance(mse, mean, blocks, stratum.ravel(), spec["prior"])
    fields["residual"] = residual.reshape(stratum.shape).astype(np.float32)
    files = hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()
    write_skill(out[0], Skill(tuple(names), tuple(zones), fields, files))


def _simulated(
    tiles: Iterable[Estimates], names: Sequence[str], land_cover: Sequence[str], product: str
) -> tuple[list[str], NDArray[np.float32], NDArray[np.int64]]:
    """Zones, mean variance between chains (network, zone), commonest land-cover class of each zone."""
    maps = Maps.of(land_cover)
    zones: list[str] = []
    parts, covers = [], []
    for tile in tiles:
        spread = chain_variance(tile.value) if tile.value.shape[0] > 1 else np.zeros(tile.network.shape)
        key = tile.network.astype(np.int64) * len(tile.zones) + tile.zone_of_pixel()[:, None]
        used = (tile.network >= 0) & np.isfinite(spread)
        size = len(tile.names) * len(tile.zones)
        total = np.bincount(key[used], spread[used], size).reshape(len(tile.names), -1)
        count = np.bincount(key[used], minlength=size).reshape(total.shape)
        mean = np.zeros((len(names), len(tile.zones)), np.float32)  # a subnetwork that simulates nothing adds none
        at = [names.index(name) for name in tile.names]
        mean[at] = np.divide(total, count, out=np.zeros(total.shape), where=count > 0)
        parts.append(mean)
        covers.append(_commonest(maps, product, tile))
        zones += tile.zones
    if not parts:
        raise InputError("skill: no estimates were given; expected those of a round, all tiles.")
    return zones, np.concatenate(parts, axis=1), np.concatenate(covers)


def _commonest(maps: Maps, product: str, tile: Estimates) -> NDArray[np.int64]:
    """Commonest land-cover class of each zone of a tile, 0 where unknown."""
    if not maps.entries:
        return np.zeros(len(tile.zones), np.int64)
    rows, columns = tile.pixel // GRID.columns, tile.pixel % GRID.columns
    window = Window(int(rows.min()), int(columns.min()), int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1)
    value = np.nan_to_num(maps.value(product, int(tile.step[0]) if tile.step.size else 0, window)).astype(np.int64)
    _, position = window_index(tile.pixel, window)
    classes = value.ravel()[position]
    bounds = zip(tile.zone_start[:-1], tile.zone_start[1:], strict=True)
    return np.array([np.bincount(classes[a:b]).argmax() for a, b in bounds], np.int64)


def write_skill(path: str | Path, table: Skill) -> None:
    """Write a table as one NetCDF file."""
    with atomic(path) as beside, netCDF4.Dataset(beside, "w") as file:
        file.title = "Skill of a round's subnetworks"
        file.network_files = table.files
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
    try:
        file = netCDF4.Dataset(path)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read as a table of skill ({error}). Remove it and run its rule again."
        ) from None
    with file:
        file.set_auto_mask(False)
        return Skill(
            tuple(file["network"][:]),
            tuple(file["zone"][:]),
            {name: file[name][:] for name in FIELDS},
            str(file.network_files),
        )
