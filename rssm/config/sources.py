"""Where a product is got, for people: nothing of it decides a value."""

from __future__ import annotations

from pydantic import Field

from rssm.config.reading import Strict


class Get(Strict):
    """Where a product is got."""

    portal: str = Field(description="Who gives it out, and where.")
    collections: list[str] = Field(min_length=1, description="What it is called there.")
    login: str = Field(description="Account that is needed.")
    megabytes: float | None = Field(None, gt=0, description="Rough size of a file; empty: not known here.")
    tick: str = Field("", description="What to choose there.")
    unsure: str = Field("", description="What of this was not seen, or may have changed.")
