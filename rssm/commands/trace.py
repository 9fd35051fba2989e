"""`rssm trace LON LAT STEP`: from a pixel of the data set back to the native files behind it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rssm.calendar import spoken
from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.answers import emit
from rssm.commands.extract import steps_of
from rssm.commands.native_files import Archive
from rssm.commands.trace_pixel import Traced
from rssm.commands.trace_place import Place
from rssm.commands.trace_rsssm import Trace
from rssm.commands.trace_tiles import TiledTrace
from rssm.errors import InputError
from rssm.workflow.methods import DATA_SETS, scope_in


def trace_of(scope: Any, results: Path, lon: float, lat: float, every_file: bool) -> Trace | TiledTrace:
    """The way back from a place, by the method of a scope."""
    way = Place.at(scope, lon, lat), Archive(scope.run.inputs.root), every_file
    if data := DATA_SETS.get(scope.run.method):
        return TiledTrace(data(scope), results, *way)
    return Trace(scope, results, *way)


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("trace")
    parser.add_argument("lon", type=float, help="longitude, ° E")
    parser.add_argument("lat", type=float, help="latitude, ° N")
    parser.add_argument("step", help="step, as the data set names it (2015D10), or a day in it (2015-04-03)")
    takes_config(parser)
    parser.add_argument("--results", help="folder of the run's results (default: results/METHOD)")
    parser.add_argument("--all", action="store_true", help="list every native file of the training periods too")
    given = parser.parse_args(arguments)
    scope = scope_in([config_file(given)])
    step, last = steps_of(given.step, scope.calendar)
    if step != last:
        raise InputError(f"{given.step}: covers several {spoken(scope.calendar.id)}s; give one of them, or a day.")
    trace = trace_of(scope, Path(given.results or scope.paths.results), given.lon, given.lat, given.all)
    if given.json:
        way, place = list(trace.lines(step)), trace.place  # refuses what cannot be traced
        where = {
            "row": place.row,
            "column": place.column,
            "zone": place.zone.name,
            "lon": given.lon,
            "lat": given.lat,
        }
        emit(Traced(step=scope.calendar.label(step), **where, layers=trace.layers(step).values, way=way))
        return 0
    for line in trace.lines(step):
        print(line)
    return 0
