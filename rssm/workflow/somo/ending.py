"""Where a person finds what a SoMo.ml run made, beside what any method makes."""

from __future__ import annotations

from rssm.workflow import ending


class Ending(ending.Ending):
    """The answers for one scope."""

    def places(self) -> dict[str, dict[str, str]]:
        return super().places() | {"crossval": {"Skill of networks": f"{self.scope.paths.results}/crossval/"}}
