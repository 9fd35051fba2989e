"""Global attributes of the data set's files, by CF and ACDD: one declaration for NetCDF, Zarr, GeoTIFF and STAC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import rssm
from rssm.calendar import DEKADS
from rssm.grid import GRID, Window
from rssm.product.axes import DEPTH
from rssm.product.provenance import as_text, citations

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


def box(window: Window) -> tuple[float, float, float, float]:
    """South, north, west, east of a window; east runs past 180° across the dateline."""
    a, _, west, _, e, north = GRID.transform(window)
    return (round(north + e * window.rows, 6), north, round(west, 6), round(west + a * window.columns, 6))


def release_kind(steps: Sequence[int], frozen_until: int | None) -> str:
    """CDR, ICDR, or both where the frozen record ends within."""
    if frozen_until is None or not steps or steps[-1] <= frozen_until:
        return "CDR"
    return "ICDR" if steps[0] > frozen_until else f"CDR until {DEKADS.label(frozen_until)}, then ICDR"


def global_attributes(
    spec: Mapping[str, Any], window: Window, steps: Sequence[int], record: Mapping[str, Any]
) -> dict[str, Any]:
    """Attributes of a file.

    spec    about and release (settings), citations (product → entry), frozen_until (dekad or None), method
    steps   dekads of the file
    record  its provenance
    """
    about, release = spec["about"], spec["release"]
    south, north, west, east = box(window)
    half = 0.5 / GRID.per_degree
    first, last = DEKADS.start(steps[0]), DEKADS.end(steps[-1])
    wkt = f"POLYGON (({south} {west}, {north} {west}, {north} {east}, {south} {east}, {south} {west}))"
    depth = sum(DEPTH) / 2
    known = {
        "Conventions": CONVENTIONS,
        "title": about["title"],
        "summary": SUMMARY,
        "keywords": KEYWORDS,
        "id": f"{spec['method'].upper()}-v{release['version']}",
        "naming_authority": about["naming_authority"],
        "product_version": release["version"],
        "product_type": release_kind(steps, spec["frozen_until"]),
        "date_created": release["date"],
        "institution": about["institution"],
        "creator_name": about["creator_name"],
        "creator_email": about["creator_email"],
        "creator_url": about["creator_url"],
        "publisher_name": about["creator_name"],
        "publisher_email": about["creator_email"],
        "publisher_url": about["creator_url"],
        "project": "RSSSM",
        "license": about["licence"],
        "doi": about["doi"],
        "references": REFERENCES,
        "source": "satellite observations and neural networks: " + ", ".join(spec["citations"]),
        "acknowledgement": citations(spec["citations"]),
        "history": f"rssm {rssm.__version__}: simulated maps masked, filled, flagged and packed",
        "processing_level": "L4",
        "comment": "Values under snow and ice are masked. Limits of coordinates (geospatial_*, time_coverage_*) are"
        " those of pixel centres, depth of the layer's middle and first days of periods; cells reach to their bounds.",
        "uncertainty_calibration": record["uncertainty_calibration"],
        "provenance": as_text(record),
        "standard_name_vocabulary": "CF Standard Name Table v93",
        "cdm_data_type": "Grid",
        "geospatial_bounds": wkt,
        "geospatial_bounds_crs": "EPSG:4326",
        "geospatial_bounds_vertical_crs": "none: bounds are horizontal",
        "geospatial_lat_min": round(south + half, 6),
        "geospatial_lat_max": round(north - half, 6),
        "geospatial_lat_units": "degrees_north",
        "geospatial_lat_resolution": f"{1 / GRID.per_degree:g} degree",
        "geospatial_lon_min": round(west + half, 6),
        "geospatial_lon_max": round(east - half, 6),
        "geospatial_lon_units": "degrees_east",
        "geospatial_lon_resolution": f"{1 / GRID.per_degree:g} degree",
        "geospatial_vertical_min": depth,
        "geospatial_vertical_max": depth,
        "geospatial_vertical_units": "m",
        "geospatial_vertical_positive": "down",
        "geospatial_vertical_resolution": "0.05 m",
        "time_coverage_start": f"{first}T00:00:00Z",
        "time_coverage_end": f"{DEKADS.start(steps[-1])}T00:00:00Z",
        "time_coverage_resolution": "P10D",
        "time_coverage_duration": f"P{(last - first).days + 1}D",
    }
    return {name: value for name, value in known.items() if value is not None}
