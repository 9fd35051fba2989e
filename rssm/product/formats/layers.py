"""The layers of the data set: one declaration that feeds every writer and reader.

A real layer is packed once, as whole steps of `scale`, and the same numbers go into every format; what is written
differs from what was computed by at most half a step (`error`), or by nothing where packing is float32. Layers of codes
and counts are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rssm.product.values import flags

Packing = Literal["int16", "float32"]
MISSING = -32768  # of a packed layer, and nodata of GeoTIFF, where no other layer reaches it
STEP = 1e-4
WATER = "volume_fraction_of_condensed_water_in_soil"
QUALITY, STATUS, COUNT = "quality_flag", "status_flag", "number_of_observations"  # standard names of CF
NAMED = "; where two networks were averaged, of the one named in network_used"
UNCOUNTED = NAMED + ", without predictors that only the other takes"


@dataclass(frozen=True)
class Layer:
    """One layer.

    dtype      of the stored numbers
    low, high  smallest and largest value; what lies beyond is stored as the limit
    real       values are real numbers with gaps (NaN), packed by `STEP`; else whole numbers without gaps
    """

    name: str
    title: str
    units: str
    dtype: str
    low: float
    high: float
    real: bool = False
    standard_name: str | None = None
    comment: str | None = None

    @property
    def error(self) -> float:
        """Largest difference between a stored value and the one computed, packed as int16."""
        return STEP / 2 if self.real else 0.0

    def stored_dtype(self, packing: Packing) -> np.dtype[Any]:
        """Type of the stored numbers."""
        return np.dtype("f4" if self.real and packing == "float32" else self.dtype)

    def scale(self, packing: Packing) -> float | None:
        """Step of the stored numbers, None where they are the values."""
        return STEP if self.real and packing == "int16" else None

    def missing(self, packing: Packing) -> float | int | None:
        """Stored number of a gap, None for a layer without gaps."""
        if not self.real:
            return None
        return MISSING if packing == "int16" else np.nan

    def pack(self, values: NDArray[Any], packing: Packing) -> NDArray[Any]:
        """Values as they are stored."""
        if values.dtype == self.stored_dtype(packing) and not self.real:
            return values
        limited = np.clip(values, self.low, self.high)
        if not self.real or packing == "float32":
            return limited.astype(self.stored_dtype(packing))
        steps = np.rint(limited * np.float32(1 / STEP))
        return np.where(np.isnan(steps), np.float32(MISSING), steps).astype(self.dtype)

    def unpack(self, stored: NDArray[Any], packing: Packing) -> NDArray[Any]:
        """Stored numbers as values."""
        if self.scale(packing) is None:
            return stored
        return np.where(stored == MISSING, np.float32(np.nan), stored.astype(np.float32) * np.float32(STEP))


def _real(name: str, title: str, standard_name: str, comment: str, low: float = 0.0) -> Layer:
    return Layer(name, title, "m3 m-3" if low == 0 else "1", "i2", low, 1.0, True, standard_name, comment)


def _whole(name: str, title: str, dtype: str, standard_name: str, comment: str | None = None, low: int = 0) -> Layer:
    units, high = "1" if standard_name == COUNT else "", int(np.iinfo(dtype).max)
    return Layer(name, title, units, dtype, low, high, False, standard_name, comment)


_OWN_BLOCKS = "of the subnetwork used, on blocks of points it never saw"
_OWN_TARGET = "against its own training target; "
LAYERS: tuple[Layer, ...] = (
    _real(
        "soil_moisture", "volumetric surface soil moisture", WATER, "flagged and stored as 0 or 1 where it lies beyond"
    ),
    _real(
        "total_uncertainty",
        "standard uncertainty of soil moisture",
        f"{WATER} standard_error",
        "c * 0.05 * (sqrt(V + R) / 0.05)**b: V variance between chains, R residual variance of held-out points, c and b "
        "calibrated (1 if not); of a filled pixel: mean variance of the pixels it was filled from, and the mean squared error of filling over its distance",
    ),
    _real(
        "between_chain_spread",
        "standard deviation between chains",
        f"{WATER} standard_error",
        "sqrt(V): what perturbed targets, inputs and samples do to the estimate through all rounds; missing where "
        "the run had one chain, and where filled",
    ),
    _real(
        "residual_error",
        "error of held-out points beyond the spread between chains",
        f"{WATER} standard_error",
        "sqrt(R), of the subnetwork used, drawn toward the mean of its network and land cover, and of the simulations "
        "that it learnt from; missing where filled" + NAMED,
    ),
    _real(
        "blocked_rmse",
        f"root mean square error {_OWN_BLOCKS}",
        f"{WATER} standard_error",
        f"{_OWN_TARGET}missing where filled{NAMED}",
    ),
    _real(
        "blocked_r2",
        f"coefficient of determination {_OWN_BLOCKS}",
        QUALITY,
        f"{_OWN_TARGET}values below -1 are stored as -1; missing where filled{NAMED}",
        low=-1.0,
    ),
    _whole(
        "network_used",
        "network whose subnetwork gave the value",
        "i2",
        STATUS,
        "0 where filled; where the flag mean_of_two_networks is set, the one of lower error on held-out blocks",
    ),
    _whole("round", "round of simulation that gave the value", "u1", STATUS),
    _whole(
        "number_of_predictors",
        "number of soil moisture products behind the value",
        "u1",
        COUNT,
        f"0 where filled{UNCOUNTED}",
    ),
    _whole(
        "n_observations",
        "number of satellite observations behind the value",
        "i2",
        COUNT,
        f"retrievals of the predictors of the network used, in this {{period}}; 0 where filled{UNCOUNTED}",
    ),
    _whole("flags", "quality flags", "u2", QUALITY),
    # two bytes: of one, GDAL before 3.7 and what rests on it (R, QGIS) read -1 as 255
    _whole("fill_distance", "how far away the values that filled the pixel lie", "i2", STATUS, low=-1),
)
BY_NAME = {layer.name: layer for layer in LAYERS}
ANCILLARY = " ".join(layer.name for layer in LAYERS[1:])


@dataclass(frozen=True)
class Codes:
    """Names behind the numbers of layers of codes.

    networks, rounds   number k of `network_used` and `round` is the k-th name, 0 none
    radius             farthest ring of `fill_distance`
    """

    networks: Sequence[str]
    rounds: Sequence[str]
    radius: int

    def names(self, layer: str) -> dict[int, str]:
        """Number → name of a layer of codes; nothing for other layers."""
        if layer == "network_used":
            return dict(enumerate(["none", *self.networks]))
        if layer == "round":
            return dict(enumerate(["none", *(f"SIM-{name}" for name in self.rounds)]))
        if layer == "fill_distance":
            return {-1: "no_value", 0: "simulated"} | {k: f"{k}_pixels" for k in range(1, self.radius + 1)}
        return {}


def attributes(layer: Layer, codes: Codes, packing: Packing, period: str) -> dict[str, Any]:
    """CF and ACDD attributes of a layer, its scale apart; limits are in stored numbers, as CF asks.

    period   what a step is called
    """
    dtype = layer.stored_dtype(packing)
    found: dict[str, Any] = {"long_name": layer.title, "units": layer.units, "standard_name": layer.standard_name}
    comment = layer.comment and layer.comment.format(period=period)
    found |= {"comment": comment, "coverage_content_type": "qualityInformation"}
    if layer.name == "soil_moisture":
        found |= {"cell_methods": "time: mean", "ancillary_variables": ANCILLARY}
        found |= {"coverage_content_type": "physicalMeasurement"}
    if layer.name == "flags":
        found |= flags.attributes()
    elif names := codes.names(layer.name):
        found |= {"flag_values": np.array(list(names), dtype), "flag_meanings": " ".join(names.values())}
    else:
        low, high = layer.pack(np.array([layer.low, layer.high], np.float32), packing)
        found |= {"valid_min": low, "valid_max": high, "packing_error": layer.error if layer.scale(packing) else None}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray | np.generic) or value}


def pack_all(values: dict[str, NDArray[Any]], packing: Packing) -> dict[str, NDArray[Any]]:
    """All layers of a step as they are stored, in the order of the table."""
    return {layer.name: layer.pack(values[layer.name], packing) for layer in LAYERS}
