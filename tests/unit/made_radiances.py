"""A made-up land of a few pixels whose brightness temperatures follow soil moisture, as cubes of sensors and target."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.blocks import Blocks
from rssm.calendar import CALENDARS
from rssm.casm.calibrate import casm_calibrate
from rssm.casm.cycle import casm_cycle
from rssm.casm.estimate import casm_estimate
from rssm.casm.samples import casm_samples
from rssm.casm.specs import CalibrateSpec, CycleSpec, EstimateSpec, SamplesSpec, TrainSpec
from rssm.casm.train import casm_train
from rssm.cubes.cube import Cube, write_cube
from rssm.grid import grid_of

CALENDAR = CALENDARS["3day"]
GRID = grid_of("ease2_m25")
CHANNELS = {
    "SMOS": ("SMOS-TB-H", "SMOS-TB-V"),
    "AMSR2": ("AMSR2-TB10V", "AMSR2-TB36V"),
    "AMSR-E": ("AMSR-E-TB10V", "AMSR-E-TB36V"),
}
SPANS = {
    name: (CALENDAR.of(date.fromisoformat(first)), CALENDAR.of(date.fromisoformat(last)))
    for name, first, last in (
        ("SMAP", "2015-03-31", "2018-12-30"),
        ("SMOS", "2010-01-17", "2018-12-30"),
        ("AMSR2", "2013-01-01", "2018-12-30"),
        ("AMSR-E", "2008-01-02", "2011-10-03"),
    )
}
PIXELS = (200 * GRID.columns + np.arange(700, 900, 5)).astype(np.int32)  # a row of forty, some degrees apart
STEPS = np.arange(SPANS["AMSR-E"][0], SPANS["SMAP"][1] + 1)
KELVIN = {"SMOS-TB-H": (-160, 0), "SMOS-TB-V": (-110, 0), "10V": (-90, 2), "36V": (-25, 6)}  # K per m³ m⁻³; per leaf


def soil(seed: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Soil moisture and leaves (pixel, step) of the whole time."""
    rng = np.random.default_rng(seed)
    day = np.array([CALENDAR.start(int(step)).timetuple().tm_yday for step in STEPS])
    wave = np.sin(2 * np.pi * (day + rng.uniform(0, 40, (PIXELS.size, 1))) / 365.25)
    weather = np.zeros((2, PIXELS.size, STEPS.size))
    for at in range(1, STEPS.size):
        weather[:, :, at] = 0.85 * weather[:, :, at - 1] + rng.normal(0, 1, (2, PIXELS.size))
    moisture = 0.22 + 0.05 * wave + 0.018 * weather[0]
    return np.clip(moisture, 0.02, 0.6), 0.8 * np.roll(wave, 20, axis=1) + 0.1 * weather[1]


def cube_of(name: str, sensor: str, seed: int = 1) -> Cube:
    """A channel, or SMAP."""
    moisture, leaves = soil(seed)
    rng = np.random.default_rng([seed, sum(map(ord, name))])
    if sensor == "SMAP":
        values = moisture + rng.normal(0, 0.012, moisture.shape)
    else:
        wet, green = next(value for key, value in KELVIN.items() if name.endswith(key))
        values = 250 + wet * moisture * (1 - 0.3 * leaves) + green * leaves + rng.normal(0, 1.5, moisture.shape)
        values += 2.0 * (sensor == "AMSR2")
    values[rng.random(values.shape) < 0.15] = np.nan
    here = (SPANS[sensor][0] <= STEPS) & (SPANS[sensor][1] >= STEPS)
    start = np.array([0, PIXELS.size], np.int32)
    steps = STEPS[here].astype(np.int32)
    units = "m3 m-3" if sensor == "SMAP" else "K"
    return Cube(name, units, values[:, here].astype("f4"), PIXELS, ("N40E000",), start, steps, "3day", GRID.id)


