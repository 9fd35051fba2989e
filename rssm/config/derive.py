"""Products whose maps follow from those of others: which formulas there are, and what they take. A part of a catalogue entry."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from rssm.config.reading import Strict
from rssm.config.texts import Name

# Formula → how many products it takes, None: any number.
FORMULAS: dict[str, int | None] = {
    "specific_humidity": 2,  # of dew point (K) and surface pressure (Pa), kg kg-1
    "sum": None,
    "log1p": 1,  # ln(1 + x)
    "yearly_total": 1,  # of a rate a day: its mean total of a year
    "aridity": 2,  # net radiation (MJ m-2 day-1) as the water that it can evaporate, over rain (mm day-1)
}
OF_YEARS = ("yearly_total", "aridity")  # those that make one map of many years


class Derive(Strict):
    """How a product's maps follow from those of others."""

    formula: Literal["specific_humidity", "sum", "log1p", "yearly_total", "aridity"] = Field(
        description="Formula (rssm.ingest.formulas)."
    )
    of: list[Name] = Field(min_length=1, description="Products that it takes, in its order.")

    @model_validator(mode="after")
    def _takes_as_many(self) -> Derive:
        if (count := FORMULAS[self.formula]) not in (None, len(self.of)):
            raise ValueError(f"{self.formula} takes {count} products, not {len(self.of)}")
        return self
