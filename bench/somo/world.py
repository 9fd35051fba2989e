"""A toy Earth as SoMo.ml sees it, in memory: forcing and statics of a reanalysis that errs, and stations in clusters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from rssm.calendar import CALENDARS
from rssm.config.toy import Toy, WorldKind
from rssm.draws import mix, seed_key, uniform
from rssm.grid import LatLonGrid
from rssm.somo.site_files import Sites
from rssm.toy.geography import Geography, climate_class, geography
from rssm.toy.noise import Patch
from rssm.toy.profiles import model_years, true_years

F4 = NDArray[np.float32]
GRID = LatLonGrid(0.25, 90, -60)
PATCH = Patch(160, 700, 80, 80, GRID)  # 30 to 50 N, 5 W to 15 E
YEARS = (2000, 2009)
DROUGHT = (2008, 2009)  # in world drift: years that are held out
WORLDS: tuple[WorldKind, ...] = ("paper", "drift", "hidden", "null")  # drift runs the networks of paper
CLUSTERS, MEMBERS = 60, 4
EVERY = 10  # pixels from one cell without stations to the next, which only judge
WEIGHTS = ((0.7, 0.3, 0.0), (0.0, 0.9, 0.1), (0.0, 0.0, 1.0))  # of the reanalysis' layers in ours
# What soil at a station does by itself, by layer, in standard deviations of the cell's, and for how many days it lasts: so much
# that the reanalysis agrees with stations about as ERA5 does (`python -m bench.somo.likeness`).
OWN = ((np.array([0.5, 0.0, 0.0]), 15.0), (np.array([0.7, 0.0, 0.0]), 90.0), (np.array([0.0, 0.9, 0.9]), 240.0))
DYNAMIC = ("log_tp", "t2m", "snr", "ssrd", "q", "skt")
STATIC = ("elevation", "relief", "tp", "aridity", "clay", "sand", "silt", "porosity", "cover")


class World(NamedTuple):
    """Cells with stations, and cells without, which judge as well.

    sites    forcing, statics and soil of the reanalysis
    targets  (layer, site, day) what stations say, scaled to the reanalysis; NaN in gaps
    truth    (layer, site, day) scaled likewise, without gaps and errors of sensors
    climate  (site,) Köppen–Geiger class 1…30
    """

    sites: Sites
    targets: F4
    truth: F4
    climate: NDArray[np.uint8]


def make(kind: WorldKind, seed: int, patch: Patch = PATCH) -> World:
    """A world of the toy Earth. In `null`, forcing is the truth's own weather: what is lost then is not lost by its errors."""
    toy = Toy(seed=seed, world=kind, soil_from=YEARS[0], drought=DROUGHT)
    land = geography(seed, patch)
    rows, columns, stations = _places(seed, patch)
    forcing, truth, soil, rain, energy = [], [], [], [], []
    for (own_air, water), (other_air, model) in zip(
        true_years(toy, land, YEARS[1]), model_years(toy, land, YEARS[1]), strict=True
    ):
        air = own_air if kind == "null" else other_air
        vapour = 610.8 * np.exp(17.27 * (air.dew_point - 273.15) / (air.dew_point - 35.85))
        q = 0.622 * vapour / (air.pressure - 0.378 * vapour)
        fields = (np.log1p(air.rain), air.temperature, air.net_solar + air.net_thermal, air.solar, q, air.skin)
        forcing.append(np.stack([field[:, rows, columns] for field in fields]))
        truth.append(water[:, :, rows, columns])
        soil.append(np.tensordot(np.array(WEIGHTS, np.float32), model[:, :, rows, columns], 1))
        rain.append(air.rain[:, rows, columns])
        energy.append(fields[2][:, rows, columns])
    first = CALENDARS["day"].parse(f"{YEARS[0]}-01-01")
    forced, true, own = (np.concatenate(parts, axis=1).transpose(0, 2, 1) for parts in (forcing, truth, soil))
    a_year = [np.concatenate(parts).mean(axis=0) * 365.25 for parts in (rain, energy)]
    sites = Sites(
        GRID.id, (first, first + forced.shape[2] - 1), ((rows + patch.row) * GRID.columns + columns + patch.column)
        .astype(np.int32), DYNAMIC, STATIC, forced, _statics(land, rows, columns, a_year[0], a_year[1]), own,
    )  # fmt: skip
    said = np.where(stations[:, None], measured(true, seed), np.nan).astype(np.float32)
    climate = climate_class(land.wetness, land.latitude)[rows, columns]
    return World(sites, scaled(said, own), scaled(true, own), climate)