def part_of(cube: Cube, pixels: slice) -> Cube:
    """Some pixels of a cube, as another tile would have them."""
    kept = cube.pixel[pixels]
    return replace(cube, values=cube.values[pixels], pixel=kept, zone_start=np.array([0, kept.size], np.int32))


class Land:
    """Jobs on the land cut into tiles, with files below a folder."""

    def __init__(self, root: Path, tiles: dict[str, slice], members: int = 2) -> None:
        self.root, self.tiles, self.members = root, tiles, [str(n + 1) for n in range(members)]

    def path(self, *parts: str) -> str:
        return str(self.root.joinpath(*parts))

    def each(self, *parts: str) -> list[str]:
        return [self.path(*parts, f"{tile}.nc") for tile in self.tiles]

    def cubes(self) -> None:
        """Cubes and cycles of all sensors."""
        for sensor, names in {"SMAP": ("SMAP_E",), **CHANNELS}.items():
            whole = [cube_of(name, sensor) for name in names]
            wide = ((0.0, 0.4), (0.0, 0.6)) if sensor == "SMAP" else ((1.0, 40.0), (150.0, 370.0))
            for tile, pixels in self.tiles.items():
                cube = self.path("cubes", sensor, f"{tile}.nc")
                write_cube(cube, *(part_of(each, pixels) for each in whole))
                spec = CycleSpec(names, "3day", SPANS[sensor], *wide)
                casm_cycle(sensor, tile, [cube], spec, [self.path("cycles", sensor, f"{tile}.nc")])

    def learn(self, branch: str, sensor: str, **changes: int | float) -> None:
        """Samples and members of a branch; `changes` of its TrainSpec."""
        transfer = branch == "amsre"
        steps = (SPANS["SMOS"][0], SPANS["AMSR-E"][1]) if transfer else SPANS["SMAP"]
        held = Blocks("patches", 0.2, degrees=3)
        spec = SamplesSpec(CHANNELS[sensor], "SMAP_E", "3day", steps, 0.8, held, 5)
        for tile in self.tiles:
            own = [self.path(kind, sensor, f"{tile}.nc") for kind in ("cubes", "cycles")]
            usual = self.path("cycles", "SMAP", f"{tile}.nc")
            target = self.path(*(("estimated", "smos") if transfer else ("cubes", "SMAP")), f"{tile}.nc")
            out = [self.path("samples", branch, f"{tile}.nc")]
            casm_samples(branch, tile, own[:1], own[1:], own[1:], [target], [usual], spec, out)
        settings = {"rate": 3e-3, "epochs": 6, "seed": 5, "batch": 256, "decay": True} | changes
        learning = TrainSpec(("latitude", "longitude", *CHANNELS[sensor]), (24, 24, 24), **settings)  # type: ignore[arg-type]
        for member in self.members:
            start = [self.path("networks", "amsr2", f"{member}.nc")] if transfer else []
            out = [self.path("networks", branch, f"{member}.nc")]
            casm_train(branch, member, self.each("samples", branch), start, learning, out)

    def networks(self, branch: str) -> list[str]:
        return [self.path("networks", branch, f"{member}.nc") for member in self.members]

    def estimate(self, branch: str, sensor: str, steps: tuple[int, int] | None = None, into: str = "estimated") -> None:
        """Calibration and estimates of a branch."""
        table = self.path("calibrated", f"{branch}.tsv")
        if into == "estimated":
            casm_calibrate(branch, self.networks(branch), self.each("samples", branch), CalibrateSpec(), [table])
        spec = EstimateSpec(CHANNELS[sensor], "3day", steps or SPANS[sensor], "SMAP_E", SPANS["SMAP"])
        for tile in self.tiles:
            own = [self.path(kind, sensor, f"{tile}.nc") for kind in ("cubes", "cycles")]
            usual = self.path("cycles", "SMAP", f"{tile}.nc")
            out = [self.path(into, branch, f"{tile}.nc")]
            casm_estimate(branch, tile, self.networks(branch), own[:1], own[1:], [usual], [table], spec, out)
