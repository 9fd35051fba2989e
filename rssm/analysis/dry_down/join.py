"""The job that joins all years: where and how fast the surface dries, as a file of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.dry_down.find import Array, Drying, find_dry
from rssm.analysis.dry_down.relation import relate
from rssm.analysis.dry_down.result import BINS, DRY_DOWN, EDGES, STATED, create
from rssm.analysis.dry_down.season import PLACES, fit_season
from rssm.analysis.dry_down.specs import DryDownSpec
from rssm.analysis.dry_down.year import BLOCK, DRY_YEAR
from rssm.errors import InputError

Series = dict[str, Array]  # name → (cell, dekad)


def dry_down(years: Sequence[str], spec: DryDownSpec, out: Sequence[str]) -> None:
    """Write what the dry pairs of dekads of all years tell of every cell; a part of the cells is in memory at a time."""
    with ExitStack() as stack:
        files = [stack.enter_context(DRY_YEAR.opened(path)) for path in years]
        first = files[0]["cell"][:]
        for file, path in zip(files, years, strict=True):
            if not np.array_equal(file["cell"][:], first):
                raise InputError(f"{path}: holds other cells than {years[0]}. Remove both and run their rules again.")
        with DRY_DOWN.created(out[0]) as result:
            create(result, first, files[0]["pixels"][:], spec)
            for part in _parts(first.size):
                dekads, series = _read(files, part)
                for name, values in of_cells(dekads, series, spec).items():
                    result[name][..., part] = values


def _parts(cells: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, cells)) for start in range(0, cells, BLOCK))


def _read(files: Sequence[Any], part: slice) -> tuple[NDArray[np.int64], Series]:
    """Unbroken dekads, and the series of some cells on them, NaN in years that are not there."""
    own = [file["dekad"][:].astype(np.int64) for file in files]
    dekads = np.arange(min(d[0] for d in own), max(d[-1] for d in own) + 1)
    names = ("change", "level", "rain", "effective")
    series = {name: np.full((part.stop - part.start, dekads.size), np.nan) for name in names}
    for file, steps in zip(files, own, strict=True):
        at = slice(int(steps[0] - dekads[0]), int(steps[-1] - dekads[0]) + 1)
        for name in names:
            series[name][:, at] = file[name][:, part].T
    return dekads, series


def of_cells(dekads: NDArray[np.int64], series: Series, spec: DryDownSpec) -> dict[str, NDArray[Any]]:
    """Results by name (…, cell), as `STATED` describes them."""
    change, level, effective = series["change"], series["level"], series["effective"]
    earlier = np.full(effective.shape, np.nan)
    earlier[:, 1:] = effective[:, :-1]
    dry = find_dry(change, earlier + effective, spec.settings)
    place = dekads % PLACES
    found = relate(change, level, earlier, effective, place, dry)
    season = fit_season(change, dry.dry, place, dry.status)
    good = dry.status == Drying.OK
    cases = dry.dry.sum(axis=1)
    decline = np.where(dry.dry, -change, 0).sum(axis=1) / np.maximum(cases, 1)
    known = np.isfinite(series["rain"])
    fallen, reached = (np.where(known, series[name], 0).sum(axis=1) for name in ("rain", "effective"))
    peaked = np.isfinite(season.fitted).all(axis=1)
    curve = np.nan_to_num(season.fitted)
    values: dict[str, NDArray[Any]] = {
        "status": dry.status,
        "threshold": dry.threshold,
        "cases": cases,
        "decreases": (dry.dry & (change < 0)).sum(axis=1),
        "increases": (dry.dry & (change > 0)).sum(axis=1),
        "decline": np.where(good, decline, np.nan),
        "season_status": season.status,
        "terms": season.terms,
        "annual_decline": season.mean,
        "fastest": np.where(peaked, np.where(season.count > 0, curve, -np.inf).argmax(axis=1) + 1, np.nan),
        "range": np.where(peaked, curve.max(axis=1) - curve.min(axis=1), np.nan),
        "season_r2": season.r2,
        "relation_status": found.status,
        "r": found.r,
        "r_before": found.r_before,
        "time_constant": found.constant,
        "residual": found.residual,
        "intercepted": np.divide(fallen - reached, fallen, out=np.full(fallen.size, np.nan), where=fallen > 0),
        "season_cases": season.count.T,
        "season_decline": season.total.T,
    }
    values["level_cases"], values["level_decline"] = _by_level(level, change, dry.dry)
    assert values.keys() == STATED.keys()
    return values


def _by_level(level: Array, change: Array, dry: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Dry cases (bin, cell) by soil moisture, and the sum of their declines."""
    cell, case = np.nonzero(dry)
    bin_ = np.clip(np.digitize(level[cell, case], EDGES) - 1, 0, BINS - 1)
    flat, size = bin_ * len(dry) + cell, BINS * len(dry)
    count = np.bincount(flat, minlength=size).reshape(BINS, -1)
    return count, np.bincount(flat, -change[cell, case], size).reshape(BINS, -1)
