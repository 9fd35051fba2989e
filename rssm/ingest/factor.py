"""Quality factors and masks of one product-year (or once, for statics): maps at their own step.

A factor is the mean of its fields in a month (leaf area), a dekad (water), a year (vegetation fractions) or at all
(soil). Where its overpasses are kept apart (day and night temperature), it is the mean of their means and missing where
one of them is. A map of classes is the class with the largest share of each pixel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.archive.listing import Found
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest, Inputs
from rssm.errors import InputError
from rssm.grid import Grid, Region
from rssm.ingest.pool import Pool, Source
from rssm.ingest.regrid import Regrid, majority, shares
from rssm.ingest.write_year import Record, write_year
from rssm.maps import Layers

CLASS = "class"


def factor_year(
    product: Product,
    files: Sequence[Found],
    maps: Mapping[int, str | Path],
    index: str | Path,
    *,
    region: Region,
    grid: Grid,
    inputs: Inputs | None = None,
    ingest: Ingest | None = None,
    land: NDArray[np.bool_] | None = None,
) -> dict[str, Record]:
    """Make the maps of a factor-year and its index; label → record of each map is returned too.

    files   of the product that may hold days of these steps, older versions included
    maps    step of `product.maps` → where to write it (rssm.maps); a step without files gets a map without values
    land    (row, column): how much of it has a value is then recorded too
    """
    inputs, ingest, window = inputs or Inputs(), ingest or Ingest(), grid.window(region)
    source = Source.plan(product, files, inputs, ingest, grid, window, list(maps))
    if product.units == CLASS:
        reduce = partial(_classes, product=product, fractions=ingest.land_cover == "fractions")
    else:
        reduce = partial(_mean if product.reduce == "mean" else _spread, overpasses=product.options.overpasses)

    def steps() -> Iterator[tuple[int, Layers, Record]]:
        for step in sorted(maps):
            layers, record = source.read(step, reduce)
            yield step, layers, record | {"pixels": int(np.count_nonzero(~np.isnan(layers["value"])))}

    return write_year(
        maps,
        index,
        steps(),
        product=product,
        files=files,
        inputs=inputs,
        units=product.units,
        grid=grid,
        window=window,
        land=land,
    )


def _mean(pools: dict[str, Pool], regrid: Regrid, overpasses: Sequence[str]) -> Layers:
    """Mean of the overpasses' means, and the number of values behind it."""
    native, count = _native(pools, overpasses)
    n_obs = regrid(count)
    n_obs[np.isnan(n_obs)] = 0
    return {"value": regrid(native), "n_obs": n_obs}


def _native(pools: dict[str, Pool], overpasses: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean of the overpasses' means on the native grid, and the number of values behind it, NaN where there is none."""
    first, *others = pools.values()
    native, count = first.mean(), first.count.astype(np.float32)
    for pool in others:
        native += pool.mean()  # NaN where one is
        count += pool.count
    native /= len(pools) if set(overpasses) <= set(pools) else np.float32(np.nan)
    count[np.isnan(native)] = np.nan
    return native, count


def _spread(pools: dict[str, Pool], regrid: Regrid, overpasses: Sequence[str]) -> Layers:
    """Standard deviation of the cells within each pixel, and the number of values behind it.

    From means of squares in float32: of heights, right to a metre on a plateau and to centimetres among hills.
    """
    both = _mean(pools, regrid, overpasses)
    native = _native(pools, overpasses)[0]
    variance = regrid(native * native) - both["value"] ** 2
    return both | {"value": np.sqrt(np.maximum(variance, 0)).astype(np.float32)}


def _classes(pools: dict[str, Pool], regrid: Regrid, product: Product, fractions: bool) -> Layers:
    """The class with the largest share and, where asked for, the share of every class there may be."""
    (pool,) = pools.values()
    if pool.fields > 1:
        raise InputError(f"{product.id}: {pool.fields} maps of classes in one {product.maps}, expected one.")
    native = pool.mean()
    layers = {"value": majority(regrid, native)}
    if fractions:
        found = dict(shares(regrid, native))
        none = np.where(np.isnan(layers["value"]), np.float32(np.nan), np.float32(0))
        low, high = (int(limit) for limit in product.valid_range)
        layers |= {f"share_{number}": found.get(number, none) for number in range(low, high + 1)}
    return layers
