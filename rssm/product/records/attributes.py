"""Global attributes of the data set's files, by CF and ACDD: one declaration for NetCDF, Zarr, GeoTIFF and STAC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import rssm
from rssm.calendar import DEKADS
from rssm.grid import GRID, Window
from rssm.product.formats.axes import DEPTH
from rssm.product.records.provenance import as_text, citations
from rssm.product.records.release import edition_id, release_kind

CONVENTIONS = "CF-1.11, ACDD-1.3"
REFERENCES = (
    "Chen, Y., Feng, X., and Fu, B.: An improved global remote-sensing-based surface soil moisture (RSSSM) dataset"
    " covering 2003-2018, Earth Syst. Sci. Data, 13, 1-31, https://doi.org/10.5194/essd-13-1-2021, 2021."
)
SUMMARY = (
    "Volumetric soil moisture of the surface layer (0-5 cm) by 10-day periods on a 0.1 degree grid."
    " Microwave retrievals of several sensors are fused by neural networks, one in each 1 degree zone, trained on SMAP"
    " and, for the years before it, on the screened estimates of earlier rounds of training (the RSSSM method). Every"
    " value comes with its uncertainty, the network behind it, that network's skill on data it never saw, and quality"
    " flags; filled values are marked."
)
KEYWORDS = "soil moisture, surface soil moisture, microwave remote sensing, neural network, global, climate data record"
COMMENT = (
    "Values under snow and ice are masked. Limits of coordinates (geospatial_*, time_coverage_*) are those of pixel"
    " centres, depth of the layer's middle and first days of periods; cells reach to their bounds."
)
HALF = 0.5 / GRID.zone_pixels  # of a pixel, degrees
Attributes = dict[str, Any]


def global_attributes(
    name: str, spec: Mapping[str, Any], window: Window, steps: Sequence[int], record: Mapping[str, Any]
) -> Attributes:
    """Attributes of a file.

    name    of the file in its edition: year or dekad
    spec    about and release (settings), citations (product → entry), method
    steps   dekads of the file
    record  its provenance
    """
    return {
        **_subject(),
        **_edition(name, spec, steps, record["extends"]),
        **_people(spec["about"]),
        **_origin(spec, record),
        **over_places(*_centres(window)),
        **over_time(steps[0], steps[-1], steps[-1]),
    }


def _subject() -> Attributes:
    """What is measured, and by which conventions it is described."""
    return {
        "Conventions": CONVENTIONS,
        "summary": SUMMARY,
        "keywords": KEYWORDS,
        "comment": COMMENT,
        "processing_level": "L4",
        "standard_name_vocabulary": "CF Standard Name Table v93",
        "cdm_data_type": "Grid",
        "project": "RSSSM",
    }


def _edition(name: str, spec: Mapping[str, Any], steps: Sequence[int], extends: Mapping[str, Any] | None) -> Attributes:
    """Which file of which edition this is, and which one with which networks it extends."""
    about, release = spec["about"], spec["release"]
    edition = edition_id(spec["method"], release["version"])
    known = {
        "title": about["title"],
        **of_edition(edition, name),
        "naming_authority": about["naming_authority"],
        "doi": about["doi"],
        "product_version": release["version"],
        "product_type": release_kind(steps, DEKADS.parse(extends["last"]) if extends else None),
        "date_created": release["date"],
    }
    if extends:
        networks = "; ".join(f"round {name}: sha256 {digest}" for name, digest in sorted(extends["networks"].items()))
        known |= {
            "extension_of": f"{extends['edition']} of {extends['date']}, release.json sha256 {extends['release']}",
            "frozen_until": extends["last"],
            "frozen_networks": networks,
        }
    return {name: value for name, value in known.items() if value is not None}


def of_edition(edition: str, name: str) -> Attributes:
    """A file's own `id`, which ACDD wants to be unique, and the edition that it belongs to."""
    return {"id": f"{edition}-{name}", "edition": edition}


def _people(about: Mapping[str, Any]) -> Attributes:
    """Who made it, whom to ask, under which licence."""
    person = {
        f"{who}_{what}": about[f"creator_{what}"]
        for who in ("creator", "publisher")
        for what in ("name", "email", "url")
    }
    return {"institution": about["institution"], **person, "license": about["licence"]}


def _origin(spec: Mapping[str, Any], record: Mapping[str, Any]) -> Attributes:
    """What it was made of, and how."""
    return {
        "references": REFERENCES,
        "source": "satellite observations and neural networks: " + ", ".join(spec["citations"]),
        "acknowledgement": citations(spec["citations"]),
        "history": f"rssm {rssm.__version__}: simulated maps masked, filled, flagged and packed",
        "uncertainty_calibration": record["uncertainty_calibration"],
        "provenance": as_text(record),
    }


def box(window: Window) -> tuple[float, float, float, float]:
    """South, north, west, east of a window; east runs past 180° across the dateline."""
    a, _, west, _, e, north = GRID.transform(window)
    return (round(north + e * window.rows, 6), north, round(west, 6), round(west + a * window.columns, 6))


def _centres(window: Window) -> tuple[float, float, float, float]:
    """South, north, west, east of the centres of a window's pixels."""
    south, north, west, east = box(window)
    return south + HALF, north - HALF, west + HALF, east - HALF


def over_places(south: float, north: float, west: float, east: float) -> Attributes:
    """Extent of pixels whose centres reach so far, and of depth; east runs past 180° across the dateline."""
    depth = sum(DEPTH) / 2
    s, n, w, e = (round(edge, 6) for edge in (south - HALF, north + HALF, west - HALF, east + HALF))
    return {
        "geospatial_bounds": f"POLYGON (({s} {w}, {n} {w}, {n} {e}, {s} {e}, {s} {w}))",
        "geospatial_bounds_crs": "EPSG:4326",
        "geospatial_bounds_vertical_crs": "none: bounds are horizontal",
        "geospatial_lat_min": round(south, 6),
        "geospatial_lat_max": round(north, 6),
        "geospatial_lat_units": "degrees_north",
        "geospatial_lat_resolution": f"{1 / GRID.zone_pixels:g} degree",
        "geospatial_lon_min": round(west, 6),
        "geospatial_lon_max": round(east, 6),
        "geospatial_lon_units": "degrees_east",
        "geospatial_lon_resolution": f"{1 / GRID.zone_pixels:g} degree",
        "geospatial_vertical_min": depth,
        "geospatial_vertical_max": depth,
        "geospatial_vertical_units": "m",
        "geospatial_vertical_positive": "down",
        "geospatial_vertical_resolution": "0.05 m",
    }


def over_time(first: int, stamp: int, last: int, resolution: str = "P10D") -> Attributes:
    """Extent in time of periods from the dekad `first` to the end of `last`; the last one is stamped with `stamp`."""
    start, end = DEKADS.start(first), DEKADS.end(last)
    return {
        "time_coverage_start": f"{start}T00:00:00Z",
        "time_coverage_end": f"{DEKADS.start(stamp)}T00:00:00Z",
        "time_coverage_resolution": resolution,
        "time_coverage_duration": f"P{(end - start).days + 1}D",
    }
