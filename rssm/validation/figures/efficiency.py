"""Training efficiency: density of the data set against its target, in and out of sample (Fig. 4a)."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np

from rssm.atlas.sheet import STYLE, keep
from rssm.validation.efficiency import EDGES as FINE
from rssm.validation.efficiency import read_likeness, within
from rssm.validation.figures import density
from rssm.validation.specs import EfficiencySpec

SAMPLES = ("in sample", "out of sample")


def efficiency_figure(likeness: Sequence[str], spec: EfficiencySpec, out: Sequence[str]) -> None:
    """Draw the figure of all years."""
    found = read_likeness(likeness[0])
    learnt = np.array([within(int(step), spec.learnt) for step in found.step], bool)
    fold = (FINE.size - 1) // (density.EDGES.size - 1)
    panels = []
    for of, name in ((1, SAMPLES[0]), (0, SAMPLES[1])):
        counts = found.density[of].reshape(density.EDGES.size - 1, fold, density.EDGES.size - 1, fold).sum(axis=(1, 3))
        steps = learnt if of else ~learnt
        sums = found.sums.at(steps).by(np.zeros(int(steps.sum()), np.int64), 1)
        if counts.any():
            panels.append(density.Panel(f"{spec.product}, {name}", spec.target, counts, sums))
    with matplotlib.rc_context(STYLE):
        panels = panels or [density.Panel(spec.product, spec.target, counts, sums)]
        keep(density.densities(panels), density.COLUMNS, density.density_rows(panels), out)
