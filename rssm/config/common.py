"""What the configuration of every method says: where, when, from which archives, on which grid and calendar."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from pydantic import Field, model_validator

from rssm.calendar import CALENDARS, Calendar
from rssm.config.analysis import Analysis
from rssm.config.ingest import Ingest, Inputs
from rssm.config.section import Section
from rssm.config.texts import IN_RULES, LabelText, RulePath
from rssm.config.toy import Toy
from rssm.config.validation import Validation
from rssm.errors import InputError
from rssm.grid import Area, Grid, grid_of


class Box(Section):
    """Region to process; snapped outward to whole 1° zones. east < west means across the dateline."""

    south: float = Field(-60.0, ge=-90, le=90, description="Southern edge; ° N.")
    north: float = Field(80.0, ge=-90, le=90, description="Northern edge; ° N.")
    west: float = Field(-180.0, ge=-180, le=180, description="Western edge; ° E.")
    east: float = Field(180.0, ge=-180, le=180, description="Eastern edge; ° E.")


class Period(Section):
    """Steps that are made, as the method's calendar writes them; an open span of a product ends here too."""

    calendar_id: ClassVar[str]

    first: LabelText = Field(description="First step.")
    last: LabelText = Field(description="Last step.")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        try:
            if not self.steps():
                raise ValueError(f"first {self.first} comes after last {self.last}")
            CALENDARS[self.calendar_id].start(self.steps()[0])  # there is no year 0
        except InputError as error:
            raise ValueError(str(error)) from None
        return self

    def steps(self) -> range:
        return CALENDARS[self.calendar_id].span(self.first, self.last)


class Zones(Section):
    """How zones are grouped into jobs; the result does not depend on it."""

    tile_degrees: int = Field(
        10,
        ge=1,
        le=20,
        description="A tile, the unit of a job, is this many zones high and wide; 1 makes a job a zone; degrees.",
    )


class CommonTables(Section):
    """Tables that declare products and land; relative paths are looked for beside the configuration, in the working folder, in the repository."""

    products: RulePath = Field(
        "config/products.yaml", description="Catalogue of products, factors, masks and references."
    )
    land: RulePath = Field("resources/land.tif", description="Land mask on the method's grid (made by `rssm land`).")
    land_zones: RulePath = Field("resources/land_zones.tsv", description="Zones that hold land (made by `rssm land`).")


class Keep(Section):
    """Intermediate files to keep; what is not kept goes as soon as nothing more needs it."""

    maps: bool = Field(True, description="Maps of products and factors.")
    cubes: bool = Field(True, description="Cubes of variables and targets.")
    simulated: bool = Field(True, description="Estimates of zones before they are laid together.")


class CommonRun(Section):
    """Settings that all methods share; each method's own model adds its name, defaults and sections."""

    profiles: ClassVar[dict[str, dict[str, Any]]] = {}  # name → settings below the user's
    grid_id: ClassVar[str]

    method: str = Field(description="Method; its results lie under results/<method>/.")
    profile: str = Field(description="Set of defaults that this file overrides.")
    seed: int = Field(2021, ge=0, lt=2**32, description="Number that fixes every random draw; no unit.")
    region: Box = Field(Box(), description="Region to process.")
    period: Period = Field(description="Period of the data set.")
    zones: Zones = Field(Zones(), description="Grouping of zones into jobs.")
    tables: CommonTables = Field(CommonTables(), description="Declarations the run reads.")
    inputs: Inputs = Field(Inputs(), description="Archives of native files.")
    ingest: Ingest = Field(Ingest(), description="From native files to maps.")
    keep: Keep = Field(Keep(), description="Intermediate files to keep.")
    validation: Validation = Field(Validation(), description="Validation against measurements of stations.")
    analysis: Analysis = Field(Analysis(), description="Means, series, trends and seasons of the data set.")
    toy: Toy | None = Field(
        None, description="Write archives of a synthetic Earth into inputs.root first; null for real archives."
    )

    @property
    def grid(self) -> Grid:
        return grid_of(self.grid_id)

    @property
    def calendar(self) -> Calendar:
        return CALENDARS[self.period.calendar_id]

    @cached_property
    def area(self) -> Area:
        """The region on the method's grid."""
        box = self.region
        return Area(self.grid_id, self.grid.region(box.south, box.north, box.west, box.east))

    @cached_property
    def steps(self) -> range:
        """Steps of the period."""
        return self.period.steps()

    @model_validator(mode="after")
    def _rules_can_write_the_toy_archive(self) -> CommonRun:
        if self.toy and (found := next((c for c in self.inputs.root if c in IN_RULES), "")):
            raise ValueError(f"inputs.root: {self.inputs.root!r} holds {found!r}, which the workflow would fill in")
        return self

    @model_validator(mode="after")
    def _region_lies_on_the_grid(self) -> CommonRun:
        try:
            self.grid.region(self.region.south, self.region.north, self.region.west, self.region.east)
        except InputError as error:
            raise ValueError(str(error)) from None
        return self
