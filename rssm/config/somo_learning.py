"""Settings of SoMo.ml's networks: what they are, how they learn, and how their skill is judged."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from rssm.config.section import Section

Rate = Annotated[float, Field(gt=0, le=1)]


class Network(Section):
    """An entity-aware LSTM, and how it learns."""

    way: Literal["state", "windows"] = Field(
        "state",
        description="state: the memory is carried on from forcing.since, and sequences of years teach; windows: every day from "
        "the days before it alone, as in the article (a thousand times the work).",
    )
    units: int = Field(128, ge=4, le=1024, description="Units of the memory.")
    dropout: float = Field(
        0.5, ge=0, lt=1, description="Share of units that the output does without while learning; 1."
    )
    forget_bias: float = Field(5.0, description="Of the forget gate at the start; no unit.")
    forget_cap: float = Field(
        0.99, gt=0, le=1, description="Most that the forget gate keeps of the memory from a day to the next; 1: all."
    )
    epochs: int = Field(15, ge=1, description="How often every target is seen.")
    least_updates: int = Field(1000, ge=1, description="Updates of the weights, however few targets there are.")
    rates: tuple[Rate, ...] = Field(
        (0.002, 0.001, 0.0005), min_length=1, description="Rates of learning, each for an equal part of all updates."
    )
    batch: int = Field(32, ge=1, description="Sequences behind an update; of windows eight times as many.")
    norm: float = Field(1.0, gt=0, description="Largest length of the gradient; no unit.")
    epsilon: float = Field(
        0.1, ge=0, description="Added to a site's standard deviation, by whose square errors are divided; scaled units."
    )
    window: int = Field(365, ge=2, description="Days of a window.")
    years: tuple[float, float] = Field((1.0, 4.0), description="Shortest and longest sequence that teaches; years.")
    statics: bool = Field(True, description="Whether networks see what does not change.")
    target: Literal["stations", "model"] = Field(
        "stations",
        description="stations: what they measured; model: the forcing model's own soil, to see what stations add.",
    )

    @model_validator(mode="after")
    def _years_ascend(self) -> Network:
        if not 0.1 <= self.years[0] <= self.years[1]:
            raise ValueError(f"years: {self.years[0]:g} to {self.years[1]:g}, expected two that ascend, 0.1 or more")
        return self


class Crossval(Section):
    """Cross-validation: networks learn without a part of the targets and are judged there."""

    schemes: tuple[Literal["random", "space", "time", "both", "network"], ...] = Field(
        ("random", "space", "both"),
        description="What is left out in turn. random: cells, as in the article; space: blocks of cells with a buffer; time: spans "
        "of years; both: blocks in a span of years; network: whole networks of stations.",
    )
    folds: int = Field(5, ge=2, le=50, description="Parts that are left out in turn.")
    members: int = Field(
        2,
        ge=1,
        le=64,
        description="Networks of a fold; of one, whose spread is nothing, the stated uncertainty is one number a layer.",
    )
    block: float = Field(5.0, gt=0, le=90, description="Side of a block; degrees.")
    buffer: float = Field(
        2.0, ge=0, le=90, description="Nearest that a cell that teaches lies to one left out; degrees."
    )
    anomaly_days: int = Field(35, ge=3, description="Days of the mean from which anomalies are counted; days.")
    anomaly_least: int = Field(10, ge=2, description="Values that such a mean needs; values.")


class Calibration(Section):
    """The stated uncertainty."""

    scheme: Literal["random", "space", "time", "both", "network", "none"] = Field(
        "both", description="Scheme of cross-validation whose errors calibrate it; none: spread of members as it is."
    )
