"""How subnetworks are trained: the settings that a network's training job carries, and nothing else."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from rssm.config.section import Section


class Split(Section):
    """Which points train, judge and test a subnetwork."""

    kind: Literal["blocked", "random"] = Field(
        "blocked",
        description="blocked: whole blocks of pixels × dekads; random: single points, as in the paper",
    )
    validation: float = Field(0.15, ge=0, lt=1, description="share of points that judge (1)")
    test: float = Field(0.15, ge=0, lt=1, description="share of points that are never learnt from (1)")
    pixel_block: int = Field(
        3, ge=1, description="side of a block, about the native footprint of the products (pixels of 0.1°)"
    )
    dekad_block: int = Field(12, ge=1, description="length of a block (dekads)")
    gap: int = Field(3, ge=0, description="left unused at the end of a block that meets one with another role (dekads)")
    held_out_years: tuple[int, ...] = Field(
        (),
        description="years whose points only test, in every network, and are kept from the range that screens call"
        " plausible (calendar years)",
    )

    @model_validator(mode="after")
    def _leaves_something_to_learn_from(self) -> Split:
        if self.validation + self.test > 0.9:
            raise ValueError(
                f"validation + test is {self.validation + self.test:g}: leave at least 0.1 of the points to train"
            )
        if self.gap >= self.dekad_block:
            raise ValueError(f"gap ({self.gap} dekads) must be shorter than dekad_block ({self.dekad_block})")
        return self


class Training(Section):
    """How the subnetworks of a network are trained and applied."""

    method: Literal["default", "traingd"] = Field(
        "default",
        description="default: variable projection with L-BFGS; traingd: the paper's batch gradient descent",
    )
    hidden: int = Field(7, ge=1, le=64, description="tanh nodes of the hidden layer (1)")
    min_points: int = Field(
        100,
        ge=20,
        description="valid points below which a zone gets no subnetwork; pixels that a native cell shares, so that their"
        " products and target agree in a dekad, count once (points)",
    )
    split: Split = Field(Split(), description="which points train, judge and test")
    starts: int = Field(4, ge=1, description="random starting points tried on a sample of the points (1)")
    start_points: int = Field(1408, ge=100, description="points that a start is tried on (points)")
    start_iterations: int = Field(40, ge=1, description="iterations spent on each start (1)")
    ridge: float = Field(
        1.0,
        gt=0,
        description="penalty on squared weights while starts are tried, beside the summed squared error of the"
        " standardised target (1)",
    )
    noise_ridge: float = Field(
        12.0,
        gt=0,
        description="penalty in the final fit per unit of the best start's mean squared validation error: noisy"
        " zones need more of it. Where it costs too much, a weaker one takes its place (weaker_ridges) (1)",
    )
    weaker_ridges: int = Field(
        2,
        ge=0,
        le=4,
        description="penalties that compete with noise_ridge in every zone, each a tenth of the one before: the"
        " strongest is taken that no weaker one beats clearly on dekads left out, and under which estimates vary. The"
        " same dekads tell which subnetworks have no skill. 0: noise_ridge as it is, and no word on skill (1)",
    )
    iterations: int = Field(100, ge=1, description="most iterations of the final fit on all points (1)")
    tolerance: float = Field(
        2e-4, ge=0, description="relative fall of the cost per iteration below which a fit has converged (1)"
    )
    extrapolation: Literal["none", "clip"] = Field(
        "none", description="inputs beyond a zone's training range: taken as they are, or clipped to the range"
    )
    cpu: str | None = Field(
        None,
        description="processor type that kernels are compiled for (LLVM's name, such as x86-64-v3), so that"
        " mixed machines agree to the last bit; null: the machine at hand",
    )


class CrossValidation(Section):
    """How networks are judged apart from a run (`snakemake crossval`); nothing is trained again when this changes."""

    zones: int = Field(40, ge=1, description="zones judged, chosen by hash; all, where there are fewer (zones)")
    folds: int = Field(5, ge=3, le=20, description="parts that are left out in turn (1)")
    blocks: Literal["dekads", "pixels_dekads"] = Field(
        "dekads",
        description="what is left out together, in the lengths of training.split. dekads: all pixels of a zone;"
        " pixels_dekads: blocks of pixels × dekads, as in training, which flatter (docs/skill.md)",
    )


class ContributionTest(Section):
    """Which zones tell what inputs contribute (`snakemake analysis`); nothing is trained again when this changes."""

    zones: int = Field(
        500, ge=0, description="zones tested, chosen by hash; all, where there are fewer; 0: none (zones)"
    )
