"""Is the toy's reanalysis as far from its stations as ERA5 is on Earth? `python -m bench.somo.likeness` prints a table.

Published are medians over the stations of O and Orth (2021), recomputed from their table of scores; here all days count.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from bench.somo.world import World, make
from rssm.somo.scores import anomalies, correlation

ERA5 = ((0.668, 0.544), (0.637, 0.477), (0.421, 0.170))  # r and anomaly r, by layer
LEAST = 200  # days


def agreement(values: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[float, float]:
    """Medians over cells of r and anomaly r (35 days) of values (site, day), over the days that both have."""
    found = []
    for one, two in zip(values, other, strict=True):
        both = np.isfinite(one) & np.isfinite(two)
        if both.sum() >= LEAST:
            a, b = (np.where(both, each, np.nan).astype(np.float64) for each in (one, two))
            found.append((correlation(a[both], b[both]), correlation(anomalies(a, 35, 10), anomalies(b, 35, 10))))
    r, anomaly = np.nanmedian(found, axis=0)
    return float(r), float(anomaly)


def rows(world: World) -> list[str]:
    """Lines of a table: of each layer what is published, and what the toy has."""
    lines = []
    for layer, published in enumerate(ERA5):
        soil, said, truth = world.sites.soil[layer], world.targets[layer], world.truth[layer]
        pairs = (published, agreement(soil, said), agreement(soil, truth), agreement(truth, said))
        lines.append(" | ".join([str(layer + 1), *(f"{r:.3f} / {anomaly:.3f}" for r, anomaly in pairs)]))
    return lines


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    print("layer | ERA5 ~ stations, published | toy-ERA5 ~ stations | toy-ERA5 ~ truth | truth ~ stations")
    for line in rows(make("paper", parser.parse_args().seed)):
        print(line)


if __name__ == "__main__":
    main()
