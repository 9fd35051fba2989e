"""What does not change, for methods with soil below the surface: GLDAS statics of a quarter of a degree, and ETOPO1.

A model's soil is smoother than the truth's, and its vegetation a class; relief has hills within every pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from rssm.toy.footprint import Footprint, cells
from rssm.toy.geography import Array
from rssm.toy.noise import normal, smooth
from rssm.toy.writers.layers import Asked, Layer, Native, filled, lat_lon, write_geotiff, write_netcdf

GRID = "latlon_0.25_gldas"
FILL = -9999.0


def soil_fractions(asked: Asked) -> Iterator[Native]:
    """Clay, sand and silt."""
    clay, sand = _clay(asked), _look(asked)(asked.earth.geography.sand)
    sand = np.minimum(sand, 1 - clay)
    parts = {"clay": clay, "sand": sand, "silt": 1 - clay - sand}
    yield _native(asked, {f"GLDAS_soilfraction_{name}": part[None] for name, part in parts.items()})


def porosity(asked: Asked) -> Iterator[Native]:
    """Porosity of three layers."""
    top = _look(asked)(asked.earth.geography.porosity)
    clay = _clay(asked)
    yield _native(asked, {"GLDAS_porosity": np.stack([top, top - 0.05 * clay, top - 0.08 * clay])})


def vegetation(asked: Asked) -> Iterator[Native]:
    """Dominant class of vegetation."""
    cover = _look(asked).nearest(asked.earth.geography.cover(asked.year)).astype(np.float32)
    yield _native(asked, {"GLDAS_domveg": np.maximum(cover, 1)[None]})


def relief(asked: Asked) -> Iterator[Native]:
    """ETOPO1: elevation of cells of a minute, with hills as high as the toy's relief has them."""
    earth, land = asked.earth, asked.earth.geography
    grid = cells("latlon_1/60", earth.area)
    look = Footprint(grid, earth.patch, 1, np.ones(earth.patch.shape, bool))
    hills = normal(earth.toy.seed, "minutes", grid.rows[:, None], grid.columns)
    height = look.nearest(land.elevation) + 4 * look.nearest(land.relief) * hills
    depth = np.where(look.nearest(land.land), np.rint(height), -50).astype(np.int16)
    yield Native.of(asked.name(date(asked.year, 1, 1)), write_geotiff, grid, [Layer("z", depth)], None)


WRITERS = {
    "ETOPO1": relief,
    "ETOPO1-STD": relief,
    "GLDAS-CLAY": soil_fractions,
    "GLDAS-SAND": soil_fractions,
    "GLDAS-SILT": soil_fractions,
    "GLDAS-POROSITY-TOP": porosity,
    "GLDAS-POROSITY-MIDDLE": porosity,
    "GLDAS-VEGETATION": vegetation,
}


def _look(asked: Asked) -> Footprint:
    return asked.earth.look(GRID, 27)


def _clay(asked: Asked) -> Array:
    """Share of clay as a model has it, with errors of its own."""
    error = 0.03 * smooth(asked.earth.toy.seed, "model's soil", asked.earth.patch, 12)
    look = _look(asked)
    return np.clip(look(asked.earth.geography.clay) + look.nearest(error), 0.02, 0.9).astype(np.float32)


def _native(asked: Asked, parts: dict[str, Array]) -> Native:
    """A file of arrays (time or layer, lat, lon), south first, missing over sea."""
    look = _look(asked)
    sea = look.land < 0.3
    layers = [
        Layer(name, filled(np.where(sea, np.float32(np.nan), part), FILL), FILL, {"units": "-", "missing_value": np.float32(FILL)}, "tyx")
        for name, part in parts.items()
    ]  # fmt: skip
    count = len(next(iter(parts.values())))
    first = ("time", np.zeros(1), {"units": "days since 2000-01-01"}) if count == 1 else ("layer", np.arange(count), {})
    coordinates = {"t": first, **lat_lon(GRID, south_first=True)}
    name = asked.name(date(asked.year, 1, 1))
    return Native.of(name, write_netcdf, look.cells, layers, coordinates, south_first=True)
