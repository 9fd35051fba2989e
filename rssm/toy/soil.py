"""Soil of several layers: buckets that fill from above, drain downward and dry by evaporation, day after day.

Water above field capacity leaves a layer by a share a day and enters the next; neighbours exchange water toward equal relative
wetness; roots draw from every layer what its wetness allows. The state (water of the layers, snow) is handed on from year to
year, so that deep layers remember.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rssm.toy.geography import Array, Geography
from rssm.toy.weather import Weather


@dataclass(frozen=True)
class Column:
    """What a model knows of the soil of a patch; arrays (row, column), lists by layer.

    thickness   mm; roots: share of the evaporation that each layer gives
    residual    water that never leaves; capacity: what it holds against gravity; full: pore space; m³ m⁻³
    drains      share a day of the water above capacity that goes down; spreads: of a difference in wetness that evens out
    thirst      relative wetness below which roots get less than they ask for; sheds: share of rain that a full surface loses
    """

    thickness: tuple[float, ...]
    roots: tuple[float, ...]
    residual: Array
    capacity: Array
    full: Array
    drains: Array | np.float32
    spreads: float = 0.02
    thirst: float = 1.0
    sheds: float = 0.0


@dataclass(frozen=True)
class Hidden:
    """What forcing does not see: irrigated fields (row, column), and how strongly groundwater wets the lower layers."""

    irrigated: Array
    groundwater: Array


@dataclass
class State:
    """Water of each layer (layer, row, column), m³ m⁻³, and snow (row, column), mm."""

    water: Array
    snow: Array


def column(
    land: Geography, thickness: tuple[float, ...], roots: tuple[float, ...], clay: float | None = None
) -> Column:
    """Soil by its texture; `clay` is the share that a model takes all soils to have."""
    texture = land.clay if clay is None else np.full(land.clay.shape, clay, np.float32)
    residual = np.float32(0.02) + np.float32(0.12) * texture
    capacity = residual + np.float32(0.10) + np.float32(0.38) * texture
    drains = np.clip(np.float32(0.6) - texture, 0.1, 0.6)
    return Column(thickness, roots, residual, capacity, np.float32(0.96) * land.porosity, drains)


def start(soil: Column, land: Geography) -> State:
    """A guess at the state before the first day, wetter in wetter climates."""
    half = soil.residual + np.float32(0.6) * (soil.capacity - soil.residual) * land.wetness
    return State(np.stack([half] * len(soil.thickness)).astype(np.float32), np.zeros(half.shape, np.float32))


def moisten(soil: Column, weather: Weather, state: State, hidden: Hidden | None = None) -> tuple[Array, State]:
    """Daily soil moisture (layer, day, row, column), m³ m⁻³, and the state after the last day."""
    water, snow = state.water.copy(), state.snow.copy()
    demand, warmth = weather.demand, weather.temperature - np.float32(273.15)
    out = np.empty((len(soil.thickness), *weather.rain.shape), np.float32)
    for day, rain in enumerate(weather.rain):
        frost = warmth[day] < 0
        melted = np.minimum(snow, np.maximum(warmth[day], 0) * 3)
        snow = snow + np.where(frost, rain, 0) - melted
        inflow = np.where(frost, 0, rain) + melted
        if hidden is not None:
            thirsty = (demand[day] > 3) & (_wetness(soil, water[0]) < np.float32(0.35))
            inflow = inflow + np.where(thirsty, np.float32(9), 0) * hidden.irrigated
        _one_day(soil, water, inflow.astype(np.float32), np.where(frost, 0, demand[day]))
        if hidden is not None:
            for layer in range(1, len(water)):
                water[layer] += hidden.groundwater * (np.float32(0.95) * soil.capacity - water[layer])
        out[:, day] = water
    return out, State(water, snow)


def _wetness(soil: Column, water: Array) -> Array:
    """Relative wetness: 0 at the residual content, 1 at field capacity."""
    return (water - soil.residual) / (soil.capacity - soil.residual)


def _one_day(soil: Column, water: Array, inflow: Array, demand: Array) -> None:
    """Fill, drain, dry and exchange within a day, in place; inflow and demand (row, column) in mm."""
    layers = len(soil.thickness)
    down = inflow * (1 - np.float32(soil.sheds) * np.clip(_wetness(soil, water[0]), 0, 1) ** 2)
    for layer in range(layers):
        depth = np.float32(soil.thickness[layer])
        wet = np.clip(_wetness(soil, water[layer]) / np.float32(soil.thirst), 0, 1)
        water[layer] += (down - demand * np.float32(soil.roots[layer]) * wet) / depth
        excess = np.maximum(water[layer] - soil.capacity, 0) * soil.drains
        excess = np.maximum(excess, water[layer] - soil.full)  # what no pore holds
        water[layer] = np.maximum(water[layer] - excess, soil.residual)
        down = excess * depth
    for upper in range(layers - 1):
        lower = upper + 1
        flux = (
            np.float32(soil.spreads)
            * (water[upper] - water[lower])
            * np.float32(min(soil.thickness[upper : lower + 1]))
        )
        water[upper] -= flux / np.float32(soil.thickness[upper])
        water[lower] += flux / np.float32(soil.thickness[lower])
