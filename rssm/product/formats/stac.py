"""STAC: a collection of the data set and an item for each GeoTIFF file, as plain JSON of the core specification 1.1.

Links are relative, so that the folder can be moved and served as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rssm.calendar import Calendar
from rssm.layer import MISSING, Layer, Packing
from rssm.product.records import texts
from rssm.product.records.frame import Frame
from rssm.product.specs import Edition

VERSION = "1.1.0"
MEDIA = {
    ".nc": "application/x-netcdf",
    ".zarr": "application/vnd+zarr",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".png": "image/png",
}
ROLE = {"text/csv": "metadata", "text/tab-separated-values": "metadata", "image/png": "overview"}
COG_TYPE = "image/tiff; application=geotiff; profile=cloud-optimized"


def extents(frame: Frame) -> tuple[list[float], dict[str, Any]]:
    """Bounding box (west, south, east, north) and geometry; across the dateline west > east, and two polygons."""
    south, north, west, east = frame.box()

    def ring(a: float, b: float) -> list[list[list[float]]]:
        return [[[a, south], [b, south], [b, north], [a, north], [a, south]]]

    if east <= 180:
        return [west, south, east, north], {"type": "Polygon", "coordinates": ring(west, east)}
    if west - 360 < -180 < east - 360 and east - west < 360:
        parts = [ring(west, 180.0), ring(-180.0, east - 360)]
        return [west, south, east - 360, north], {"type": "MultiPolygon", "coordinates": parts}
    return [-180.0, south, 180.0, north], {"type": "Polygon", "coordinates": ring(-180.0, 180.0)}


def period(step: int, calendar: Calendar) -> tuple[str, str]:
    """First and last second of a step."""
    return f"{calendar.start(step)}T00:00:00Z", f"{calendar.end(step)}T23:59:59Z"


def bands(layers: Sequence[Layer], packing: Packing) -> list[dict[str, Any]]:
    """Bands of a GeoTIFF file, in order."""
    dtype, nodata = ("int16", MISSING) if packing == "int16" else ("float32", "nan")
    return [
        {
            "name": layer.name,
            "description": layer.title
            + (f"; value = stored number * {layer.scale(packing)}" if layer.scale(packing) else ""),
            "data_type": dtype,
            "nodata": nodata,
        }
        | ({"unit": layer.units} if layer.units else {})
        for layer in layers
    ]


def item(
    edition: Edition, row: Mapping[str, Any], frame: Frame, layers: Sequence[Layer], packing: Packing
) -> dict[str, Any]:
    """The item of a file.

    row     name (in its edition), file, step, release, sha256, configuration, of rounds also round
    frame   with the calendar of the files' steps
    layers  bands of the file
    """
    step, calendar = row["step"], frame.calendar
    bbox, geometry = extents(frame)
    start, end = period(step, calendar)
    label = calendar.label(step)
    return {
        "type": "Feature",
        "stac_version": VERSION,
        "id": f"{edition.id}-{row['name']}",
        "collection": edition.id,
        "bbox": bbox,
        "geometry": geometry,
        "properties": {
            "title": f"{texts.TOY + ', ' if edition.toy else ''}{label}: {calendar.start(step)} to {calendar.end(step)}",
            "datetime": None,
            "start_datetime": start,
            "end_datetime": end,
            "rssm:period": label,
            **({"rssm:round": row["round"]} if "round" in row else {}),
            "rssm:release": row["release"],
            "rssm:configuration": row["configuration"],
        },
        "links": [_to_collection(rel) for rel in ("root", "parent", "collection")],
        "assets": {
            "data": {
                "href": f"../{row['file']}",
                "type": COG_TYPE,
                "roles": ["data"],
                "title": "all layers of the period",
                "bands": bands(layers, packing),
                "rssm:sha256": row["sha256"],
            }
        },
        "stac_extensions": [],
    }


def collection(
    edition: Edition, frame: Frame, steps: Sequence[int], items: Sequence[str], files: Mapping[str, str]
) -> dict[str, Any]:
    """The collection of all items.

    steps  of the data set
    items  their names
    files  path from the data set's folder → checksum of other files: NetCDF, pictures, tables; of a folder of Zarr that
           of its lines in SHA256SUMS.txt
    """
    about, calendar, url = edition.about, frame.calendar, edition.about.creator_url
    bbox, _ = extents(frame)
    provider = {"name": about.creator_name, "roles": ["producer", "licensor"]}
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "id": edition.id,
        "title": texts.title(edition),
        "description": f"{texts.summary(edition, frame)}\n\nMethod: {edition.texts.reference}",
        "keywords": texts.keywords(edition).split(", "),
        "license": texts.TOY_SPDX if edition.toy else about.licence,
        "rssm:configuration": edition.config,
        "providers": [provider | ({"url": url} if url.startswith("http") else {})],
        "extent": {
            "spatial": {"bbox": [bbox]},
            "temporal": {"interval": [[period(steps[0], calendar)[0], period(steps[-1], calendar)[1]]]},
        },
        "links": [
            _to_collection("root"),
            *({"rel": "item", "href": f"./{name}.json", "type": "application/geo+json"} for name in items),
            *([{"rel": "cite-as", "href": f"https://doi.org/{about.doi}"}] if about.doi else []),
        ],
        "assets": {str(Path(path).with_suffix("")): _asset(path, digest) for path, digest in files.items()},
        "stac_extensions": [],
    }


def _to_collection(rel: str) -> dict[str, str]:
    return {"rel": rel, "href": "./collection.json", "type": "application/json"}


def _asset(path: str, digest: str) -> dict[str, Any]:
    """A file that is not of one step."""
    media = MEDIA[Path(path).suffix]
    kind = "rssm:sha256_of_lines" if path.endswith(".zarr") else "rssm:sha256"
    return {"href": f"../{path}", "type": media, "roles": [ROLE.get(media, "data")], kind: digest}
