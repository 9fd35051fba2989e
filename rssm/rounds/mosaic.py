"""A round's tiles laid together, blended across the edges of zones, written as a map per dekad of a year."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rssm.calendar import CALENDARS
from rssm.cubes.place import scatter
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.rounds.estimates import Estimates, read_estimates
from rssm.rounds.fuzzify import boundary, fuzzify
from rssm.rounds.specs import MosaicSpec


def mosaic(round: str, year: str, tiles: Sequence[str], spec: MosaicSpec, out: Sequence[str]) -> None:
    """Write the maps of a round in a year, and their index last."""
    grid, window, calendar = spec.area.grid, spec.area.window, CALENDARS[spec.calendar]
    steps = range(spec.steps[0], spec.steps[1] + 1)
    parts = [read_estimates(path, steps) for path in tiles]
    names = list(dict.fromkeys(name for part in parts for name in part.names))
    product, folder = spec.product, Path(out[0]).parent
    index: dict[str, dict[str, Any]] = {}
    for step in calendar.year(int(year)):
        label = calendar.label(step)
        tags = {
            "product": product,
            "label": label,
            "calendar_id": calendar.id,
            "units": "m3 m-3",
            "networks": " ".join(names),
        }
        if step in parts[0].step:
            layers = step_layers(parts, names, step, spec)
            index[label] = {"status": "complete", "pixels": int(np.isfinite(layers["value"]).sum())}
        else:
            layers = dict.fromkeys(["value", *chain_names(parts[0])], np.full(window.shape, np.nan, np.float32))
            index[label] = {"status": "missing", "pixels": 0}
        path = folder / f"{product}_{label}.tif"
        write_map(path, layers, grid, window, {**tags, "status": index[label]["status"]})
        index[label]["map"] = path.name
    write_index(out[0], product, year, index)


def chain_names(estimates: Estimates) -> list[str]:
    """Layers that hold the chains: none where there is one, which is the value."""
    chains = estimates.value.shape[0]
    return [f"chain{k}" for k in range(chains)] if chains > 1 else []


def step_layers(parts: Sequence[Estimates], names: Sequence[str], step: int, spec: MosaicSpec) -> dict[str, np.ndarray]:
    """Layers of one step: value, chains, network, flags, merged, blended."""
    window, wraps, pixels, blending = spec.area.window, spec.area.region.wraps, spec.area.grid.zone_pixels, spec.fuzzify
    chains = parts[0].value.shape[0]
    value = np.full((chains, *window.shape), np.nan, np.float32)
    coded = np.full((4, *window.shape), np.nan, np.float32)  # network, flags, merged, held-out MSE
    for part in parts:
        at = int(np.searchsorted(part.step, step))
        scatter(part.value[:, :, at], part.pixel, window, spec.area.grid, out=value)
        number = np.array([names.index(name) for name in part.names])
        network = np.where(part.network[:, at] >= 0, number[part.network[:, at]], -1)
        mse = np.where(network >= 0, part.mse[part.network[:, at], part.zone_of_pixel()], np.nan)
        layers = np.stack([network, part.flags[:, at], part.merged[:, at], mse]).astype(np.float32)
        scatter(layers, part.pixel, window, spec.area.grid, out=coded)
    blended = np.zeros(window.shape, np.float32)
    if blending.method != "none":
        for k in range(chains):  # one by one: all of the globe at once would take gigabytes
            value[k] = fuzzify(value[k], pixels, blending.method, blending.width, wraps)
        width = blending.width if blending.method == "ramp" else 1
        blended = (boundary(window.shape, pixels, width, wraps) & np.isfinite(value[0])).astype(np.float32)
    return {
        "value": value[0],  # the unperturbed control: the mean of the chains is worse (docs/skill.md)
        **dict(zip(chain_names(parts[0]), value, strict=False)),
        "network": coded[0],
        "flags": coded[1],
        "merged": coded[2],
        "held_out_mse": coded[3],
        "blended": blended,
    }
