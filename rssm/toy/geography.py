"""What does not move on the toy Earth: land, relief, soil, climate, vegetation and water bodies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.toy.noise import Patch, smooth

Array = NDArray[np.floating[Any]]  # float32 throughout, whatever the stubs infer


@dataclass(frozen=True)
class Geography:
    """Static fields (row, column) of a patch; fractions 0…1 unless stated otherwise."""

    patch: Patch
    latitude: Array  # (row, 1) degrees
    longitude: Array  # (1, column) degrees, running on past 180 in a patch across the dateline
    land: NDArray[np.bool_]
    wetness: Array  # climate, 0 desert … 1 rainforest
    elevation: Array  # m
    relief: Array  # topographic complexity, per cent
    sand: Array
    clay: Array
    porosity: Array  # m³ m⁻³
    water: Array  # permanent inland water
    tree: Array
    nontree: Array
    rainforest: NDArray[np.bool_]
    wetland: Array  # per cent

    def cover(self, year: int) -> NDArray[np.uint8]:
        """IGBP land cover class of a year (row, column); cropland spreads slowly."""
        green = self.tree + self.nontree
        crop = smooth(0, "crop", self.patch, 5) + 0.02 * (year - 2010) > 0.7
        cold = self.latitude > 50
        tropical = abs(self.latitude) < 20
        forest = np.where(tropical, 2, np.where(cold, 1, 4))
        choices = [~self.land, self.tree > 0.6, self.tree > 0.35, crop & (green > 0.5), green > 0.6, green > 0.25]
        return np.select(choices, [0, forest, 8, 12, 10, 7], 16).astype(np.uint8)


def climate_class(wetness: Array, latitude: Array) -> NDArray[np.uint8]:
    """Köppen–Geiger class 1…30 by wetness and latitude: deserts, steppes, tropics, mild, cold."""
    north = abs(latitude)
    hot = north < 32
    classes = np.select(
        [wetness < 0.15, wetness < 0.3, north < 18, north < 48, north < 68],
        [np.where(hot, 4, 5), np.where(hot, 6, 7), np.where(wetness > 0.8, 1, 3), np.where(wetness < 0.5, 8, 15), 26],
        29,
    )
    return classes.astype(np.uint8)


def coast(patch: Patch) -> NDArray[np.bool_]:
    """Land where no land mask is given: a pure function of position, the same for every seed."""
    field = smooth(0, "plates", patch, 300) + 0.5 * smooth(0, "bays", patch, 40)
    return field + 0.15 * smooth(0, "capes", patch, 5) > -0.2


def geography(seed: int, patch: Patch, land: NDArray[np.bool_] | None = None) -> Geography:
    """Static fields of a patch; `land` is the mask of the whole grid (row, column), None: `coast`."""
    grid, n = patch.grid, patch.grid.zone_pixels
    latitude = (grid.north - (patch.row + np.arange(patch.rows) + 0.5) / n).astype(np.float32)[:, None]
    longitude = ((patch.column + np.arange(patch.columns) + 0.5) / n + grid.west).astype(np.float32)[None, :]
    wet = _wetness(seed, patch, latitude, longitude)
    rough = smooth(seed, "relief", patch, 20)
    hills = 300 * smooth(seed, "hills", patch, 20) + 150 * smooth(seed, "slopes", patch, 5)
    elevation = np.maximum(350 + 450 * smooth(seed, "ranges", patch, 60) + hills, 0)
    relief = np.clip(7 * np.exp(0.8 * rough + 0.3 * smooth(seed, "crags", patch, 2)), 0, 100)
    sand = 0.45 + 0.10 * smooth(seed, "sand", patch, 30) + 0.06 * smooth(seed, "dunes", patch, 4) + 0.2 * (0.5 - wet)
    sand = np.clip(sand, 0.06, 0.92)
    clay = np.clip(0.22 - 0.4 * (sand - 0.45) + 0.05 * smooth(seed, "clay", patch, 10), 0.03, 0.97 - sand)
    lakes = 0.2 * (smooth(seed, "lakes", patch, 6) - 1.1)
    tree = np.clip(
        (wet - 0.3) * 1.5 + 0.10 * smooth(seed, "woods", patch, 12) + 0.07 * smooth(seed, "groves", patch, 3), 0, 0.92
    )
    tree = tree * np.clip((72 - abs(latitude)) / 10, 0, 1)
    nontree = (1 - tree) * np.clip((wet - 0.05) * 2.2 + 0.1 * smooth(seed, "grass", patch, 5), 0.02, 0.97)
    return Geography(
        patch=patch,
        latitude=latitude,
        longitude=longitude,
        land=coast(patch) if land is None else _cut(land, patch),
        wetness=wet,
        elevation=elevation,
        relief=relief,
        sand=sand,
        clay=clay,
        porosity=0.37 + 0.28 * clay + 0.05 * wet,
        water=np.clip(lakes, 0, 0.8),
        tree=tree,
        nontree=nontree,
        rainforest=(abs(latitude) < 15) & (tree > 0.7),
        wetland=np.clip(100 * lakes + 30 * (wet - 0.6), 0, 100),
    )


def _wetness(seed: int, patch: Patch, latitude: Array, longitude: Array) -> Array:
    """Climate: wet tropics, dry belts near 25°, moist mid-latitudes, and regional departures from them."""
    north = abs(latitude)
    belts = 0.55 + 0.4 * np.exp(-((latitude / 10) ** 2)) - 0.42 * np.exp(-(((north - 25) / 9) ** 2))
    region = 0.10 * smooth(seed, "climate", patch, 100) + 0.10 * smooth(seed, "rain shadow", patch, 15)
    # The dry basin of the Ebro, so that the demo's region holds a desert whatever the seed.
    basin = 0.9 * np.exp(-(((latitude - 41.3) / 0.5) ** 2) - ((longitude + 0.8) / 0.8) ** 2)
    return np.clip((belts + region) * (1 - basin), 0.02, 1).astype(np.float32)


def _cut(land: NDArray[np.bool_], patch: Patch) -> NDArray[np.bool_]:
    """The part of the global mask under a patch; poleward of the grid all is sea."""
    grid, rows = patch.grid, patch.row + np.arange(patch.rows)
    columns = (patch.column + np.arange(patch.columns)) % grid.columns
    inside = (rows >= 0) & (rows < grid.rows)
    return land[np.clip(rows, 0, grid.rows - 1)][:, columns] & inside[:, None]
