"""What verbs print with `--json`: one model a verb, with the numbers of its table, typed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """An answer, or a row of one; a number that is missing is null."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def emit(answer: Answer) -> None:
    """Print an answer as JSON."""
    print(answer.model_dump_json(indent=1))
