"""Settings of validation: which measurements of stations count, and how the pixels that hold them are described."""

from __future__ import annotations

from pydantic import Field

from rssm.config.section import Section
from rssm.config.texts import Name

RIVALS = ("SMAP_E", "ASCAT-SWI", "GLDAS", "ERA5-LAND", "CCI", "GLEAM-A", "GLEAM-B")  # the article's Tables 3 and 4


class Stations(Section):
    """Measurements of stations: where they lie, and which of them count."""

    ismn: tuple[str, ...] = Field(
        ("ISMN",),
        description="Archives of the International Soil Moisture Network as downloaded, zip files or unpacked folders, "
        "below inputs.root.",
    )
    csv: tuple[str, ...] = Field(
        (), description="Text files of single sensors, or folders of them, below inputs.root (docs/stations.md)."
    )
    depth: float | None = Field(
        0.05,
        ge=0,
        le=2,
        description="Deepest lower end of a sensor, compared in whole centimetres, so that two inches are 0.05 m; null: any, "
        "where a data set of several depths takes the sensors of each; m.",
    )
    flags: tuple[str, ...] = Field(
        ("G",), min_length=1, description="Quality flags of records that count: G is what ISMN calls good."
    )
    min_observations: int = Field(
        5,
        ge=1,
        description="Days with a record that a sensor's mean of a step needs, or all days of a shorter step: half of a "
        "dekad, because fewer may know one spell of its weather only; days.",
    )
    water: float = Field(
        0.05, ge=0, le=1, description="A pixel whose mean annual maximum of surface water exceeds this is left out; 1."
    )
    dense: int = Field(
        2, ge=2, description="Stations in a pixel, at some time or other, from which it counts as dense; stations."
    )
    flat: float = Field(
        0.1, ge=0, le=1, description="Topographic complexity below which a pixel counts as flat, as in the article; 1."
    )


class Collocation(Section):
    """Triple collocation of the data set with two products whose errors have nothing to do with its own."""

    active: Name = Field("ASCAT-SWI", description="Product of an active sensor.")
    model: Name = Field("GLDAS", description="Product of a model.")
    anomalies: bool = Field(
        False, description="Take the mean year away first, which products share whatever their skill."
    )


class Validation(Section):
    """How the data set is held against measurements."""

    stations: Stations = Field(Stations(), description="Measurements of stations.")
    rivals: tuple[Name, ...] = Field(
        RIVALS,
        description="Products of the catalogue that are held against the stations beside the data set, each over its own "
        "period. Of these defaults, the article's, those without an archive are left out.",
    )
    triple: Collocation | None = Field(
        Collocation(), description="Triple collocation, which needs no stations; null: none."
    )
    filled: bool = Field(
        False, description="Whether values count with which gaps of the data set were filled from their neighbours."
    )
    climate: str | None = Field(
        "KOPPEN",
        description="Product of the catalogue that holds Köppen-Geiger classes 1 to 30; null: pixels have no class.",
    )
    topography: str | None = Field(
        "TOPOGRAPHY",
        description="Product of the catalogue that holds topographic complexity; null: pixels are neither flat nor rough.",
    )
