"""The job of the figures of a rival: densities, climates, seasons and years (Figs. 4 to 13 of the article in kind)."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib

from rssm.atlas.sheet import STYLE, keep
from rssm.calendar import CALENDARS
from rssm.validation.figures import density
from rssm.validation.figures.climate import climate_figure
from rssm.validation.figures.scored import Scored
from rssm.validation.figures.seasons import seasons_figure
from rssm.validation.figures.specs import FigureSpec
from rssm.validation.figures.years import years_figure
from rssm.validation.samples.product import read_samples, record_of
from rssm.validation.samples.record import Record
from rssm.validation.samples.reference import read_reference
from rssm.validation.scores.compare import name_of
from rssm.validation.scores.table import read_table


def rival_figures(
    rival: str,
    samples: Sequence[str],
    stations: Sequence[str],
    scores: Sequence[str],
    spec: FigureSpec,
    out: Sequence[str],
) -> None:
    """Draw the four figures of the data set and a rival.

    samples  of both
    out      SVG, PNG and CSV of each figure in turn
    """
    reference, calendar = read_reference(stations[0]), CALENDARS[spec.calendar_id]
    pair = spec.pair
    record = record_of(reference, [read_samples(path) for path in samples]).of((pair.product, rival), pair.span)
    table = Scored.of(read_table(scores[0], "scores"), name_of(pair), (pair.product, rival))
    with matplotlib.rc_context(STYLE):
        panels = _panels(record, pair.product, rival, rival == spec.target)
        keep(density.densities(panels), density.COLUMNS, density.density_rows(panels), out[:3])
        keep(*climate_figure(table, reference.labels.get("climate", {})), out[3:6])
        keep(*seasons_figure(table, calendar), out[6:9])
        keep(*years_figure(table), out[9:12])


def _panels(record: Record, product: str, rival: str, is_target: bool) -> list[density.Panel]:
    """Both against the stations; the data set against its target too."""
    pairs = [((name, "stations"), record.products[name], record.reference) for name in (product, rival)]
    if is_target:
        pairs.append(((product, rival), record.products[product], record.products[rival]))
    return [density.Panel.of(names, x, y) for names, x, y in pairs]
