"""From SIM-n to SIM-nT: only what is plausible may teach the next rounds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, DEKADS
from rssm.cubes.cube import Cube
from rssm.grid import Area
from rssm.ingest.denoise import denoise
from rssm.ingest.index import read_index, write_index
from rssm.maps import read_map, write_map
from rssm.rounds.ranges import read_ranges
from rssm.rounds.screen import screen
from rssm.rounds.specs import TargetSpec


def target(
    round: str, year: str, maps: Sequence[str], ranges: Sequence[str], spec: TargetSpec, out: Sequence[str]
) -> None:
    """Screen a round's maps of a year."""
    grid, window, calendar = spec.area.grid, spec.area.window, CALENDARS[spec.calendar]
    low, high = read_ranges(ranges, window, grid)
    product, folder = f"SIM-{round}T", Path(out[0]).parent
    index: dict[str, dict[str, Any]] = {}
    for label, entry in read_index(maps[0]).items():
        layers, tags = read_map(Path(maps[0]).parent / entry["map"], window)
        names = [name for name in layers if name == "value" or name.startswith("chain")]
        kept, counts = _screen_layers({name: layers[name] for name in names}, low, high, grid.zone_pixels, spec.sigma)
        if "chain0" in kept and "held_out_mse" in layers and spec.seed is not None:
            kept |= _with_errors(
                kept, layers["held_out_mse"], calendar.parse(label), f"SIM-{round}", spec.area, spec.seed
            )
        path = folder / f"{product}_{label}.tif"
        own = {
            "product": product,
            "label": label,
            "calendar_id": calendar.id,
            "units": "m3 m-3",
            "status": tags["status"],
        }
        write_map(path, kept, grid, window, own)
        index[label] = {"status": entry["status"], "map": path.name, **counts}
    write_index(out[0], product, year, index)


def _screen_layers(
    layers: dict[str, NDArray[np.float32]],
    low: NDArray[np.float32],
    high: NDArray[np.float32],
    zone_pixels: int,
    sigma: float,
) -> tuple[dict[str, NDArray[np.float32]], dict[str, float]]:
    """Every chain screened by itself; counts and spread of the mean."""
    kept: dict[str, NDArray[np.float32]] = {}
    counts: dict[str, float] = {}
    for name, layer in layers.items():
        if name == "chain0" and "value" in kept:
            kept[name] = kept["value"]  # the control is what the map says
            continue
        inside, out_of_range = screen(layer, low, high)
        clean = denoise(inside, zone_pixels, sigma)
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


def _with_errors(
    kept: dict[str, NDArray[np.float32]],
    mse: NDArray[np.float32],
    step: int,
    variable: str,
    area: Area,
    seed: int,
) -> dict[str, NDArray[np.float32]]:
    """The chains of a step's map, each with the held-out error that it passes on."""
    from rssm.rounds.chains import passed_on

    names = [name for name in kept if name.startswith("chain")]
    row, column = np.nonzero(np.isfinite(mse))  # elsewhere there is no estimate, or no error is known of it
    grid, window = area.grid, area.window
    pixel = (row + window.row) * grid.columns + (column + window.column) % grid.columns
    values = np.stack([kept[name][row, column] for name in names])[..., None]
    start, steps = np.zeros(1, np.int32), np.array([step])
    place = Cube(variable, "m3 m-3", values, pixel.astype(np.int32), (), start, steps, DEKADS.id, grid.id)
    noisy = passed_on(values, mse[row, column][:, None], place, seed)
    out = {name: kept[name].copy() for name in names}
    for name, layer in zip(names, noisy, strict=True):
        out[name][row, column] = layer[:, 0]
    return out
