"""A made-up Earth that dries exponentially, with known constants, under known rain and leaves, as files of maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rssm.analysis.dry_down.interception import intercepted
from rssm.analysis.dry_down.join import dry_down
from rssm.analysis.dry_down.result import DryDown, read_dry_down
from rssm.analysis.dry_down.specs import DryDownSpec, DryYearSpec
from rssm.analysis.dry_down.year import dry_year
from rssm.calendar import CALENDARS, DEKADS
from rssm.config.dry_down import DryDown as Settings
from rssm.grid import GRID, Area, Region
from rssm.ingest.index import write_index
from rssm.maps import write_map
from tests.unit.validation_files import write_year_maps

LAND = str(Path(__file__).resolve().parents[2] / "resources" / "land.tif")
AREA = Area(GRID.id, Region(40, 42, -4, 2))  # land throughout, 16 cells
WINDOW = AREA.window
YEARS = range(2003, 2011)
CONSTANT, RESIDUAL, LEAVES = (12.0, 40.0), 0.06, (0.5, 4.0)  # days; m³ m⁻³; m² m⁻²
SET = Settings()


class DryEarth:
    """Daily truth: rain is even within a dekad; leaves differ between the west and the east, constants between rows.

    noise  standard deviation of an error of every pixel and dekad, m³ m⁻³
    """

    def __init__(self, folder: Path, noise: float = 0.0, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.folder, dekads = folder, range(YEARS[0] * 36, (YEARS[-1] + 1) * 36)
        rows, columns = np.indices(WINDOW.shape)
        self.constant = np.where(rows < WINDOW.rows // 2, *CONSTANT)
        self.leaves = np.where(columns < WINDOW.columns // 2, *LEAVES)
        wet = rng.random(len(dekads)) < 0.3
        self.rain = np.where(wet, rng.uniform(2, 8, len(dekads)), rng.choice([0, 0.15], len(dekads)))  # mm day⁻¹
        self.moisture, self.kept = self._run(dekads)
        self.moisture = self.moisture + rng.normal(0, noise, self.moisture.shape)
        self.result = self._analysed()

    def _run(self, dekads: range) -> tuple[np.ndarray, np.ndarray]:
        soil = np.full(WINDOW.shape, 0.25)
        moisture: list[np.ndarray] = []
        kept: list[np.ndarray] = []
        keep = np.exp(-1 / self.constant)
        for rate in self.rain:
            dekad, held = len(moisture), intercepted(np.full(WINDOW.shape, rate), self.leaves, SET.interception)
            days = []
            for _ in range(DEKADS.days(dekads[dekad])):
                soil = np.minimum(RESIDUAL + (soil - RESIDUAL) * keep + (rate - held) / 150, 0.45)
                days.append(soil)
            moisture.append(np.mean(days, axis=0))
            kept.append(held)
        return np.array(moisture), np.array(kept)

    def _analysed(self) -> DryDown:
        """By the jobs that the rules run, on maps instead of years of a data set."""
        indices: dict[str, list[str]] = {name: [] for name in ("SM", "RAIN", "LEAVES")}
        for k, year in enumerate(YEARS):
            steps, of = list(DEKADS.year(year)), slice(k * 36, k * 36 + 36)
            rain = np.broadcast_to(self.rain[of, None, None], (36, *WINDOW.shape))
            indices["SM"].append(write_year_maps(self.folder, "SM", steps, self.moisture[of], WINDOW))
            indices["RAIN"].append(write_year_maps(self.folder, "RAIN", steps, rain, WINDOW))
        indices["LEAVES"].append(self._leaves(YEARS[0]))
        years = []
        for k, year in enumerate(YEARS):
            years.append(str(self.folder / f"{year}.nc"))
            spec = DryYearSpec(AREA, "dekad", SET.covered, ("LEAVES", YEARS[0]), SET.interception)
            own = indices["SM"][max(k - 1, 0) : k + 1], [indices["RAIN"][k]], indices["LEAVES"]
            dry_year(str(year), *own, [LAND], spec, [years[-1]])
        self.years, self.path = years, str(self.folder / "dry_down.nc")
        dry_down(years, DryDownSpec("SM", AREA, SET), [self.path])
        return read_dry_down(self.path)

    def _leaves(self, year: int) -> str:
        months, entries = CALENDARS["month"], {}
        for month in months.year(year):
            path = self.folder / f"LEAVES/{months.label(month)}.tif"
            write_map(path, {"value": self.leaves.astype(np.float32)}, GRID, WINDOW, {"product": "LEAVES"})
            entries[months.label(month)] = {"map": path.name, "status": "complete"}
        index = self.folder / f"LEAVES/{year}.json"
        write_index(index, "LEAVES", str(year), entries, calendar_id="month")
        return str(index)
