"""Brightness temperatures of the toy Earth: what microwave radiometers see of its soil, leaves, water, snow and frost.

A zeroth-order radiative transfer (τ–ω) over the mean of a footprint: soil of a temperature and an emissivity that falls
with moisture, under leaves that dim it and shine themselves. Moisture shows best at L band, hardly at 36 and 89 GHz,
where leaves show most; dry snow scatters the short waves. Values are round numbers of the right size, not a forward model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rssm.toy.footprint import Cells, Footprint
from rssm.toy.geography import Array
from rssm.toy.noise import normal, smooth
from rssm.toy.observe import swath
from rssm.toy.strange import heavy
from rssm.toy.truth import Earth, Year, leaf_area

ALBEDO = 0.06  # of leaves, single scattering
WATER = {"H": 0.32, "V": 0.58}  # emissivity of open water
FROZEN_MOISTURE = 0.04  # m³ m⁻³ that frozen soil looks like
WARMER = {
    "A": 3.0,
    "D": -3.0,
}  # K that the ground departs from its daily mean at the pass of the Sun's side, and the other
DRIFT = -0.3  # K per year in world drift, where its scale is the usual one
USUAL_DRIFT = 0.04


@dataclass(frozen=True)
class Frequency:
    """How one frequency sees; GHz are its name.

    wet     growth of the soil's permittivity with moisture
    rough   factor of reflectivity by which rough ground looks smooth
    leaves  optical depth for each unit of leaf area
    snow    K that 100 mm of snow take away
    """

    wet: float
    rough: float
    leaves: float
    snow: float


FREQUENCIES = {
    "1.4": Frequency(wet=60, rough=0.75, leaves=0.07, snow=2),
    "10": Frequency(wet=36, rough=0.60, leaves=0.16, snow=8),
    "18": Frequency(wet=26, rough=0.55, leaves=0.24, snow=16),
    "36": Frequency(wet=14, rough=0.50, leaves=0.36, snow=35),
    "89": Frequency(wet=6, rough=0.45, leaves=0.55, snow=45),
}


@dataclass(frozen=True)
class Radiometer:
    """A sensor: its native grid, footprint (km), the pass whose files are written, angle (°), swath (km) and errors (K)."""

    grid: str
    footprint: float
    orbit: str
    angle: float
    swath: float
    shift: float
    noise: float
    launch: int
    offset: float = 0.0  # at 10 GHz; grows to three times that at 89 GHz
    slow: float = 0.8  # of an error that lasts for weeks and some degrees


_AMSR = {"grid": "latlon_0.25", "footprint": 35.0, "orbit": "D", "angle": 55.0, "shift": 0.45, "noise": 1.5}
RADIOMETERS: dict[str, Radiometer] = {
    "SMOS": Radiometer("ease2_m25", 43, "A", 42.5, 1000, 0.36, noise=3.0, launch=2010),
    "AMSR-E": Radiometer(**_AMSR, swath=1445, launch=2002),  # type: ignore[arg-type]
    "AMSR2": Radiometer(**_AMSR, swath=1450, launch=2012, offset=1.0),  # type: ignore[arg-type]
}


@dataclass(frozen=True)
class Radiances:
    """What a radiometer sees on some days of one year, on the cells of its native grid."""

    earth: Earth
    name: str
    days: NDArray[np.int64]

    @property
    def radiometer(self) -> Radiometer:
        return RADIOMETERS[self.name]

    @property
    def year(self) -> Year:
        return self.earth.year(date.fromordinal(int(self.days[0])).year)

    @cached_property
    def look(self) -> Footprint:
        return self.earth.look(self.radiometer.grid, self.radiometer.footprint)

    @property
    def cells(self) -> Cells:
        return self.look.cells

    @cached_property
    def seen(self) -> NDArray[np.bool_]:
        """Within the swath, and mostly land (day, row, column)."""
        radiometer, number = self.radiometer, 0 if self.radiometer.orbit == "A" else 1
        inside = swath(self.cells, self.days, number, radiometer.swath, radiometer.shift)
        return np.asarray(inside & (self.look.land >= 0.3))

    @cached_property
    def ground(self) -> Mapping[str, Array]:
        """Moisture (m³ m⁻³; of frozen soil what it looks like), heat (K), leaves, open water and snow (mm) of the footprints."""
        year, land, look = self.year, self.earth.geography, self.look
        at = self.days - year.first
        soil = np.where(year.frozen[at], np.float32(FROZEN_MOISTURE), year.moisture[at])
        return {
            "moisture": look(soil),
            "heat": look(year.temperature[at]) + WARMER[self.radiometer.orbit],
            "leaves": look(leaf_area(land, year, at)),
            "water": np.clip(look(self.earth.open_water(year.year, at)) + 0.5 * (1 - look.land), 0, 1),
            "snow": look(year.snow[at]),
        }

    def brightness(self, frequency: str, polarisation: str) -> Array:
        """Brightness temperature with errors (day, row, column), K; NaN where nothing is seen."""
        clean = emission(FREQUENCIES[frequency], polarisation, self.radiometer.angle, self.ground)
        return np.where(self.seen, clean + self._errors(frequency, polarisation), np.float32(np.nan)).astype(np.float32)

    def _errors(self, frequency: str, polarisation: str) -> Array:
        """Noise, an error of weeks that both polarisations share, an offset, and what the world adds; K."""
        toy, radiometer, cells = self.earth.toy, self.radiometer, self.cells
        channel = f"{self.name} {frequency}"
        each = normal(
            toy.seed, f"noise {channel} {polarisation}", self.days[:, None, None], cells.rows[:, None], cells.columns
        )
        slow = self.look.nearest(smooth(toy.seed, f"slow {channel}", self.earth.patch, 10, self.days, 20))
        if toy.world == "strange":
            each, slow = heavy(each), heavy(slow)
        error = toy.noise * (radiometer.noise * each + radiometer.slow * slow)
        error += toy.bias * radiometer.offset * _step(frequency)
        if toy.world == "drift":
            error += DRIFT * toy.drift / USUAL_DRIFT * (self.year.year - radiometer.launch)
        if toy.world == "hidden":
            error += 12 * toy.hidden * self._interference(frequency)
        return np.asarray(error, np.float32)

    def _interference(self, frequency: str) -> Array:
        """World hidden: transmitters that are loud for months, at L band and at 10 GHz; 0 and more."""
        if frequency not in ("1.4", "10"):
            return np.zeros((1, 1, 1), np.float32)
        loud = smooth(self.earth.toy.seed, f"interference {frequency}", self.earth.patch, 20, self.days, 120) - 1
        return self.look.nearest(np.maximum(loud, 0))


def emission(frequency: Frequency, polarisation: str, angle: float, ground: Mapping[str, Array]) -> Array:
    """Brightness temperature without errors, K; `ground` as in `Radiances`."""
    heat, cosine = ground["heat"], np.cos(np.radians(angle))
    soil = 1 - frequency.rough * fresnel(3.0 + frequency.wet * ground["moisture"], polarisation, angle)
    through = np.exp(-frequency.leaves * ground["leaves"] / cosine)
    leaves = (1 - ALBEDO) * (1 - through) * (1 + (1 - soil) * through)
    dry = heat * (soil * through + leaves)
    scattered = frequency.snow * np.minimum(ground["snow"] / 100, 1.5)
    return np.asarray(dry * (1 - ground["water"]) + ground["water"] * WATER[polarisation] * heat - scattered)


def fresnel(permittivity: Array, polarisation: str, angle: float) -> Array:
    """Reflectivity of a smooth surface."""
    cosine = np.cos(np.radians(angle))
    inside = np.sqrt(permittivity - np.sin(np.radians(angle)) ** 2)
    outer = permittivity * cosine if polarisation == "V" else cosine
    return np.asarray(((outer - inside) / (outer + inside)) ** 2)


def _step(frequency: str) -> float:
    """Growth of a radiometer's offset from 10 to 89 GHz."""
    return {"10": 1.0, "18": 1.5, "36": 2.0, "89": 3.0}.get(frequency, 1.0)
