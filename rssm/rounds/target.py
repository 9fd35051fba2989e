"""From SIM-n to SIM-nT: only what is plausible may teach the next rounds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.cubes import read_cube, scatter
from rssm.files import atomic
from rssm.grid import GRID, Region, Window
from rssm.ingest.denoise import denoise
from rssm.ingest.index import read_index, write_index
from rssm.maps import read_map, write_map
from rssm.rounds.screen import screen


def target_range(tile: str, cubes: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Write each pixel's range of the targets from outside.

    spec  min_dekads: fewest values that make a range
    """
    read = [read_cube(path) for path in cubes]
    low, high = value_range(np.concatenate([cube.values for cube in read], axis=-1), spec["min_dekads"])
    with atomic(out[0]) as beside, netCDF4.Dataset(beside, "w") as file:
        file.createDimension("pixel", read[0].pixel.size)
        file.createVariable("pixel", "i4", ("pixel",))[:] = read[0].pixel
        for name, layer in {"low": low, "high": high}.items():
            variable = file.createVariable(name, "f4", ("pixel",), fill_value=np.nan)
            variable.units = "m3 m-3"
            variable[:] = layer


def value_range(values: NDArray[np.float32], min_dekads: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest of values (pixel, time), each (pixel,); NaN where fewer than `min_dekads` are valid."""
    enough = np.isfinite(values).sum(axis=1) >= min_dekads
    low, high = np.full((2, len(values)), np.nan, np.float32)
    low[enough], high[enough] = np.nanmin(values[enough], axis=1), np.nanmax(values[enough], axis=1)
    return low, high


def screened(
    round: str, year: str, maps: Sequence[str], ranges: Sequence[str], spec: dict[str, Any], out: Sequence[str]
) -> None:
    """Screen a round's maps of a year.

    spec  sigma (standard deviations), region [south, north, west, degrees]
    """
    window = GRID.window(Region(*spec["region"]))
    low, high = read_ranges(ranges, window)
    product, folder = f"SIM-{round}T", Path(out[0]).parent
    index: dict[str, dict[str, Any]] = {}
    for label, entry in read_index(maps[0]).items():
        layers, tags = read_map(Path(maps[0]).parent / entry["map"], window)
        names = [name for name in layers if name == "value" or name.startswith("chain")]
        kept, counts = _screen_layers({name: layers[name] for name in names}, low, high, spec["sigma"])
        path = folder / f"{product}_{label}.tif"
        own = {
            "product": product,
            "label": label,
            "calendar_id": DEKADS.id,
            "units": "m3 m-3",
            "status": tags["status"],
        }
        write_map(path, kept, GRID, window, own)
        index[label] = {"status": entry["status"], "map": path.name, **counts}
    write_index(out[0], product, year, index)


def _screen_layers(
    layers: dict[str, NDArray[np.float32]], low: NDArray[np.float32], high: NDArray[np.float32], sigma: float
) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """Every chain screened by itself; counts and spread of the mean."""
    kept, counts = {}, {}
    for name, layer in layers.items():
        inside, out_of_range = screen(layer, low, high)
        clean = denoise(inside, GRID.per_degree, sigma)
        kept[name] = clean.values.astype(np.float32)
        if name == "value":
            before = float(np.nanvar(layer)) if np.isfinite(layer).any() else 0.0
            after = float(np.nanvar(clean.values)) if np.isfinite(clean.values).any() else 0.0
            counts = {
                "pixels": int(np.isfinite(layer).sum()),
                "out_of_range": out_of_range,
                "denoised": int(clean.removed),
                "variance_before": before,
                "variance_after": after,
            }
    return kept, counts


def read_ranges(paths: Sequence[str], window: Window) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Lowest and highest target value (row, column) of a window, from the files of all tiles."""
    bounds = np.full((2, *window.shape), np.nan, np.float32)
    for path in paths:
        with netCDF4.Dataset(path) as file:
            file.set_auto_mask(False)
            scatter(np.stack([file["low"][:], file["high"][:]]), file["pixel"][:], window, out=bounds)
    return bounds[0], bounds[1]
