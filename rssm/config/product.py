"""Settings of the data set: from SIM-n maps to files that others open."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from rssm.config.section import Section
from rssm.config.texts import LabelText, RulePath

# what of the catalogue describes the ground: role → product
ROLES = {
    "snow": "SNOW",
    "freeze_thaw": "FREEZE-THAW",
    "rainforest": "RAINFOREST",
    "water": "WATER",
    "land_cover": "LANDCOVER",
}


SHIPPED = "shipped"  # the table of c and b that was fitted on toy worlds for the estimate
TABLES = {"chain": "config/calibration.tsv", "fused": "config/calibration_fused.tsv"}
HELD_OUT = "held_out"  # where calibration rests on years of the target that no round learns from


class Filling(Section):
    """Filling of the few missing values from valid neighbours."""

    method: Literal["ring", "departures"] = Field(
        "ring",
        description="ring: the mean of the nearest ring of pixels that holds values; departures: the pixel's own mean year, and the"
        " departure from it that this ring and the pixel itself one dekad before and after tell of.",
    )
    radius: int = Field(
        10, ge=0, le=100, description="Farthest ring of neighbours that may fill a pixel, 0 for no filling; pixels."
    )
    water: float = Field(
        0.5,
        gt=0,
        le=1,
        description="Pixels with more surface water are neither filled nor searched across; no unit.",
    )


class Layers(Section):
    """How values are stored in every format."""

    packing: Literal["int16", "float32"] = Field(
        "int16",
        description="int16: steps of 0.0001, so that a stored value is off by at most 0.00005; float32: as computed.",
    )
    level: int = Field(4, ge=1, le=9, description="Deflate level of GeoTIFF and NetCDF; no unit.")
    steps: int = Field(
        1, ge=1, le=366, description="Steps of a chunk of NetCDF: 1 where maps are read, more where series are; steps."
    )
    rows: int = Field(200, ge=10, multiple_of=10, description="Height of a chunk of NetCDF; pixels.")
    columns: int = Field(450, ge=10, description="Width of a chunk of NetCDF; pixels.")
    points: int = Field(1024, ge=1, description="Pixels of a chunk of the point cube, with all their dekads; pixels.")


class Uncertainty(Section):
    """The recipe σ = c · s₀ · (√(V + R) / s₀)^b with s₀ = 0.05 m³ m⁻³."""

    calibration: RulePath | None = Field(
        None,
        description="shipped: c and b by round and stratum as fitted for the estimate on toy worlds with eight chains "
        "(config/calibration.tsv, config/calibration_fused.tsv); a path: such a table; held_out: a table of the run's own, "
        "fitted on training.split.held_out_years of the target; null, or fewer chains than a table was fitted with: both are 1, "
        "as every file says.",
    )
    prior: float = Field(
        20.0, gt=0, description="Blocks that the mean of network × land cover weighs beside a subnetwork's own; blocks."
    )


class Release(Section):
    """Which edition this is, and whether it extends a frozen one."""

    version: str = Field("1.0", pattern=r"^[\w.+-]+$", description="Version of the data set.")
    date: LabelText | None = Field(
        None,
        description="Day of release (date_issued); null: none is stated. When files were made they say themselves.",
    )
    kind: Literal["cdr", "icdr"] = Field(
        "cdr",
        description="cdr: everything is computed again (climate data record); icdr: an earlier edition is taken over with its "
        "networks, ranges, skill and calibration, and only later dekads are added (interim record).",
    )
    extends: RulePath | None = Field(
        None, description="Folder of the finished run whose edition an icdr adds to; not the folder of this run."
    )

    @field_validator("date")
    @classmethod
    def _is_a_date(cls, text: str | None) -> str | None:
        try:
            return date.fromisoformat(text).isoformat() if text is not None else None
        except ValueError:
            raise ValueError(f"{text!r} is not a day such as 2026-12-01") from None

    @model_validator(mode="after")
    def _kind_agrees(self) -> Release:
        if self.kind == "icdr" and not self.extends:
            raise ValueError("kind icdr needs extends, the folder of the run whose edition is extended")
        if self.kind == "cdr" and self.extends:
            raise ValueError("extends is for kind icdr; a cdr computes everything again")
        return self


class About(Section):
    """What every file says of itself beside what the pipeline knows."""

    title: str = Field("RSSSM: global surface soil moisture by 10-day periods at 0.1°", description="Title.")
    institution: str = Field("not stated", description="Institution that made the data set.")
    creator_name: str = Field("not stated", description="Person or group to ask.")
    creator_email: str = Field("not stated", description="Address to ask.")
    creator_url: str = Field("not stated", description="Page about the maker.")
    licence: str = Field("CC-BY-4.0", description="Licence of the data, as an SPDX identifier.")
    naming_authority: str = Field("org.rssm", description="Name space of `id`.")
    doi: str | None = Field(None, description="DOI of this edition, without resolver; null: none.")


class CommonDataSet(Section):
    """What every method says of its data set's files."""

    formats: tuple[Literal["geotiff", "zarr", "stac"], ...] = Field(
        ("geotiff", "zarr", "stac"), description="Made beside the yearly NetCDF files; stac lists the GeoTIFF files."
    )
    layers: Layers = Field(Layers(), description="Storage.")
    climatology: tuple[int, int] | None = Field(
        None,
        description="First and last year of the climatology behind anomalies; null: all; calendar years.",
    )
    release: Release = Field(Release(), description="Edition.")
    about: About = Field(About(), description="Texts of the files.")

    @model_validator(mode="after")
    def _agrees(self) -> CommonDataSet:
        if "stac" in self.formats and "geotiff" not in self.formats:
            raise ValueError("formats: stac lists the GeoTIFF files, so it needs geotiff")
        if self.climatology and self.climatology[0] > self.climatology[1]:
            raise ValueError(f"climatology: {self.climatology[0]} comes after {self.climatology[1]}")
        return self


class DataSet(CommonDataSet):
    """From SIM-n maps to the data set."""

    estimate: Literal["chain", "fused"] = Field(
        "chain",
        description="What the data set is made of. chain: SIM-n, what the rounds simulate, as in the article; fused: SIM-n with"
        " all products matched to the target (section fusion). Maps of SIM-n are made in any case.",
    )
    fill: Filling = Field(Filling(), description="Filling of missing values.")
    water_flag: float = Field(0.05, ge=0, le=1, description="Share of surface water above which a pixel is flagged; 1.")
    uncertainty: Uncertainty = Field(Uncertainty(), description="Uncertainty.")