def _places(seed: int, patch: Patch) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Rows and columns of cells, ascending as pixels are, and which have stations: clusters of neighbours, as in reality."""
    draw = uniform(mix(seed_key("stations", seed), np.arange(CLUSTERS * (2 + 2 * MEMBERS)))).reshape(CLUSTERS, -1)
    centre = 4 + draw[:, :2] * (patch.rows - 8, patch.columns - 8)
    around = (draw[:, 2:].reshape(CLUSTERS, MEMBERS, 2) - 0.5) * 6
    measure = np.floor(centre[:, None] + around).astype(int).reshape(-1, 2) @ (patch.columns, 1)
    judge = np.add.outer(np.arange(5, patch.rows, EVERY) * patch.columns, np.arange(5, patch.columns, EVERY))
    cells = np.union1d(measure, judge)
    return *np.divmod(cells, patch.columns), np.isin(cells, measure)


def _statics(land: Geography, rows: NDArray[np.intp], columns: NDArray[np.intp], rain: F4, energy: F4) -> F4:
    silt = 1 - land.clay - land.sand
    fields = (land.clay, land.sand, silt, land.porosity, land.cover(2005))
    soil = [field[rows, columns] for field in fields]
    return np.stack(
        [land.elevation[rows, columns], land.relief[rows, columns], rain, energy / 2.45 / rain, *soil]
    ).astype(np.float32)


def measured(truth: F4, seed: int) -> F4:
    """What sensors say (layer, site, day): of a spot within the cell, with gain, offset and noise, in a record with gaps."""
    layers, sites, days = truth.shape
    rng = np.random.default_rng(seed_key("sensors", seed))
    gain, offset = rng.uniform(0.7, 1.3, (layers, sites, 1)), rng.uniform(-0.05, 0.05, (layers, sites, 1))
    own = sum(share[:, None, None] * _remembers(rng.normal(size=truth.shape), memory) for share, memory in OWN)
    local = truth + own * truth.std(axis=2, keepdims=True)
    said = offset + gain * local + 0.004 * rng.normal(size=truth.shape)
    begin = rng.integers(0, days // 2, (layers, sites, 1))
    length = rng.integers(days // 6, days, (layers, sites, 1))
    day = np.arange(days)
    outage = np.repeat(rng.random((layers, sites, days // 30 + 1)) < 0.15, 30, axis=2)[:, :, :days]
    there = (day >= begin) & (day < begin + length) & ~outage
    return np.where(there, said, np.nan).astype(np.float32)


def _remembers(noise: NDArray[np.float64], memory: float) -> NDArray[np.float64]:
    """Noise of unit variance that decays over so many days."""
    keep = np.exp(-1 / memory)
    noise[..., 1:] *= np.sqrt(1 - keep**2)
    kept: NDArray[np.float64] = lfilter([1.0], [1.0, -keep], noise, axis=-1)
    return kept


def scaled(values: F4, model: F4) -> F4:
    """Values (layer, site, day) with the model's mean and standard deviation over the days that both have."""
    there = np.isfinite(values)
    (mean, spread), (other, wide) = (_moments(each, there) for each in (values, model))
    return (other + (values - mean) * wide / np.maximum(spread, 1e-6)).astype(np.float32)


def _moments(values: F4, there: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation (layer, site, 1) of the days that are there, 0 where none is."""
    count = there.sum(axis=2, keepdims=True).clip(1)
    mean = np.where(there, values, 0).sum(axis=2, keepdims=True, dtype=np.float64) / count
    square = np.where(there, values - mean, 0) ** 2
    return mean, np.sqrt(square.sum(axis=2, keepdims=True) / count)
