"""Blocked cross-validation: the skill of subnetworks on blocks that they never saw, in a sample of zones.

Every fold of blocks is left out once: the subnetworks learn from the others, one of which judges the starts. Scores
are those of the control; several chains share its splits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rssm.cubes.cube import read_cubes
from rssm.draws import mix, seed_key
from rssm.files import atomic
from rssm.networks.job import checked
from rssm.networks.predict import predict
from rssm.networks.samples import gather, with_steps
from rssm.networks.split import TEST, TRAIN, UNUSED, VALIDATION, fold_labels
from rssm.networks.target import choose_target
from rssm.networks.train import train_block

if TYPE_CHECKING:
    from rssm.config.training import Training

COLUMNS = ("zone", "fold", "points", "rmse", "bias", "ubrmse", "r", "r2")


def cross_validate(network: str, cubes: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Cross-validate a network and write the table of its scores (m³ m⁻³): zone by zone, each fold and all together.

    cubes  of inputs and targets, tile by tile
    spec   zones [[of a tile, …], …], folds, blocks, and what a training job is told
    """
    settings = checked(spec["training"])
    choose_target(settings.cpu)
    tiles = len(spec["zones"])
    rows = ["\t".join(COLUMNS)]
    for zones, inside in zip(spec["zones"], _parts(cubes, tiles), strict=True):
        for zone, fold, scores in tile_scores(zones, inside, spec, settings):
            rows.append("\t".join([zone, fold, *("" if np.isnan(s) else f"{s:.6g}" for s in scores)]))
    with atomic(out[0]) as beside:
        beside.write_text("\n".join(rows) + "\n")


def _parts(paths: Sequence[str], number: int) -> list[Sequence[str]]:
    """Paths in as many equal parts."""
    size = len(paths) // max(number, 1)
    return [paths[i * size : (i + 1) * size] for i in range(number)]


def tile_scores(
    zones: Sequence[str], cubes: Sequence[str], spec: dict[str, Any], settings: Training
) -> Iterator[tuple[str, str, tuple[float, ...]]]:
    """Zone, fold ("all": every point by the subnetwork that did not see it) and scores of a tile's sampled zones."""
    read = {cube.variable: cube for path in cubes for cube in read_cubes(path)}
    inputs = [read[name] for name in spec["inputs"]]
    samples = gather(inputs, with_steps(read, spec["targets"]))
    where = (samples.row, samples.column, samples.dekad)
    folds = fold_labels(*where, settings.split, spec["seed"], spec["folds"], spec["blocks"])
    for zone in zones:
        at = inputs[0].zones.index(zone)
        part = slice(samples.offsets[at], samples.offsets[at + 1])
        key = seed_key(spec["seed"], 0, spec["network"], zone)
        x, y, fold = samples.x[:, part], samples.y[0, part], folds[part]
        estimate = left_out(x, y, fold, spec["folds"], key, settings)
        for number in range(spec["folds"]):
            yield zone, str(number), score(estimate[fold == number], y[fold == number])
        yield zone, "all", score(estimate, y)


def left_out(
    x: NDArray[np.float32], y: NDArray[np.float32], fold: NDArray[np.int64], folds: int, key: int, settings: Training
) -> NDArray[np.float32]:
    """Estimates (point,) of one zone by subnetworks that did not learn from the point's fold; NaN without one.

    x  (input, point);  y, fold  (point,), fold −1 for unused points;  folds  at least three
    """
    estimate = np.full(y.size, np.nan, np.float32)
    roles = np.full(folds, TRAIN, np.uint8)
    roles[:2] = TEST, VALIDATION  # the fold itself tests, the next one judges
    for number in range(folds):
        out = fold == number
        labels = np.where(fold < 0, UNUSED, roles[(fold - number) % folds]).astype(np.uint8)
        fitted = train_block(x, y[None], np.array([0, y.size]), labels, mix(key, [[number]]), settings)
        zone = np.zeros(np.count_nonzero(out), np.int64)
        estimate[out] = predict(fitted, x[:, out], zone, settings.extrapolation)[0][0]
    return estimate


def score(estimate: NDArray[np.floating], truth: NDArray[np.floating]) -> tuple[float, ...]:
    """Points, RMSE, bias, unbiased RMSE, correlation and R² where both are there; NaN where they say nothing."""
    both = np.isfinite(estimate) & np.isfinite(truth)
    e, t = estimate[both].astype(np.float64), truth[both].astype(np.float64)
    if e.size < 2 or t.std() == 0:
        return (float(e.size), *[np.nan] * 5)
    error = e - t
    mse, bias = float(np.mean(error**2)), float(error.mean())
    r = float(np.corrcoef(e, t)[0, 1]) if e.std() > 0 else np.nan
    return float(e.size), mse**0.5, bias, max(mse - bias**2, 0.0) ** 0.5, r, 1 - mse / float(t.var())
