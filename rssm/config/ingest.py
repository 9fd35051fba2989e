"""Settings of ingestion: where the archives lie, and how native files become maps."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rssm.config.section import Section
from rssm.config.texts import AnyPath


class Inputs(Section):
    """Archives of native files."""

    root: AnyPath = Field("archive", description="Folder below which the catalogue's file patterns are searched.")
    on_bad_file: Literal["fail", "skip"] = Field(
        "fail",
        description="What to do with a file that cannot be read as its product. fail: stop and say what was found; "
        "skip: go on without it and record it in the year's index.",
    )
    checksums: tuple[AnyPath, ...] = Field(
        (),
        description="Lists of checksums that agencies give beside their files (MD5 or SHA), as paths or globs below the "
        "root: a file that differs is treated as a damaged one. Formats without compression can only be proven so.",
    )
    pin: Literal["size", "sha256"] = Field(
        "size",
        description="What a year's index keeps of each native file, so that one replaced later is seen. size: its "
        "bytes; sha256: a checksum too, for which every byte is read, where ingestion may read a tenth.",
    )
    on_empty: Literal["fail", "report"] = Field(
        "fail",
        description="What to do with a predictor, target or factor that brings nothing: files of a year without a value "
        "on land or emptied by screening, or no value in any year that is used. fail: stop and say what was found; "
        "report: say it in the log and in report/archive.tsv, and go on. A year without any file is always only reported.",
    )
    screened_share: float = Field(
        0.99,
        ge=0,
        le=1,
        description="A year counts as emptied by screening where the quality rule and the valid range take more than "
        "this share of its values; 1: never; no unit.",
    )


class Ingest(Section):
    """From native files to maps."""

    strict: tuple[str, ...] = Field(
        (), description="Products whose strict quality tests apply in addition to the usual ones (catalogue: strict)."
    )
    sigma: float | None = Field(
        3.0,
        gt=0,
        description="A pixel farther than this from the mean of its zone in one map is removed; null: none is; "
        "standard deviations.",
    )
    error_correlation: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Correlation between the errors of one product's observations in a map: 0 lets the error of "
        "their mean fall with the square root of their number, 1 not at all; no unit.",
    )
    porosity: str = Field(
        "POROSITY", description="Static variable that turns saturation into volumetric soil moisture; m³ m⁻³."
    )
    land_cover: Literal["class", "fractions"] = Field(
        "class",
        description="class: the class with the largest share of a pixel; fractions: also a layer with the share "
        "of each class.",
    )
