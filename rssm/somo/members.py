"""Networks of an ensemble with all that they need to be applied: names and scales of inputs, ranges, files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.nets.ealstm import EaLstm
from rssm.nets.store import read_network, write_network

F4 = NDArray[np.float32]
NETWORK = "network of a soil layer"
BLOCK = 64  # cells that run side by side: a number of its own, because the last bits of a product may depend on it


@dataclass(frozen=True)
class Scales:
    """What inputs and outputs are scaled with, found where the network learnt; and the ranges that it saw there.

    dynamic_mean, dynamic_std    (dynamic,) of forcing, and of the layers above after it
    static_mean, static_std      (static,)
    target                       (2,) mean and standard deviation of the target, m³ m⁻³
    static_low, static_high      (static,) over cells
    climate_low, climate_high    (dynamic,) of the cells' means over years
    """

    dynamic_mean: F4
    dynamic_std: F4
    static_mean: F4
    static_std: F4
    target: F4
    static_low: F4
    static_high: F4
    climate_low: F4
    climate_high: F4

    def dynamic(self, values: F4) -> F4:
        """Forcing (dynamic, …) scaled."""
        shape = (-1, *[1] * (values.ndim - 1))
        scaled: F4 = (values - self.dynamic_mean.reshape(shape)) / self.dynamic_std.reshape(shape)
        return scaled

    def statics(self, values: F4) -> F4:
        """What does not change (static, …) scaled."""
        scaled: F4 = (values - self.static_mean[:, None]) / self.static_std[:, None]
        return scaled

    def moisture(self, output: F4) -> F4:
        """Output of the network in m³ m⁻³, cut at 0 and 1."""
        wet: F4 = np.clip(output * self.target[1] + self.target[0], np.float32(0), np.float32(1))
        return wet


@dataclass(frozen=True)
class Member:
    """A network of a layer.

    dynamic, static  names of its inputs, in the network's order; the layers above follow the forcing
    losses           (part,) mean loss in equal parts of training, first to last
    """

    layer: int
    member: int
    dynamic: tuple[str, ...]
    static: tuple[str, ...]
    sees_statics: bool
    net: EaLstm
    scales: Scales
    losses: F4

    def gate_inputs(self, statics: F4) -> F4:
        """What the input gate sees of statics (static, cell)."""
        scaled = self.scales.statics(statics)
        return scaled if self.sees_statics else np.zeros_like(scaled)

    @cached_property
    def above(self) -> int:
        """Layers above, whose soil moisture is an input."""
        return self.layer - 1

    def write(self, path: str | Path) -> None:
        about: dict[str, str | float | int] = {
            "layer": self.layer,
            "member": self.member,
            "dynamic": " ".join(self.dynamic),
            "static": " ".join(self.static),
            "sees_statics": int(self.sees_statics),
            "forget_cap": self.net.cap,
        }
        scales = {field.name: getattr(self.scales, field.name) for field in fields(Scales)}
        write_network(path, NETWORK, {**self.net.arrays, **scales, "losses": self.losses}, about)


def read_member(path: str | Path) -> Member:
    """Read what `Member.write` wrote."""
    arrays, about = (stored := read_network(path, NETWORK)).arrays, stored.about
    return Member(
        layer=int(about["layer"]),
        member=int(about["member"]),
        dynamic=tuple(str(about["dynamic"]).split()),
        static=tuple(str(about["static"]).split()),
        sees_statics=bool(about["sees_statics"]),
        net=EaLstm.of(arrays, float(about["forget_cap"])),
        scales=Scales(**{field.name: arrays[field.name] for field in fields(Scales)}),
        losses=arrays["losses"],
    )


def ensembles(paths: Sequence[str]) -> dict[int, list[Member]]:
    """Layer → its members in their order, whatever the order of files."""
    found: dict[int, list[Member]] = {}
    for member in sorted(map(read_member, paths), key=lambda each: (each.layer, each.member)):
        found.setdefault(member.layer, []).append(member)
    if list(found) != list(range(1, len(found) + 1)) or not found:
        raise InputError(
            f"Networks of layers {', '.join(map(str, found)) or 'none'}; expected all from 1 on. Run rule somo_train for"
            " every layer."
        )
    return found
