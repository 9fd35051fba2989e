"""Settings of validation: which measurements of stations count, and how the pixels that hold them are described."""

from __future__ import annotations

from pydantic import Field

from rssm.config.section import Section


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
    depth: float = Field(
        0.05,
        ge=0,
        le=2,
        description="Deepest lower end of a sensor, compared in whole centimetres, so that two inches are 0.05 m; m.",
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


class Validation(Section):
    """How the data set is held against measurements."""

    stations: Stations = Field(Stations(), description="Measurements of stations.")
    climate: str | None = Field(
        "KOPPEN",
        description="Product of the catalogue that holds Köppen-Geiger classes 1 to 30; null: pixels have no class.",
    )
    topography: str | None = Field(
        "TOPOGRAPHY",
        description="Product of the catalogue that holds topographic complexity; null: pixels are neither flat nor rough.",
    )
