"""AMSR2-JAXA and AMSR-E-JAXA: level 3 soil moisture content, HDF5, a file for each day and orbit direction, 0.1°."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rssm.config.catalogue import Product
from rssm.toy.names import file_name
from rssm.toy.observe import observe
from rssm.toy.truth import Earth
from rssm.toy.writers.layers import Layer, Native, each, shifted, stored, write_hdf5

NO_RETRIEVAL, NO_OBSERVATION = -32768, -32767
SCALE = 0.1  # per cent
CONTENT = {"SCALE FACTOR": np.array([SCALE], np.float32), "UNIT": "%"}
MINUTES = {"A": 13 * 60 + 30, "D": 90}


def files(earth: Earth, product_id: str, product: Product, year: int, days: NDArray[np.int64]) -> Iterator[Native]:
    """Two files a day; column 0 is at the prime meridian where the catalogue says so."""
    seen = observe(earth, product_id, days)
    screened = seen.screened
    cells = shifted(seen.cells) if product.options.west == 0 else seen.cells
    attributes = {
        "ProductName": "AMSR2-L3" if product_id == "AMSR2-JAXA" else "AMSR-E-L3",
        "GeophysicalName": "Soil Moisture Content",
    }
    for index, day in each(days):
        for number, orbit in enumerate(seen.sensor.passes):
            here = seen.seen[index, number]
            count = stored(100 * screened[index, number], SCALE, NO_RETRIEVAL, np.int16)
            count = np.where(here, count, NO_OBSERVATION).astype(np.int16)
            minutes = np.where(here, MINUTES[orbit], -9999).astype(np.int16)
            layers = [
                Layer("Geophysical Data", count, NO_OBSERVATION, CONTENT, "yx1"),
                Layer("Time Information", minutes, -9999, {"UNIT": "minute"}),
            ]
            name = file_name(product_id, product, day, orbit=orbit)
            yield Native.of(name, write_hdf5, cells, layers, attributes)
