"""The job of the scores: the data set and its rivals, two by two, against what stations measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rssm.calendar import CALENDARS, Calendar
from rssm.errors import InputError
from rssm.validation.samples.product import read_samples, record_of
from rssm.validation.samples.record import Record
from rssm.validation.samples.reference import read_reference
from rssm.validation.scores.evaluate import Difference, differences, evaluate
from rssm.validation.scores.groups import kinds_of
from rssm.validation.scores.results import Result
from rssm.validation.scores.table import table_of, write_tables
from rssm.validation.specs import Pair, ScoresSpec
from rssm.validation.statistics.blocks import LEVEL, Blocks

STATION = "stations"
ABOUT = {"kind": "word", "group": "word", "pattern": "word", "statistic": "word", "place": "word", "metric": "word"}
NUMBER = {"value": "f8", "low": "f8", "high": "f8"}
SCORE_COLUMNS = {
    "comparison": "word",
    "product": "word",
    "reference": "word",
    **ABOUT,
    **NUMBER,
    "n": "i8",
    "status": "status",
    "interval": "status",
}
DIFFERENCE_COLUMNS = {
    "comparison": "word",
    "product": "word",
    "rival": "word",
    **{name: kind for name, kind in ABOUT.items() if name != "place"},
    **NUMBER,
    "p": "f8",
    "n": "i8",
    "status": "status",
    "interval": "status",
}


def scores(samples: Sequence[str], stations: Sequence[str], spec: ScoresSpec, out: Sequence[str]) -> None:
    """Write the table of every score and that of the differences between the products of each pair.

    samples  of all products and years
    """
    calendar, reference = CALENDARS[spec.calendar_id], read_reference(stations[0])
    record = record_of(reference, [read_samples(path) for path in samples])
    rows: list[tuple[Any, ...]] = []
    apart: list[tuple[Any, ...]] = []
    for pair in spec.pairs:
        _refuse_unknown(record, pair)
        results = evaluated(record.of((pair.product, pair.rival), pair.span), reference.labels, spec)
        rows += score_rows(name_of(pair), STATION, results, calendar)
        apart += difference_rows(name_of(pair), differences(results, pair.product, pair.rival))
    for pair in (pair for pair in spec.pairs if pair.rival == spec.target):
        like = record.against(pair.product, pair.rival, pair.span)
        rows += score_rows(name_of(pair), pair.rival, evaluated(like, reference.labels, spec), calendar)
    tables = {
        "scores": table_of(SCORE_COLUMNS, rows),
        "differences": table_of(DIFFERENCE_COLUMNS, apart),
    }
    boot = spec.bootstrap
    how = f"{LEVEL:.0%} by {boot.replicates} replicates of blocks of {boot.block} steps, seed {boot.seed}"
    write_tables(out[0], tables, {"intervals": how, "calendar_id": calendar.id})


def evaluated(record: Record, labels: dict[str, dict[int, str]], spec: ScoresSpec) -> list[Result]:
    """All results of a comparison, whose products see the same replicates."""
    calendar, boot = CALENDARS[spec.calendar_id], spec.bootstrap
    blocks = Blocks.over(record.step, boot.block, boot.replicates, boot.seed)
    return evaluate(record, kinds_of(record, calendar, labels, spec.spells), blocks, calendar, spec.least)


def name_of(pair: Pair) -> str:
    """How tables call a comparison."""
    return f"{pair.product}~{pair.rival}"


def score_rows(
    comparison: str, reference: str, results: Sequence[Result], calendar: Calendar
) -> Iterator[tuple[Any, ...]]:
    """Results as rows of SCORE_COLUMNS; the place is the number of a pixel or the label of a step."""
    for about, value, n, status, low, high, interval, _ in results:
        place = calendar.label(about.place) if about.statistic == "dekad" else str(about.place)
        where = (
            about.kind,
            about.group,
            about.pattern,
            about.statistic,
            "" if about.place < 0 else place,
            about.metric,
        )
        yield (comparison, about.product, reference, *where, value, low, high, n, status, interval)


def difference_rows(comparison: str, found: Sequence[Difference]) -> Iterator[tuple[Any, ...]]:
    """Differences as rows of DIFFERENCE_COLUMNS."""
    for (about, value, n, status, low, high, interval, _), rival, p in found:
        where = (about.kind, about.group, about.pattern, about.statistic, about.metric)
        yield (comparison, about.product, rival, *where, value, low, high, p, n, status, interval)


def _refuse_unknown(record: Record, pair: Pair) -> None:
    for name in (pair.product, pair.rival):
        if name not in record.products:
            raise InputError(
                f"{name}: is compared with the stations ({name_of(pair)}), but there are no samples of it. Give its"
                " samples, or leave the comparison out."
            )
