"""What a person is shown of a run of the method beside jobs: which round a name belongs to, what came out, and where it lies."""

from __future__ import annotations

from collections.abc import Collection

from rssm.product.values.land_share import share_text
from rssm.workflow.rsssm.scope import RsssmScope

OF_MAPS = {"all", "maps", "product"}  # targets that make all maps


class Ending:
    """The answers for one scope."""

    def __init__(self, scope: RsssmScope) -> None:
        self.scope = scope

    def summary(self, targets: Collection[str]) -> str:
        """What share of land × steps has values, where all maps were asked for."""
        return share_text(self.scope.paths, self.scope.calendar) if OF_MAPS & set(targets) else ""

    def places(self) -> dict[str, dict[str, str]]:
        """Target → what it makes → where."""
        paths = self.scope.paths
        data_set = {"Data set": f"{paths.product}/"}
        report = {"Report": f"{paths.results}/report.html"}
        validation = {"Validation": f"{paths.results}/validation/"}
        rounds = {f"round{r}": {f"Round {r}": f"{paths.results}/maps/SIM-{r}/"} for r in self.scope.plan.rounds}
        return rounds | {
            "all": report | data_set,
            "product": data_set,
            "validation": validation,
            "overview": {"Timeline and flow chart": f"{paths.results}/analysis/figures/"},
            "analysis": {"Analysis": f"{paths.results}/analysis/"},
            "report": report,
            "maps": {"Maps": f"{paths.results}/maps/{self.scope.estimate}-*/"},
            "rounds_report": {"Rounds": f"{paths.report}/rounds.tsv"},
            "lai_joint": {"Joints between sources of LAI": f"{paths.report}/joint_*.tsv"},
            "crossval": {"Skill of networks": f"{paths.results}/crossval/"},
            "skill": {"Skill against the toy Earth's truth": f"{paths.report}/skill.csv"},
        }

    def rounds(self) -> dict[str, str]:
        """Round by the names of rounds, substeps and networks."""
        found = {round_: round_ for round_ in self.scope.plan.rounds}
        for round_ in self.scope.plan.rounds:
            for substep in self.scope.plan.substeps_of(round_):
                found[substep.name] = round_
                found |= {network.name: round_ for network in self.scope.networks_of(substep.name)}
        return found
