"""HDF4 files of the HDF-EOS2 kind: AMSR-E daily land, GLASS, MODIS temperature and land cover."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyhdf.SD import SD, SDC

from handmade.grids import SMALL, Expected, field, stored


def hdf4(path: Path, sets: dict[str, tuple[NDArray[Any], dict[str, Any]]], structure: str = "") -> None:
    """An HDF4 file of data sets with attributes, compressed as MODIS is."""
    kinds = {"uint8": SDC.UINT8, "int16": SDC.INT16, "uint16": SDC.UINT16, "float32": SDC.FLOAT32}
    file = SD(str(path), SDC.WRITE | SDC.CREATE | SDC.TRUNC)
    if structure:
        file.attr("StructMetadata.0").set(SDC.CHAR, structure)
    for name, (numbers, attributes) in sets.items():
        data = file.create(name, kinds[numbers.dtype.name], numbers.shape)
        data.setcompress(SDC.COMP_DEFLATE, 5)
        for key, value in attributes.items():
            if isinstance(value, str):
                data.attr(key).set(SDC.CHAR, value)
            elif isinstance(value, float):
                data.attr(key).set(SDC.FLOAT64, value)
            else:
                data.attr(key).set(kinds[numbers.dtype.name], value)
        data[:] = numbers
        data.endaccess()
    file.end()


def structure(name: str, corners: tuple[float, float, float, float]) -> str:
    """The text that says where a grid lies."""
    left, top, right, bottom = corners
    return (
        f'GROUP=GridStructure\n\tGROUP=GRID_1\n\t\tGridName="{name}"\n\t\tXDim=24\n\t\tYDim=12\n'
        f"\t\tUpperLeftPointMtrs=({left:.6f},{top:.6f})\n\t\tLowerRightMtrs=({right:.6f},{bottom:.6f})\n"
        "\t\tProjection=GCTP_GEO\n\t\tGridOrigin=HDFE_GD_UL\n\tEND_GROUP=GRID_1\nEND_GROUP=GridStructure\nEND\n"
    )


GLOBE = (-180000000.0, 90000000.0, 180000000.0, -90000000.0)  # packed degrees


def ae_land(path: Path) -> Expected:
    """AMSR-E daily land: both overpasses, two fills, thousandths, bits of quality."""
    sets: dict[str, tuple[NDArray[Any], dict[str, Any]]] = {}
    expected = []
    for seed, overpass in enumerate("AD"):
        values = field("AMSR-E-NSIDC", seed)
        raw = stored(values, 0.001, 9999, "i2")
        raw[0, 0] = -9999
        quality = np.zeros(values.shape, "i2")
        quality[5], quality[6] = 4, 128
        sets[f"{overpass}_Soil_Moisture"] = (raw, {})
        sets[f"{overpass}_Inversion_QC_Flag"] = (quality, {})
        values[0, 0] = np.nan
        values[5] = np.nan
        expected.append((date(2011, 4, 1), overpass, values))
    a, _, c, _, e, f = SMALL["ease1_25km"].transform
    hdf4(path, sets, structure("Ascending_Land_Grid", (c, f, c + 24 * a, f + 10 * e)))
    return expected


def glass(path: Path) -> Expected:
    """Leaf area index in tenths."""
    values = np.round(field("LAI-GLASS") * 50) / 10
    attributes = {"scale_factor": 0.1, "_FillValue": "2550"}
    hdf4(path, {"LAI": (stored(values, 0.1, 255, "u1"), attributes)}, structure("GLASS01B01", GLOBE))
    return [(date(2008, 12, 26), "", values)]


def lst(path: Path) -> Expected:
    """Monthly temperature of day and night; 0 is missing and the quality layer's fill is a text."""
    sets: dict[str, tuple[NDArray[Any], dict[str, Any]]] = {}
    expected = []
    for seed, overpass in enumerate(("Day", "Night")):
        values = 260 + 50 * field("LST", seed)
        attributes = {"scale_factor": 0.02, "units": "K", "_FillValue": 0}
        sets[f"LST_{overpass}_CMG"] = (stored(values, 0.02, 0, "u2"), attributes)
        sets[f"QC_{overpass}"] = (np.zeros(values.shape, "u1"), {"_FillValue": "NA\0"})
        expected.append((date(2015, 4, 1), f"MYD {overpass}", values))
    hdf4(path, sets, structure("MODIS_MONTHLY_0.05DEG_CMG_LST", GLOBE))
    return expected


def land_cover(path: Path) -> Expected:
    """Classes 0…16."""
    values = np.round(field("LANDCOVER") * 20)
    hdf4(path, {"Majority_Land_Cover_Type_1": (stored(values, 1, 255, "u1"), {})}, structure("MOD12C1", GLOBE))
    return [(date(2015, 1, 1), "", values)]
