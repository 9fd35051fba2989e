"""What follows from the dekads: monthly means, the climatology of the dekads of the year, and anomalies from it.

Filled values take part; the uncertainty of a mean is the mean uncertainty, as if errors within a month were one and the
same: an upper bound, because their correlation is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.files import atomic
from rssm.product.formats.axes import Axis, day_number, time_axes
from rssm.product.formats.layers import BY_NAME, COUNT, Layer, Packing
from rssm.product.formats.netcdf import LayerFile, YearReader
from rssm.product.records.attributes import of_edition, over_time
from rssm.product.records.provenance import as_text, derived_record

VALUE, SIGMA = BY_NAME["soil_moisture"], BY_NAME["total_uncertainty"]
ANOMALY = replace(
    VALUE, name="anomaly", title="difference from the mean of this dekad of the year", low=-1.0, standard_name=None
)
SPREAD = replace(VALUE, name="standard_deviation", title="standard deviation between years")
DAYS = Layer("days", "number of days in the 10-day periods with a value", "1", "u1", 0, 31, standard_name=COUNT)
YEARS = Layer("years", "number of years with a value", "1", "u1", 0, 255, standard_name=COUNT)
FEWEST_YEARS = 3  # that make a climatological mean
SUMMARY = (
    "{title}, derived from the volumetric soil moisture of the surface layer (0-5 cm) in the 10-day maps of {edition}."
    " Filled values take part. The uncertainty of a mean is the mean of the uncertainties, an upper bound; that of an"
    " anomaly is that of the value. Networks and flags of each value stand in the 10-day maps."
)
Fields = dict[str, NDArray[Any]]


def monthly(year: str, netcdf: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Means of the months of a year, weighted by the days of their dekads.

    spec  layers (settings), code (digest of the verb's)
    """
    with YearReader(netcdf[0]) as source:
        months: dict[int, list[int]] = {}
        for at, step in enumerate(source.steps):
            months.setdefault(DEKADS.month(step), []).append(at)
        spans = [(source.steps[part[0]], source.steps[part[-1]]) for part in months.values()]
        labels = [f"{year}-{month:02d}" for month in months]
        stamps = [first for first, _ in spans]
        times = _spans(spans, stamps, labels, "time_bnds")
        extent = over_time(stamps[0], stamps[-1], source.steps[-1], "P1M")
        fields = (_month(source, part) for part in months.values())
        about = _about(f"monthly-{year}", f"monthly means of {year}", [source], spec["code"]) | extent
        _write(out[0], source, times, [VALUE, SIGMA, DAYS], fields, about, {VALUE: "time: mean"}, spec["layers"])


def _month(source: YearReader, part: Sequence[int]) -> Fields:
    """Means of the dekads at some positions, and the days behind them."""
    total = np.zeros((2, *source.window.shape), np.float32)
    days = np.zeros(source.window.shape, np.float32)
    for at in part:
        values, sigma = (layer.unpack(source.stored(layer.name, at), source.packing) for layer in (VALUE, SIGMA))
        weight = np.where(np.isnan(values), np.float32(0), np.float32(DEKADS.days(source.steps[at])))
        total[0] += np.nan_to_num(values) * weight
        total[1] += (
            np.where(weight > 0, sigma, np.float32(0)) * weight
        )  # an unknown uncertainty makes the mean's unknown
        days += weight
    mean = np.divide(total, days, out=np.full_like(total, np.nan), where=days > 0)
    return {"soil_moisture": mean[0], "total_uncertainty": mean[1], "days": days.astype(np.uint8)}


