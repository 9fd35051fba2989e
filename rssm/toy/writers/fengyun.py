"""FY-3B-NSMC: volumetric soil moisture, HDF5, both orbit directions in one daily file on the 25 km EASE-Grid 1."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from rssm.config.catalogue import Product
from rssm.toy.names import file_name
from rssm.toy.observe import observe
from rssm.toy.truth import Earth
from rssm.toy.writers.layers import Layer, Native, each, stored, write_hdf5

FILL = -999
SCALE = 0.001  # m³ m⁻³; how the agency packs was not seen, so the file says it
ATTRIBUTES = {
    "Slope": np.array([SCALE], np.float32),
    "Intercept": np.array([0], np.float32),
    "FillValue": np.array([FILL], np.int16),
    "units": "m3 m-3",
    "valid_range": np.array([0, 1000], np.int16),
}


def files(earth: Earth, product_id: str, product: Product, year: int, days: NDArray[np.int64]) -> Iterator[Native]:
    """One file a day."""
    seen = observe(earth, product_id, days)
    screened = seen.screened
    for index, day in each(days):
        layers = [
            Layer(f"{half} Soil Moisture", stored(screened[index, number], SCALE, FILL, np.int16), FILL, ATTRIBUTES)
            for number, half in enumerate(seen.sensor.passes)
        ]
        yield Native.of(file_name(product_id, product, day), write_hdf5, seen.cells, layers)
