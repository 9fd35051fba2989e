"""Estimates of a tile: what a substep or a round simulates, and which subnetwork said so, as one NetCDF-4 file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.files import Kind
from rssm.rounds.merge import provenance_attributes

ESTIMATES = Kind("estimates")
FALLBACK, OUTSIDE, NO_SKILL, MATCHED_ONLY, CHAIN_ONLY = 1, 2, 4, 8, 16  # bits of `flags`; the last two of fusion
FLAGS = {
    "fallback": FALLBACK,
    "input_outside_training_range": OUTSIDE,
    "no_skill": NO_SKILL,
    "matched_products_only": MATCHED_ONLY,
    "chain_only": CHAIN_ONLY,
}
TALLY = {  # what is counted of each subnetwork, for reports
    "status": "how its training ended",
    "points": "valid points behind it",
    "r2": "1 minus squared error over variance of the target, on blocks never seen",
    "estimates": "pixel-dekads that it simulated, before substeps were merged",
    "fallbacks": "those where a better-ranked subnetwork was missing or without skill",
    "no_skill": "those where no valid network has skill",
    "outside": "those with an input outside its training range",
}


@dataclass(frozen=True)
class Estimates:
    """Simulated soil moisture of a tile.

    value       (chain, pixel, time) float32, m³ m⁻³, NaN where nothing could be simulated
    network     (pixel, time) int16: index into `names`, −1 none
    flags       (pixel, time) uint8: bits of FLAGS
    merged      (pixel, time) uint8: how two substeps were integrated (`rssm.rounds.merge`), 0 where there was one
    names       networks that may have been used
    mse         (network, zone) float32: mean squared error of the subnetwork on points it never saw, (m³ m⁻³)²
    step        (time,) int32 dekads, ascending
    pixel, zones, zone_start   as in a cube
    tally       name in `TALLY` → (network, zone); substeps that are joined keep theirs side by side
    """

    value: NDArray[np.float32]
    network: NDArray[np.int16]
    flags: NDArray[np.uint8]
    merged: NDArray[np.uint8]
    names: tuple[str, ...]
    mse: NDArray[np.float32]
    step: NDArray[np.int32]
    pixel: NDArray[np.int32]
    zones: tuple[str, ...]
    zone_start: NDArray[np.int32]
    tally: Mapping[str, NDArray] = field(default_factory=dict)

    def zone_of_pixel(self) -> NDArray[np.intp]:
        """(pixel,): index of each pixel's zone."""
        return np.repeat(np.arange(len(self.zones)), np.diff(self.zone_start))

    def held_out_mse(self) -> NDArray[np.float32]:
        """(pixel, time): held-out error of the subnetwork behind each estimate, NaN where there is none."""
        mse = self.mse[self.network, self.zone_of_pixel()[:, None]]
        return np.where(self.network >= 0, mse, np.float32(np.nan))


def write_estimates(path: str | Path, estimates: Estimates) -> None:
    """Write one file."""
    with ESTIMATES.created(path) as file:
        fill(file, estimates)


def fill(file: netCDF4.Dataset, estimates: Estimates) -> None:
    """Put estimates into a new file."""
    sizes = {
        "chain": estimates.value.shape[0],
        "pixel": estimates.pixel.size,
        "time": estimates.step.size,
        "network": len(estimates.names),
        "zone": len(estimates.zones),
        "edge": len(estimates.zones) + 1,
    }
    for name, size in sizes.items():
        file.createDimension(name, size)
    _series(file, "value", "f4", estimates.value, {"long_name": "simulated surface soil moisture", "units": "m3 m-3"})
    _series(file, "network", "i2", estimates.network, {"long_name": "index of the network used, -1 none"})
    bits = {"flag_masks": np.array(list(FLAGS.values()), "u1"), "flag_meanings": " ".join(FLAGS)}
    _series(file, "flags", "u1", estimates.flags, bits)
    _series(file, "merged", "u1", estimates.merged, provenance_attributes())
    file.createVariable("names", str, ("network",))[:] = np.array(estimates.names, object)
    file.createVariable("mse", "f4", ("network", "zone"))[:] = estimates.mse
    for name, values in estimates.tally.items():
        variable = file.createVariable(name, values.dtype, ("network", "zone"))
        variable.long_name = TALLY[name]
        variable[:] = values
    file.createVariable("step", "i4", ("time",))[:] = estimates.step
    file.createVariable("pixel", "i4", ("pixel",))[:] = estimates.pixel
    file.createVariable("zone", str, ("zone",))[:] = np.array(estimates.zones, object)
    file.createVariable("zone_start", "i4", ("edge",))[:] = estimates.zone_start


def _series(file: netCDF4.Dataset, name: str, kind: str, values: NDArray, about: dict[str, Any]) -> None:
    """One variable over (chain,) pixel and time, in chunks of a year: mosaics read a year at a time."""
    dimensions = ("chain", "pixel", "time")[3 - values.ndim :]
    chunks = (1, min(values.shape[-2], 4096), min(values.shape[-1], DEKADS.seasons))[3 - values.ndim :]
    variable = file.createVariable(name, kind, dimensions, zlib=True, complevel=1, chunksizes=chunks)
    variable.setncatts(about)
    variable[:] = values


def read_estimates(path: str | Path, steps: range | None = None) -> Estimates:
    """Read a file, or only its dekads within `steps`."""
    with ESTIMATES.opened(path) as file:
        step = file["step"][:]
        first, last = (0, step.size) if steps is None else np.searchsorted(step, (steps.start, steps.stop))
        time = slice(int(first), int(last))
        return Estimates(
            value=file["value"][:, :, time],
            network=file["network"][:, time],
            flags=file["flags"][:, time],
            merged=file["merged"][:, time],
            names=tuple(file["names"][:]),
            mse=file["mse"][:],
            step=step[time],
            pixel=file["pixel"][:],
            zones=tuple(file["zone"][:]),
            zone_start=file["zone_start"][:],
            tally={name: file[name][:] for name in TALLY if name in file.variables},
        )
