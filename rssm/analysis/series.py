"""Series of regions: area-weighted means with coverage and uncertainty, and anomalies from the pixels' own mean years.

The mean of a region changes with the pixels that happen to have a value; its anomaly, the mean of what each pixel departs
from its own mean year by, changes far less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.pixels import Family
from rssm.analysis.year_file import REGIONAL
from rssm.calendar import Calendar

BOUNDS = ("sigma_one", "sigma_blocks", "sigma_independent")
MONTHS = 6  # of a year that its anomaly needs
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """Series of the regions of all families, one behind the other.

    kind, label       of the regions
    area              (region,) land, km²
    step              (step,)
    mean, coverage    (region, step); coverage is the share of the region's land with a value
    sigma             (3, region, step) uncertainty of the mean by BOUNDS: errors all one; one within blocks and
                      independent between them; independent
    years             (year,)
    annual            (region, year) means of the steps, weighted by days
    annual_sigma      (3, region, year) as if errors of a pixel did not change within a year
    annual_coverage   (region, year)
    monthly_anomaly   (region, year × month), month by month
    anomaly           (region, year) means of these
    anomaly_coverage  (region, year × month) share of the region's land with an anomaly
    """

    kind: tuple[str, ...]
    label: tuple[str, ...]
    area: F64
    step: NDArray[np.int64]
    mean: F64
    coverage: F64
    sigma: F64
    years: NDArray[np.int64]
    annual: F64
    annual_sigma: F64
    annual_coverage: F64
    monthly_anomaly: F64
    anomaly: F64
    anomaly_coverage: F64


class Anomalies:
    """Area-weighted sums of anomalies by region, year and month."""

    def __init__(self, regions: Sequence[Family], area: F64, years: int) -> None:
        self._regions, self._area = regions, area
        self.size = sum(len(family.labels) for family in regions)
        self.sums = np.zeros((2, self.size, years * 12))
        self.whole = np.concatenate([_by_region(family, area) for family in regions])

    def add(self, year: int, month: int, departure: NDArray[np.floating]) -> None:
        """Take the anomalies (pixel,) of a month."""
        known = np.isfinite(departure)
        area = np.where(known, self._area, 0)
        parts = area * np.nan_to_num(departure), area
        for into, part in zip(self.sums, parts, strict=True):
            into[:, year * 12 + month] = np.concatenate([_by_region(family, part) for family in self._regions])


def _by_region(family: Family, values: F64) -> F64:
    """Sums of values (pixel,) by region."""
    inside = family.code >= 0
    return np.bincount(family.code[inside], values[inside], len(family.labels)).astype(np.float64)


def regional_series(
    step: NDArray[np.int64],
    sums: F64,
    regions: Sequence[Family],
    anomalies: Anomalies,
    years: NDArray[np.int64],
    calendar: Calendar,
) -> Series:
    """Series from the sums (REGIONAL, region, step) of all years."""
    total = dict(zip(REGIONAL, sums, strict=True))
    whole = anomalies.whole
    days = np.array([calendar.days(int(at)) for at in step], np.float64)
    of_year = np.searchsorted(years, [calendar.year_of(int(at)) for at in step])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, coverage = total["value"] / total["area"], total["area"] / whole[:, None]
        known = np.where(total["area_sigma"] > 0, total["area_sigma"], np.nan)
        bounds = (total["sigma"], np.sqrt(total["sigma_blocks"]), np.sqrt(total["sigma_squared"]))
        sigma = np.stack([bound / known for bound in bounds])
        departed = anomalies.sums[0] / anomalies.sums[1]
    return Series(
        kind=tuple(family.kind for family in regions for _ in family.labels),
        label=tuple(label for family in regions for label in family.labels),
        area=whole,
        step=step,
        mean=mean,
        coverage=coverage,
        sigma=sigma,
        years=years,
        annual=_by_year(mean, days, of_year, years.size),
        annual_sigma=np.stack([_by_year(one, days, of_year, years.size) for one in sigma]),
        annual_coverage=_by_year(coverage, days, of_year, years.size),
        monthly_anomaly=departed,
        anomaly=_of_months(departed, years.size),
        anomaly_coverage=anomalies.sums[1] / anomalies.whole[:, None],
    )


def _by_year(values: F64, days: F64, of_year: NDArray[np.integer], years: int) -> F64:
    """Means (region, year) of values (region, step), weighted by days; NaN where no step has one."""
    known = np.isfinite(values)
    weight = np.where(known, days, 0)
    sums = [
        np.stack([np.bincount(of_year, row, years) for row in part])
        for part in (np.nan_to_num(values) * weight, weight)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[0] / sums[1])


def _of_months(values: F64, years: int) -> F64:
    """Means (region, year) of months (region, year × month), where enough of them have one."""
    months = values.reshape(len(values), years, 12)
    known = np.isfinite(months)
    count = known.sum(axis=2)
    with np.errstate(invalid="ignore"):
        return np.where(count >= MONTHS, np.where(known, months, 0).sum(axis=2) / np.maximum(count, 1), np.nan)
