"""One dekad of the data set from the round that simulates it: masked, filled, flagged, with its uncertainty.

    SIM-n ─▶ hide snow and ice ─▶ uncertainty ─▶ fill the rest ─▶ skill, counts ─▶ flags

Dekads are made one by one, so that memory is that of one map's layers, whatever the region; filling by departures also
looks at the dekads before and after, within the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.maps import read_map
from rssm.product.records.frame import Frame, season_labels
from rssm.product.specs import YearSpec
from rssm.product.uncertainty.calibration import Calibration
from rssm.product.uncertainty.recipe import damped, total_sigma
from rssm.product.uncertainty.spread import chain_variance_of
from rssm.product.values import flags
from rssm.product.values.departures import Departures, fill_step
from rssm.product.values.mask import SnowIce, snow_ice
from rssm.product.values.mask import mask as without_snow
from rssm.product.values.mean_year import MEAN_YEAR
from rssm.product.values.snow_climatology import FROZEN, SNOW
from rssm.product.values.sources import Maps
from rssm.rounds.estimates import CHAIN_ONLY, FALLBACK, MATCHED_ONLY, NO_SKILL, OUTSIDE
from rssm.rounds.merge import Provenance

Values = dict[str, NDArray[Any]]
FOREST = 0.5  # share of a pixel from which it counts as rainforest
MEANS = (Provenance.MEAN_OF_SAME_SET, Provenance.WEIGHTED_MEAN)


@dataclass(frozen=True)
class Ground:
    """What all dekads of a job share: where, and from which maps and tables.

    land       (row, column) of the window
    low, high  (row, column) range of the target from outside, NaN unknown
    skill      round → field → (network or none, zone row, zone column), of `Skill.over`
    """

    maps: Maps
    land: NDArray[np.bool_]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    skill: dict[str, dict[str, NDArray[np.float32]]]
    calibration: Calibration
    spec: YearSpec

    @cached_property
    def frame(self) -> Frame:
        return self.spec.frame

    @property
    def networks(self) -> list[str]:
        return [network.name for network in self.spec.networks]

    @cached_property
    def rainforest(self) -> NDArray[np.bool_]:
        forest: NDArray[np.bool_] = self.value("rainforest", 0) >= FOREST
        return forest

    @cached_property
    def zones(self) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
        """Row and column among the region's zones of each row and column of pixels, to index the tables of skill."""
        region, (souths, wests) = self.spec.area.region, self.frame.zones()
        return (region.north - 1 - souths)[:, None], (wests - region.west) % 360

    def value(self, role: str, dekad: int) -> NDArray[np.float32]:
        """Values (row, column) of what plays a role, NaN where unknown."""
        return self.maps.value(self.spec.roles[role], dekad, self.frame.window)

    def snow_ice(self, dekad: int) -> SnowIce:
        """Observed or inferred snow and ice."""
        in_era = dekad >= self.spec.snow_from
        none = np.zeros(self.land.shape, np.bool_)
        reported, mostly = none, none
        thawed_days = judged_days = none.astype(np.int8)
        if in_era:
            reported = self.value("snow", dekad) >= FROZEN
        else:
            mostly = self._mostly_frozen(dekad)
            thawed = self.value("freeze_thaw", dekad)  # mean share of the day thawed over the observed days
            thawed_days, judged_days = (thawed > 0.5).astype(np.int8), (~np.isnan(thawed)).astype(np.int8)
        found = snow_ice(reported, in_era, mostly, thawed_days, judged_days)
        return SnowIce(found.observed & self.land, found.inferred & self.land)

    def _mostly_frozen(self, dekad: int) -> NDArray[np.bool_]:
        """Frozen in most years at this dekad of the year."""
        mostly: NDArray[np.bool_] = self._usual(SNOW, dekad, "before ASCAT") > 0
        return mostly

    def _usual(self, product: str, dekad: int, why: str) -> NDArray[np.float32]:
        """Map (row, column) of a dekad of the year."""
        calendar = self.frame.calendar
        label = season_labels(calendar)[calendar.season_of(dekad)]
        entry = self.maps.entries.get(product, {}).get(label)
        if entry is None:
            raise InputError(f"{calendar.label(dekad)}: {why} the map {product} {label} is needed, and none was given.")
        return read_map(entry["path"], self.frame.window, ["value"], self.frame.grid)[0]["value"]

    def bare(self, dekad: int) -> tuple[NDArray[np.float32], SnowIce]:
        """What is simulated on land (row, column) and neither snow nor ice hides, and those."""
        if dekad not in self._bare:
            for step in [step for step in self._bare if step < dekad - 2]:
                del self._bare[step]
            value, snow = np.full(self.land.shape, np.nan, np.float32), self.snow_ice(dekad)
            found = self.maps.estimated(dekad, self.spec.estimate)
            if found is not None:
                value = read_map(found[1]["path"], self.frame.window, ["value"], self.frame.grid)[0]["value"]
            self._bare[dekad] = np.where(self.land, without_snow(value, snow), np.float32(np.nan)), snow
        return self._bare[dekad]

    @cached_property
    def _bare(self) -> dict[int, tuple[NDArray[np.float32], SnowIce]]:
        """Of the dekads at hand: each serves those beside it."""
        return {}

    def departures(self, dekad: int) -> Departures | None:
        """How this dekad and those beside it within the year depart from the mean year; None where nobody asks."""
        if self.spec.fill.method != "departures":
            return None
        first, last = self.spec.steps
        usual = {
            step: self._usual(MEAN_YEAR, step, "to fill by departures")
            for step in range(max(dekad - 1, first), min(dekad + 1, last) + 1)
        }
        gap = np.full(self.land.shape, np.nan, np.float32)
        parts = (self.bare(k)[0] - usual[k] if k in usual else gap for k in (dekad, dekad - 1, dekad + 1))
        return Departures(usual[dekad], *parts)


