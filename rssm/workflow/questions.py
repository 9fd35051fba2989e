"""What makes tens of thousands of questions of the Snakefile cheap: stated signatures and answers that are kept."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

Answer = Callable[[Any, Any], Any]
SIGNATURE = signature(lambda self, wildcards: None)


def asked(answer: Answer) -> Answer:
    """State the signature of what tens of thousands of jobs ask: Snakemake looks for it each time, which takes longer."""
    answer.__signature__ = SIGNATURE  # type: ignore[attr-defined]
    return answer


def once_per(wildcard: str) -> Callable[[Answer], Answer]:
    """Answer once for each value of a wildcard: the same is asked in hundreds of tiles. Kept in `answers` of the object."""

    def keep(answer: Answer) -> Answer:
        @asked
        def kept(self: Any, wildcards: Any) -> Any:
            about = answer.__name__, getattr(wildcards, wildcard)
            if about not in self.answers:
                self.answers[about] = answer(self, wildcards)
            return self.answers[about]

        kept.__doc__ = answer.__doc__
        return kept

    return keep
