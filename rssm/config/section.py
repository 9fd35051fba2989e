"""A part of the configuration."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Unknown keys are mistakes, and nobody changes a configuration once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)
