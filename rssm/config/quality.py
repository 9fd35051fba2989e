"""Rules of quality: which pixels of a product are kept, by what other variables of its files say."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


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
