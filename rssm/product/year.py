"""The product job: one year of the data set as NetCDF and, dekad by dekad, as Cloud-Optimized GeoTIFF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import astuple
from os.path import relpath
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.files import atomic
from rssm.grid import GRID, Region
from rssm.ingest.index import checksum, write_index
from rssm.product import flags
from rssm.product.assemble import Ground, Values, dekad_values, land_of
from rssm.product.attributes import global_attributes, release_kind
from rssm.product.calibration import read_calibration
from rssm.product.cog import write_cog
from rssm.product.flags import Flag
from rssm.product.layers import Codes, pack_all
from rssm.product.netcdf import year_file
from rssm.product.provenance import provenance
from rssm.product.release import check_frozen, digest_of
from rssm.product.skill import FIELDS, read_skill
from rssm.product.sources import Maps
from rssm.rounds.target import read_ranges

SNOW = (Flag.SNOW_ICE_OBSERVED, Flag.SNOW_ICE_INFERRED)


def product_year(
    year: str,
    maps: Sequence[str],
    skill: Sequence[str],
    ranges: Sequence[str],
    land: Sequence[str],
    calibration: Sequence[str],
    extends: Sequence[str],
    spec: dict[str, Any],
    out: Sequence[str],
) -> None:
    """Write a year: its GeoTIFF files, its NetCDF file, and the index of both last.

    maps         indices of the year: SIM-n of the rounds that simulate in it, their predictors, masks and factors
    skill        tables of those rounds, named {round}.nc
    ranges       of the target from outside, all tiles
    land         mask of the whole grid
    calibration  table of c, or nothing
    extends      release.json of the frozen edition, or nothing
    spec         what `Ground` and `global_attributes` ask for, except frozen_until; steps [first, last] of this year
                 within the period; layers (settings), formats, config (digest of the configuration)
    out          index of the GeoTIFF files; the NetCDF file
    """
    steps = list(range(spec["steps"][0], spec["steps"][1] + 1))
    if {step // 36 for step in steps} != {int(year)}:
        raise InputError(f"{year}: no dekads of the product's period lie in it.")
    window = GRID.window(Region(*spec["region"]))
    tables = {Path(path).stem: read_skill(path) for path in skill}
    networks, factors = {name: table.files for name, table in tables.items()}, read_calibration(calibration)
    frozen_until = check_frozen(extends, networks, calibration, ranges)
    inputs = [*maps, *skill, *calibration, *extends]
    record = provenance(inputs, networks, digest_of(ranges), factors.source, spec["config"])
    names = [network["name"] for network in spec["networks"]]
    laid = {r: {name: table.over(window, name, names) for name in FIELDS} for r, table in tables.items()}
    ground = Ground(Maps.of(maps), land_of(land[0], window), *read_ranges(ranges, window), laid, factors, spec)
    index = {
        label: entry | {"release": release_kind([DEKADS.parse(label)], frozen_until)}
        for label, entry in _written(ground, steps, {**spec, "frozen_until": frozen_until}, record, out)
    }
    netcdf = {"file": Path(out[1]).name, "sha256": checksum(out[1])}
    write_index(out[0], _name(spec), year, index, netcdf=netcdf, window=list(astuple(window)), provenance=record)


def _name(spec: dict[str, Any]) -> str:
    return str(spec["method"]).upper()


def _written(
    ground: Ground, steps: list[int], spec: dict[str, Any], record: dict[str, Any], out: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Write dekad by dekad; yield label and entry of the index."""
    codes = Codes(ground.networks, spec["rounds"], spec["fill"]["radius"])
    storage, window, folder = spec["layers"], ground.window, Path(out[0]).parent
    about = global_attributes(spec, window, steps, record)
    folder.mkdir(parents=True, exist_ok=True)  # the index counts paths from it, with or without GeoTIFF files
    with atomic(out[1]) as beside, closing(year_file(beside, window, steps, codes, storage, about)) as file:
        for at, step in enumerate(steps):
            label = DEKADS.label(step)
            round_, values = dekad_values(ground, step)
            stored = pack_all(values, storage["packing"])
            file.put(at, stored)
            path = Path(out[1])
            if "geotiff" in spec["formats"]:
                path = folder / f"{_name(spec)}_{label}.tif"
                own = global_attributes(spec, window, [step], record)
                tags = {name: str(value) for name, value in own.items()} | {"period": label, "round": round_ or ""}
                write_cog(path, stored, window, codes, storage, tags)
            status = "complete" if round_ else "missing"
            entry = {"map": relpath(path, folder), "status": status, "round": round_}
            yield label, entry | counts(values, ground.land)


def counts(values: Values, land: NDArray[np.bool_]) -> dict[str, Any]:
    """Land pixels of a dekad: how many have a value, from where, and why the others have none."""
    distance, valid = values["fill_distance"], ~np.isnan(values["soil_moisture"])
    snow = np.logical_or(*(flags.has(values["flags"], flag) for flag in SNOW))
    rings, n = np.unique(distance[distance > 0], return_counts=True)
    return {
        "land": int(land.sum()),
        "simulated": int((distance == 0).sum()),
        "filled": {str(ring): int(count) for ring, count in zip(rings, n, strict=True)},
        "snow_ice": int(snow.sum()),
        "no_value": int((land & ~valid & ~snow).sum()),
        "mean": round(float(values["soil_moisture"][valid].mean(dtype=np.float64)), 6) if valid.any() else None,
    }
