"""Small zones as coasts and islands have them: a few native cells, copied to the pixels that they cover."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.config.training import Split, Training
from rssm.draws import seed_key
from rssm.networks.predict import predict
from rssm.networks.split import split_labels
from rssm.networks.subnetworks import Subnetworks
from rssm.networks.train import train_block

FIRST = 2015 * 36 + 9  # 2015D10
FRESH = 72  # dekads after those that teach
SETTINGS = Training(noise_ridge=200, extrapolation="clip")


class SmallZone(NamedTuple):
    """Pixels × dekads of two products, a factor that changes and one that does not; the target."""

    x: NDArray[np.float32]  # (input, pixel, dekad)
    y: NDArray[np.float32]  # (pixel, dekad)
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    step: NDArray[np.int64]

    def part(self, dekads: slice) -> SmallZone:
        """Some of its dekads."""
        return self._replace(x=self.x[:, :, dekads], y=self.y[:, dekads], step=self.step[dekads])

    @property
    def inputs(self) -> NDArray[np.float32]:
        """(input, point)."""
        return np.ascontiguousarray(self.x.reshape(len(self.x), -1))

    @property
    def dekads(self) -> NDArray[np.int64]:
        """(point,)."""
        return np.tile(self.step, len(self.y))

    def labels(self, split: Split) -> NDArray[np.uint8]:
        """Roles (point,)."""
        return split_labels(self.row[:, None], self.column[:, None], self.step, split, seed=1).ravel()


def weather(rng: np.random.Generator, dekads: int, memory: float = 0.6) -> NDArray[np.float64]:
    """A series of unit variance that remembers."""
    series = rng.normal(size=dekads)
    for t in range(1, dekads):
        series[t] = memory * series[t - 1] + np.sqrt(1 - memory**2) * series[t]
    return series


def small_zone(seed: int, signal: bool = True, noise: float = 1.0) -> SmallZone:
    """5–40 pixels under cells of 4 × 4, 60–110 dekads that teach and FRESH more; without signal inputs know nothing."""
    rng = np.random.default_rng(seed)
    pixels, dekads = int(rng.integers(5, 41)), int(rng.integers(60, 111)) + FRESH
    wide = int(np.ceil(np.sqrt(pixels)))
    row, column = np.arange(pixels) // wide, np.arange(pixels) % wide
    cell = np.unique(row // 4 * 10 + column // 4, return_inverse=True)[1]
    season, common = np.sin(2 * np.pi * (np.arange(dekads) / 36 + rng.random())), weather(rng, dekads)

    def moisture() -> NDArray[np.float64]:
        own = [0.4 * weather(rng, dekads) + 0.5 * signal * rng.normal() for _ in range(cell.max() + 1)]
        return 0.7 * common + 0.5 * season + np.stack(own)

    truth = moisture()
    target = truth + 0.5 * noise * rng.normal(size=truth.shape)
    if not signal:
        season, common = np.sin(2 * np.pi * (np.arange(dekads) / 29 + rng.random())), weather(rng, dekads)
        truth = moisture()
    slow = np.stack([weather(rng, dekads, 0.3) for _ in truth])
    products = [truth + 0.8 * noise * slow, truth + noise * rng.normal(size=truth.shape)]
    warmth = np.tile(-0.5 * season + 0.5 * weather(rng, dekads), (pixels, 1))
    height = np.repeat(rng.normal(size=(pixels, 1)), dekads, axis=1)
    x = np.stack([*(product[cell] for product in products), warmth, height]).astype(np.float32)
    return SmallZone(
        x, (0.25 + 0.05 * target[cell]).astype(np.float32), 300 + row, 900 + column, FIRST + np.arange(dekads)
    )


def trained(zone: SmallZone, settings: Training = SETTINGS, key: int = 0) -> Subnetworks:
    """The subnetwork of a zone."""
    keys = np.array([[seed_key(1, 0, "NN", str(key))]], np.uint64)
    offsets = np.array([0, zone.y.size])
    labels = zone.labels(settings.split)
    return train_block(
        zone.inputs, zone.y.reshape(1, -1), offsets, labels, keys, settings, dekads=zone.dekads, products=2
    )


def series(subnetworks: Subnetworks, zone: SmallZone) -> NDArray[np.float32]:
    """Estimates (pixel, dekad)."""
    estimate, _ = predict(subnetworks, zone.inputs, np.zeros(zone.y.size, np.int64), "clip")
    return estimate[0].reshape(zone.y.shape)
