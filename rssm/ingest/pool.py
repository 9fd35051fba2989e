"""One step of one product: every field that belongs to it, pooled on the native grid and regridded once.

Sums and counts are kept on the native grid (that of the files, which may be several), so that a step costs little more than reading its files and memory does not
grow with their number. Large grids go by bands of rows. A bad file stops the job or, where the configuration says so,
is left out whole, as if it were not there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import bad_file
from rssm.archive.fields import Box, Field, NativeGrid, Where
from rssm.archive.grids import declared, native_of
from rssm.archive.listing import ALWAYS, Found, overlapping, resolve_duplicates
from rssm.archive.readers.dispatch import read
from rssm.calendar import CALENDARS, STATIC, days_of
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest, Inputs
from rssm.errors import InputError
from rssm.grid import Grid, Window
from rssm.ingest.part import Part, first_grid
from rssm.ingest.point_pool import Gathered, PointPool
from rssm.ingest.regrid import Regrid, bands, box_for
from rssm.ingest.several_grids import together
from rssm.maps import Layers

Values = NDArray[np.float32]


@dataclass
class Pool:
    """Sums over fields of one native box, (row, column); NaN never counts.

    total, count     of the values
    squares, stated  sum of the squared errors that the files state, and number of them; None before the first
    """

    total: Values
    count: NDArray[np.uint16]
    squares: Values | None = None
    stated: NDArray[np.uint16] | None = None
    fields: int = 0

    @classmethod
    def empty(cls, box: Box) -> Pool:
        """A pool without any field."""
        shape = box.rows.stop - box.rows.start, box.columns.stop - box.columns.start
        return cls(np.zeros(shape, np.float32), np.zeros(shape, np.uint16))

    def add(self, one: Field) -> None:
        """Add a field."""
        cells = one.cells
        if one.weight == 1:
            self.total[cells.there] += cells.numbers
            self.count += cells.there
        else:
            self.total[cells.there] += cells.numbers * np.float32(one.weight)
            self.count += cells.there * np.uint16(one.weight)
        self.fields += 1
        if cells.errors is not None:
            if self.squares is None or self.stated is None:
                self.squares, self.stated = np.zeros_like(self.total), np.zeros_like(self.count)
            there, own = cells.there, cells.errors
            if np.isnan(own).any():
                stated = ~np.isnan(own)
                there, own = there.copy(), own[stated]
                there[there] = stated
            self.squares[there] += own * own
            self.stated += there

    def add_sums(self, sums: Gathered) -> None:
        """Add what a collection of points gives each cell."""
        self.total += sums.total.astype(np.float32)
        self.count += sums.count.astype(np.uint16)
        self.fields += 1
        if sums.stated.any():
            if self.squares is None or self.stated is None:
                self.squares, self.stated = np.zeros_like(self.total), np.zeros_like(self.count)
            self.squares += sums.squares.astype(np.float32)
            self.stated += sums.stated.astype(np.uint16)

    def mean(self) -> Values:
        """Mean of the values, NaN where there is none."""
        return np.divide(self.total, self.count, out=np.full_like(self.total, np.nan), where=self.count > 0)


Reduce = Callable[[dict[str, Pool], Regrid], Layers]


@dataclass(frozen=True)
class Source:
    """One product's files, and how this job reads them.

    kept        files to read; superseded: older versions of the same days
    doubled     files left out because another holds some of their days, and why
    native      grid that the catalogue gives the product, or that its first file has
    parts       bands of the window, north to south
    correlation of the errors of observations
    strict      screen by the strict quality rule too
    skip        leave bad files out instead of stopping
    points      files of a collection of points, as far as they have been read
    held        fields of a month: of files that hold many days, each is opened once a month, not once a day
    """

    product: Product
    kept: list[Found]
    superseded: list[Found]
    doubled: list[tuple[Found, str]]
    native: NativeGrid
    parts: list[Part]
    correlation: float
    strict: bool
    skip: bool
    points: PointPool | None = None
    held: dict[tuple[str, Window, date], list[Field]] = field(default_factory=dict)

    @classmethod
    def plan(
        cls,
        product: Product,
        files: Sequence[Found],
        inputs: Inputs,
        ingest: Ingest,
        grid: Grid,
        window: Window,
        steps: Sequence[int],
    ) -> Source:
        """Sort the files out and work out the regridding, once per job.

        steps   those that will be asked for
        """
        kept, superseded = resolve_duplicates(product, list(files))
        doubled = [(file, str(_overlap(product, before, file))) for before, file in overlapping(product, kept)]
        if doubled and inputs.on_bad_file == "fail":
            raise InputError(doubled[0][1])
        kept = [file for file in kept if file not in [left_out for left_out, _ in doubled]]
        skip = inputs.on_bad_file == "skip"
        native = declared(product) or first_grid(product, kept, skip) or native_of(grid)
        parts = [Part(grid, band) for band, _ in bands(native, grid, window)]
        strict, correlation = product.id in ingest.strict, ingest.error_correlation
        points = None
        if product.reader == "points":
            calendar, near = CALENDARS[product.maps], (native, box_for(native, grid, window))
            days = ALWAYS if product.maps == STATIC else (calendar.start(min(steps)), calendar.end(max(steps)))
            points = PointPool(product, near, *days, strict)
        return cls(product, kept, superseded, doubled, native, parts, correlation, strict, skip, points)

    def read(self, step: int, reduce: Reduce) -> tuple[Layers, dict[str, object]]:
        """Layers (row, column) of a step, and the record of what was read for them.

        reduce   pools of the overpasses (one pool, named "", unless the product's overpasses are kept apart in its
                 options and it is a factor) → layers of a band
        """
        period = self._period(step)
        files, older = self._within(self.kept, period), self._within(self.superseded, period)
        skipped = [{"file": file.name, "reason": why} for file, why in self.doubled if self._within([file], period)]
        while True:
            try:
                layers, notes = self._bands(files, step, period, reduce)
                break
            except LeftOut as bad:
                files.remove(bad.found)
                skipped.append({"file": bad.found.name, "reason": bad.reason.partition("\n")[0]})
        return layers, {
            "status": _status(files, period),
            "files": [file.name for file in files],
            "superseded": [file.name for file in older],
            "skipped": skipped,
            **dict(sorted(notes.items())),
        }

    def _bands(
        self, files: list[Found], step: int, period: tuple[date, date] | None, reduce: Reduce
    ) -> tuple[Layers, Counter[str]]:
        notes: Counter[str] = Counter()
        done: list[Layers] = []
        for part in self.parts:
            pools = self._pools(files, part, step, period, notes)
            pools = pools or {self.native: {"": Pool.empty(part.box(self.native))}}
            made = [reduce(of_grid, part.on(native)[1]) for native, of_grid in pools.items()]
            done.append(made[0] if len(made) == 1 else together(made, self.correlation))
        if len(done) == 1:
            return done[0], notes
        return {name: np.concatenate([layers[name] for layers in done]) for name in done[0]}, notes

    def _pools(
        self, files: list[Found], part: Part, step: int, period: tuple[date, date] | None, notes: Counter[str]
    ) -> dict[NativeGrid, dict[str, Pool]]:
        """Grid → overpass → pool of the fields of a step; what was left out of them is added to `notes`."""
        pools: dict[NativeGrid, dict[str, Pool]] = {}
        if self.points:
            box = part.box(self.native)
            pools[self.native] = {"": (pool := Pool.empty(box))}
            for sums in self._gathered(self.points, files, box, period, notes):
                pool.add_sums(sums)
            return pools
        for found in files:
            for one in self._fields(found, part, period):
                if self._step_of(one) == step:
                    of_grid, overpass = pools.setdefault(one.grid, {}), self._overpass(one)
                    if overpass not in of_grid:
                        of_grid[overpass] = Pool.empty(one.box)
                    of_grid[overpass].add(one)
                    notes.update(one.notes)
        return pools

    def _gathered(
        self, points: PointPool, files: list[Found], box: Box, period: tuple[date, date] | None, notes: Counter[str]
    ) -> list[Gathered]:
        for found in files:  # read them one by one, to know which is bad
            try:
                points.open(found)
            except InputError as error:
                if not self.skip:
                    raise
                raise LeftOut(found, str(error)) from None
        gathered, left_out = points.gather(files, box, period)
        notes.update(left_out)
        return gathered

    def _fields(self, found: Found, part: Part, period: tuple[date, date] | None) -> list[Field]:
        if self.product.maps != "day" or period is None or found.start == found.end:
            return self._read(found, part.box, period)
        month = CALENDARS["month"].of(period[0])
        key = found.location, part.window, CALENDARS["month"].start(month)
        if key not in self.held:
            for other in [other for other in self.held if other[2] != key[2]]:
                del self.held[other]
            self.held[key] = self._read(found, part.box, (key[2], CALENDARS["month"].end(month)))
        return self.held[key]

    def _read(self, found: Found, where: Where, period: tuple[date, date] | None) -> list[Field]:
        # an 8-day composite may begin in the month before: its file holds nothing else
        first, last = (None, None) if period is None or self.product.step == "8day" else period
        try:
            return read(self.product, found, where, first, last, self.strict)
        except InputError as error:
            if not self.skip:
                raise
            raise LeftOut(found, str(error)) from None

    def _overpass(self, one: Field) -> str:
        """Which of the product's overpasses a factor's field is (`MOD Day` is `Day`); soil moisture is pooled."""
        if self.product.kind == "soil_moisture":
            return ""
        return next((name for name in self.product.options.overpasses if name in one.overpass.split()), "")

    def _step_of(self, one: Field) -> int:
        # eight days belong where most of them lie
        middle = one.start + timedelta(days=3 if self.product.step == "8day" else 0)
        return CALENDARS[self.product.maps].of(middle)

    def _period(self, step: int) -> tuple[date, date] | None:
        """First and last day of a step within the product's span (reversed where outside); None of a static."""
        if self.product.maps == STATIC:
            return None
        calendar, (first, last) = CALENDARS[self.product.maps], self.product.span
        begin, end = days_of(first)[0], days_of(last)[1] if last else date.max
        return max(calendar.start(step), begin), min(calendar.end(step), end)

    @staticmethod
    def _within(files: list[Found], period: tuple[date, date] | None) -> list[Found]:
        """Files that may hold days of a period."""
        first, last = period or ALWAYS
        return [file for file in files if first <= last and file.start <= last and file.end >= first]


def _overlap(product: Product, before: Found, file: Found) -> InputError:
    """The error of two files that hold the same days."""
    what = f"stands for {file.start} to {file.end} as {before.name} does for {before.start} to {before.end}"
    return bad_file(product, file, what, "files whose days do not overlap", "Remove one of them")


class LeftOut(Exception):
    """A file to be left out."""

    def __init__(self, found: Found, reason: str) -> None:
        super().__init__(reason)
        self.found, self.reason = found, reason


def _status(files: list[Found], period: tuple[date, date] | None) -> str:
    """complete: files for every day of the period; partial: for some; missing: for none."""
    if period is None:
        return "complete" if files else "missing"
    first, last = period
    days = {
        day for file in files for day in range(max(file.start, first).toordinal(), min(file.end, last).toordinal() + 1)
    }
    if not days:
        return "missing"
    return "complete" if len(days) == (last - first).days + 1 else "partial"
