"""Hawaii without this package: cell files by netCDF4 and numpy, and the rival that needs no networks.

The rival: ASCAT and SMOS-IC, each matched to SMAP's distribution in every pixel, and the mean of those that are there.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
REACH = {"SMAP": 26.0, "ASCAT": 12.5, "SMOS": 18.0}  # km from the centre of a pixel to the point that serves it
EPOCHS = {"SMAP": date(2000, 1, 1), "ASCAT": date(1900, 1, 1), "SMOS": date(1858, 11, 17)}
QUANTILES = np.linspace(0, 1, 21)
FEWEST = 20  # dekads that a distribution is matched from


def dekad_of(day: date) -> int:
    """Number of a dekad, counted from the year 0."""
    return day.year * 36 + (day.month - 1) * 3 + min((day.day - 1) // 10, 2)


def decoded(path: Path) -> tuple[F64, F64, NDArray[np.intp], F64, F64]:
    """Longitude and latitude of points; point, days since the epoch and value (m³ m⁻³ or per cent) of good retrievals."""
    with netCDF4.Dataset(path) as data:
        data.set_auto_maskandscale(False)
        x, y = (np.asarray(data[name][:], float) for name in ("lon", "lat"))

        def read(name: str) -> Any:
            return np.asarray(data[name][:])

        if "locationIndex" in data.variables:  # SMAP
            point, day, value = read("locationIndex"), (read("time") + 43200) / 86400, read("soil_moisture")
            quality, surface = read("retrieval_qual_flag"), read("surface_flag")
            good = (quality & 4 == 0) & (surface & (32 + 64 + 256) == 0) & ((surface & 128 == 0) | (quality & 8 > 0))
        elif "row_size" in data.variables:  # ASCAT
            point, day = np.repeat(np.arange(x.size), np.maximum(read("row_size"), 0)), read("time")
            value = read("sm") * (0.01 if read("sm").dtype.kind == "f" else 1.0)
            good = (value <= 100) & (read("proc_flag") == 0)
        else:  # SMOS
            times = read("time")
            point, day = np.repeat(np.arange(x.size), times.size), np.tile(times, x.size)
            value, good = read("Soil_Moisture").ravel(), np.isin(read("Quality_Flag").ravel(), (0, 1))
    ceiling = 100.0 if "ASCAT" in path.parent.name else 1.0
    good = good & (value >= 0) & (value <= ceiling)
    return x, y, point[good].astype(np.intp), day[good], value[good].astype(float)


def series(folder: Path, name: str, longitude: F64, latitude: F64, dekads: range) -> F64:
    """Means of dekads (pixel, dekad) of the points nearest to some pixels, over all cells of a product."""
    means, east, north = [], [], []
    for path in sorted(folder.glob(f"{name}*/*.nc")):
        x, y, point, day, value = decoded(path)
        days, where = np.unique(np.floor(day).astype(int), return_inverse=True)
        step = np.array([dekad_of(EPOCHS[name] + timedelta(days=int(one))) for one in days])[where] - dekads.start
        inside = (step >= 0) & (step < len(dekads))
        at = point[inside] * len(dekads) + step[inside]
        size = x.size * len(dekads)
        with np.errstate(invalid="ignore"):
            mean = np.bincount(at, value[inside], size) / np.bincount(at, minlength=size)
        means.append(mean.reshape(x.size, -1))
        east.append(x)
        north.append(y)
    x, y = np.radians(np.concatenate(east)), np.radians(np.concatenate(north))
    lon, lat = np.radians(longitude)[:, None], np.radians(latitude)[:, None]
    half = np.sin((y - lat) / 2) ** 2 + np.cos(y) * np.cos(lat) * np.sin((x - lon) / 2) ** 2
    away = 2 * 6371 * np.arcsin(np.sqrt(np.where(np.abs(y) <= np.pi / 2, half, 1)))
    out = np.concatenate(means)[away.argmin(axis=1)]
    out[away.min(axis=1) > REACH[name]] = np.nan
    return out


def matched(values: F64, target: F64) -> F64:
    """Values (pixel, dekad) with the target's distribution, by quantiles of common dekads; NaN where there are few."""
    out = np.full(values.shape, np.nan)
    for pixel in range(len(values)):
        both = np.isfinite(values[pixel]) & np.isfinite(target[pixel])
        if both.sum() >= FEWEST:
            ours, theirs = (np.quantile(series[pixel, both], QUANTILES) for series in (values, target))
            out[pixel] = np.where(np.isfinite(values[pixel]), np.interp(values[pixel], ours, theirs), np.nan)
    return out


def seasons(target: F64, dekads: range) -> F64:
    """Mean year of a target (pixel, dekad), over windows of three dekads."""
    season = np.array(dekads) % 36
    out = np.full(target.shape, np.nan)
    for at in range(36):
        beside = np.minimum((season - at) % 36, (at - season) % 36) <= 1
        valid = np.isfinite(target[:, beside])
        count = valid.sum(axis=1)
        mean = np.where(valid, target[:, beside], 0).sum(axis=1) / np.maximum(count, 1)
        out[:, season == at] = np.where(count > 0, mean, np.nan)[:, None]
    return out


def scores(values: F64, truth: F64, mean_year: F64) -> dict[str, float]:
    """Means over pixels (pixel, dekad; NaN is left out) of RMSE, ubRMSE, correlation, and that of anomalies."""
    found = []
    for ours, theirs, usual in zip(values, truth, mean_year, strict=True):
        both = np.isfinite(ours) & np.isfinite(theirs) & np.isfinite(usual)
        if both.sum() < 10:
            continue
        a, b, c = ours[both], theirs[both], usual[both]
        r, anomaly = (np.corrcoef(a - of, b - of)[0, 1] for of in (0, c))
        found.append((np.sqrt(np.mean((a - b) ** 2)), np.std(a - b), r, anomaly))
    return dict(zip(("rmse", "ubrmse", "r", "anomaly_r"), np.nanmean(found, axis=0).tolist(), strict=True))
