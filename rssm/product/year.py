"""A year of the data set as NetCDF and, step by step, as Cloud-Optimized GeoTIFF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from os.path import relpath
from pathlib import Path
from typing import Any

from rssm.errors import InputError
from rssm.ingest.index import checksum, write_index
from rssm.product.dekad import Ground, dekad_values
from rssm.product.formats.cog import write_cog
from rssm.product.formats.layers import Codes, layers_with, pack_all
from rssm.product.formats.netcdf import year_file
from rssm.product.records.attributes import global_attributes
from rssm.product.records.provenance import provenance
from rssm.product.records.release import digest_of, read_taken, release_kind
from rssm.product.specs import YearSpec
from rssm.product.uncertainty.calibration import read_calibration
from rssm.product.uncertainty.held_out import FIELDS, all_networks, read_skill
from rssm.product.values.coverage import counts
from rssm.product.values.sources import Maps, land_of
from rssm.rounds.ranges import read_ranges


def product_year(
    year: str,
    maps: Sequence[str],
    skill: Sequence[str],
    ranges: Sequence[str],
    land: Sequence[str],
    calibration: Sequence[str],
    extends: Sequence[str],
    spec: YearSpec,
    out: Sequence[str],
) -> None:
    """Write a year: its GeoTIFF files, its NetCDF file, and the index of both last.

    maps         indices of the year: SIM-n of the rounds that simulate in it, their predictors, masks and factors
    skill        tables of those rounds, named {round}.nc
    ranges       of the target from outside, all tiles
    land         mask of the whole grid
    calibration  table of c, or nothing
    extends      what was taken over of the edition that this one extends (`take-over`), or nothing
    out          index of the GeoTIFF files; the NetCDF file
    """
    frame, steps = spec.frame, range(spec.steps[0], spec.steps[1] + 1)
    calendar, window = frame.calendar, frame.window
    if {calendar.year_of(step) for step in steps} != {int(year)}:
        raise InputError(f"{year}: no steps of the product's period lie in it.")
    tables = {Path(path).stem: read_skill(path) for path in skill}
    networks, factors, taken = all_networks(tables), read_calibration(calibration), read_taken(extends)
    inputs = [*maps, *skill, *land, *calibration, *extends]
    record = provenance(inputs, networks, digest_of(ranges), factors.source, spec.edition.config, taken, spec.code)
    names = [network.name for network in spec.networks]
    laid = {r: {name: table.over(spec.area.region, name, names) for name in FIELDS} for r, table in tables.items()}
    found = Maps.of(maps, frame.grid, calendar)
    ground = Ground(found, land_of(land[0], frame), *read_ranges(ranges, window, frame.grid), laid, factors, spec)
    frozen_until = taken["last"] if taken else None
    index = {
        label: entry | {"release": release_kind([calendar.parse(label)], frozen_until, calendar)}
        for label, entry in _written(ground, steps, record, out)
    }
    netcdf = {"file": Path(out[1]).name, "sha256": checksum(out[1])}
    about = {"netcdf": netcdf, "window": list(astuple(window)), "provenance": record}
    write_index(out[0], spec.edition.prefix, year, index, **about)


def _written(
    ground: Ground, steps: range, record: dict[str, Any], out: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Write step by step; yield label and entry of the index."""
    spec, frame, folder = ground.spec, ground.frame, Path(out[0]).parent
    layers = layers_with(Codes(ground.networks, spec.rounds, spec.fill.radius))
    about = global_attributes(str(frame.calendar.year_of(steps[0])), spec.edition, frame, steps, record)
    folder.mkdir(parents=True, exist_ok=True)  # the index counts paths from it, with or without GeoTIFF files
    with year_file(out[1], frame, steps, layers, spec.layers, about) as file:
        for at, step in enumerate(steps):
            label = frame.calendar.label(step)
            round_, values = dekad_values(ground, step)
            stored = pack_all(values, spec.layers.packing)
            file.put(at, stored)
            path = Path(out[1])
            if "geotiff" in spec.formats:
                path = folder / f"{spec.edition.prefix}_{label}.tif"
                own = global_attributes(label, spec.edition, frame, [step], record)
                tags = {name: str(value) for name, value in own.items()} | {"period": label, "round": round_ or ""}
                write_cog(path, stored, frame, layers, spec.layers, tags)
            status = "complete" if round_ else "missing"
            entry = {"map": relpath(path, folder), "status": status, "round": round_}
            yield label, entry | counts(values, ground.land, round_)
