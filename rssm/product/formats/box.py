"""Series of a box laid back on their grid: a NetCDF file of maps, stored as the years of the data set are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.config.product import Layers
from rssm.files import Kind
from rssm.layer import Layer, Packing
from rssm.product.formats.axes import time_axes
from rssm.product.formats.described import description
from rssm.product.formats.netcdf import LayerFile
from rssm.product.formats.points import Series, about

BOX = Kind("box of the data set")
APART = ("featureType", "cdm_data_type")  # attributes of series


def write_box(path: str | Path, series: Series, packing: Packing) -> None:
    """Maps (time, lat, lon) of the smallest window that holds the pixels; what is not among them is a gap."""
    frame, storage = series.frame, Layers(packing=packing)
    row, column = np.divmod(series.pixel, frame.grid.columns)
    at = row - frame.window.row, (column - frame.window.column) % frame.grid.columns
    named = {series.of[name]: _known(series.of[name], series.known[name], packing) for name in series.layers}
    known = {name: value for name, value in about(series).items() if name not in APART}
    known |= {"kind": BOX.name, "layout": BOX.layout, "cdm_data_type": "Grid"}
    with BOX.created(path) as file:
        maps = LayerFile(file, frame, time_axes(frame.calendar, series.steps), named, storage, known)
        for k in range(len(series.steps)):
            maps.put(
                k, {layer.name: _laid(layer, series.layers[layer.name][:, k], at, frame, packing) for layer in named}
            )


def _laid(layer: Layer, values: NDArray[Any], at: Any, frame: Any, packing: Packing) -> NDArray[Any]:
    """A layer's stored numbers (row, column) of one step."""
    nothing: float | int = np.nan if layer.real else min(0, int(layer.low))  # as years store what is not land
    whole = np.full(frame.window.shape, nothing, np.float32 if layer.real else layer.dtype)
    whole[at] = values
    return layer.pack(whole, packing)


def _known(layer: Layer, known: dict[str, Any], packing: Packing) -> dict[str, Any]:
    """Attributes of a layer, numbers in the type that is stored."""
    dtype = layer.stored_dtype(packing)
    in_type = ("flag_values", "flag_masks", "valid_min", "valid_max")
    return {name: np.array(value, dtype) if name in in_type else value for name, value in description(known).items()}
