"""`rssm compare A B`: what differs between two runs: settings, maps of the data set, scores. 0 nothing, 1 something, as diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field

from rssm.commands import parser_of
from rssm.commands.answers import Answer, emit
from rssm.commands.compare_maps import Difference, MapsCompared, compare_maps
from rssm.commands.compare_tables import Score, Setting, differing, scores_apart, settings_in, settings_of, value_text
from rssm.commands.screen import headed
from rssm.errors import InputError
from rssm.paths import data_sets_in
from rssm.tsv import aligned

SHOWN = 40  # rows of a table of differences; --json has all
HEAD = ("", "both", "only A", "only B", "unlike", "bias", "RMSE", "greatest", "r")


class Comparison(Answer):
    """What differs between two runs, or two configurations."""

    a: str = Field(description="The first, as it was named.")
    b: str = Field(description="The second.")
    same: bool = Field(description="Whether nothing differs; the exit code is 0 then, else 1.")
    settings: list[Setting] | None = Field(description="Settings that differ; null: an edition has no record of them.")
    maps: MapsCompared | None = Field(description="Maps of the data sets; null: of configurations.")
    scores_compared: int = Field(description="Scores that both have.")
    scores: list[Score] = Field(description="Scores that differ, or that one of them lacks.")


def compare(a: str, b: str, layer: str = "") -> Comparison:
    """Compare two runs (folders) or two configurations (files).

    layer  whose maps are looked at; none: all, with the statistics of soil moisture
    """
    one, two = Path(a), Path(b)
    if one.is_file() and two.is_file():
        settings = differing(settings_in(one), settings_in(two))
        return Comparison(a=a, b=b, same=not settings, settings=settings, maps=None, scores_compared=0, scores=[])
    if one.is_file() or two.is_file():
        raise InputError(f"{a} and {b}: one is a file, the other is not. Name two runs, or two configurations.")
    edition_a, edition_b = _edition(a), _edition(b)
    recorded = all((edition / "release.json").is_file() for edition in (edition_a, edition_b))
    found = differing(settings_of(edition_a), settings_of(edition_b)) if recorded else None
    maps = compare_maps(edition_a, edition_b, layer)
    count, scores = scores_apart(edition_a.parent, edition_b.parent)
    same = not found and maps.same and not scores
    return Comparison(a=a, b=b, same=same, settings=found, maps=maps, scores_compared=count, scores=scores)


def _edition(place: str) -> Path:
    """The data set of a run."""
    found = data_sets_in(place)
    if not found:
        raise InputError(f"{place}: no data set is there. Name the folder of a run that made it: snakemake product.")
    if len(found) > 1:
        raise InputError(f"{place}: holds several data sets, {' and '.join(map(str, found))}. Name one.")
    return found[0]


def lines(found: Comparison) -> Iterator[str]:
    """The comparison for people."""
    yield f"A  {found.a}"
    yield f"B  {found.b}"
    yield ""
    yield from _settings(found.settings)
    if found.maps is None:
        return
    yield ""
    yield from _maps(found.maps)
    yield ""
    if not found.scores:
        yield f"Scores: {found.scores_compared} compared, none differs."
        return
    yield f"Scores: {found.scores_compared} compared, {len(found.scores)} differ or stand in one alone:"
    cells = [(row.table, row.of, row.metric, _text(row.a), _text(row.b)) for row in found.scores[:SHOWN]]
    yield headed(aligned([("table", "of", "score", "A", "B"), *cells], 3))
    yield from _rest(len(found.scores))


def _settings(found: list[Setting] | None) -> Iterator[str]:
    if found is None:
        yield "Settings: unknown, because one of the editions is not finished (no release.json)."
    elif not found:
        yield "Settings: none differs."
    else:
        yield f"Settings: {len(found)} differ:"
        rows = [(row.key, value_text(row.a), value_text(row.b)) for row in found[:SHOWN]]
        yield headed(aligned([("setting", "A", "B"), *rows], 3))
        yield from _rest(len(found))


def _maps(maps: MapsCompared) -> Iterator[str]:
    """Tables of the maps, and what only one of the two has."""
    every = " and of all other layers" if maps.others and maps.same else ""
    yield f"Maps of {maps.layer} ({maps.units}){every}, B less A: {'none differs.' if maps.same else ''}".rstrip(" :")
    for name, years in (("A", maps.years_only_a), ("B", maps.years_only_b)):
        if years:
            yield f"Only {name} has {', '.join(years)}."
    if maps.steps_apart or maps.pixels_apart:
        yield f"Only one of them has {maps.steps_apart} steps and {maps.pixels_apart} pixels of the others."
    for name, count in maps.others.items():
        if count:
            yield f"{name}: {count:,} values differ."
    if not maps.same:
        rows = [_row(row) for row in (maps.all, *maps.years, *maps.seasons)]
        yield headed(aligned([HEAD, *rows]))


def _row(row: Difference) -> tuple[str, ...]:
    counts = [f"{count:,}" for count in (row.both, row.only_a, row.only_b, row.unlike)]
    return row.of, *counts, *(_text(number) for number in (row.bias, row.rmse, row.greatest, row.r))


def _text(number: float | None) -> str:
    return "–" if number is None else f"{number:.5g}"


def _rest(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield f"… and {count - SHOWN} more (--json shows all)"


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("compare")
    parser.add_argument("a", metavar="A", help="folder of a run, or a configuration")
    parser.add_argument("b", metavar="B", help="another")
    parser.add_argument(
        "--layer", default="", help="only this layer of the maps (default: all, figures of soil moisture)"
    )
    given = parser.parse_args(arguments)
    found = compare(given.a, given.b, given.layer)
    if given.json:
        emit(found)
    else:
        print("\n".join(lines(found)))
    return 0 if found.same else 1
