"""Soil moisture of one product-year: a step's retrievals, day and night alike, averaged into one map.

Order of steps: screen (reader) → pool on the native grid → regrid → saturation × porosity → 3σ by zone → map with
the value, the number of observations behind it and the error of their mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.archive.fields import spread
from rssm.archive.listing import Found
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest, Inputs
from rssm.errors import InputError
from rssm.grid import Grid, Region, Window
from rssm.ingest.denoise import denoise_zones
from rssm.ingest.pool import Pool, Source, Values
from rssm.ingest.regrid import Regrid
from rssm.ingest.write_year import Record, write_year
from rssm.maps import Layers, read_map

SATURATION, VOLUMETRIC = "saturation", "m3 m-3"


def composite_year(
    product: Product,
    files: Sequence[Found],
    maps: Mapping[int, str | Path],
    index: str | Path,
    *,
    region: Region,
    grid: Grid,
    inputs: Inputs | None = None,
    ingest: Ingest | None = None,
    porosity: str | Path | None = None,
    land: NDArray[np.bool_] | None = None,
) -> dict[str, Record]:
    """Make the maps of a product-year and its index; label → record of each map is returned too.

    files      of the product that may hold days of these steps, older versions included
    maps       step → where to write it (rssm.maps); a step without observations gets a map without values
    porosity   map of pore space (m³ m⁻³), for a product stored as saturation
    land       (row, column): how much of it has a value is then recorded too
    """
    inputs, window = inputs or Inputs(), grid.window(region)
    steps = composites(
        product, files, sorted(maps), region=region, grid=grid, inputs=inputs, ingest=ingest, porosity=porosity
    )
    return write_year(
        maps,
        index,
        steps,
        product=product,
        files=files,
        inputs=inputs,
        units=VOLUMETRIC,
        grid=grid,
        window=window,
        land=land,
    )


def composites(
    product: Product,
    files: Sequence[Found],
    steps: Sequence[int],
    *,
    region: Region,
    grid: Grid,
    inputs: Inputs | None = None,
    ingest: Ingest | None = None,
    porosity: str | Path | None = None,
) -> Iterator[tuple[int, Layers, Record]]:
    """Each step, its layers (row, column) of the region's window, and what they rest on; nothing is written."""
    inputs, ingest, window = inputs or Inputs(), ingest or Ingest(), grid.window(region)
    source = Source.plan(product, files, inputs, ingest, grid, window, steps)
    pores = _pores(product, porosity, window, grid)
    reduce = partial(_composite, product=product, correlation=ingest.error_correlation)
    for step in steps:
        layers, record = source.read(step, reduce)
        if pores is not None:
            layers["value"] *= pores
            layers["error"] *= pores
        yield step, layers, record | _denoise(layers, ingest.sigma, grid, region)


def _composite(pools: dict[str, Pool], regrid: Regrid, product: Product, correlation: float) -> Layers:
    """Value, number of observations and error of their mean, on the pixels of a band.

    The error of a mean of n observations with error e, correlated by ρ, is e · √((1 + (n − 1) ρ) / n).
    """
    (pool,) = pools.values()
    there = pool.count > 0
    n = pool.count[there].astype(np.float32)
    value = pool.total[there] / n
    squares = _catalogue_error(product, value) ** 2
    if pool.squares is not None and pool.stated is not None:
        own = np.divide(pool.stated[there], n, dtype=np.float32)  # share of the observations that state their error
        squares = pool.squares[there] / n + np.where(own < 1, (1 - own) * squares, 0)
    error = np.sqrt(squares * (1 + (n - 1) * np.float32(correlation)) / n)
    layers = {"value": value, "n_obs": n, "error": error}
    return {name: regrid(spread(there, numbers)) for name, numbers in layers.items()}


def _catalogue_error(product: Product, value: Values) -> Values | np.float32:
    """Error of observations whose files state none (unit of the product); NaN where the catalogue has none either."""
    constant, relative = np.float32(product.error.constant), np.float32(product.error.relative)
    if not (constant or relative):
        return np.float32(np.nan)
    return np.hypot(constant, relative * value) if relative else constant


def _pores(product: Product, porosity: str | Path | None, window: Window, grid: Grid) -> Values | None:
    """Pore space of the window, or None for a product that needs none."""
    if product.units != SATURATION:
        return None
    if porosity is None:
        raise InputError(f"{product.id}: stored as saturation; a porosity map is needed to turn it into {VOLUMETRIC}.")
    return read_map(porosity, window, ["value"], grid)[0]["value"]


def _denoise(layers: Layers, sigma: float | None, grid: Grid, region: Region) -> Record:
    """3σ by zone, in place; a pixel without a value keeps no count and no error. Returns what was done."""
    record: Record = {}
    if sigma is not None:
        done = denoise_zones(layers["value"], grid, region, sigma)
        layers["value"] = done.values.astype(np.float32, copy=False)
        record = {"denoised": int(done.removed), "untested_zones": int(done.untested)}
    missing = np.isnan(layers["value"])
    np.copyto(layers["n_obs"], 0, where=missing)
    np.copyto(layers["error"], np.nan, where=missing)
    return record | {"pixels": int(missing.size - np.count_nonzero(missing))}
