"""The product job: one year of the data set as NetCDF and, dekad by dekad, as Cloud-Optimized GeoTIFF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import astuple
from os.path import relpath
from pathlib import Path
from typing import Any

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.files import atomic
from rssm.grid import GRID, Region
from rssm.ingest.index import checksum, write_index
from rssm.product.dekad import Ground, dekad_values, land_of
from rssm.product.formats.cog import write_cog
from rssm.product.formats.layers import Codes, pack_all
from rssm.product.formats.netcdf import year_file
from rssm.product.records.attributes import global_attributes
from rssm.product.records.provenance import provenance
from rssm.product.records.release import digest_of, read_taken, release_kind
from rssm.product.uncertainty.calibration import read_calibration
from rssm.product.uncertainty.held_out import FIELDS, all_networks, read_skill
from rssm.product.values.coverage import counts
from rssm.product.values.sources import Maps
from rssm.rounds.ranges import read_ranges


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
    extends      what was taken over of the edition that this one extends (`take-over`), or nothing
    spec         what `Ground` and `global_attributes` ask for; steps [first, last] of this year within the period;
                 layers (settings), formats, config (digest of the configuration), code (digest of the verb's)
    out          index of the GeoTIFF files; the NetCDF file
    """
    steps = list(range(spec["steps"][0], spec["steps"][1] + 1))
    if {step // 36 for step in steps} != {int(year)}:
        raise InputError(f"{year}: no dekads of the product's period lie in it.")
    window = GRID.window(Region(*spec["region"]))
    tables = {Path(path).stem: read_skill(path) for path in skill}
    networks, factors = all_networks(tables), read_calibration(calibration)
    taken = read_taken(extends)
    inputs = [*maps, *skill, *land, *calibration, *extends]
    record = provenance(inputs, networks, digest_of(ranges), factors.source, spec["config"], taken, spec["code"])
    names = [network["name"] for network in spec["networks"]]
    laid = {r: {name: table.over(window, name, names) for name in FIELDS} for r, table in tables.items()}
    ground = Ground(Maps.of(maps), land_of(land[0], window), *read_ranges(ranges, window), laid, factors, spec)
    frozen_until = DEKADS.parse(taken["last"]) if taken else None
    index = {
        label: entry | {"release": release_kind([DEKADS.parse(label)], frozen_until)}
        for label, entry in _written(ground, steps, spec, record, out)
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
    about = global_attributes(str(steps[0] // 36), spec, window, steps, record)
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
                own = global_attributes(label, spec, window, [step], record)
                tags = {name: str(value) for name, value in own.items()} | {"period": label, "round": round_ or ""}
                write_cog(path, stored, window, codes, storage, tags)
            status = "complete" if round_ else "missing"
            entry = {"map": relpath(path, folder), "status": status, "round": round_}
            yield label, entry | counts(values, ground.land, round_)
