"""The configuration of the SoMo.ml method: soil moisture of three layers as stations measure it, by networks with memory."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from rssm.calendar import CALENDARS
from rssm.config.common import CommonRun, CommonTables, Period
from rssm.config.section import Section
from rssm.config.somo_learning import Calibration, Crossval, Network
from rssm.config.texts import LabelText, Name, RulePath
from rssm.config.tiled import TiledDataSet

OWN: dict[str, Any] = {  # what all profiles of the method have unlike other methods
    "ingest": {"sigma": None},
    "product": {
        "about": {
            "title": "SoMo.ml: daily soil moisture of three layers at 0.25° from stations and networks with memory"
        }
    },
    "validation": {
        "stations": {"depth": None, "min_observations": 1},
        "rivals": ["ERA5-SWVL1", "ERA5-SWVL2", "ERA5-SWVL3"],
        "triple": None,
        "topography": None,
    },
    "analysis": {"reference": ["ERA5-SWVL1"], "season": {"precipitation": "ERA5-TP"}, "dry_down": None},
}


class Days(Period):
    """Days of the data set, of whole calendar years; an open span of a product ends here too."""

    calendar_id: ClassVar[str] = "day"

    first: LabelText = Field("2000-01-01", description="First day of the data set, a 1 January; day.")
    last: LabelText = Field("2019-12-31", description="Last day of the data set, a 31 December; day.")

    @model_validator(mode="after")
    def _whole_years(self) -> Days:
        if not self.first.endswith("-01-01") or not self.last.endswith("-12-31"):
            raise ValueError(f"{self.first} to {self.last}: expected whole years, from a 1 January to a 31 December")
        return self


class Tables(CommonTables):
    """Tables that declare products and land; relative paths are looked for beside the configuration, in the working folder, in the repository."""

    products: RulePath = Field("config/somo/products.yaml", description="Catalogue of forcing, statics and stations.")
    land: RulePath = Field("resources/somo/land.tif", description="Land mask on the method's grid.")
    land_zones: RulePath = Field("resources/somo/land_zones.tsv", description="Zones that hold land.")


class Forcing(Section):
    """Inputs of the networks, by their names in the catalogue; the order decides nothing but the order of weights."""

    since: LabelText = Field(
        "1997-01-01",
        description="Day on which the state of every cell starts, a 1 January: the data set begins when the start is forgotten, "
        "some years later; day.",
    )
    dynamic: tuple[Name, ...] = Field(
        ("ERA5-LOG-TP", "ERA5-T2M", "ERA5-SNR", "ERA5-SSRD", "ERA5-Q", "ERA5-SKT"),
        min_length=1,
        description="What changes by day.",
    )
    static: tuple[Name, ...] = Field(
        (
            *("ETOPO1", "ETOPO1-STD", "ERA5-RAIN", "ERA5-ARIDITY", "GLDAS-CLAY", "GLDAS-SAND", "GLDAS-SILT"),
            *("GLDAS-POROSITY-TOP", "GLDAS-POROSITY-MIDDLE", "GLDAS-VEGETATION"),
        ),
        min_length=1,
        description="What does not change.",
    )
    soil: tuple[Name, ...] = Field(
        ("ERA5-SWVL1", "ERA5-SWVL2", "ERA5-SWVL3"),
        min_length=1,
        description="Soil moisture of the forcing model by depth, whose mean and spread targets are given.",
    )
    climate: tuple[int, int] | None = Field(
        None,
        description="First and last calendar year behind means that are static inputs, such as ERA5-RAIN; null: those of the period.",
    )

    @model_validator(mode="after")
    def _starts_with_a_year(self) -> Forcing:
        CALENDARS["day"].parse(self.since)
        if not self.since.endswith("-01-01"):
            raise ValueError(f"since: {self.since} is not a 1 January")
        if self.climate and self.climate[0] > self.climate[1]:
            raise ValueError(f"climate: {self.climate[0]} comes after {self.climate[1]}")
        return self


class Records(Section):
    """Measurements of stations that teach."""

    ismn: tuple[str, ...] = Field(
        ("ISMN",), description="Archives of the International Soil Moisture Network, below inputs.root."
    )
    csv: tuple[str, ...] = Field((), description="Text files of single sensors, or folders of them (docs/stations.md).")
    cemaden: tuple[str, ...] = Field((), description="Tables of CEMADEN's stations, or folders of them.")
    flags: tuple[str, ...] = Field(("G",), min_length=1, description="Quality flags of records that count.")
    per_day: int = Field(6, ge=1, le=1440, description="Records that a daily mean needs; records.")
    least_days: int = Field(60, ge=1, description="Days with a mean that a sensor needs; days.")
    least_common: int = Field(60, ge=1, description="Days that a sensor and the forcing model need in common; days.")


class SoilLayer(Section):
    """Which sensors teach a layer, and what of the forcing model's soil it is."""

    top: float = Field(ge=0, le=2, description="Upper end; m.")
    bottom: float = Field(gt=0, le=2, description="Lower end; m.")
    nearest: float = Field(ge=0, le=2, description="Depth that the sensors of a cell are chosen nearest to; m.")
    soil: dict[Name, float] = Field(min_length=1, description="Weight of each layer of forcing.soil; they sum to 1.")

    @model_validator(mode="after")
    def _is_a_layer(self) -> SoilLayer:
        if not self.top <= self.nearest <= self.bottom or self.top >= self.bottom:
            raise ValueError(f"top {self.top:g}, nearest {self.nearest:g}, bottom {self.bottom:g}: expected to ascend")
        if abs(sum(self.soil.values()) - 1) > 1e-3:
            raise ValueError(f"soil: weights sum to {sum(self.soil.values()):g}, expected 1")
        return self


