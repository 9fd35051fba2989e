"""The layers of RSSSM's data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from rssm.layer import COUNT, QUALITY, SIGMA, STATUS, WATER, Layer, Packing, real, whole
from rssm.product.values import flags

NAMED = "; where two networks were averaged, of the one named in network_used"
UNCOUNTED = NAMED + ", without predictors that only the other takes"
_OWN_BLOCKS = "of the subnetwork used, on blocks of points it never saw"
_OWN_TARGET = "against its own training target; "
LAYERS: tuple[Layer, ...] = (
    real(
        "soil_moisture", "volumetric surface soil moisture", WATER, "flagged and stored as 0 or 1 where it lies beyond"
    ),
    real(
        "total_uncertainty",
        "standard uncertainty of soil moisture",
        SIGMA,
        "c * 0.05 * (sqrt(V + R) / 0.05)**b: V variance between chains, R residual variance of held-out points, c and b "
        "calibrated (1 if not); of a filled pixel: mean variance of the pixels it was filled from, and the mean squared error of filling over its distance",
    ),
    real(
        "between_chain_spread",
        "standard deviation between chains",
        SIGMA,
        "sqrt(V): what perturbed targets, inputs and samples do to the estimate through all rounds; missing where "
        "the run had one chain, and where filled",
    ),
    real(
        "residual_error",
        "error of held-out points beyond the spread between chains",
        SIGMA,
        "sqrt(R), of the subnetwork used, drawn toward the mean of its network and land cover, and of the simulations "
        "that it learnt from; missing where filled" + NAMED,
    ),
    real(
        "blocked_rmse",
        f"root mean square error {_OWN_BLOCKS}",
        SIGMA,
        f"{_OWN_TARGET}missing where filled{NAMED}",
    ),
    real(
        "blocked_r2",
        f"coefficient of determination {_OWN_BLOCKS}",
        QUALITY,
        f"{_OWN_TARGET}values below -1 are stored as -1; missing where filled{NAMED}",
        low=-1.0,
    ),
    whole(
        "network_used",
        "network whose subnetwork gave the value",
        "i2",
        STATUS,
        "0 where filled; where the flag mean_of_two_networks is set, the one of lower error on held-out blocks",
    ),
    whole("round", "round of simulation that gave the value", "u1", STATUS),
    whole(
        "number_of_predictors",
        "number of soil moisture products behind the value",
        "u1",
        COUNT,
        f"0 where filled{UNCOUNTED}",
    ),
    whole(
        "n_observations",
        "number of satellite observations behind the value",
        "i2",
        COUNT,
        f"retrievals of the predictors of the network used, in this {{period}}; 0 where filled{UNCOUNTED}",
    ),
    whole("flags", "quality flags", "u2", QUALITY),
    # two bytes: of one, GDAL before 3.7 and what rests on it (R, QGIS) read -1 as 255
    whole("fill_distance", "how far away the values that filled the pixel lie", "i2", STATUS, low=-1),
)
BY_NAME = {layer.name: layer for layer in LAYERS}


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


def layers_with(codes: Codes) -> tuple[Layer, ...]:
    """All layers, with the names behind their numbers."""
    named = (replace(layer, codes=tuple(codes.names(layer.name).items())) for layer in LAYERS)
    return tuple(replace(layer, bits=flags.BITS) if layer.name == "flags" else layer for layer in named)


def pack_all(values: dict[str, NDArray[Any]], packing: Packing) -> dict[str, NDArray[Any]]:
    """All layers of a step as they are stored, in the order of the table."""
    return {layer.name: layer.pack(values[layer.name], packing) for layer in LAYERS}
