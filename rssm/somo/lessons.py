"""What a network learns from, and the sequences or windows that it is shown of it.

Which they are is decided by hashes of seed, layer, member and update: the same at any number of cores and in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.draws import mix, uniform
from rssm.errors import InputError
from rssm.somo.members import Scales
from rssm.somo.specs import NetworkSpec

F4 = NDArray[np.float32]
YEAR = 365.25
LEAST_STD = 1e-6  # a variable that does not vary teaches nothing, and is not divided by zero


@dataclass(frozen=True)
class Lesson:
    """Scaled inputs and targets of the cells that teach.

    x        (site, day, dynamic); 0, the mean, where there is none
    statics  (static, site)
    y        (site, day) NaN where there is no target
    weight   (site,) by whose share an error counts: 1 / (standard deviation of the target + ε)²
    scales   what made them so
    """

    x: F4
    statics: F4
    y: F4
    weight: F4
    scales: Scales


def lesson(dynamic: F4, statics: F4, target: F4, epsilon: float, sees_statics: bool) -> Lesson:
    """Scale forcing (dynamic, site, day), statics (static, site) and targets (site, day) of the cells that teach.

    Cells without a target, or with a gap in what does not change, take no part.
    """
    teach = np.isfinite(target).any(axis=1) & np.isfinite(statics).all(axis=0)
    if not teach.any():
        raise InputError(
            "No cell is left that has targets and all static variables. Check somo.targets and the static inputs."
        )
    dynamic, statics, target = dynamic[:, teach], statics[:, teach], target[teach]
    scales = _scales(dynamic, statics, target)
    x = np.nan_to_num(scales.dynamic(dynamic), nan=0.0).transpose(1, 2, 0)
    gate = scales.statics(statics)
    y = (target - scales.target[0]) / scales.target[1]
    spread = np.nanstd(y.astype(np.float64), axis=1)
    weight = (1 / (spread + epsilon) ** 2).astype(np.float32)
    return Lesson(np.ascontiguousarray(x), gate if sees_statics else np.zeros_like(gate), y, weight, scales)


def _scales(dynamic: F4, statics: F4, target: F4) -> Scales:
    days = dynamic.reshape(len(dynamic), -1).astype(np.float64)
    climate, fixed, wet = _yearly(dynamic), statics.astype(np.float64), target.ravel()
    made = {
        "dynamic_mean": np.nanmean(days, axis=1),
        "dynamic_std": np.nanstd(days, axis=1).clip(LEAST_STD),
        "static_mean": fixed.mean(axis=1),
        "static_std": fixed.std(axis=1).clip(LEAST_STD),
        "target": np.array([np.nanmean(wet.astype(np.float64)), np.nanstd(wet.astype(np.float64)).clip(LEAST_STD)]),
        "static_low": fixed.min(axis=1),
        "static_high": fixed.max(axis=1),
        "climate_low": np.nanmin(climate, axis=(1, 2)),
        "climate_high": np.nanmax(climate, axis=(1, 2)),
    }
    return Scales(**{name: values.astype(np.float32) for name, values in made.items()})


def _yearly(dynamic: F4) -> NDArray[np.float64]:
    """Means (dynamic, site, year) over years of 365 days, or over all days where there are fewer."""
    days = dynamic.shape[2]
    year = min(365, days)
    parts = dynamic[:, :, : days // year * year].reshape(*dynamic.shape[:2], -1, year)
    means: NDArray[np.float64] = np.nanmean(parts.astype(np.float64), axis=3)
    return means


class Batch(NamedTuple):
    """Stretches of days that are learnt from at once.

    site, first  (sequence,) cell, and day on which the empty memory starts
    steps        days of each
    scored       of these the last, whose errors count
    """

    site: NDArray[np.intp]
    first: NDArray[np.intp]
    steps: int
    scored: int


@dataclass(frozen=True)
class Sampler:
    """Draws the batches of a network; `key` tells networks apart."""

    site: NDArray[np.intp]  # (target,)
    day: NDArray[np.intp]  # (target,)
    days: int
    network: NetworkSpec
    key: int

    @classmethod
    def of(cls, y: F4, network: NetworkSpec, key: int) -> Sampler:
        site, day = np.nonzero(np.isfinite(y))
        return cls(site, day, y.shape[1], network, key)

    @property
    def updates(self) -> int:
        """Updates of the weights in all: every target is scored `epochs` times on average."""
        least, most = self.network.years
        scored = 1 if self.network.way == "windows" else (least + most) / 2 * YEAR / 2
        share = self.site.size / max(1, self.days * len(np.unique(self.site)))  # days of a stretch that have a target
        a_batch = self.network.batch * max(1.0, scored * share)
        return max(self.network.least_updates, round(self.network.epochs * self.site.size / a_batch))

    def batch(self, update: int) -> Batch:
        """Batch of an update, of targets drawn one like the other: each stands somewhere in the scored part."""
        draw = uniform(mix(self.key, update, np.arange(2 * self.network.batch + 1)))
        target = (draw[: self.network.batch] * self.site.size).astype(np.intp)
        steps, scored = self._length(float(draw[-1]))
        before_last = (draw[self.network.batch : -1] * scored).astype(np.intp)
        first = self.day[target] + before_last - (steps - 1)
        return Batch(self.site[target], first.clip(0, self.days - steps), steps, scored)

    def _length(self, draw: float) -> tuple[int, int]:
        if self.network.way == "windows":
            return min(self.network.window, self.days), 1
        least, most = self.network.years
        steps = min(round((least + draw * (most - least)) * YEAR), self.days)
        return steps, max(1, steps // 2)

    def start(self, update: int, ends: tuple[F4, F4]) -> tuple[F4, F4]:
        """States (unit, sequence) that sequences start from: half are empty, half what others ended with an update before.

        So a network learns to forget where it started, as a state that is carried on for decades has to.
        """
        draw = uniform(mix(self.key, update, 3, np.arange(2 * self.network.batch))).reshape(2, -1)
        other = np.argsort(draw[0], kind="stable")
        lives = (draw[1] < 0.5).astype(np.float32) * (self.network.way == "state")
        return ends[0][:, other] * lives, ends[1][:, other] * lives

    def kept(self, update: int, units: int) -> F4:
        """(unit, sequence) factor of each unit in the output: a share of them is left out, another one in each sequence."""
        draw = uniform(mix(self.key, update, 1, np.arange(units * self.network.batch)))
        stay = 1 - self.network.dropout
        return ((draw < stay) / stay).astype(np.float32).reshape(units, self.network.batch)
