"""Everything that the page's map and series need: packed years, where cells lie, names and colours of codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rssm.product.records.frame import Frame, words
from rssm.product.values.sources import land_of
from rssm.report.cells import Cells
from rssm.report.packing import MISSING, bits, coarser, packed, quantised, unpacked
from rssm.report.palettes import FLAG_COLOURS, HIDING, NETWORK_COLOURS, ramps
from rssm.report.specs import ReportSpec
from rssm.report.year import FLAGS, MOISTURE, NETWORK, REAL, SIGMA, TRUTH

Year = dict[str, Any]
WIDEST_STEP = 0.02  # m³ m⁻³
BY_ZONE = ("weight", "error")  # of products, as fusion publishes them
THOUSANDTH, TEN_THOUSANDTH = 1e-3, 1e-4


def within(years: Sequence[Year], room: int) -> float:
    """Make values coarser until all texts of the years have room (bytes); the step that is left, m³ m⁻³."""
    step = float(years[0]["step"])
    while sum(len(text) for year in years for text in year["layers"].values()) > room and step < WIDEST_STEP:
        step *= 2
        for year in years:
            for name in set(year["layers"]) & set(REAL):
                year["layers"][name] = packed(coarser(unpacked(year["layers"][name], len(year["steps"]))))
    return step


def described(
    spec: ReportSpec, years: Sequence[Year], land: str, factor: int, step: float, fusion: Path | None
) -> Year:
    """What the page's script reads beside the packed layers."""
    frame = Frame.of(spec.area, spec.calendar)
    cells = Cells.of(land_of(land, frame), factor)
    names = list(years[0]["layers"])
    flags = years[0]["flags"]
    used = np.sum([year["used"] for year in years], axis=0)
    return {
        "shape": cells.shape,
        "mask": bits(cells.mask),
        "cells": cells.number.size,
        "factor": factor,
        "lat": _edges(frame.grid.row_edges(frame.window), factor),
        "lon": _edges(frame.grid.column_edges(frame.window), factor),
        "period": words(frame.calendar).period,
        "years": [{name: year[name] for name in ("year", "steps", "starts", "ends")} for year in years],
        "step": step,
        "layers": [name for name in (MOISTURE, SIGMA, NETWORK, FLAGS, TRUTH) if name in names],
        "networks": years[0]["networks"],
        "takes": {name: list(products) for name, products in spec.networks.items()},
        "ranked": [int(k) for k in np.argsort(-used, kind="stable") if k and used[k]][: len(NETWORK_COLOURS)],
        "network_colours": list(NETWORK_COLOURS),
        "flags": [
            {"bit": bit, "name": said.replace("_", " "), "colour": FLAG_COLOURS.get(said)} for bit, said in flags
        ],
        "shown_flags": [bit for said in FLAG_COLOURS for bit, meaning in flags if meaning == said],
        "hidden": sum(bit for bit, said in flags if said in HIDING),
        "ramps": ramps(),
        "highest": _highest(years, step),
        "zones": _zones(fusion),
        "toy": spec.toy,
        "titles": years[0]["titles"],
    }


def _highest(years: Sequence[Year], step: float) -> dict[str, float]:
    """Ends of the colours: soil moisture and its uncertainty reach beyond in one of fifty values, m³ m⁻³."""
    found = {}
    for name, least in ((MOISTURE, 0.2), (SIGMA, 0.02)):
        numbers = np.concatenate([unpacked(year["layers"][name], len(year["steps"])).ravel() for year in years])
        there = numbers[numbers != MISSING]
        end = float(np.percentile(there, 98)) * step if there.size else least
        found[name] = max(round(float(np.ceil(end / least * 4) * least / 4), 4), least)
    return found


def _edges(edges: np.ndarray, factor: int) -> list[float]:
    """Edges of cells from those of pixels; the last cell may be narrower."""
    kept = [*edges[:-1:factor], edges[-1]]
    return [round(float(edge), 5) for edge in kept]


def _zones(path: Path | None) -> dict[str, Any] | None:
    """Weights and errors of matched products by zone of one degree, where fusion published them."""
    if path is None:
        return None
    import netCDF4

    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        products = [str(name) for name in file["product"][:]]
        there = np.isfinite(file["matched_rmse"][:])
        row, column = np.nonzero(there)
        found: dict[str, Any] = {
            name: packed(quantised(file[name][:][:, row, column], scale))
            for name, scale in zip(BY_ZONE, (THOUSANDTH, TEN_THOUSANDTH), strict=True)
        }
        south, west = (np.floor(file[name][:]).astype(int) for name in ("lat", "lon"))
    return found | {"products": products, "south": south[row].tolist(), "west": west[column].tolist()}


def as_json(value: Any) -> str:
    """JSON that may stand inside an element of HTML."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