def dekad_values(ground: Ground, dekad: int) -> tuple[str | None, Values]:
    """The round that simulates a dekad, None where none does, and the values of all layers (row, column).

    Beside the layers: under_water, pixels that are neither filled nor searched across.
    """
    round_, entry = ground.maps.estimated(dekad, ground.spec.estimate) or (None, None)
    simulated = _simulated(ground, entry) if entry else _nothing(ground.land.shape)
    round_number = ground.spec.rounds.index(round_) + 1 if round_ else 0
    (raw, snow), water, wraps = ground.bare(dekad), ground.value("water", dekad), ground.frame.wraps
    under_water = water > ground.spec.fill.water
    blocked = snow.observed | snow.inferred | under_water

    network = np.where(np.isnan(raw), 0, simulated["network"]).astype(np.int16)
    values = _uncertainty(ground, round_ or "", network, simulated["variance"], raw, dekad)
    variance, radius = values.pop("variance"), ground.spec.fill.radius
    filled = fill_step(raw, variance, ground.land, blocked, radius, wraps, ground.departures(dekad))
    values["total_uncertainty"] = np.sqrt(filled.variance)
    values |= {
        "soil_moisture": filled.values,
        "network_used": network,
        "round": np.where(filled.distance >= 0, np.uint8(round_number), np.uint8(0)),
        "fill_distance": filled.distance.astype(np.int8),
        "flags": _flags(ground, dekad, simulated, raw, filled.distance, network, snow, water),
        "under_water": under_water,
    }
    values |= _counts(ground, network, dekad)
    return round_, values


def _nothing(shape: tuple[int, ...]) -> Values:
    """A dekad that no round simulates."""
    gap, zero = np.full(shape, np.nan, np.float32), np.zeros(shape, np.int16)
    return {"variance": gap, "network": zero, "flags": zero, "averaged": zero, "blended": zero}


def _simulated(ground: Ground, entry: dict[str, Any]) -> Values:
    """What a SIM-n map says beside its values: variance between chains (NaN with one chain), network (1…, 0 none), flags, blended, and
    averaged: mean of two networks, of which `network` names the better one."""
    names, frame = ["network", "flags", "merged", "blended"], ground.frame
    layers, tags = read_map(entry["path"], frame.window, names, frame.grid)
    number = np.array([ground.networks.index(name) + 1 for name in tags["networks"].split()] + [0], np.int16)
    return {
        "variance": chain_variance_of(entry["path"], frame.window, frame.grid),
        "network": number[np.nan_to_num(layers["network"], nan=-1).astype(np.intp)],
        "flags": np.nan_to_num(layers["flags"]).astype(np.uint8),
        "averaged": np.isin(layers["merged"], MEANS),
        "blended": layers["blended"] > 0,
    }