LAYERS = (
    SoilLayer(top=0, bottom=0.1, nearest=0.05, soil={"ERA5-SWVL1": 0.7, "ERA5-SWVL2": 0.3}),
    SoilLayer(top=0.1, bottom=0.3, nearest=0.2, soil={"ERA5-SWVL2": 0.9, "ERA5-SWVL3": 0.1}),
    SoilLayer(top=0.3, bottom=0.5, nearest=0.4, soil={"ERA5-SWVL3": 1.0}),
)


class Somo(CommonRun):
    """Configuration of a run of the SoMo.ml method."""

    profiles: ClassVar[dict[str, dict[str, Any]]] = {
        "paper": OWN
        | {
            "network": {"way": "windows", "rates": [0.001, 0.0005], "forget_cap": 1.0},
            "crossval": {"schemes": ["random", "space", "time", "both", "network"]},
        },
        "product": OWN,
    }
    grid_id: ClassVar[str] = "wgs84_0.25_90_-60_-180"

    method: Literal["somo"] = Field("somo", description="Method; its results lie under results/<method>/.")
    profile: Literal["paper", "product"] = Field(
        "product",
        description="Set of defaults that this file overrides. paper: windows of 365 days, as in the article; product: a state "
        "that is carried from day to day.",
    )
    period: Days = Field(Days(), description="Period of the data set.")
    tables: Tables = Field(Tables(), description="Declarations the run reads.")
    forcing: Forcing = Field(Forcing(), description="Inputs of the networks.")
    stations: Records = Field(Records(), description="Measurements of stations that teach.")
    layers: tuple[SoilLayer, SoilLayer, SoilLayer] = Field(LAYERS, description="Layers of soil, from the surface down.")
    network: Network = Field(Network(), description="The networks, and how they learn.")
    members: int = Field(5, ge=1, le=64, description="Networks of a layer, which differ in their first weights.")
    far: float = Field(
        300.0, gt=0, description="Distance to the nearest cell that teaches beyond which estimates are flagged; km."
    )
    crossval: Crossval = Field(Crossval(), description="Skill where nothing was learnt.")
    calibration: Calibration = Field(Calibration(), description="Of the stated uncertainty.")
    product: TiledDataSet = Field(TiledDataSet(), description="From estimates to the data set.")

    @model_validator(mode="after")
    def _starts_before_the_data_set(self) -> Somo:
        if self.forcing.since > self.period.first:
            raise ValueError(f"forcing.since: {self.forcing.since} comes after period.first ({self.period.first})")
        return self

    @model_validator(mode="after")
    def _layers_are_of_the_soil(self) -> Somo:
        for number, layer in enumerate(self.layers, 1):
            if foreign := sorted(layer.soil.keys() - set(self.forcing.soil)):
                raise ValueError(
                    f"layers: layer {number} weighs {', '.join(foreign)}, which forcing.soil does not name"
                )
        return self
