"""All years of a product joined: long-term and monthly means, the mean year taken away, profiles, series of regions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.means_file import Means, Profile, write_means
from rssm.analysis.pixels import Family, row_areas
from rssm.analysis.series import Anomalies, regional_series
from rssm.analysis.specs import MeansSpec
from rssm.analysis.year_file import YEAR_SUMS, YearFile, same_pixels
from rssm.calendar import CALENDARS
from rssm.errors import InputError

LEAST = 3  # years of a month from which a pixel has a mean of it that anomalies are counted from
F32 = NDArray[np.float32]


def means(years: Sequence[str], spec: MeansSpec, out: Sequence[str]) -> None:
    """Write what all years of a product come to; one month of all years is in memory at a time."""
    calendar = CALENDARS[spec.calendar_id]
    with ExitStack() as stack:
        files = [YearFile(stack.enter_context(YEAR_SUMS.opened(path))) for path in years]
        same_pixels(files, years)
        numbers = np.array([calendar.year_of(int(file.step[0])) for file in files if file.step.size], np.int64)
        files = [file for file in files if file.step.size]
        if not files:
            raise InputError(
                f"{years[0]}: neither this year nor any other has a map. Leave the product out of analysis."
            )
        regions, pixel = files[0].regions, files[0].pixel
        joined = Joined(numbers, pixel, regions, spec)
        for month in range(12):
            joined.add(month, [file.month(month) for file in files])
        steps = np.concatenate([file.step for file in files])
        sums = np.concatenate([file.sums for file in files], axis=2)
    series = regional_series(steps, sums, regions, joined.anomalies, numbers, calendar)
    write_means(out[0], joined.means(), series, spec)


@dataclass
class Total:
    """Sums of value × days and of days, of any cells."""

    value: NDArray[np.floating]
    days: NDArray[np.floating]

    @classmethod
    def of(cls, *shape: int) -> Total:
        return cls(np.zeros(shape, np.float32), np.zeros(shape, np.float32))

    @property
    def mean(self) -> F32:
        """NaN where there is no day."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.days > 0, self.value / self.days, np.nan).astype(np.float32)


class Joined:
    """Means that grow month by month."""

    def __init__(
        self, years: NDArray[np.int64], pixel: NDArray[np.int64], regions: Sequence[Family], spec: MeansSpec
    ) -> None:
        self.years, self.pixel, self.spec = years, pixel, spec
        grid, window = spec.area.grid, spec.area.window
        self._row = pixel // grid.columns - window.row
        self._rows, size = window.rows, pixel.size
        self._whole, self._annual, self._departure = (
            Total.of(*shape) for shape in ((size,), *[(years.size, size)] * 2)
        )
        self._monthly = np.full((12, size), np.nan, np.float32)
        self._usual = np.zeros(size, np.uint8)
        self._known = np.zeros((years.size, size), np.uint8)
        self._profile = np.full((13, self._rows), np.nan)
        self.anomalies = Anomalies(regions, row_areas(spec.area)[self._row], years.size)

    def add(self, month: int, found: Sequence[tuple[F32, NDArray[np.uint8]]]) -> None:
        """Take a month of every year: means (pixel,) and the days behind them."""
        all_years = Total.of(self.pixel.size)
        count = np.zeros(self.pixel.size, np.uint8)
        for at, (mean, days) in enumerate(found):
            weighted = np.nan_to_num(mean) * days
            for total in (all_years, self._whole):
                total.value += weighted
                total.days += days
            self._annual.value[at] += weighted
            self._annual.days[at] += days
            count += days > 0
        self._monthly[month] = all_years.mean
        self._profile[month + 1] = self._of_rows(self._monthly[month])
        usual = np.where(count >= LEAST, self._monthly[month], np.nan)
        self._usual += np.isfinite(usual)
        for at, (mean, days) in enumerate(found):
            departure = mean - usual
            known = np.isfinite(departure)
            self._departure.value[at] += np.where(known, departure * days, 0)
            self._departure.days[at] += np.where(known, days, 0)
            self._known[at] += known
            self.anomalies.add(at, month, departure)

    def _of_rows(self, values: F32) -> NDArray[np.float64]:
        """Means (row,) of the pixels with a value; those of a row have one area."""
        known = np.isfinite(values)
        count = np.bincount(self._row[known], minlength=self._rows)
        with np.errstate(invalid="ignore"):
            return np.bincount(self._row[known], values[known], self._rows) / np.where(count, count, np.nan)

    def means(self) -> Means:
        """What was joined. An annual anomaly needs half of the months of the pixel's mean year."""
        mean = self._whole.mean
        self._profile[0] = self._of_rows(mean)
        enough = (self._known > 0) & (2 * self._known.astype(np.int16) >= self._usual)
        days = np.float32(_days_of(self.spec))
        return Means(
            pixel=self.pixel,
            years=self.years,
            mean=mean,
            share=np.minimum(self._whole.days / days, 1),
            monthly=self._monthly,
            annual=self._annual.mean,
            anomaly=np.where(enough, self._departure.mean, np.nan).astype(np.float32),
            profile=Profile(self.spec.area.grid.row_centres(self.spec.area.window), self._profile),
        )


def _days_of(spec: MeansSpec) -> int:
    """Days of the period."""
    calendar, (first, last) = CALENDARS[spec.calendar_id], spec.span
    return sum(calendar.days(step) for step in range(first, last + 1))
