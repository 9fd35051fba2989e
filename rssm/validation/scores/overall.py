"""Overall scores: all pixel-dekads of a group at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rssm.validation.samples.record import Record
from rssm.validation.scores.groups import Kind
from rssm.validation.scores.results import About, Result, result
from rssm.validation.specs import Least
from rssm.validation.statistics.blocks import Blocks, blocks_touched
from rssm.validation.statistics.metrics import scores_of, with_r2
from rssm.validation.statistics.status import Status
from rssm.validation.statistics.sums import Sums


def overall(record: Record, kind: Kind, blocks: Blocks, least: Least) -> Iterator[Result]:
    """R², r, RMSE, bias and ubRMSE of each group and product."""
    samples, groups = np.flatnonzero(kind.code >= 0), len(kind.labels)
    code, steps, y = kind.code[samples], record.step[samples], record.reference[samples]
    touched = blocks_touched(blocks.of(steps), code, groups)
    sure = touched >= least.blocks
    for product, values in record.products.items():
        x = values[samples]
        scores = with_r2(scores_of(Sums.of(x, y, code, groups), 2))
        drawn = blocks.metrics(x, y, steps, code, groups) if sure.any() else {}
        if drawn:
            drawn["r2"] = drawn["r"] ** 2
        for metric, score in scores.items():
            for group, label in enumerate(kind.labels):
                about = About(product, kind.name, label, "overall", "value", -1, metric)
                known = drawn[metric][group] if sure[group] else None
                value, n, status = score.value[group], score.n[group], Status(score.status[group])
                yield result(about, float(value), int(n), status, known, int(touched[group]))