def climatology(netcdf: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Mean and standard deviation of each dekad of the year.

    spec  layers (settings); climatology [first year, last year] or null for all that is given; code, as above
    """
    first, last = spec["climatology"] or (0, 9999)
    with ExitStack() as stack:
        sources = [stack.enter_context(YearReader(path)) for path in netcdf]
        sources = [source for source in sources if first <= source.steps[0] // 36 <= last]
        if not sources:
            raise InputError(f"climatology: none of the years {first}…{last} is among the files given.")
        present = sorted({step % 36 for source in sources for step in source.steps})
        spans = []
        for n in present:
            same = [step for source in sources for step in source.steps if step % 36 == n]
            spans.append((same[0], same[-1]))
        years = sorted({step // 36 for source in sources for step in source.steps})
        stamps = [years[-1] * 36 + n for n in present]
        times = _spans(spans, stamps, [DEKADS.label(stamp) for stamp in stamps], "climatology_bnds")
        extent = over_time(stamps[0], stamps[-1], stamps[-1])
        title = f"climatology of the 10-day periods of {years[0]}-{years[-1]}"
        about = _about("climatology", title, sources, spec["code"]) | extent
        within = "time: mean within years time: "
        methods = {VALUE: f"{within}mean over years", SPREAD: f"{within}standard_deviation over years"}
        fields = (_dekad_of_year(sources, n) for n in present)
        _write(out[0], sources[0], times, [VALUE, SPREAD, YEARS], fields, about, methods, spec["layers"])


def _dekad_of_year(sources: Sequence[YearReader], n: int) -> Fields:
    """Mean, spread and number of years of one dekad of the year."""
    total = np.zeros((2, *sources[0].window.shape))
    count = np.zeros(sources[0].window.shape, np.uint8)
    for source in sources:
        for at, step in enumerate(source.steps):
            if step % 36 == n:
                values = VALUE.unpack(source.stored(VALUE.name, at), source.packing)
                known = ~np.isnan(values)
                total += np.where(known, [values, np.square(values, dtype=np.float64)], 0)
                count += known
    mean, square = np.divide(total, count, out=np.full_like(total, np.nan), where=count >= FEWEST_YEARS)
    return {
        "soil_moisture": mean.astype(np.float32),
        "standard_deviation": np.sqrt(np.maximum(square - mean**2, 0) * count / np.maximum(count - 1, 1)).astype(
            np.float32
        ),
        "years": count,
    }


def anomaly(year: str, netcdf: Sequence[str], base: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Differences of a year's dekads from the climatology `base`; spec as of `monthly`."""
    with YearReader(netcdf[0]) as source, YearReader(base[0]) as mean:
        place = {step % 36: at for at, step in enumerate(mean.steps)}

        def fields() -> Iterator[Fields]:
            for at, step in enumerate(source.steps):
                values = VALUE.unpack(source.stored(VALUE.name, at), source.packing)
                if step % 36 in place:
                    values = values - VALUE.unpack(mean.stored(VALUE.name, place[step % 36]), mean.packing)
                else:
                    values = np.full_like(values, np.nan)
                sigma = SIGMA.unpack(source.stored(SIGMA.name, at), source.packing)
                yield {"anomaly": values, "total_uncertainty": np.where(np.isnan(values), np.float32(np.nan), sigma)}

        times, base_title = time_axes(source.steps), mean.attributes["title"].rpartition(": ")[2]
        title = f"anomalies of {year} from the {base_title}"
        about = _about(f"anomaly-{year}", title, [source], spec["code"], base)
        _write(out[0], source, times, [ANOMALY, SIGMA], fields(), about, {ANOMALY: "time: mean"}, spec["layers"])


def _spans(
    spans: Sequence[tuple[int, int]], stamps: Sequence[int], labels: Sequence[str], bounds: str
) -> dict[str, Axis]:
    """Axes of steps that each reach from one dekad to another, stamped with the first day of a dekad."""
    starts = [day_number(DEKADS.start(first)) for first, _ in spans]
    ends = [day_number(DEKADS.end(last)) + 1 for _, last in spans]
    axes = time_axes(stamps)
    known = {name: value for name, value in axes["time"].attributes.items() if name != "bounds"}
    link = {"climatology" if bounds.startswith("climatology") else "bounds": bounds}
    return {
        "time": axes["time"]._replace(attributes=known | {"long_name": "first day of the period"} | link),
        bounds: Axis(("time", "bnds"), np.stack([starts, ends], axis=1).astype(np.int32), {}),
        "period": Axis(("time",), np.array(labels, object), {"long_name": "label of the period"}),
    }


def _about(
    name: str, title: str, sources: Sequence[YearReader], code: str, others: Sequence[str] = ()
) -> dict[str, Any]:
    """Attributes of what was derived from some years, and from other files besides; `name` is its own in the edition."""
    about = sources[0].attributes
    files: list[str | Path] = [*(source.path for source in sources), *others]
    return about | {
        **of_edition(about["edition"], name),
        "title": f"{about['title']}: {title}",
        "summary": SUMMARY.format(title=title[0].upper() + title[1:], edition=about["edition"]),
        "history": f"{about['history']}; {title}",
        "provenance": as_text(derived_record([source.attributes for source in sources], files, code)),
    }


def _write(
    path: str | Path,
    source: YearReader,
    times: Mapping[str, Axis],
    layers: Sequence[Layer],
    fields: Iterator[Fields],
    about: Mapping[str, Any],
    methods: Mapping[Layer, str],
    storage: Mapping[str, Any],
) -> None:
    """Write fields one after the other.

    methods  layer → what was done along time, of those that are moisture
    """
    packing: Packing = storage["packing"]
    known = {layer: _attributes(layer, methods.get(layer)) for layer in layers}
    with atomic(path) as beside, closing(LayerFile(beside, source.window, times, known, storage, about)) as file:
        for at, field in enumerate(fields):
            file.put(at, {layer.name: layer.pack(field[layer.name], packing) for layer in layers})


def _attributes(layer: Layer, methods: str | None) -> dict[str, Any]:
    known = {"long_name": layer.title, "units": layer.units, "standard_name": layer.standard_name}
    known |= {"cell_methods": methods}
    known["coverage_content_type"] = "physicalMeasurement" if methods else "qualityInformation"
    return {name: value for name, value in known.items() if value is not None}
