"""The run: one model for everything that a configuration file may say.

It is the single source of truth: the commented default file, the JSON schema and the manual's table are made from it.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rssm.calendar import DEKADS
from rssm.config.ingest import Ingest, Inputs
from rssm.config.product import DataSet
from rssm.config.rounds import Rounds
from rssm.config.toy import Toy
from rssm.config.training import CrossValidation, Training
from rssm.errors import InputError
from rssm.grid import GRID, Region


class Section(BaseModel):
    """A part of the configuration; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Box(Section):
    """Region to process; snapped outward to whole 1° zones. east < west means across the dateline."""

    south: float = Field(-60.0, ge=GRID.south, le=GRID.north, description="Southern edge; ° N.")
    north: float = Field(80.0, ge=GRID.south, le=GRID.north, description="Northern edge; ° N.")
    west: float = Field(-180.0, ge=-180, le=180, description="Western edge; ° E.")
    east: float = Field(180.0, ge=-180, le=180, description="Eastern edge; ° E.")

    @model_validator(mode="after")
    def _not_empty(self) -> Box:
        self.region()
        return self

    def region(self) -> Region:
        try:
            return GRID.region(self.south, self.north, self.west, self.east)
        except InputError as error:
            raise ValueError(str(error).removeprefix("region: ")) from None


class Period(Section):
    """Dekads of the product; an open span of a product ends here too."""

    first: str = Field("2003D01", description="First dekad of the product; dekad.")
    last: str = Field("2018D36", description="Last dekad of the product; dekad.")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        try:
            if not self.steps():
                raise ValueError(f"first {self.first} comes after last {self.last}")
        except InputError as error:
            raise ValueError(str(error)) from None
        return self

    def steps(self) -> range:
        return DEKADS.span(self.first, self.last)


class Zones(Section):
    """How zones are grouped into jobs; the result does not depend on it."""

    tile_degrees: int = Field(
        10,
        ge=1,
        le=20,
        description="A tile, the unit of a job, is this many zones high and wide; 1 makes a job a zone; degrees.",
    )


class Tables(Section):
    """Tables that declare products and plan; relative paths start at the working directory, then at the repository."""

    products: str = Field("config/products.yaml", description="Catalogue of products, factors, masks and references.")
    substeps: str = Field("config/substeps.tsv", description="Table of substeps.")
    networks: str = Field("config/networks.tsv", description="Table of networks.")
    land: str = Field("resources/land.tif", description="Land mask on the 0.1° grid (made by `rssm land`).")
    land_zones: str = Field("resources/land_zones.tsv", description="Zones that hold land (made by `rssm land`).")


class PlanChoice(Section):
    """Which of the listed networks are trained."""

    train: Literal["all", "reachable"] = Field(
        "reachable", description="all: every listed network; reachable: leave out those that can never be chosen."
    )


class Keep(Section):
    """Intermediate files to keep; what is not kept goes as soon as nothing more needs it."""

    maps: bool = Field(True, description="Dekad maps of products and factors.")
    cubes: bool = Field(True, description="Cubes of variables and targets.")
    simulated: bool = Field(True, description="Estimates of zones before mosaicking.")


class Run(Section):
    """Configuration of a run."""

    method: Literal["rsssm"] = Field("rsssm", description="Method; its results lie under results/<method>/.")
    profile: Literal["paper", "product"] = Field(
        "product",
        description="Set of defaults that this file overrides. paper: faithful to the article; product: our best.",
    )
    seed: int = Field(2021, ge=0, lt=2**32, description="Number that fixes every random draw; no unit.")
    region: Box = Field(Box(), description="Region to process.")
    period: Period = Field(Period(), description="Period of the product.")
    zones: Zones = Field(Zones(), description="Grouping of zones into jobs.")
    tables: Tables = Field(Tables(), description="Declarations the run reads.")
    inputs: Inputs = Field(Inputs(), description="Archives of native files.")
    ingest: Ingest = Field(Ingest(), description="From native files to dekad maps.")
    factors: tuple[str, ...] = Field(
        ("LAI", "WATER", "LST", "LANDCOVER", "TREE", "NONTREE", "TOPOGRAPHY", "SAND", "CLAY"),
        description="Quality factors given to every network; LAI stands for the source that the substep names.",
    )
    plan: PlanChoice = Field(PlanChoice(), description="Which networks are trained.")
    training: Training = Field(Training(), description="Training of subnetworks.")
    training_of_round: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="Training settings that differ in a round: round → settings."
    )
    chains: int = Field(
        1,
        ge=1,
        le=64,
        description="Realisations side by side through all rounds: the first is the product, the others perturb inputs, targets and samples, so that their spread is error carried along; no unit.",
    )
    crossval: CrossValidation = Field(CrossValidation(), description="Skill of networks by cross-validation.")
    rounds: Rounds = Field(Rounds(), description="From estimates to the next round's target.")
    product: DataSet = Field(DataSet(), description="From SIM-n maps to the data set.")
    keep: Keep = Field(Keep(), description="Intermediate files to keep.")
    toy: Toy | None = Field(
        None, description="Write archives of a synthetic Earth into inputs.root first; null for real archives."
    )

    @model_validator(mode="after")
    def _climatology_lies_in_the_period(self) -> Run:
        years, period = self.product.climatology, self.period.steps()
        if years and not {*range(years[0], years[1] + 1)} & {step // 36 for step in period}:
            raise ValueError(
                f"product.climatology: {years[0]} to {years[1]} has no year in common with the period "
                f"({self.period.first} to {self.period.last})"
            )
        return self

    @model_validator(mode="after")
    def _round_settings(self) -> Run:
        for round_ in self.training_of_round:
            self.training_in(round_)
        return self

    def training_in(self, round_: str) -> Training:
        """Training settings of a round."""
        return Training.model_validate(self.training.model_dump() | self.training_of_round.get(round_, {}))


PROFILES: dict[str, dict[str, Any]] = {
    "paper": {
        "training": {"split": {"kind": "random"}, "extrapolation": "none"},
        "plan": {"train": "all"},
        "chains": 1,
    },
    "product": {
        # 200: points of a zone share cells and weather, so noise needs more ridge than among independent points (docs/skill.md)
        "training": {"split": {"kind": "blocked"}, "extrapolation": "clip", "noise_ridge": 200.0},
        "plan": {"train": "reachable"},
        "chains": 8,
        "product": {"uncertainty": {"calibration": "config/calibration.tsv"}},
    },
}


def layered(given: dict[str, Any]) -> dict[str, Any]:
    """A user's settings over those of the profile it names."""
    profile = PROFILES.get(given.get("profile", "product"), {})
    return _over(profile, given)


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    both = {k: _over(below[k], v) for k, v in above.items() if isinstance(v, dict) and isinstance(below.get(k), dict)}
    return {**below, **above, **both}
