"""An archive of the toy Earth that is written as tests ask for it, and how its files are held against the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from rssm.archive.grids import NATIVE_GRIDS, projection
from rssm.config.catalogue import Catalogue
from rssm.grid import GRID, Area
from rssm.toy.archive import file_days, write_year
from rssm.toy.observe import Overpasses, observe
from rssm.toy.truth import Earth


def area(south: float, north: float, west: float, east: float) -> Area:
    """A box of the grid."""
    return Area(GRID.id, GRID.region(south, north, west, east))


DEMO = area(39, 42, -2, 1)
YEARS = {"SMAP_E": 2016, "AMSR2-JAXA": 2014, "AMSR2-LPRM-X": 2014, "FY-3B-NSMC": 2012, "LAI-PROBAV": 2016}


@dataclass
class Written:
    """An archive that is written as tests ask for it."""

    root: Path
    earth: Earth
    catalogue: Catalogue
    manifests: dict[str, dict[str, Any]] = field(default_factory=dict)

    def year(self, product: str) -> int | None:
        return None if self.catalogue[product].step == "static" else YEARS.get(product, 2011)

    def manifest(self, product: str) -> dict[str, Any]:
        if product not in self.manifests:
            made = write_year(self.earth, product, self.catalogue[product], self.year(product), self.root)
            self.manifests[product] = made
        return self.manifests[product]

    def file(self, product: str, part: str = "") -> Path:
        """The first file whose name holds `part`."""
        return self.root / next(f["name"] for f in self.manifest(product)["files"] if part in f["name"])

    def seen(self, product: str) -> Overpasses:
        return observe(self.earth, product, file_days(self.catalogue[product], self.year(product), 1))


def ease(grid_id: str, seen: Overpasses) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of cells on an EASE grid, from latitude and longitude through the projection alone."""
    grid = NATIVE_GRIDS[grid_id]
    longitude, latitude = np.meshgrid(seen.cells.longitude[0], seen.cells.latitude[:, 0])
    x, y = projection(grid.crs).transform(longitude, latitude)
    row = (y - grid.transform[5]) / grid.transform[4]
    return np.floor(row).astype(int), np.floor((x - grid.transform[2]) / grid.transform[0]).astype(int)


def compare(stored: np.ndarray, expected: np.ndarray, step: float) -> None:
    """Equal gaps, and values equal to within half a step of packing."""
    assert (~np.isnan(expected)).any()
    assert_array_equal(np.isnan(stored), np.isnan(expected))
    assert_allclose(stored, expected, atol=step / 2 + 1e-6)


def day_with_values(seen: Overpasses) -> int:
    """Index of the day with most retrievals in both passes, by the rarer pass."""
    return int((~np.isnan(seen.screened)).sum(axis=(2, 3)).min(axis=1).argmax())
