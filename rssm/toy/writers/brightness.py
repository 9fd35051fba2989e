"""Daily files of brightness temperature: SMOS as CATDS grids it, AMSR-E and AMSR2 as JAXA does. No real file was seen; layouts are
those that public programs read (`config/casm/products.yaml`).

All channels of a file are written by whoever asks for one of them, so products cut out of it share its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rssm.toy.radiance import RADIOMETERS, Radiances
from rssm.toy.writers.layers import Asked, Layer, Native, lat_lon, shifted, stored, write_hdf5, write_netcdf

ANGLES = np.array([*np.arange(2.5, 40, 5), 40.0, *np.arange(42.5, 65, 5)], np.float32)  # classes of incidence, degrees
AT = 9  # 42.5°
SMOS_FILL = -32768
SMOS_SCALE, SMOS_OFFSET = 400 / 65534, 200.0  # K: 0 to 400 in the numbers of int16
KELVIN = {"SCALE FACTOR": np.array([0.01], np.float32), "UNIT": "K"}
NOT_SEEN = 65534  # of JAXA


def smos(asked: Asked) -> Iterator[Native]:
    """CATDS level 3: packed netCDF-4, both polarisations by class of incidence, 25 km EASE-Grid 2.0, south first.

    Only the class that is read holds values, which keeps files small.
    """
    seen = Radiances(asked.earth, "SMOS", asked.days)
    both = {polarisation: seen.brightness("1.4", polarisation) for polarisation in "HV"}
    coordinates = {"t": ("inc", ANGLES, {"units": "degree"}), **lat_lon("ease2_m25", south_first=True)}
    for index, day in asked.each():
        layers = []
        for polarisation, values in both.items():
            data = np.full((ANGLES.size, *values.shape[1:]), SMOS_FILL, np.int16)
            data[AT] = stored(values[index] - SMOS_OFFSET, SMOS_SCALE, SMOS_FILL, np.int16)
            about: dict[str, Any] = {"long_name": f"Brightness temperature, {polarisation} polarisation", "units": "K"}
            about |= {"scale_factor": SMOS_SCALE, "add_offset": SMOS_OFFSET, "missing_value": np.int16(SMOS_FILL)}
            layers.append(Layer(f"BT_{polarisation}", data, SMOS_FILL, about, "tyx"))
        yield Native.of(asked.name(day), write_netcdf, seen.cells, layers, coordinates, south_first=True)


def amsr(asked: Asked) -> Iterator[Native]:
    """JAXA level 3: HDF5, a file for each frequency with both polarisations, 0.25°, column 0 at the prime meridian."""
    sensor, channel = asked.product_id.split("-TB-")
    seen = Radiances(asked.earth, sensor, asked.days)
    cells = shifted(seen.cells)
    both = {polarisation: seen.brightness(channel[:-1], polarisation) for polarisation in "HV"}
    attributes = {"ProductName": f"{sensor}-L3", "GeophysicalName": "Brightness Temperature"}
    for index, day in asked.each():
        counts = {name: stored(values[index], 0.01, NOT_SEEN, np.uint16) for name, values in both.items()}
        layers = [Layer(f"Brightness Temperature ({name})", count, NOT_SEEN, KELVIN) for name, count in counts.items()]
        yield Native.of(asked.name(day), write_hdf5, cells, layers, attributes)


CHANNELS = [f"{frequency}{polarisation}" for frequency in (10, 18, 36, 89) for polarisation in "HV"]
PRODUCTS = {  # id → writer
    **{f"SMOS-TB-{polarisation}": smos for polarisation in "HV"},
    **{f"{sensor}-TB-{channel}": amsr for sensor in RADIOMETERS if sensor != "SMOS" for channel in CHANNELS},
}
