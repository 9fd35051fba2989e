"""The job that cross-validates a network in a sample of zones: the skill of its subnetworks on blocks left out.

Scores are those of the control; several chains share its splits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rssm.cubes.cube import read_cubes
from rssm.draws import seed_key
from rssm.networks.crossval import left_out, score
from rssm.networks.kernels.processor import choose_processor
from rssm.networks.samples import gather, with_steps
from rssm.networks.split import fold_labels
from rssm.rounds.specs import CrossValidateSpec
from rssm.tsv import write_tsv

COLUMNS = ("zone", "fold", "points", "rmse", "bias", "ubrmse", "r", "r2")


def cross_validate(network: str, cubes: Sequence[str], spec: CrossValidateSpec, out: Sequence[str]) -> None:
    """Cross-validate a network and write the table of its scores (m³ m⁻³): zone by zone, each fold and all together.

    cubes  of inputs and targets, tile by tile
    """
    choose_processor(spec.training.cpu)
    parts = zip(spec.zones, _parts(cubes, len(spec.zones)), strict=True)
    scored = (row for zones, inside in parts for row in tile_scores(zones, inside, spec))
    rows = [[zone, fold, *("" if np.isnan(s) else f"{s:.6g}" for s in scores)] for zone, fold, scores in scored]
    write_tsv(out[0], COLUMNS, rows)


def _parts(paths: Sequence[str], number: int) -> list[Sequence[str]]:
    """Paths in as many equal parts."""
    size = len(paths) // max(number, 1)
    return [paths[i * size : (i + 1) * size] for i in range(number)]


def tile_scores(
    zones: Sequence[str], cubes: Sequence[str], spec: CrossValidateSpec
) -> Iterator[tuple[str, str, tuple[float, ...]]]:
    """Zone, fold ("all": every point by the subnetwork that did not see it) and scores of a tile's sampled zones."""
    read = {cube.variable: cube for path in cubes for cube in read_cubes(path)}
    inputs = [read[name] for name in spec.inputs]
    samples = gather(inputs, with_steps(read, spec.targets))
    where = (samples.row, samples.column, samples.dekad)
    folds = fold_labels(*where, spec.training.split, spec.seed, spec.folds, spec.blocks)
    for zone in zones:
        at = inputs[0].zones.index(zone)
        part = slice(samples.offsets[at], samples.offsets[at + 1])
        key = seed_key(spec.seed, 0, spec.network, zone)
        x, y, fold = samples.x[:, part], samples.y[0, part], folds[part]
        estimate = left_out(x, y, fold, spec.folds, key, spec.training, samples.dekad[part], spec.predictors)
        for number in range(spec.folds):
            yield zone, str(number), score(estimate[fold == number], y[fold == number])
        yield zone, "all", score(estimate, y)
