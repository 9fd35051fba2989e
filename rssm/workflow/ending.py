"""What a person is shown at the end of a run beside what its tables hold: where everything lies; for any method."""

from __future__ import annotations

from collections.abc import Mapping

from rssm.workflow.scope import Scope


class Ending:
    """The answers for one scope of any method; a method's own says more."""

    maps_made = frozenset({"all", "product"})  # targets that make all maps of which the data set is made

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def places(self) -> dict[str, dict[str, str]]:
        """Target → what it makes → where."""
        paths = self.scope.paths
        data_set, report = {"Data set": f"{paths.product}/"}, {"Report": f"{paths.results}/report.html"}
        return {
            "all": report | data_set,
            "maps": {"Maps": f"{paths.results}/maps/"},
            "product": data_set,
            "validation": {"Validation": f"{paths.results}/validation/"},
            "overview": {"Timeline and flow chart": f"{paths.results}/analysis/figures/"},
            "analysis": {"Analysis": f"{paths.results}/analysis/"},
            "report": report,
            "skill": {"Skill against the toy Earth's truth": f"{paths.report}/skill.csv"},
        }

    def learnt_zones(self) -> Mapping[str, int]:
        """What was learnt in zones (`round 1`) → number of zones in which it was, as far as a table says so."""
        return {}

    def rounds(self) -> Mapping[str, str]:
        """Round by what may name it: a round, a part of one, a network."""
        return {}
