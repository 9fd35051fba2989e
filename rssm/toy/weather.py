"""Weather as a reanalysis knows it: radiation, humidity, pressure and skin temperature that go with rain and warmth.

Formulas are textbook ones of daily means: radiation at the top of the atmosphere from latitude and day, dimmed by the cloud
that brings rain; dew point below air temperature, less so under cloud and in wet climates. One function serves the truth
and the toy's reanalysis, whose rain, warmth and relief differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.toy.geography import Array, Geography
from rssm.toy.noise import smooth
from rssm.toy.truth import climate_of, dryness, fronts, rain_of, temperature

SOLAR = np.float32(118.1)  # solar constant, MJ m⁻² day⁻¹
SIGMA = np.float32(4.903e-9)  # Stefan–Boltzmann, MJ m⁻² day⁻¹ K⁻⁴
LATENT = np.float32(2.45)  # heat that evaporates a millimetre of water, MJ m⁻²


@dataclass(frozen=True)
class Weather:
    """Daily fields (day, row, column) of some days."""

    days: NDArray[np.int64]  # day numbers
    temperature: Array  # of the air, daily mean, K
    rain: Array  # with snow, mm day⁻¹
    solar: Array  # downward, MJ m⁻² day⁻¹
    net_solar: Array  # MJ m⁻² day⁻¹
    net_thermal: Array  # MJ m⁻² day⁻¹, mostly negative
    dew_point: Array  # K
    pressure: Array  # at the surface, Pa
    skin: Array  # K

    @property
    def demand(self) -> Array:
        """What would evaporate from wet soil, mm day⁻¹ (Priestley and Taylor, the share of radiation by temperature)."""
        warmth = self.temperature - np.float32(273.15)
        share = np.clip(np.float32(0.4) + np.float32(0.012) * warmth, 0.05, 0.8)
        return np.maximum(np.float32(1.2) * share * (self.net_solar + self.net_thermal) / LATENT, 0)


@dataclass(frozen=True)
class Departure:
    """How a model's weather differs from the truth.

    stream   names its random fields
    fronts   share of the fronts' variance that is its own
    wetter   factor of rain; warmer: K; brighter: factor of solar radiation
    """

    stream: str
    fronts: float
    wetter: float
    warmer: float
    brighter: float


def weather(
    seed: int, drought: tuple[int, int, float], land: Geography, days: NDArray[np.int64], own: Departure | None = None
) -> Weather:
    """Weather of some days: the truth's, or that of a model with a departure of its own.

    drought   first and last year of a drought, and the share of the rain that it takes away
    """
    climate = climate_of(seed, land, days)
    front = fronts(seed, land, days)
    heat = temperature(seed, land, days)
    if own is not None:
        other = smooth(seed, f"{own.stream} fronts", land.patch, 15, days)
        front = np.float32(np.sqrt(1 - own.fronts)) * front + np.float32(np.sqrt(own.fronts)) * other
        heat = (
            heat
            + np.float32(own.warmer)
            + np.float32(0.7) * smooth(seed, f"{own.stream} warmth", land.patch, 30, days, 5)
        )
    rare = dryness(land, days, climate)
    rain = rain_of(land, days, front, rare, drought)
    if own is not None:
        place = np.exp(np.float32(0.2) * smooth(seed, f"{own.stream} rain", land.patch, 40))
        rain = rain * np.float32(own.wetter) * place
    return _around(seed, land, days, heat, rain, front - rare, own)


def _around(
    seed: int,
    land: Geography,
    days: NDArray[np.int64],
    heat: Array,
    rain: Array,
    storm: Array,
    own: Departure | None,
) -> Weather:
    """All that follows from warmth, rain and `storm`, by how much fronts exceed what brings rain."""
    name = own.stream if own else "weather"
    cloud = 1 / (1 + np.exp(np.float32(-1.6) * (storm + np.float32(0.7))))
    veil = np.float32(0.06) * smooth(seed, f"{name} veil", land.patch, 15, days)
    bright = np.float32(own.brighter if own else 1.0)
    solar = _top(land.latitude, days) * np.clip(np.float32(0.76) - np.float32(0.5) * cloud + veil, 0.1, 0.85) * bright
    white = np.where(heat < np.float32(270), np.float32(0.5), np.float32(0.2))
    depression = (1 - np.float32(0.6) * cloud) * (2 + 13 * (1 - land.wetness))
    dew = heat - depression.astype(np.float32) - np.float32(0.5) * smooth(seed, f"{name} air", land.patch, 30, days, 3)
    vapour = np.float32(0.6108) * np.exp(np.float32(17.27) * (dew - 273.15) / (dew - np.float32(35.85)))
    thermal = (
        -SIGMA * heat**4 * (np.float32(0.34) - np.float32(0.14) * np.sqrt(vapour)) * (1 - np.float32(0.75) * cloud)
    )
    net = (1 - white) * solar
    high = np.float32(101_325) * np.exp(-land.elevation / np.float32(8430))
    swing = smooth(seed, "highs and lows", land.patch, 60, days, 4)
    pressure = high * (1 + np.float32(0.006) * swing)
    skin = heat + np.float32(0.12) * (net + thermal - 4)
    return Weather(days, heat, rain, solar, net, thermal, dew, pressure, skin)


def _top(latitude: Array, days: NDArray[np.int64]) -> Array:
    """Solar radiation at the top of the atmosphere (day, row, 1), MJ m⁻² day⁻¹."""
    angle = (2 * np.pi * ((days - 730_120) / 365.2425)).astype(np.float32)[:, None, None]
    tilt = np.float32(0.409) * np.sin(angle - np.float32(1.39))
    north = np.radians(latitude).astype(np.float32)
    sunset = np.arccos(np.clip(-np.tan(north) * np.tan(tilt), -1, 1))
    near = 1 + np.float32(0.033) * np.cos(angle)
    lit = sunset * np.sin(north) * np.sin(tilt) + np.cos(north) * np.cos(tilt) * np.sin(sunset)
    return (SOLAR / np.float32(np.pi) * near * lit).astype(np.float32)
