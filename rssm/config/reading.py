"""How the files of a product are screened and read: parts of a catalogue entry."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Reader = Literal["smap", "cf", "hdf5", "hdf4", "geotiff", "points", "grib"]
FIND_TIMES = ("cf", "points", "grib")  # readers that find times in a file, whose name need not hold a date then

FIND_GRIDS = ("cf", "geotiff", "hdf4", "points", "grib")  # readers that find the grid in a file


class Strict(BaseModel):
    """Unknown keys are mistakes, and nobody changes a configuration once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Test(Strict):
    """A test on one variable of the file; a pixel must pass all that is given.

    Bits and codes are compared with the numbers as stored, thresholds with the scaled value.
    """

    __test__ = False  # pytest: not a test class

    without: list[int] = Field([], description="Bits that must be 0, as powers of two: 1, 2, 4, …")
    having: list[int] = Field([], description="Bits that must be 1, as powers of two.")
    one_of: list[float] = Field([], description="Codes of which one must be stored.")
    none_of: list[float] = Field([], description="Codes that must not be stored.")
    at_least: float | None = Field(None, description="Smallest value that passes, in the variable's own unit.")
    at_most: float | None = Field(None, description="Largest value that passes, in the variable's own unit.")
    missing: Literal["drop", "keep"] = Field(
        "drop", description="What to do with a pixel where the tested variable itself is missing."
    )
    unless: dict[str, Test] = Field(
        default_factory=dict,
        description="Role → test: a pixel that passes all of these passes, whatever the variable itself says.",
    )

    def roles(self) -> list[str]:
        """Roles of other variables that the test looks at."""
        return [name for role, test in self.unless.items() for name in (role, *test.roles())]

    @model_validator(mode="after")
    def _says_something(self) -> Test:
        if not (self.without or self.having or self.one_of or self.none_of) and (
            self.at_least is None and self.at_most is None
        ):
            raise ValueError("a test of quality needs one of without, having, one_of, none_of, at_least, at_most")
        if bad := [bit for bit in self.without + self.having if bit < 1 or bit & (bit - 1)]:
            raise ValueError(f"{bad} are not single bits: expected powers of two (bit 3 is 8)")
        return self


Rule = dict[str, Test | list[Test]]


class Error(Strict):
    """Random error of a product where its files hold none: √(constant² + (relative · value)²)."""

    constant: float = Field(0.0, ge=0, description="Part that does not depend on the value (unit of the product).")
    relative: float = Field(0.0, ge=0, description="Part that grows with the value (1).")


class Options(Strict):
    """What a single reader needs to know beyond the rest; each option names the readers that understand it."""

    overpasses: list[str] = Field(
        [],
        description="Fields of one file that are overpasses of their own; each replaces `{overpass}` in the names of "
        "the variables (readers smap, hdf5, hdf4).",
    )
    layer: int | None = Field(
        None,
        ge=0,
        description="Index along a dimension that is neither time, latitude nor longitude (readers cf, hdf5, hdf4), "
        "or the band counted from 1 (reader geotiff).",
    )
    west: Literal[-180, 0] = Field(
        -180, description="Longitude of the outer edge of column 0 where the file does not say (degrees east; hdf5)."
    )
    upside_down: bool = Field(False, description="Row 0 is the southernmost though the file does not say (hdf5).")
    level: float | None = Field(
        None, description="Level of the messages to read, where a file holds several: a depth, a pressure, … (grib)."
    )
    level_type: str = Field("", description="Kind of level, as GRIB names it: `depthBelowLandLayer` (grib).")
    reach: float = Field(
        12.5, gt=0, description="Farthest point whose value a cell may take, between centres (km; reader points)."
    )


READER_OPTIONS: dict[str, set[str]] = {
    "smap": {"overpasses"},
    "cf": {"layer"},
    "hdf5": {"overpasses", "layer", "west", "upside_down"},
    "hdf4": {"overpasses", "layer"},
    "geotiff": {"layer"},
    "points": {"reach"},
    "grib": {"level", "level_type"},
}
