"""Monthly means of a year as Cloud-Optimized GeoTIFF: what there is to show of a data set whose steps are days."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import relpath
from pathlib import Path

from rssm.calendar import CALENDARS
from rssm.ingest.index import checksum, write_index
from rssm.product.derived import MONTHLY
from rssm.product.formats.cog import write_cog
from rssm.product.formats.netcdf import YearReader
from rssm.product.records.attributes import of_edition
from rssm.product.records.frame import over_time
from rssm.product.records.provenance import as_text, derived_record
from rssm.product.records.texts import made_on
from rssm.product.specs import FileSpec

MONTHS = CALENDARS["month"]


def monthly_geotiff(table: str, year: str, netcdf: Sequence[str], spec: FileSpec, out: Sequence[str]) -> None:
    """Write a file for each month of a year, and their index last.

    table   how the names of its files begin
    netcdf  monthly means of the year
    """
    folder, index = Path(out[0]).parent, {}
    with YearReader(netcdf[0], MONTHLY, MONTHS) as source:
        layers, about = list(source.layers.values()), source.attributes
        record = derived_record([about], [source.path], spec.code)
        for at, step in enumerate(source.steps):
            label, path = MONTHS.label(step), folder / f"{table}_{MONTHS.label(step)}.tif"
            stored = {name: source.stored(name, at) for name in source.layers}
            tags = about | {
                **of_edition(about["edition"], f"{table}-{label}"),
                **over_time(MONTHS, step, step, step, "P1M"),
                "date_created": made_on(),
                "provenance": as_text(record),
                "period": label,
            }
            write_cog(
                path, stored, source.frame, layers, spec.layers, {name: str(value) for name, value in tags.items()}
            )
            index[label] = {"map": relpath(path, folder), "status": "complete", "release": about["product_type"]}
    monthly = {"folder": "derived", "file": Path(netcdf[0]).name, "sha256": checksum(netcdf[0]), "kind": MONTHLY.name}
    write_index(out[0], table, year, index, calendar_id=MONTHS.id, netcdf=monthly, provenance=record)
