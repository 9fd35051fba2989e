"""Maps of a region, small enough for a picture."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from numpy.typing import NDArray

from rssm.grid import Area
from rssm.land import read_land
from rssm.product.map_frame import SEA, frame

WIDEST = 720  # pixels of a picture
LAND = "#f4f1ea"


class Ground:
    """Land of an area, thinned to a picture: every `stride`-th row and column."""

    def __init__(self, land: str, area: Area) -> None:
        self.area, self.window = area, area.window
        self.stride = -(-self.window.columns // WIDEST)
        self.land: NDArray[np.bool_] = read_land(land, area.grid, self.window)[:: self.stride, :: self.stride]
        region = area.region
        self.extent = (
            float(region.west),
            float(region.west + region.degrees),
            float(region.south),
            float(region.north),
        )

    @property
    def shape(self) -> float:
        """Height over width, in degrees."""
        west, east, south, north = self.extent
        return (north - south) / (east - west)

    def under(self, axis: Axes, colour: str = LAND) -> None:
        """Sea and land, coast, degrees."""
        axis.imshow(self.land, cmap=ListedColormap([SEA, colour]), vmin=0, vmax=1, interpolation="nearest", zorder=1)
        frame(axis, self.land, self.extent)
        for spine in axis.spines.values():
            spine.set(visible=True, linewidth=0.6)

    def thinned(self, field: NDArray[np.floating]) -> NDArray[np.floating]:
        """A field (row, column) of the area as the picture has it."""
        return field[:: self.stride, :: self.stride]
