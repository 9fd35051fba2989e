"""How files describe layers, by CF and ACDD: attributes of a variable from its declaration, and the declaration again from them.

So readers need to know no method: a file says itself which layers it has, what their codes mean, which of them is soil
moisture (the physical measurement) and which its standard uncertainty (the first of its ancillary variables).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rssm.errors import InputError
from rssm.layer import STEP, Layer, Packing

Attributes = dict[str, Any]
MEASURED, QUALIFYING = "physicalMeasurement", "qualityInformation"
# by the writers of files, beside what describes a layer
STORAGE = ("scale_factor", "_FillValue", "_ARRAY_DIMENSIONS", "_CRS", "grid_mapping", "coordinates")


def described(layers: Sequence[Layer], packing: Packing, period: str) -> dict[Layer, Attributes]:
    """Attributes of all layers of a table, their scale apart; limits are in stored numbers, as CF asks.

    layers   soil moisture first, then its standard uncertainty
    period   what a step is called
    """
    main, *others = layers
    found = {layer: _attributes(layer, packing, period) for layer in layers}
    found[main] |= {"cell_methods": "time: mean", "ancillary_variables": " ".join(layer.name for layer in others)}
    found[main] |= {"coverage_content_type": MEASURED}
    return {layer: {**known, **_numbers(layer, packing)} for layer, known in found.items()}


def _attributes(layer: Layer, packing: Packing, period: str) -> Attributes:
    """What a layer is."""
    comment = layer.comment and layer.comment.format(period=period)
    known = {"long_name": layer.title, "units": layer.units, "standard_name": layer.standard_name, "comment": comment}
    return {name: text for name, text in known.items() if text} | {"coverage_content_type": QUALIFYING}


def _numbers(layer: Layer, packing: Packing) -> Attributes:
    """What its numbers mean, or their limits."""
    dtype = layer.stored_dtype(packing)
    if layer.bits:
        masks, names = zip(*layer.bits, strict=True)
        return {"flag_masks": np.array(masks, dtype), "flag_meanings": " ".join(names)}
    if layer.codes:
        numbers, names = zip(*layer.codes, strict=True)
        return {"flag_values": np.array(numbers, dtype), "flag_meanings": " ".join(names)}
    low, high = layer.pack(np.array([layer.low, layer.high], np.float32), packing)
    limits = {"valid_min": low, "valid_max": high}
    return limits | ({"packing_error": layer.error} if layer.scale(packing) else {})


def layer_of(name: str, dtype: np.dtype[Any], known: Mapping[str, Any]) -> Layer:
    """The layer that a variable of a file holds, from the type of its stored numbers and all its attributes."""
    real = dtype.kind == "f" or "scale_factor" in known
    scale = STEP if "scale_factor" in known else 1
    words = str(known.get("flag_meanings", "")).split()
    codes, bits = (
        tuple(zip(np.atleast_1d(known[at]).tolist(), words, strict=True)) if at in known else ()
        for at in ("flag_values", "flag_masks")
    )
    if real or "valid_min" in known:
        low, high = (round(float(known.get(at, at == "valid_max")) * scale, 9) for at in ("valid_min", "valid_max"))
    else:
        low, high = min((number for number, _ in codes), default=0), float(np.iinfo(dtype).max)
    stored = "i2" if real else dtype.str[1:]
    title, units = str(known.get("long_name", "")), str(known.get("units", ""))
    return Layer(
        name, title, units, stored, low, high, real, known.get("standard_name"), known.get("comment"), codes, bits
    )


def description(known: Mapping[str, Any]) -> Attributes:
    """Of all attributes of a variable those that describe its layer."""
    listed = ("flag_values", "flag_masks")  # NetCDF gives a list of one as a number
    own = {name: value for name, value in known.items() if name not in STORAGE}
    return {name: np.atleast_1d(value) if name in listed else value for name, value in own.items()}


def main_of(known: Mapping[str, Mapping[str, Any]]) -> tuple[str, str | None]:
    """Names of soil moisture (or what was made of it) and of its standard uncertainty, if any, from all layers' attributes."""
    main = next((name for name, own in known.items() if own.get("coverage_content_type") == MEASURED), "")
    if not main:
        raise InputError(
            f"No variable says that it holds soil moisture (coverage_content_type: {MEASURED}); there are {', '.join(known)}. This is no file of a data set made here."
        )
    sigma = str(known[main].get("ancillary_variables", "")).split()[:1]
    return main, sigma[0] if sigma else None


def layers_of(group: Any) -> dict[str, Layer]:
    """Layers of a cube in the order of the data set's files: soil moisture, then its ancillary variables."""
    attributes = ((name, dict(array.attrs)) for name, array in group.arrays())
    known = {name: own for name, own in attributes if "grid_mapping" in own}
    main, _ = main_of(known)
    names = [main, *str(known[main].get("ancillary_variables", "")).split()]
    return {name: layer_of(name, group[name].dtype, known[name]) for name in names}
