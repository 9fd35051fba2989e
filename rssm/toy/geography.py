"""What does not move on the toy Earth: land, relief, soil, climate, vegetation and water bodies, on 0.1° pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.grid import GRID, Window
from rssm.toy.noise import smooth

Array = NDArray[np.floating[Any]]  # float32 throughout, whatever the stubs infer


@dataclass(frozen=True)
class Geography:
    """Static fields (row, column) of a window; fractions 0…1 unless said otherwise."""

    window: Window
    latitude: Array  # (row, 1) degrees
    longitude: Array  # (1, column) degrees, running on past 180 in a window across the dateline
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
        """IGBP land cover class of a year (row, column); cropland creeps on."""
        green = self.tree + self.nontree
        crop = smooth(0, "crop", self.window, 5) + 0.02 * (year - 2010) > 0.7
        cold = self.latitude > 50
        tropical = abs(self.latitude) < 20
        forest = np.where(tropical, 2, np.where(cold, 1, 4))
        choices = [~self.land, self.tree > 0.6, self.tree > 0.35, crop & (green > 0.5), green > 0.6, green > 0.25]
        return np.select(choices, [0, forest, 8, 12, 10, 7], 16).astype(np.uint8)


def coast(window: Window) -> NDArray[np.bool_]:
    """Land where nobody gives a land mask: a pure function of position, the same for every seed."""
    field = smooth(0, "plates", window, 300) + 0.5 * smooth(0, "bays", window, 40)
    return field + 0.15 * smooth(0, "capes", window, 5) > -0.2


def geography(seed: int, window: Window, land: NDArray[np.bool_] | None = None) -> Geography:
    """Static fields of a window; `land` is the mask of the whole 0.1° grid (row, column), None: `coast`."""
    latitude = (GRID.north - (window.row + np.arange(window.rows) + 0.5) / 10).astype(np.float32)[:, None]
    longitude = ((window.column + np.arange(window.columns) + 0.5) / 10 - 180).astype(np.float32)[None, :]
    wet = _wetness(seed, window, latitude, longitude)
    rough = smooth(seed, "relief", window, 20)
    hills = 300 * smooth(seed, "hills", window, 20) + 150 * smooth(seed, "slopes", window, 5)
    elevation = np.maximum(350 + 450 * smooth(seed, "ranges", window, 60) + hills, 0)
    relief = np.clip(7 * np.exp(0.8 * rough + 0.3 * smooth(seed, "crags", window, 2)), 0, 100)
    sand = 0.45 + 0.10 * smooth(seed, "sand", window, 30) + 0.06 * smooth(seed, "dunes", window, 4) + 0.2 * (0.5 - wet)
    sand = np.clip(sand, 0.06, 0.92)
    clay = np.clip(0.22 - 0.4 * (sand - 0.45) + 0.05 * smooth(seed, "clay", window, 10), 0.03, 0.97 - sand)
    lakes = 0.2 * (smooth(seed, "lakes", window, 6) - 1.1)
    tree = np.clip(
        (wet - 0.3) * 1.5 + 0.10 * smooth(seed, "woods", window, 12) + 0.07 * smooth(seed, "groves", window, 3), 0, 0.92
    )
    tree = tree * np.clip((72 - abs(latitude)) / 10, 0, 1)
    nontree = (1 - tree) * np.clip((wet - 0.05) * 2.2 + 0.1 * smooth(seed, "grass", window, 5), 0.02, 0.97)
    return Geography(
        window=window,
        latitude=latitude,
        longitude=longitude,
        land=coast(window) if land is None else _cut(land, window),
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


def _wetness(seed: int, window: Window, latitude: Array, longitude: Array) -> Array:
    """Climate: wet tropics, dry belts near 25°, moist mid-latitudes, and regional departures from them."""
    north = abs(latitude)
    belts = 0.55 + 0.4 * np.exp(-((latitude / 10) ** 2)) - 0.42 * np.exp(-(((north - 25) / 9) ** 2))
    region = 0.10 * smooth(seed, "climate", window, 100) + 0.10 * smooth(seed, "rain shadow", window, 15)
    # The dry basin of the Ebro, so that the demo's region holds a desert whatever the seed.
    basin = 0.9 * np.exp(-(((latitude - 41.3) / 0.5) ** 2) - ((longitude + 0.8) / 0.8) ** 2)
    return np.clip((belts + region) * (1 - basin), 0.02, 1).astype(np.float32)


def _cut(land: NDArray[np.bool_], window: Window) -> NDArray[np.bool_]:
    """A window of the global mask; all is sea poleward of the grid."""
    rows = window.row + np.arange(window.rows)
    columns = (window.column + np.arange(window.columns)) % GRID.columns
    inside = (rows >= 0) & (rows < GRID.rows)
    return land[np.clip(rows, 0, GRID.rows - 1)][:, columns] & inside[:, None]
