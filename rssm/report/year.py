"""The job that packs a year of the data set's maps for the report; of a toy Earth the truth too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.errors import InputError
from rssm.files import atomic
from rssm.layer import Layer
from rssm.product.formats.netcdf import YearReader
from rssm.product.values.sources import land_of
from rssm.report.cells import Cells
from rssm.report.packing import packed, quantised
from rssm.report.specs import PackSpec

KIND, LAYOUT = "year of the report", 2
MOISTURE, SIGMA, NETWORK, FLAGS, TRUTH = "soil_moisture", "total_uncertainty", "network_used", "flags", "truth"
REAL = (MOISTURE, SIGMA, TRUTH)  # layers in m³ m⁻³


def report_year(year: str, netcdf: Sequence[str], land: Sequence[str], spec: PackSpec, out: Sequence[str]) -> None:
    """Write layers (step, cell) as texts, and what the year's file says of itself."""
    with YearReader(netcdf[0]) as source:
        cells = Cells.of(land_of(land[0], source.frame), spec.factor)
        origin = next((layer for layer in source.layers.values() if layer.codes), None)
        networks = list(dict(origin.codes).values()) if origin else ["none"]
        layers = {
            MOISTURE: quantised(_means(source, source.main, cells), spec.step),
            SIGMA: quantised(_means(source, source.sigma, cells), spec.step),
            NETWORK: _codes(source, origin, cells, len(networks)),
            FLAGS: np.stack([cells.half(field) for field in _fields(source, source.layers[FLAGS])]),
        }
        if spec.toy:
            layers[TRUTH] = quantised(_truth(spec, source.steps, cells), spec.step)
        calendar = source.frame.calendar
        found = {
            "kind": KIND,
            "layout": LAYOUT,
            "year": year,
            "steps": [calendar.label(step) for step in source.steps],
            "starts": [calendar.start(step).isoformat() for step in source.steps],
            "ends": [calendar.end(step).isoformat() for step in source.steps],
            "step": spec.step,
            "factor": spec.factor,
            "networks": networks,
            "flags": [list(bit) for bit in source.layers[FLAGS].bits],
            "titles": {
                name: one.title for name, one in zip(layers, (source.main, source.sigma, origin), strict=False) if one
            },
            "used": np.bincount(layers[NETWORK].ravel(), minlength=len(networks)).tolist(),
            "layers": {name: packed(numbers) for name, numbers in layers.items()},
            "attributes": source.attributes,
        }
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps(found, sort_keys=True, ensure_ascii=False, default=_plain), encoding="utf-8")


def read_year(path: str | Path) -> dict[str, Any]:
    """What the job wrote."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        known = (found["kind"], found["layout"]) == (KIND, LAYOUT)
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise InputError(f"{path}: is no {KIND} of layout {LAYOUT}. Remove it and run its rule again.")
    return dict(found)


def _fields(source: YearReader, layer: Layer) -> Iterator[NDArray[Any]]:
    """Maps of a layer, one after the other."""
    for at in range(len(source.steps)):
        yield source.values(layer, at)


def _means(source: YearReader, layer: Layer, cells: Cells) -> NDArray[np.float32]:
    return np.stack([cells.mean(field) for field in _fields(source, layer)])


def _codes(source: YearReader, layer: Layer | None, cells: Cells, count: int) -> NDArray[np.uint16]:
    """What values come from (step, cell): the commonest code of each; 0 of a data set that does not say."""
    if layer is None:
        return np.zeros((len(source.steps), cells.number.size), np.uint16)
    return np.stack([cells.most(field, count) for field in _fields(source, layer)])


def _truth(spec: PackSpec, steps: Sequence[int], cells: Cells) -> NDArray[np.float32]:
    """The toy Earth's soil moisture (step, cell)."""
    from rssm.toy.true_soil import true_soil  # real runs have no need of it

    assert spec.toy is not None
    fields = true_soil(spec.toy, spec.area, steps, CALENDARS[spec.calendar], spec.soil)
    return np.stack([cells.mean(field) for field in fields])


def _plain(value: Any) -> Any:
    """Numbers of NetCDF attributes as JSON has them."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else str(value)
