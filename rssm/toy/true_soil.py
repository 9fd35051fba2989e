"""The truth that a data set of a toy run is held against: soil moisture of the surface, or of a layer of soil that remembers."""

from __future__ import annotations

from collections.abc import Sequence

from rssm.calendar import Calendar
from rssm.config.toy import Toy
from rssm.grid import Area
from rssm.toy.composites import true_moisture
from rssm.toy.geography import Array
from rssm.toy.profiles import true_layer


def true_soil(toy: Toy, area: Area, steps: Sequence[int], calendar: Calendar, soil: int | None) -> Array:
    """Soil moisture (step, row, column), m³ m⁻³; soil: a layer, counted from 0, whose steps are days, or None, the surface."""
    if soil is None:
        return true_moisture(toy, area, steps, calendar)
    return true_layer(toy, area, soil, [calendar.start(step) for step in steps])
