"""What follows from the steps: monthly means, the climatology of the steps of the year, and anomalies from it.

Filled values take part; the uncertainty of a mean is the mean uncertainty, as if errors within a month were one and the
same: an upper bound, because their correlation is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.errors import InputError
from rssm.files import Kind
from rssm.layer import COUNT, Layer
from rssm.product.formats.axes import Axis, day_number, time_axes
from rssm.product.formats.netcdf import LayerFile, YearReader
from rssm.product.records.attributes import in_edition
from rssm.product.records.frame import DEPTH, over_time, words
from rssm.product.records.provenance import as_text, derived_record
from rssm.product.records.texts import TOY_NOTE, is_toy, made_on
from rssm.product.specs import ClimatologySpec, FileSpec

if TYPE_CHECKING:
    from rssm.config.product import Layers

MONTHLY, CLIMATOLOGY, ANOMALIES = Kind("monthly means"), Kind("climatology"), Kind("anomalies")
DAYS = Layer("days", "number of days in the {period}s with a value", "1", "u1", 0, 31, standard_name=COUNT)
YEARS = Layer("years", "number of years with a value", "1", "u1", 0, 255, standard_name=COUNT)
FEWEST_YEARS = 3  # that make a climatological mean
SUMMARY = (
    "{title}, derived from the volumetric soil moisture of the {layer} layer ({depth}) in the {maps} of {edition}."
    " {filled} The uncertainty of a mean is the mean of the uncertainties, an upper bound; that of an"
    " anomaly is that of the value. {whose} of each value stand in the {maps}."
)
Fields = dict[Layer, NDArray[Any]]


def _anomaly(value: Layer) -> Layer:
    title = "difference from the mean of this {step} of the year"
    return replace(value, name="anomaly", title=title, low=-1.0, standard_name=None)


def _spread(value: Layer) -> Layer:
    return replace(value, name="standard_deviation", title="standard deviation between years")


def monthly(year: str, netcdf: Sequence[str], spec: FileSpec, out: Sequence[str]) -> None:
    """Means of the months of a year, weighted by the days of their steps; a step belongs to the month it starts in."""
    with YearReader(netcdf[0]) as source:
        calendar = source.frame.calendar
        months: dict[int, list[int]] = {}
        for at, step in enumerate(source.steps):
            months.setdefault(calendar.start(step).month, []).append(at)
        spans = [(source.steps[part[0]], source.steps[part[-1]]) for part in months.values()]
        labels = [f"{year}-{month:02d}" for month in months]
        stamps = [first for first, _ in spans]
        times = _spans(calendar, spans, stamps, labels, "time_bnds")
        about = _about(f"monthly-{year}", f"monthly means of {year}", [source], spec.code)
        about |= over_time(calendar, stamps[0], stamps[-1], source.steps[-1], "P1M")
        fields = (_month(source, part) for part in months.values())
        layers = {source.main: "time: mean", source.sigma: "", DAYS: ""}
        _write(out[0], MONTHLY, source, times, layers, fields, about, spec.layers)


def _month(source: YearReader, part: Sequence[int]) -> Fields:
    """Means of the steps at some positions, and the days behind them."""
    total = np.zeros((2, *source.window.shape), np.float32)
    days = np.zeros(source.window.shape, np.float32)
    for at in part:
        values, sigma = source.values(source.main, at), source.values(source.sigma, at)
        weight = np.where(np.isnan(values), np.float32(0), np.float32(source.frame.calendar.days(source.steps[at])))
        total[0] += np.nan_to_num(values) * weight
        # an unknown uncertainty makes the mean's unknown
        total[1] += np.where(weight > 0, sigma, np.float32(0)) * weight
        days += weight
    mean = np.divide(total, days, out=np.full_like(total, np.nan), where=days > 0)
    return {source.main: mean[0], source.sigma: mean[1], DAYS: days.astype(np.uint8)}


def climatology(netcdf: Sequence[str], spec: ClimatologySpec, out: Sequence[str]) -> None:
    """Mean and standard deviation of each step of the year."""
    first, last = spec.years or (0, 9999)
    with ExitStack() as stack:
        sources = [stack.enter_context(YearReader(path)) for path in netcdf]
        sources = [source for source in sources if first <= source.frame.calendar.year_of(source.steps[0]) <= last]
        if not sources:
            raise InputError(f"climatology: none of the years {first}…{last} is among the files given.")
        calendar = sources[0].frame.calendar
        seasons: dict[int, list[tuple[YearReader, int]]] = {}
        for source in sources:
            for at, step in enumerate(source.steps):
                seasons.setdefault(calendar.season_of(step), []).append((source, at))
        present = dict(sorted(seasons.items()))
        spans = [tuple(source.steps[at] for source, at in (same[0], same[-1])) for same in present.values()]
        years = sorted({calendar.year_of(step) for source in sources for step in source.steps})
        whole = calendar.year(years[-1])
        in_last = {calendar.season_of(step): step for step in whole}  # a season that the last year lacks comes after it
        stamps = [in_last.get(n, whole[-1] + 1) for n in present]
        times = _spans(calendar, spans, stamps, [calendar.label(stamp) for stamp in stamps], "climatology_bnds")
        title = f"climatology of the {words(calendar).period}s of {years[0]}-{years[-1]}"
        about = _about("climatology", title, sources, spec.code) | sources[0].frame.over_steps(stamps)
        within = "time: mean within years time: "
        main = sources[0].main
        layers = {main: f"{within}mean over years", _spread(main): f"{within}standard_deviation over years", YEARS: ""}
        fields = (_season(same) for same in present.values())
        _write(out[0], CLIMATOLOGY, sources[0], times, layers, fields, about, spec.layers)


def _season(same: Sequence[tuple[YearReader, int]]) -> Fields:
    """Mean, spread and number of years of one step of the year, from the positions of its maps."""
    shape = same[0][0].window.shape
    total, count = np.zeros((2, *shape)), np.zeros(shape, np.uint8)
    for source, at in same:
        values = source.values(source.main, at)
        known = ~np.isnan(values)
        total += np.where(known, [values, np.square(values, dtype=np.float64)], 0)
        count += known
    mean, square = np.divide(total, count, out=np.full_like(total, np.nan), where=count >= FEWEST_YEARS)
    spread = np.sqrt(np.maximum(square - mean**2, 0) * count / np.maximum(count - 1, 1))
    main = same[0][0].main
    return {main: mean.astype(np.float32), _spread(main): spread.astype(np.float32), YEARS: count}


def anomaly(year: str, netcdf: Sequence[str], base: Sequence[str], spec: FileSpec, out: Sequence[str]) -> None:
    """Differences of a year's steps from the climatology `base`."""
    with YearReader(netcdf[0]) as source, YearReader(base[0], CLIMATOLOGY) as mean:
        calendar, difference = source.frame.calendar, _anomaly(source.main)
        place = {calendar.season_of(step): at for at, step in enumerate(mean.steps)}

        def fields() -> Iterator[Fields]:
            for at, step in enumerate(source.steps):
                values, season = source.values(source.main, at), calendar.season_of(step)
                if season in place:
                    values = values - mean.values(mean.main, place[season])
                else:
                    values = np.full_like(values, np.nan)
                sigma = np.where(np.isnan(values), np.float32(np.nan), source.values(source.sigma, at))
                yield {difference: values, source.sigma: sigma}

        times, base_title = time_axes(calendar, source.steps), mean.attributes["title"].rpartition(": ")[2]
        title = f"anomalies of {year} from the {base_title}"
        about = _about(f"anomaly-{year}", title, [source], spec.code, base)
        layers = {difference: "time: mean", source.sigma: ""}
        _write(out[0], ANOMALIES, source, times, layers, fields(), about, spec.layers)