def _uncertainty(
    ground: Ground,
    round_: str,
    network: NDArray[np.int16],
    variance: NDArray[np.float32],
    raw: NDArray[np.float32],
    dekad: int,
) -> Values:
    """Skill of the subnetwork used, the parts of its uncertainty, and their sum as a variance, σ²."""
    used, gap = network > 0, np.full(network.shape, np.nan, np.float32)
    table = ground.skill.get(round_)

    def field(name: str) -> NDArray[np.float32]:
        return gap if table is None else table[name][network - 1, *ground.zones]

    residual = field("residual")
    spread = np.where(used, variance, np.float32(np.nan))
    classes = np.nan_to_num(ground.value("land_cover", dekad), nan=-1).astype(np.int16)
    c, power, dry = ground.calibration.over(round_, classes)
    total = (total_sigma(np.nan_to_num(spread), residual, c, power) * damped(raw, dry)) ** 2
    return {
        "between_chain_spread": np.sqrt(spread),
        "residual_error": np.sqrt(residual),
        "blocked_rmse": np.sqrt(field("mse")),
        "blocked_r2": field("r2"),
        "variance": total.astype(np.float32),
    }


def _counts(ground: Ground, network: NDArray[np.int16], dekad: int) -> Values:
    """Number of products, and of their observations, behind each value.

    Of a simulated one those are the predictors of its network; of a fused one all products that are there.
    """
    if ground.spec.matched:
        return _counts_of_all(ground, network > 0, dekad)
    predictors = [set(entry.predictors) for entry in ground.spec.networks]
    number = np.array([0, *map(len, predictors)], np.uint8)[network]
    present = set(np.unique(network).tolist()) - {0}
    observations = np.zeros(network.shape, np.float32)
    for product in sorted(set().union(*(predictors[k - 1] for k in present))):
        layers = ground.maps.layers(product, dekad, ground.frame.window, ["n_obs"])
        if layers is not None:
            takes = np.array([False, *(product in needed for needed in predictors)])[network]
            observations += np.where(takes, np.nan_to_num(layers["n_obs"]), np.float32(0))
    return {"number_of_predictors": number, "n_observations": np.rint(observations).astype(np.int16)}


def _counts_of_all(ground: Ground, used: NDArray[np.bool_], dekad: int) -> Values:
    number, observations = np.zeros(used.shape, np.uint8), np.zeros(used.shape, np.float32)
    for product in ground.spec.matched:
        layers = ground.maps.layers(product, dekad, ground.frame.window, ["value", "n_obs"])
        if layers is not None:
            there = used & np.isfinite(layers["value"])
            number += there
            observations[there] += np.nan_to_num(layers["n_obs"])[there]
    return {"number_of_predictors": number, "n_observations": np.rint(observations).astype(np.int16)}


def _flags(
    ground: Ground,
    dekad: int,
    simulated: Values,
    raw: NDArray[np.float32],
    distance: NDArray[np.int16],
    network: NDArray[np.int16],
    snow: SnowIce,
    water: NDArray[np.float32],
) -> NDArray[np.uint16]:
    own, land = network > 0, ground.land
    trained = [any(a <= dekad <= b for a, b in entry.training) for entry in ground.spec.networks]
    # what is no volume fraction is outside SMAP's range too, known or not
    beyond = (raw < ground.low) | (raw > ground.high) | (raw < 0) | (raw > 1)
    return flags.encode(
        snow_ice_observed=snow.observed,
        snow_ice_inferred=snow.inferred,
        rainforest=ground.rainforest & land,
        gap_filled=distance > 0,
        fallback_network=own & (simulated["flags"] & FALLBACK > 0),
        extrapolated_inputs=own & (simulated["flags"] & OUTSIDE > 0),
        outside_smap_range=beyond,
        boundary_blended=simulated["blended"] & own,
        water_above_5_percent=(water > ground.spec.water_flag) & land,
        no_network=np.isnan(raw) & land & ~snow.observed & ~snow.inferred,
        in_training_period=np.array([False, *trained])[network],
        mean_of_two_networks=own & simulated["averaged"],
        no_skill=own & (simulated["flags"] & NO_SKILL > 0),
        matched_only=own & (simulated["flags"] & MATCHED_ONLY > 0),
        chain_only=own & (simulated["flags"] & CHAIN_ONLY > 0),
    )
