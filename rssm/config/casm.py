"""The configuration of the CASM method: seasonal cycles, networks for residuals, transfer from one radiometer to another."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from rssm.config.analysis import Analysis, Season
from rssm.config.common import CommonRun, CommonTables, Period
from rssm.config.dry_down import DryDown
from rssm.config.ingest import Ingest
from rssm.config.product import About
from rssm.config.section import Section
from rssm.config.texts import LabelText, Name, RulePath
from rssm.config.tiled import TiledDataSet
from rssm.config.validation import Collocation, Validation

GRID = "ease2_m25"


class Tables(CommonTables):
    """Tables that declare products and land; relative paths are looked for beside the configuration, in the working folder, in the repository."""

    products: RulePath = Field("config/casm/products.yaml", description="Catalogue of products and references.")
    land: RulePath = Field(
        f"resources/{GRID}/land.tif", description="Land mask on EASE-Grid 2.0 (made by `rssm land`)."
    )
    land_zones: RulePath = Field(
        f"resources/{GRID}/land_zones.tsv", description="Zones that hold land (made by `rssm land`)."
    )


class ThreeDays(Period):
    """Steps of three days of the product, named by their first day; an open span of a product ends here too."""

    calendar_id: ClassVar[str] = "3day"

    first: LabelText = Field("2002-06-19", description="First step of the product; its first day.")
    last: LabelText = Field("2020-08-31", description="Last step of the product; its first day.")


class Channels(Section):
    """Brightness temperatures that networks are given, beside latitude and longitude."""

    smos: tuple[Literal["H", "V"], ...] = Field(("H", "V"), description="Polarisations of SMOS, at 42.5°.")
    amsr: tuple[Literal["H", "V"], ...] = Field(
        ("V",),
        description="Polarisations of AMSR-E and AMSR2. The authors give one number for each frequency and do not say which; V is least"
        " sensitive to vegetation.",
    )
    frequencies: tuple[Literal[10, 18, 36, 89], ...] = Field(
        (10, 18, 36, 89), description="Frequencies of AMSR-E and AMSR2; GHz."
    )

    @field_validator("smos", "amsr", "frequencies")
    @classmethod
    def _some_and_each_once(cls, given: tuple[Any, ...]) -> tuple[Any, ...]:
        if not given:
            raise ValueError("is empty: networks need something to see; name at least one")
        if len(set(given)) < len(given):
            raise ValueError(f"{', '.join(map(str, given))}: names one twice")
        return given


class Cycle(Section):
    """The mean seasonal cycle of every cell and variable, from which the networks learn departures."""

    harmonics: Literal[1, 2] = Field(1, description="Sines: 1, as published, or also that of half a year; no unit.")
    periods: tuple[float, ...] = Field(
        (365.25,),
        min_length=1,
        description="Lengths of the year that are tried; of several the best fit is taken; days.",
    )
    shrinkage: float = Field(
        0.0, ge=0, description="Weight of no cycle at all, for cells with few observations; observations."
    )
    fewest: int = Field(40, ge=4, description="Observations below which a cycle is their median alone; observations.")
    record: Literal["whole", "overlap"] = Field(
        "whole",
        description="Record whose cycles are taken from brightness temperatures that teach. whole: the radiometer's; overlap: the steps"
        " that it shares with the target, as published. From what is estimated, cycles of the whole record are taken either way.",
    )


class Training(Section):
    """Networks from departures of brightness temperature to departures of soil moisture."""

    layers: int = Field(3, ge=1, le=16, description="Hidden layers; no unit.")
    units: int = Field(64, ge=1, le=4096, description="Units of each of them; no unit.")
    place: bool = Field(True, description="Whether latitude and longitude are inputs, as published.")
    share: float = Field(0.1, gt=0, le=1, description="Share of the rows that is learnt from, drawn by hash; no unit.")
    least_rows: int = Field(
        200_000,
        ge=0,
        description="Rows that a branch learns from at least, where there are as many: in a small region more than their share; rows.",
    )
    epochs: int = Field(10, ge=1, le=1000, description="Passes over the rows; no unit.")
    batch: int = Field(1024, ge=16, le=65536, description="Rows of a step; no unit.")
    rate: float = Field(1e-3, gt=0, lt=1, description="Rate of Adam; no unit.")
    transfer_rate: float = Field(
        1e-3, gt=0, lt=1, description="The same of networks for AMSR-E, which begin with those of AMSR2; no unit."
    )
    frozen: int = Field(
        2, ge=0, description="Hidden layers, counted from the input, that these keep as AMSR2 taught them; no unit."
    )
    decay: bool = Field(
        True, description="Whether the rate falls to zero along half a cosine; as published it is constant."
    )
    members: int = Field(7, ge=2, le=64, description="Networks of each branch, whose spread is uncertainty; no unit.")

    @model_validator(mode="after")
    def _something_is_free(self) -> Training:
        if self.frozen > self.layers:
            raise ValueError(f"frozen: {self.frozen} of {self.layers} hidden layers; there are no more than layers")
        return self


class HeldOut(Section):
    """Rows that networks never learn from: they judge them, and calibrate their uncertainty."""

    kind: Literal["random", "time", "space", "both", "patches"] = Field(
        "patches",
        description="random: single rows, as published, whose neighbours are learnt from; time: whole years; space: blocks; both: blocks in"
        " years, while what lies in one of them goes unused; patches: each block in each year drawn by itself.",
    )
    share: float = Field(0.2, gt=0, le=0.5, description="Share of rows, years, blocks or patches; no unit.")
    degrees: float = Field(
        3.0,
        gt=0,
        le=30,
        description="Side of a block; in a region less than four of them long, a quarter of it; degrees.",
    )
    years: int = Field(1, ge=1, le=10, description="Years that are held out together; years.")
    buffer: float = Field(0.0, ge=0, le=10, description="Belt around a held-out block that goes unused; degrees.")


class Uncertainty(Section):
    """What a value is worth."""

    noise: float = Field(
        0.1, gt=0, le=1, description="Noise of each channel, as a share of the spread of its departures; no unit."
    )


class OwnIngest(Ingest):
    """From native files to maps."""

    sigma: float | None = Field(
        None,
        gt=0,
        description="A pixel farther than this from the mean of its zone in one map is removed; null: none is; standard deviations.",
    )


class OwnValidation(Validation):
    """How the data set is held against measurements."""

    rivals: tuple[Name, ...] = Field(
        ("SMAP_E", "CCI"),
        description="Products of the catalogue that are held against the stations beside the data set, each over its own period.",
    )
    triple: Collocation | None = Field(None, description="Triple collocation, which needs no stations; null: none.")
    topography: str | None = Field(
        None,
        description="Product of the catalogue that holds topographic complexity; null: pixels are neither flat nor rough.",
    )


class OwnAnalysis(Analysis):
    """Means, series, trends and seasons of the data set."""

    reference: tuple[Name, ...] = Field(
        ("CCI", "SMAP_E"),
        description="Products of soil moisture: the first of them that the archive holds is analysed beside the data set; empty: none.",
    )
    season: Season | None = Field(Season(precipitation=None), description="The mean year; null: none.")
    dry_down: DryDown | None = Field(
        None, description="Drying of the surface without rain; not made of steps of three days."
    )


class OwnAbout(About):
    """What every file says of itself beside what the pipeline knows."""

    title: str = Field("CASM: surface soil moisture by 3-day periods on EASE-Grid 2.0 of 25 km", description="Title.")


class OwnDataSet(TiledDataSet):
    """From estimates of tiles to the data set."""

    about: OwnAbout = Field(OwnAbout(), description="Texts of the files.")


PAPER = {
    "cycle": {"periods": (365.0, 365.25, 365.5, 365.75, 366.0), "record": "overlap"},
    "training": {
        "layers": 7,
        "units": 1050,
        "share": 1.0,
        "epochs": 30,
        "rate": 2e-4,
        "transfer_rate": 8e-4,
        "decay": False,
    },
    "held_out": {"kind": "random"},
}


class Casm(CommonRun):
    """Configuration of a run of the CASM method."""

    grid_id: ClassVar[str] = GRID
    profiles: ClassVar[dict[str, dict[str, Any]]] = {"paper": PAPER, "product": {}}

    method: Literal["casm"] = Field("casm", description="Method; its results lie under results/<method>/.")
    profile: Literal["paper", "product"] = Field(
        "product",
        description="Set of defaults that this file overrides. paper: the networks that were published; product: our best.",
    )
    period: ThreeDays = Field(ThreeDays(), description="Period of the product.")
    tables: Tables = Field(Tables(), description="Declarations the run reads.")
    target: Name = Field("SMAP_E", description="Product of soil moisture that is learnt.")
    channels: Channels = Field(Channels(), description="Brightness temperatures.")
    cycle: Cycle = Field(Cycle(), description="Seasonal cycles.")
    training: Training = Field(Training(), description="Networks.")
    held_out: HeldOut = Field(HeldOut(), description="What networks do not learn from.")
    uncertainty: Uncertainty = Field(Uncertainty(), description="Uncertainty.")
    ingest: OwnIngest = Field(OwnIngest(), description="From native files to maps.")
    product: OwnDataSet = Field(OwnDataSet(), description="From estimates to the data set.")
    validation: OwnValidation = Field(OwnValidation(), description="Validation against measurements of stations.")
    analysis: OwnAnalysis = Field(OwnAnalysis(), description="Means, series, trends and seasons of the data set.")