def _spans(
    calendar: Calendar,
    spans: Sequence[tuple[int, ...]],
    stamps: Sequence[int],
    labels: Sequence[str],
    bounds: str,
) -> dict[str, Axis]:
    """Axes of periods that each reach from one step to another, stamped with the first day of a step."""
    edges = [[day_number(calendar.start(first)), day_number(calendar.end(last)) + 1] for first, last in spans]
    axes = time_axes(calendar, stamps)
    known = {name: value for name, value in axes["time"].attributes.items() if name != "bounds"}
    link = {"climatology" if bounds.startswith("climatology") else "bounds": bounds}
    return {
        "time": axes["time"]._replace(attributes=known | {"long_name": "first day of the period"} | link),
        bounds: Axis(("time", "bnds"), np.array(edges, np.int32), {}),
        "period": Axis(("time",), np.array(labels, object), {"long_name": "label of the period"}),
    }


def _about(
    name: str, title: str, sources: Sequence[YearReader], code: str, others: Sequence[str] = ()
) -> dict[str, Any]:
    """Attributes of what was derived from some years, and from other files too; `name` is its own in the edition."""
    about = sources[0].attributes
    files: list[str | Path] = [*(source.path for source in sources), *others]
    frame, there = sources[0].frame, sources[0].layers
    said = {
        "maps": f"{words(frame.calendar).period.removesuffix(' period')} maps",
        "layer": "surface" if frame.depth == DEPTH else "soil",
        "depth": frame.depth_text,
        "filled": "Filled values take part." if "fill_distance" in there else "Gaps take no part.",
        "whose": "Networks and flags" if "network_used" in there else "Flags",
    }
    toy = f"{TOY_NOTE} As if it were: " if is_toy(about) else ""
    return about | {
        **in_edition(about, name),
        "title": f"{about['title']}: {title}",
        "summary": toy + SUMMARY.format(title=title[0].upper() + title[1:], edition=about["edition"], **said),
        "date_created": made_on(),
        "history": f"{about['history']}; {title}",
        "provenance": as_text(derived_record([source.attributes for source in sources], files, code)),
    }


def _write(
    path: str | Path,
    kind: Kind,
    source: YearReader,
    times: Mapping[str, Axis],
    layers: Mapping[Layer, str],
    fields: Iterator[Fields],
    about: Mapping[str, Any],
    storage: Layers,
) -> None:
    """Write fields one after the other.

    layers  layer → what was done along time, of those that are moisture; nothing of the others
    """
    known = {layer: _attributes(layer, methods, source.frame.calendar) for layer, methods in layers.items()}
    with kind.created(path) as new:
        file = LayerFile(new, source.frame, times, known, storage, about)
        for at, field in enumerate(fields):
            file.put(at, {layer.name: layer.pack(field[layer], storage.packing) for layer in layers})


def _attributes(layer: Layer, methods: str, calendar: Calendar) -> dict[str, Any]:
    title = layer.title.format(period=words(calendar).period, step=calendar.id)
    known = {"long_name": title, "units": layer.units, "standard_name": layer.standard_name}
    known |= {"cell_methods": methods or None}
    known["coverage_content_type"] = "physicalMeasurement" if methods else "qualityInformation"
    return {name: value for name, value in known.items() if value is not None}
