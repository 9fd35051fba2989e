"""The record of a comparison: pixel-dekads where a reference and all products of the comparison have a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import Calendar
from rssm.validation.specs import Span
from rssm.validation.statistics.anomalies import anomalies
from rssm.validation.statistics.sums import F64


@dataclass(frozen=True)
class Record:
    """Samples of a reference and of products.

    pixel      (sample,) number of the pixel on the whole grid
    step       (sample,)
    reference  (sample,) m³ m⁻³
    products   name → (sample,) m³ m⁻³
    """

    pixel: NDArray[np.int64]
    step: NDArray[np.int64]
    reference: F64
    products: Mapping[str, F64]

    def of(self, names: tuple[str, ...], span: Span | None = None) -> Record:
        """Samples of a span that all the named products and the reference have."""
        kept = np.isfinite(self.reference)
        for name in names:
            kept &= np.isfinite(self.products[name])
        if span is not None:
            kept &= (self.step >= span[0]) & (self.step <= span[1])
        return replace(
            self,
            pixel=self.pixel[kept],
            step=self.step[kept],
            reference=self.reference[kept],
            products={name: self.products[name][kept] for name in names},
        )

    def against(self, name: str, other: str, span: Span) -> Record:
        """The samples of two products, the second as the reference of the first."""
        both = self.of((name, other), span)
        return replace(both, reference=both.products[other], products={name: both.products[name]})

    @cached_property
    def places(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The pixels, ascending, and which of them each sample belongs to."""
        return np.unique(self.pixel, return_inverse=True)

    @cached_property
    def times(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The steps, ascending, and which of them each sample belongs to."""
        return np.unique(self.step, return_inverse=True)

    def season(self, calendar: Calendar) -> NDArray[np.int64]:
        """Place of each sample in its year."""
        steps, at = self.times
        return np.array([calendar.season_of(int(step)) for step in steps], np.int64)[at]

    def year(self, calendar: Calendar) -> NDArray[np.int64]:
        """Year of each sample."""
        steps, at = self.times
        return np.array([calendar.year_of(int(step)) for step in steps], np.int64)[at]

    def anomalies(self, name: str, calendar: Calendar, least_years: int) -> tuple[F64, F64]:
        """Anomalies of a product and of the reference (sample,)."""
        pixels, at = self.places
        cell = at * calendar.seasons + self.season(calendar)
        return anomalies(self.products[name], self.reference, cell, len(pixels) * calendar.seasons, least_years)
