"""What a person is shown at the end of a run of the method."""

from __future__ import annotations

from collections.abc import Collection

from rssm.workflow.somo.scope import SomoScope


class Ending:
    """The answers for one scope."""

    def __init__(self, scope: SomoScope) -> None:
        self.scope = scope

    def summary(self, targets: Collection[str]) -> str:
        return ""

    def places(self) -> dict[str, dict[str, str]]:
        """Target → what it makes → where."""
        results = self.scope.paths.results
        return {
            "all": {"Estimates": f"{results}/simulated/"},
            "simulated": {"Estimates": f"{results}/simulated/"},
            "networks": {"Networks": f"{results}/networks/"},
            "crossval": {"Skill of networks": f"{results}/crossval/"},
        }
