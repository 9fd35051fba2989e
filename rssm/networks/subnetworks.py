"""The subnetworks of a block of zones: plain arrays that training fills and prediction, storage and tests read."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from rssm.networks.kernels.blocks import GROUP
from rssm.networks.kernels.codes import USABLE, Status

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Subnetworks:
    """Axes: chain, zone, hidden node, input, split (train, validation, test).

    With z = (x − center) · factor, a subnetwork is
    y = target_center + (output_bias + output · tanh(hidden_bias + hidden · z)) / target_factor.
    Where there is no subnetwork (see its status), weights and scores are NaN.
    """

    hidden: NDArray[np.float32]  # (chain, zone, hidden, input)
    hidden_bias: NDArray[np.float32]  # (chain, zone, hidden)
    output: NDArray[np.float32]  # (chain, zone, hidden)
    output_bias: NDArray[np.float32]  # (chain, zone)
    center: NDArray[np.float64]  # (zone, input)
    factor: NDArray[np.float64]  # (zone, input): 0 where the input is constant and dropped
    low: NDArray[np.float32]  # (zone, input): smallest value learnt from
    high: NDArray[np.float32]  # (zone, input): largest value learnt from
    target_center: NDArray[np.float64]  # (chain, zone)
    target_factor: NDArray[np.float64]  # (chain, zone)
    points: NDArray[np.int32]  # (chain, zone, split)
    rmse: NDArray[np.float32]  # (chain, zone, split), in the target's unit
    r2: NDArray[np.float32]  # (chain, zone, split): 1 − squared error / variance of the target there
    iterations: NDArray[np.int32]  # (chain, zone)
    ridge: NDArray[np.float32]  # (chain, zone): penalty of the final fit
    dekad_r2: NDArray[np.float32]  # (chain, zone): 1 − squared error / that of the mean, on dekads left out in turn
    status: NDArray[np.int8]  # (chain, zone): codes of `Status`

    @classmethod
    def empty(cls, chains: int, zones: int, hidden: int, inputs: int) -> Subnetworks:
        """Room for results: everything missing, every zone without points."""
        kz, zd = (chains, zones), (zones, inputs)
        nan32 = lambda *shape: np.full(shape, np.nan, np.float32)  # noqa: E731
        return cls(
            hidden=nan32(*kz, hidden, inputs),
            hidden_bias=nan32(*kz, hidden),
            output=nan32(*kz, hidden),
            output_bias=nan32(*kz),
            center=np.zeros(zd),
            factor=np.zeros(zd),
            low=nan32(*zd),
            high=nan32(*zd),
            target_center=np.zeros(kz),
            target_factor=np.zeros(kz),
            points=np.zeros((*kz, 3), np.int32),
            rmse=nan32(*kz, 3),
            r2=nan32(*kz, 3),
            iterations=np.zeros(kz, np.int32),
            ridge=nan32(*kz),
            dekad_r2=nan32(*kz),
            status=np.full(kz, Status.TOO_FEW_POINTS, np.int8),
        )

    def control(self, zone: int) -> Subnetworks:
        """The first chain in one zone."""
        of_zone = ("center", "factor", "low", "high")
        return Subnetworks(
            **{n: a[zone : zone + 1] if n in of_zone else a[:1, zone : zone + 1] for n, a in self.arrays().items()}
        )

    @property
    def usable(self) -> NDArray[np.bool_]:
        """(chain, zone): a subnetwork came out."""
        return np.isin(self.status, USABLE)

    @property
    def dropped(self) -> NDArray[np.bool_]:
        """(zone, input): the input is constant there and takes no part."""
        return self.factor == 0

    def arrays(self) -> dict[str, np.ndarray]:
        """All arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def scaled(self) -> tuple[np.ndarray, ...]:
        """Weights in the inputs' and targets' own units, padded as the kernel of prediction wants them."""
        chains, zones, hidden, inputs = self.hidden.shape
        padded = -(-hidden // GROUP) * GROUP
        weights = np.zeros((chains, zones, padded, (inputs + 4) // 4 * 4), np.float32)
        weights[:, :, :hidden, :inputs] = self.hidden * self.factor[:, None, :]
        weights[:, :, :hidden, inputs] = self.hidden_bias
        output = np.zeros((chains, zones, padded), np.float32)
        with np.errstate(invalid="ignore", divide="ignore"):
            output[:, :, :hidden] = self.output / self.target_factor[..., None]
            bias = (self.target_center + self.output_bias / self.target_factor).astype(np.float32)
        center = self.center.astype(np.float32)
        return weights, output, bias, center, self.factor != 0, self.low, self.high, self.usable
