"""The configuration of the RSSSM method: one model for everything that its configuration file may say.

It is the single source of truth: the commented default file, the JSON schema and the manual's table are made from it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from rssm.config.common import CommonRun, CommonTables, Period
from rssm.config.fusion import Fusion
from rssm.config.product import HELD_OUT, SHIPPED, DataSet
from rssm.config.rounds import Rounds
from rssm.config.section import Section
from rssm.config.texts import LabelText, RulePath
from rssm.config.training import ContributionTest, CrossValidation, Training


class Tables(CommonTables):
    """Tables that declare products and plan; relative paths are looked for beside the configuration, in the working folder, in the repository."""

    substeps: RulePath = Field("config/substeps.tsv", description="Table of substeps.")
    networks: RulePath = Field("config/networks.tsv", description="Table of networks.")


class Dekads(Period):
    """Dekads of the product; an open span of a product ends here too."""

    calendar_id: ClassVar[str] = "dekad"

    first: LabelText = Field("2003D01", description="First dekad of the product; dekad.")
    last: LabelText = Field("2018D36", description="Last dekad of the product; dekad.")


class PlanChoice(Section):
    """Which of the listed networks are trained."""

    train: Literal["all", "reachable"] = Field(
        "reachable", description="all: every listed network; reachable: leave out those that can never be chosen."
    )


class Rsssm(CommonRun):
    """Configuration of a run of the RSSSM method."""

    profiles: ClassVar[dict[str, dict[str, Any]]] = {
        "paper": {
            "training": {"split": {"kind": "random"}, "extrapolation": "none", "weaker_ridges": 0},
            "plan": {"train": "all"},
            "chains": 1,
        },
        "product": {
            # 200: points of a zone share cells and weather, so noise needs more ridge than among independent points (docs/skill.md)
            "training": {"split": {"kind": "blocked"}, "extrapolation": "clip", "noise_ridge": 200.0},
            "plan": {"train": "reachable"},
            "chains": 8,
            "product": {
                "estimate": "fused",
                "fill": {"method": "departures"},
                "uncertainty": {"calibration": SHIPPED},
            },
        },
    }
    grid_id: ClassVar[str] = "wgs84_0.1"

    method: Literal["rsssm"] = Field("rsssm", description="Method; its results lie under results/<method>/.")
    profile: Literal["paper", "product"] = Field(
        "product",
        description="Set of defaults that this file overrides. paper: faithful to the article; product: our best.",
    )
    period: Dekads = Field(Dekads(), description="Period of the product.")
    tables: Tables = Field(Tables(), description="Declarations the run reads.")
    factors: tuple[str, ...] = Field(
        ("LAI", "WATER", "LST", "LANDCOVER", "TREE", "NONTREE", "TOPOGRAPHY", "SAND", "CLAY"),
        description="Quality factors given to every network; LAI stands for the source that the substep names.",
    )
    plan: PlanChoice = Field(PlanChoice(), description="Which networks are trained.")
    training: Training = Field(Training(), description="Training of subnetworks.")
    training_of_round: dict[LabelText, dict[str, Any]] = Field(
        default_factory=dict, description="Training settings that differ in a round: round → settings."
    )
    chains: int = Field(
        1,
        ge=1,
        le=64,
        description="Realisations side by side through all rounds: the first is the product, the others perturb inputs, targets and samples, so that their spread is error carried along; no unit.",
    )
    crossval: CrossValidation = Field(CrossValidation(), description="Skill of networks by cross-validation.")
    contributions: ContributionTest = Field(ContributionTest(), description="What inputs contribute to networks.")
    rounds: Rounds = Field(Rounds(), description="From estimates to the next round's target.")
    fusion: Fusion = Field(Fusion(), description="From rounds and matched products to the fused estimate.")
    product: DataSet = Field(DataSet(), description="From maps of the estimate to the data set.")

    @model_validator(mode="after")
    def _climatology_lies_in_the_period(self) -> Rsssm:
        years = self.product.climatology
        if years and not {*range(years[0], years[1] + 1)} & {self.calendar.year_of(step) for step in self.steps}:
            raise ValueError(
                f"product.climatology: {years[0]} to {years[1]} has no year in common with the period "
                f"({self.period.first} to {self.period.last})"
            )
        return self

    @model_validator(mode="after")
    def _round_settings(self) -> Rsssm:
        for round_ in self.training_of_round:
            self.training_in(round_)
        return self

    @model_validator(mode="after")
    def _calibration_has_years(self) -> Rsssm:
        if self.calibrates and not self.held_out_years:
            raise ValueError(
                "product.uncertainty.calibration: held_out needs years that no round learns from: set"
                " training.split.held_out_years, also in training_of_round where a round has a split of its own"
            )
        return self

    @property
    def calibrates(self) -> bool:
        """Whether the run calibrates its uncertainty on held-out years."""
        return self.product.uncertainty.calibration == HELD_OUT

    @property
    def held_out_years(self) -> set[int]:
        """Years held out in all rounds."""
        splits = [self.training.split, *(self.training_in(name).split for name in self.training_of_round)]
        return set.intersection(*(set(split.held_out_years) for split in splits))

    @property
    def held_out_in_any(self) -> tuple[int, ...]:
        """Years held out in any round: nothing that serves all rounds may learn from them."""
        splits = [self.training.split, *(self.training_in(name).split for name in self.training_of_round)]
        return tuple(sorted({year for split in splits for year in split.held_out_years}))

    def training_in(self, round_: str) -> Training:
        """Training settings of a round."""
        return Training.model_validate(self.training.model_dump() | self.training_of_round.get(round_, {}))
