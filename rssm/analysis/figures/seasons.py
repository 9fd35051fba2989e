"""Maps of the mean year in 0.5° cells: times of peak and trough, range, likeness to precipitation and delay (Fig. 15a–d, S13–S14)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from rssm.analysis.figures.panels import Chart, Mask, Panel, keep_panels, maps_sheet
from rssm.analysis.pixels import NORTH, SOUTH
from rssm.analysis.season_file import RAIN, Seasons, area_of_cells, on_map, read_seasons
from rssm.analysis.specs import FigureSpec
from rssm.atlas.colours import BLUE, VOLUME, Limits
from rssm.calendar import CALENDARS, spoken
from rssm.validation.stations.places import CLIMATES

DFC = CLIMATES.index("Dfc") + 1
MARKED = "Dfc, where the target knows no season"
RAINFALL = "mm day⁻¹"
TIME = "time of the year"
MOST = 9.0  # steps of delay that the scale shows: a season


class Cells:
    """A file of seasons as maps."""

    def __init__(self, path: str, spec: FigureSpec) -> None:
        self.seasons: Seasons = read_seasons(path)
        self.area = area_of_cells(spec.area)
        self.steps = CALENDARS[spec.calendar_id].seasons
        self.land: Mask = self.map(np.ones(self.seasons.cell.size)) > 0

    def map(self, values: NDArray[np.floating]) -> NDArray[np.float32]:
        return on_map(values, self.seasons.cell, self.area)

    def panel(self, name: str, kind: str, title: str, unit: str, limits: Limits | None = None) -> Panel:
        """A map of some values; regions of Dfc are hatched."""
        dfc: Mask = self.map((self.seasons.class_ == DFC).astype(np.float64)) > 0
        return Panel(name, self.map(self.seasons.values[name]), kind, title, unit, limits, (dfc, MARKED))

    def time(self, name: str, title: str) -> Panel:
        """A map of times of the year."""
        return self.panel(name, "season", title, TIME, (0.5, self.steps + 0.5))

    def keep(self, panels: Sequence[Panel], title: str, out: Sequence[str], chart: Chart | None = None) -> None:
        """Draw maps, and a chart after them, and write the figure."""
        title = f"{title} ({-SOUTH}° S–{NORTH}° N, 0.5°)"
        figure = maps_sheet(panels, self.area, self.land, 2, title, chart=chart)
        keep_panels(figure, panels, self.area, out, {"climate": self.map(self.seasons.class_.astype(np.float64))})


def peak_maps(season: Sequence[str], spec: FigureSpec, out: Sequence[str]) -> None:
    """Draw when soil moisture is highest and lowest."""
    cells = Cells(season[0], spec)
    panels = [cells.time("peak", "peak"), cells.time("trough", "trough")]
    cells.keep(panels, f"{spec.name}: when the fitted year is highest and lowest", out)


def range_maps(season: Sequence[str], spec: FigureSpec, out: Sequence[str]) -> None:
    """Draw the range of the mean year, its ends, and how well it is fitted."""
    cells = Cells(season[0], spec)
    panels = [
        cells.panel("range", "amount", "range", VOLUME),
        cells.panel("peak_value", "soil_moisture", "highest", VOLUME),
        cells.panel("trough_value", "soil_moisture", "lowest", VOLUME),
        cells.panel("adjusted_r2", "share", "adjusted R² of the fit", "adjusted R² (1)"),
    ]
    cells.keep(panels, f"{spec.name}: range of the fitted year", out)


def rain_maps(season: Sequence[str], spec: FigureSpec, out: Sequence[str]) -> None:
    """Draw the season of precipitation."""
    cells = Cells(season[0], spec)
    panels = [
        cells.time(f"{RAIN}peak", "peak"),
        cells.time(f"{RAIN}trough", "trough"),
        cells.panel(f"{RAIN}range", "amount", "range", RAINFALL),
        cells.panel(f"{RAIN}adjusted_r2", "share", "adjusted R² of the fit", "adjusted R² (1)"),
    ]
    cells.keep(panels, f"{spec.precipitation}: the fitted year of precipitation", out)


def correlation_maps(season: Sequence[str], spec: FigureSpec, out: Sequence[str]) -> None:
    """Draw how soil moisture goes with precipitation, step by step and as fitted years."""
    cells = Cells(season[0], spec)
    panels = [
        cells.panel("r", "correlation", "step by step", "r (1)"),
        cells.panel("fit_r", "correlation", "fitted years", "r (1)"),
    ]
    cells.keep(panels, f"{spec.name} and {spec.precipitation}: correlation", out)


def delay_map(season: Sequence[str], spec: FigureSpec, out: Sequence[str]) -> None:
    """Draw how much later soil moisture peaks than precipitation, with the share of cells by delay beside it."""
    cells = Cells(season[0], spec)
    words = f"{spoken(spec.calendar_id)}s"
    panel = cells.panel("delay", "difference", "delay of the peak", words, (-MOST, MOST))
    title = f"{spec.name} and {spec.precipitation}: difference of peak times"
    cells.keep([panel], title, out, lambda axes: _histogram(axes, cells.seasons))


def _histogram(axes: Axes, seasons: Seasons) -> None:
    """Share of cells by delay, without those of Dfc."""
    shown = seasons.values["delay"][seasons.class_ != DFC]
    shown = shown[np.isfinite(shown)]
    axes.set(xlabel="delay (steps)", ylabel="share of cells (1)", xlim=(-18.5, 18.5))
    if not shown.size:
        axes.set(title="no cell has two seasons that are fitted well enough", yticks=[])
        return
    axes.hist(shown, np.arange(-18.5, 19.5).tolist(), weights=np.full(shown.size, 1 / shown.size), color=BLUE)
    axes.set_title(f"{shown.size:,} cells, median {np.median(shown):.1f}")
