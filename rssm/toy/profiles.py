"""Soil that remembers: the truth of three layers, and a reanalysis that is another model, both continuous from year to year.

Both begin on 1 January of `toy.soil_from` and go on year by year, so that a value depends neither on the region nor on the
period asked for, and the layers below the surface carry droughts over the turn of a year. The reanalysis ("toy-ERA5") has
rain, warmth and radiation of its own, and its soil is another one: layers of other depth, one texture everywhere, roots that
drink freely until soil is nearly dry, rain that runs off, water that goes down slowly. It is as far from the truth as ERA5 is
on Earth, by what is published of both (r of ERA5 with stations: 0.67, 0.64, 0.42; of networks that see the same weather, 0.72,
0.74, 0.68): mostly wrong by its rain at the surface, and by its soil below.
In world hidden, the truth also has irrigated fields and groundwater that no forcing shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rssm.config.toy import Toy
from rssm.errors import InputError
from rssm.grid import Area
from rssm.toy.geography import Array, Geography
from rssm.toy.noise import smooth
from rssm.toy.soil import Column, Hidden, column, moisten, start
from rssm.toy.truth import Earth, drought_of
from rssm.toy.weather import Departure, Weather, weather

TRUE_LAYERS = (100.0, 200.0, 200.0)  # mm: 0–10, 10–30, 30–50 cm
TRUE_ROOTS = (0.45, 0.35, 0.2)
MODEL_LAYERS = (70.0, 210.0, 720.0)  # mm: 0–7, 7–28, 28–100 cm
MODEL_ROOTS = (0.5, 0.3, 0.2)
MODEL = Departure("reanalysis", fronts=0.25, wetter=1.12, warmer=0.5, brighter=1.04)
WETTER = np.float32(0.04)  # what the model adds to soil moisture, m³ m⁻³


def true_years(toy: Toy, land: Geography, last: int) -> Iterator[tuple[Weather, Array]]:
    """Weather and soil moisture (layer, day, row, column) of each year up to `last`, in order."""
    soil = column(land, TRUE_LAYERS, TRUE_ROOTS)
    return _years(toy, land, last, soil, None, _unseen(toy, land))


def true_layer(toy: Toy, area: Area, layer: int, days: Sequence[date]) -> Array:
    """Soil moisture (day, row, column) of a layer on ascending days, on the pixels of the area."""
    earth = Earth(toy, area)
    wanted: dict[int, list[int]] = {}
    for day in days:
        wanted.setdefault(day.year, []).append(day.timetuple().tm_yday - 1)
    found = []
    for year, (_, water) in enumerate(true_years(toy, earth.geography, max(wanted)), toy.soil_from):
        if year in wanted:
            found.append(water[layer][wanted[year]][:, *earth.inner])
    return np.concatenate(found)


def model_years(toy: Toy, land: Geography, last: int) -> Iterator[tuple[Weather, Array]]:
    """The same of the reanalysis."""
    for air, water in _years(toy, land, last, model_soil(land), MODEL, None):
        yield air, water + WETTER


def model_soil(land: Geography) -> Column:
    """Soil as the reanalysis takes it to be."""
    soil = column(land, MODEL_LAYERS, MODEL_ROOTS, clay=0.25)
    return replace(soil, drains=np.float32(0.05), spreads=0.01, thirst=0.2, sheds=0.3)


def model_weather(toy: Toy, land: Geography, year: int) -> Weather:
    """Weather of the reanalysis in a year, which needs no memory."""
    return weather(toy.seed, drought_of(toy), land, days_of_year(year), MODEL)


def days_of_year(year: int) -> NDArray[np.int64]:
    """Day numbers of a calendar year."""
    return np.arange(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())


def _years(
    toy: Toy, land: Geography, last: int, soil: Column, own: Departure | None, hidden: Hidden | None
) -> Iterator[tuple[Weather, Array]]:
    if last < toy.soil_from:
        raise InputError(
            f"toy.soil_from: {toy.soil_from} comes after {last}, a year of which soil is asked for. Set an earlier year."
        )
    state = start(soil, land)
    for year in range(toy.soil_from, last + 1):
        air = weather(toy.seed, drought_of(toy), land, days_of_year(year), own)
        water, state = moisten(soil, air, state, hidden)
        yield air, water


def _unseen(toy: Toy, land: Geography) -> Hidden | None:
    """Irrigated fields in dry plains, and valleys that groundwater keeps wet, in world hidden."""
    if toy.world != "hidden":
        return None
    fields = (smooth(toy.seed, "fields", land.patch, 6) > 0.6) & (land.wetness < 0.7)
    valleys = np.clip(smooth(toy.seed, "valleys", land.patch, 10) - np.float32(0.6), 0, 1)
    strength = np.float32(min(toy.hidden, 1.0))
    return Hidden(fields.astype(np.float32) * strength, np.float32(0.04) * valleys * strength)
