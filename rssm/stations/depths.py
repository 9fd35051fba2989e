"""Which sensors measure a layer of soil: those within it, and of each place those nearest to one depth.

Light to import: the workflow asks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rssm.stations.sensors import Sensor


@dataclass(frozen=True)
class Depths:
    """A layer's upper and lower end, and the depth that sensors are chosen nearest to; m."""

    top: float
    bottom: float
    nearest: float

    def hold(self, sensor: Sensor) -> bool:
        """Whether the middle of a sensor lies in the layer: on its lower edge, or on the surface, but not on its upper edge."""
        middle = _middle(sensor)
        return self.top < middle <= self.bottom or middle == self.top == 0

    def chosen(self, sensors: Iterable[Sensor]) -> tuple[float, float]:
        """Upper and lower end of those sensors of a place that are nearest, of two as near the shallower; m."""
        return min((round(abs(_middle(one) - self.nearest), 6), one.top, one.bottom) for one in sensors)[1:]

    @property
    def otherwise(self) -> str:
        """Why a sensor of a place is not one of those."""
        return f"another depth of its cell is nearer to {self.nearest:g} m"


def _middle(sensor: Sensor) -> float:
    return (sensor.top + sensor.bottom) / 2
