"""Overpasses: what each sensor would have retrieved on a day, on its own grid, from the truth of the toy Earth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rssm.toy.footprint import KM_PER_DEGREE, Cells, Footprint
from rssm.toy.geography import Array
from rssm.toy.noise import normal, smooth, uniform
from rssm.toy.sensors import MIDDLE, SENSORS, Sensor
from rssm.toy.strange import answered, heavy
from rssm.toy.truth import Earth, Year, leaf_area

Mask = NDArray[np.bool_]
COVERED = 5  # mm of snow, as water, from which nothing is seen of the ground
SPACING = 24.7  # degrees of longitude between the swaths of one day


@dataclass(frozen=True)
class Overpasses:
    """Retrievals of some days of one year on the cells of a native grid.

    value     (day, pass, row, column) m³ m⁻³, NaN where not seen or nothing was retrieved
    error     (day, pass, row, column) the standard deviation of the random part, m³ m⁻³
    seen      (day, pass, row, column) within the swath
    others    (day, row, column) or (row, column): what the products' flags and layers are made of
    """

    sensor: Sensor
    look: Footprint
    days: NDArray[np.int64]
    value: Array
    error: Array
    seen: Mask
    frozen: Mask
    snow: Mask
    leaves: Array  # LAI
    heat: Array  # K
    water: Array  # of the footprint's land
    land: Array  # share of the footprint
    porosity: Array

    @property
    def cells(self) -> Cells:
        return self.look.cells

    @property
    def screened(self) -> Array:
        """Retrievals (day, pass, row, column) that a user keeps: those over thawed ground without snow."""
        return np.where((self.frozen | self.snow)[:, None], np.float32(np.nan), self.value)


def observe(earth: Earth, product: str, days: NDArray[np.int64]) -> Overpasses:
    """All overpasses of one product on the given days (day numbers of one year)."""
    sensor, toy = SENSORS[product], earth.toy
    year = earth.year(date.fromordinal(int(days[0])).year)
    at = days - year.first
    look = earth.look(sensor.grid, sensor.footprint)
    grid = look.cells
    view = features(earth, year, at, look, sensor)
    truth, strange = look(year.moisture[at]), toy.world == "strange"
    if strange:
        truth = answered(toy.seed, product, days, truth, view["veg"])
    noise = toy.noise * toy.noise_of.get(product, 1.0)
    spread = np.float32(noise * sensor.noise) * (1 + 0.6 * view["veg"] + 0.8 * view["relief"])
    if toy.world == "null":
        spread = np.full_like(truth, noise * sensor.noise * 1.3)
        steady, swing = _steady(earth, sensor, product, truth, look), 0.0
    else:
        steady, swing = _by_factors(earth, sensor, truth, view, grid), toy.bias
    if toy.world == "hidden":
        steady += toy.hidden * min(sensor.gain, 1) * _hidden(earth, sensor, product, days, look)
    if toy.world == "drift":
        steady += np.float32(sensor.drift * toy.drift * (year.year - sensor.launch) / 10)
    slow = look.nearest(smooth(toy.seed, f"slow {product}", earth.patch, 10, days, 20))
    steady += noise * sensor.slow * (heavy(slow) if strange else slow)
    passes = range(len(sensor.passes))
    seen = np.stack([_seen(sensor, grid, days, number) for number in passes], axis=1)
    each = normal(
        toy.seed, f"noise {product}", days[:, None, None, None], np.arange(len(passes))[:, None, None],
        grid.rows[:, None], grid.columns,
    )  # fmt: skip
    each = heavy(each) if strange else each
    value = steady[:, None] + _by_pass(sensor, swing, view)[:, :, None, None] + spread[:, None] * each
    frozen, snow = look.nearest(year.frozen[at]), look(year.snow[at]) > COVERED
    fails = (look.land < 0.3) | (view["leaves"] > sensor.most_leaves) | (look(earth.geography.water) > 0.4)
    fails = fails[:, None] | ~seen | _disturbed(earth, sensor, product, days, grid, look)
    return Overpasses(
        sensor=sensor,
        look=look,
        days=days,
        value=np.where(fails, np.float32(np.nan), np.maximum(value, 0.005)).astype(np.float32),
        error=np.broadcast_to(np.hypot(spread, noise * sensor.slow)[:, None], value.shape),
        seen=seen,
        frozen=np.asarray(frozen, bool),
        snow=snow,
        leaves=view["leaves"],
        heat=view["kelvin"],
        water=look(earth.geography.water),
        land=look.land,
        porosity=look(earth.geography.porosity),
    )


def features(earth: Earth, year: Year, at: NDArray[np.int64], look: Footprint, sensor: Sensor) -> dict[str, Array]:
    """What disturbs a retrieval (day or 1, row, column): the nine quality factors over the footprint, about −1…1.

    Of leaf area (`veg`) and temperature (`heat`) also the product, and the plain numbers: `leaves` LAI, `kelvin` K.
    """
    land = earth.geography
    leaves = look(leaf_area(land, year, at))
    kelvin = look(year.temperature[at])
    veg, heat = 1 - np.exp(-0.5 * leaves), (kelvin - 288) / 15
    classes = normal(0, f"cover {sensor.algorithm}", np.arange(17))
    return {
        "leaves": leaves,
        "kelvin": kelvin,
        "veg": veg,
        "heat": heat,
        "veg_heat": veg * heat,
        "water": (look(earth.open_water(year.year, at)) + 0.5 * (1 - look.land)),
        "tree": look(land.tree)[None],
        "nontree": look(land.nontree)[None],
        "relief": look(land.relief)[None] / 100,
        "sand": look(land.sand)[None] - np.float32(0.45),
        "clay": look(land.clay)[None] - np.float32(0.22),
        "cover": look(classes[land.cover(year.year)])[None],
    }


def _by_factors(earth: Earth, sensor: Sensor, truth: Array, view: dict[str, Array], grid: Cells) -> Array:
    """Truth bent by the quality factors (day, row, column)."""
    strength = np.float32(earth.toy.bias)
    damped = sum((share * view[name] for name, share in sensor.damp.items()), np.float32(0))
    bias = sum((size * view[name] for name, size in sensor.bias.items()), np.float32(sensor.offset))
    zone = (np.floor(grid.latitude).astype(int), np.floor(grid.longitude).astype(int) % 360)
    bare = np.clip(1 - view["veg"], 0, 1)
    bias = bias + sensor.steps * normal(0, f"parameter {sensor.algorithm}", *zone) * bare
    gain = 1 + strength * (sensor.gain * (1 - np.clip(damped, 0, 0.9)) - 1)
    return np.asarray(MIDDLE + gain * (truth - MIDDLE) + strength * bias, np.float32)


def _steady(earth: Earth, sensor: Sensor, product: str, truth: Array, look: Footprint) -> Array:
    """World null: offset and gain vary from place to place for no reason that a factor shows, never in time."""
    seed, strength = earth.toy.seed, np.float32(earth.toy.bias)
    place = look.nearest(smooth(seed, f"bias {product}", earth.patch, 12))
    slope = look.nearest(smooth(seed, f"gain {product}", earth.patch, 12))
    gain = 1 + strength * (sensor.gain * (0.8 + 0.1 * np.clip(slope, -2, 2)) - 1)
    return np.asarray(
        MIDDLE + gain * (truth - MIDDLE) + strength * (sensor.offset + 0.8 * sensor.slow * place), np.float32
    )


def _hidden(earth: Earth, sensor: Sensor, product: str, days: NDArray[np.int64], look: Footprint) -> Array:
    """World hidden: interference of a band, roughness, an algorithm's shared error, and SMAP's own bias."""
    seed, window = earth.toy.seed, earth.patch
    loud = np.maximum(smooth(seed, f"interference {sensor.band}", window, 20, days, 120) - 1, 0)
    ploughed = smooth(seed, "roughness", window, 5) * (1 + 0.5 * smooth(seed, "ploughing", window, 20, days, 40))
    shared = smooth(seed, f"shared {sensor.algorithm}", window, 15, days, 20)
    error = 0.06 * loud + 0.02 * ploughed + 0.03 * shared
    if product == "SMAP_E":
        error = 0.012 * ploughed + 0.025 * smooth(seed, "smap", window, 40, days, 120)
    return np.asarray(look.nearest(error), np.float32)


def _by_pass(sensor: Sensor, strength: float, view: dict[str, Array]) -> Array:
    """Difference between the warm and the cold overpass (day, pass): a heat error of the algorithm."""
    swing = np.array([0.4, -0.4][: len(sensor.passes)] if len(sensor.passes) > 1 else [0.0], np.float32)
    size = strength * sensor.bias.get("heat", 0.0) * swing
    return np.broadcast_to(size.astype(np.float32), (len(view["leaves"]), len(swing)))


def _seen(sensor: Sensor, grid: Cells, days: NDArray[np.int64], number: int) -> Mask:
    """Cells within the swaths of one pass (day, row, column)."""
    return np.asarray(swath(grid, days, number, sensor.swath, sensor.shift) & (abs(grid.latitude) <= sensor.poleward))


def swath(grid: Cells, days: NDArray[np.int64], number: int, width: float, shift: float) -> Mask:
    """Cells within swaths of `width` km (day, row, column): stripes, slanting with latitude, that wander daily.

    number  of the pass; shift: spacings that the ground track moves from day to day
    """
    tilt = (0.25 if number == 0 else -0.25) * grid.latitude
    start = (grid.longitude + tilt - SPACING * (shift * (days[:, None, None] % 10_000) + 0.37 * number)) % SPACING
    return np.asarray(start < width / KM_PER_DEGREE / np.maximum(np.cos(np.radians(grid.latitude)), 0.05))


def _disturbed(
    earth: Earth, sensor: Sensor, product: str, days: NDArray[np.int64], grid: Cells, look: Footprint
) -> Mask:
    """Retrievals lost to interference (day, pass, row, column): all of a sector in Asia, and spots elsewhere."""
    if sensor.interference == 0:
        return np.zeros((1, 1, *grid.shape), bool)
    sector = (grid.longitude > 60) & (grid.longitude < 140) & (grid.latitude > 20) & (grid.latitude < 55)
    spots = look.nearest(smooth(0, "transmitters", earth.patch, 15)) > 1.5
    number = np.arange(len(sensor.passes))[:, None, None]
    draw = uniform(
        earth.toy.seed, f"lost {product}", days[:, None, None, None], number, grid.rows[:, None], grid.columns
    )
    return (sector | spots) & (draw < sensor.interference)
