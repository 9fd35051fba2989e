"""Analysis of a finished toy run beside that of its truth: `python -m bench.analysis_toy CONFIG RUN [TABLE]`.

RUN is the folder of the run, where `results/METHOD` lies. The truth is reduced twice by the same functions: where the data
set has values (what its errors do to a number) and everywhere (what its gaps do too). The table is Markdown.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.means import means
from rssm.analysis.means_file import Means, read_means, read_series
from rssm.analysis.pixels import Land
from rssm.analysis.season import season
from rssm.analysis.season_file import Seasons, read_seasons
from rssm.analysis.series import BOUNDS, Series
from rssm.analysis.specs import MeansSpec, SeasonSpec, TrendSpec, YearSpec
from rssm.analysis.statistics.peaks import apart
from rssm.analysis.trend_file import read_trends
from rssm.analysis.trends import trend_maps
from rssm.analysis.year import Step, reduced, steps_of
from rssm.analysis.year_file import write_year
from rssm.calendar import Calendar
from rssm.config.load import read_settings
from rssm.files import atomic
from rssm.toy.composites import true_moisture
from rssm.toy.truth import Earth
from rssm.workflow.methods import scope_of

Rows = list[tuple[str, str]]
RAIN = "rain"
NAMES = ("data set", "truth, same gaps", "truth")
F64 = NDArray[np.float64]


def main(config: str, run: str, target: str = "results/bench/analysis_toy.md") -> None:
    """Analyse all three, print and write the table."""
    scope = scope_of(read_settings([config]).data)
    files = sorted(Path(run, scope.paths.product, "netcdf").glob("*.nc"))
    land, spec = Land(scope.land, scope.area), YearSpec(scope.area, scope.calendar.id)
    toy, calendar = scope.run.toy, scope.calendar
    earth = Earth(toy, scope.area)
    with TemporaryDirectory() as folder:
        paths: dict[str, list[str]] = {name: [] for name in (*NAMES, RAIN)}
        for file in files:
            ours = list(steps_of([str(file)], land, spec))
            fields = true_moisture(toy, scope.area, [step for step, *_ in ours], calendar)
            truth = [field[land.there].astype(np.float64) for field in fields]
            kinds: dict[str, Iterator[Step]] = {
                NAMES[0]: iter(ours),
                NAMES[1]: (
                    (s, np.where(np.isfinite(v), t, np.nan), 0 * t) for (s, v, _), t in zip(ours, truth, strict=True)
                ),
                NAMES[2]: ((s, t, 0 * t) for (s, _, _), t in zip(ours, truth, strict=True)),
            }
            for name, steps in kinds.items():
                paths[name].append(f"{folder}/{name} {file.stem}.nc")
                write_year(paths[name][-1], name, reduced(steps, land, calendar, 5), spec)
            paths[RAIN].append(f"{folder}/{RAIN} {file.stem}.nc")
            falls = true_rain(earth, land, [step for step, *_ in ours], calendar)
            write_year(paths[RAIN][-1], RAIN, reduced(falls, land, calendar, 5), spec)
        steps = scope.run.steps
        found = [
            analysed(
                paths[name],
                paths[RAIN],
                scope.land,
                MeansSpec(spec.area, spec.calendar_id, (steps[0], steps[-1])),
                folder,
            )
            for name in NAMES
        ]
    rows = [row for part in (of_means, of_series, of_trends, of_seasons) for row in part(*found)]
    text = "| what | found |\n|---|---|\n" + "".join(f"| {what} | {number} |\n" for what, number in rows)
    with atomic(target) as path:
        path.write_text(text, encoding="utf-8")
    print(text)


def true_rain(earth: Earth, land: Land, steps: Sequence[int], calendar: Calendar) -> Iterator[Step]:
    """Rain of the truth, mm day⁻¹."""
    for step in steps:
        year, first = earth.year(calendar.year_of(step)), calendar.start(step).toordinal()
        fell = year.rain[first - year.first :][: calendar.days(step)].mean(axis=0)[earth.inner][land.there]
        yield step, fell.astype(np.float64), np.full(fell.size, np.nan)


class Analysed:
    """All numbers of one of the three."""

    def __init__(self, folder: str) -> None:
        self.means: Means = read_means(f"{folder}/means.nc")
        self.series: Series = read_series(f"{folder}/means.nc")
        self.map, self.regions = read_trends(f"{folder}/trends.nc")
        self.seasons: Seasons = read_seasons(f"{folder}/season.nc")


def analysed(years: Sequence[str], rain: Sequence[str], land: str, spec: MeansSpec, folder: str) -> Analysed:
    """Run the jobs."""
    where = spec.area, spec.calendar_id
    means(years, spec, [f"{folder}/means.nc"])
    trend_maps([f"{folder}/means.nc"], TrendSpec(*where), [f"{folder}/trends.nc"])
    season(years, rain, [land], [], SeasonSpec(*where), [f"{folder}/season.nc"])
    return Analysed(folder)


def of_means(ours: Analysed, same: Analysed, truth: Analysed) -> Rows:
    """Maps of means."""
    rows = []
    for name in ("mean", "monthly"):
        apart, gaps = (
            getattr(one.means, name) - getattr(other.means, name) for one, other in ((ours, same), (same, truth))
        )
        words = "long-term mean" if name == "mean" else "monthly means"
        rows.append((f"{words} of pixels: RMSE, bias (m³ m⁻³)", f"{_rms(apart):.4f}, {np.nanmean(apart):+.4f}"))
        rows.append(("the same by gaps alone", f"{_rms(gaps):.4f}, {np.nanmean(gaps):+.4f}"))
    return rows


def of_series(ours: Analysed, same: Analysed, truth: Analysed) -> Rows:
    """The regional mean and its bounds."""
    error = ours.series.mean[0] - same.series.mean[0]
    rows = [("mean of the region, dekads: RMSE (m³ m⁻³)", f"{_rms(error):.4f}")]
    for bound, sigma in zip(BOUNDS, ours.series.sigma[:, 0], strict=True):
        inside = np.nanmean(np.where(np.isfinite(error), np.abs(error) < 1.96 * sigma, np.nan))
        rows.append(
            (f"`{bound}`: mean; dekads whose 95 % interval holds the truth", f"{np.nanmean(sigma):.4f}; {inside:.0%}")
        )
    for label, other in (("same gaps", same), ("no gaps", truth)):
        r = np.corrcoef(ours.series.anomaly[0], other.series.anomaly[0])[0, 1]
        rows.append((f"annual anomalies of the region: r with the truth, {label}", f"{r:.2f}"))
        apart = ours.series.annual[0] - other.series.annual[0]
        rows.append((f"annual means: sd of the difference, {label} (m³ m⁻³)", f"{np.std(apart):.4f}"))
        apart = ours.series.anomaly[0] - other.series.anomaly[0]
        rows.append((f"annual anomalies: sd of the difference, {label} (m³ m⁻³)", f"{np.std(apart):.4f}"))
    return rows


def of_trends(ours: Analysed, same: Analysed, truth: Analysed) -> Rows:
    """Slopes of pixels and of the region."""
    trend, true = ours.map.trend, truth.map.trend.slope
    inside = (trend.low <= true) & (trend.high >= true)
    region, known = ours.regions.annual, truth.regions.annual
    interval = f"{region.slope[0]:+.4f} ({region.low[0]:+.4f} to {region.high[0]:+.4f})"
    return [
        ("trend of the region (per decade): truth", f"{known.slope[0]:+.4f}, p {known.p[0]:.2f}"),
        ("trend of the region: data set and its 95 % interval", f"{interval}, p {region.p[0]:.2f}"),
        ("trends of pixels: RMSE (per decade), r", f"{_rms(trend.slope - true):.4f}, {_r(trend.slope, true):.2f}"),
        ("pixels whose 95 % interval holds the true slope", f"{inside.mean():.0%}"),
        (
            "pixels with a significant trend: truth, data set",
            f"{truth.map.significant.sum()}, {ours.map.significant.sum()}",
        ),
    ]


def of_seasons(ours: Analysed, same: Analysed, truth: Analysed) -> Rows:
    """Times and range of the fitted year, in cells."""
    rows: Rows = []
    found = ours.seasons.values
    for label, other in (("same gaps", same.seasons.values), ("no gaps", truth.seasons.values)):
        off = apart(found["peak"], other["peak"], 36)
        error = np.hypot(found["peak_error"], other["peak_error"])
        text = f"{_rms(off):.2f}, {np.nanmean(off):+.2f}; {np.nanmean(np.abs(off) < 1.96 * error):.0%}"
        rows.append((f"time of the peak, {label}: RMSE, bias (dekads); cells within 1.96 standard errors", text))
        ratio = found["range"] / other["range"]
        error = np.hypot(found["range_error"], other["range_error"])
        inside = np.nanmean(np.abs(found["range"] - other["range"]) < 1.96 * error)
        text = f"{np.nanmean(ratio):.2f}, {_r(found['range'], other['range']):.2f}; {inside:.0%}"
        rows.append((f"range, {label}: ratio to the truth's, r; cells within 1.96 standard errors", text))
        rows.append((f"cells with as many terms, {label}", f"{np.mean(found['terms'] == other['terms']):.0%}"))
    true = truth.seasons.values
    for name, words in (("r", "correlation with the true rain, step by step"), ("fit_r", "the same of fitted years")):
        rows.append(
            (
                f"{words}: mean of the truth, of the data set",
                f"{np.nanmean(true[name]):.2f}, {np.nanmean(found[name]):.2f}",
            )
        )
    off = found["delay"] - true["delay"]
    text = f"{np.nanmean(true['delay']):+.2f}, {np.nanmean(found['delay']):+.2f}; {_rms(off):.2f}"
    rows.append(("delay behind the true rain (dekads): mean of the truth, of the data set; RMSE", text))
    return rows


def _rms(values: NDArray[np.floating]) -> float:
    return float(np.sqrt(np.nanmean(np.square(values, dtype=np.float64))))


def _r(x: NDArray[np.floating], y: NDArray[np.floating]) -> float:
    both = np.isfinite(x) & np.isfinite(y)
    return float(np.corrcoef(x[both], y[both])[0, 1])


if __name__ == "__main__":
    main(*sys.argv[1:])
