"""How far a tile's cells are from those that teach, and how unlike them in what does not change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.cubes.cube import Cube, read_cubes
from rssm.errors import InputError
from rssm.files import Kind
from rssm.grid import grid_of
from rssm.somo.apart import KM_PER_DEGREE, distance
from rssm.somo.site_files import DAY, centres, read_sites
from rssm.somo.specs import NearSpec

NEAR = Kind("nearness to cells that teach")
PIECE = 4096  # cells compared with all sites at once


def somo_near(tile: str, sites: Sequence[str], cubes: Sequence[str], spec: NearSpec, out: Sequence[str]) -> None:
    """Write distance and dissimilarity of each cell.

    distance       to the nearest cell that teaches, km
    dissimilarity  root mean square of the differences of static variables, in standard deviations over the cells that
                   teach, to the one that is most alike
    """
    cells = read_sites(sites[0])
    pixel, statics = static_values(cubes, spec.static)
    far, unlike = np.empty(pixel.size, np.float32), np.empty(pixel.size, np.float32)
    whole = np.isfinite(cells.statics).all(axis=0)
    center, spread = cells.statics[:, whole].mean(axis=1), cells.statics[:, whole].std(axis=1).clip(1e-6)
    own, place = (statics - center[:, None]) / spread[:, None], centres(grid_of(spec.grid), pixel)
    known = ((cells.statics[:, whole] - center[:, None]) / spread[:, None]).T
    for start in range(0, pixel.size, PIECE):
        part = slice(start, start + PIECE)
        far[part] = distance((place[0][part], place[1][part]), cells.place).min(axis=1) * KM_PER_DEGREE
        squares = sum((own[k, part, None] - known[None, :, k]) ** 2 for k in range(len(own)))
        unlike[part] = np.sqrt(np.asarray(squares).min(axis=1) / len(own))
    with NEAR.created(out[0]) as file:
        file.setncatts({"tile": tile, "grid_id": spec.grid})
        file.createDimension("pixel", pixel.size)
        file.createVariable("pixel", "i4", ("pixel",))[:] = pixel
        for name, values, units in (("distance", far, "km"), ("dissimilarity", unlike, "1")):
            variable = file.createVariable(name, "f4", ("pixel",), fill_value=np.nan)
            variable.units = units
            variable[:] = values


def read_distance(path: str, pixel: NDArray[np.int32]) -> NDArray[np.float32]:
    """Distance (pixel,) to the nearest cell that teaches, km."""
    with NEAR.opened(path) as file:
        if not np.array_equal(file["pixel"][:], pixel):
            raise InputError(f"{path}: is of other pixels than the tile. Remove it and run its rule again.")
        far: NDArray[np.float32] = file["distance"][:]
        return far


def nearness(path: str, pixel: int) -> tuple[float, float]:
    """Distance (km) and dissimilarity of one pixel to the cells that teach."""
    with NEAR.opened(path) as file:
        at = np.flatnonzero(file["pixel"][:] == pixel)
        if not at.size:
            raise InputError(f"{path}: does not hold pixel {pixel}. Remove it and run its rule again.")
        return float(file["distance"][at[0]]), float(file["dissimilarity"][at[0]])


def static_values(cubes: Sequence[str], names: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Pixels of a tile, and static variables (static, pixel)."""
    found = {cube.variable: cube for path in cubes for cube in read_cubes(path) if cube.variable in names}
    return pixels_of(found, names), np.stack([found[name].at([0], DAY)[:, 0] for name in names])


def pixels_of(cubes: dict[str, Cube], names: Sequence[str]) -> NDArray[np.int32]:
    """Pixels of the cubes of a tile, which all have the same; one sentence where a variable is missing."""
    if missing := [name for name in names if name not in cubes]:
        raise InputError(
            f"The tile's cubes lack {', '.join(missing)}. Check the names of variables in the configuration."
        )
    return cubes[names[0]].pixel
