"""What a person is shown of a run of the method beside jobs: which round a name belongs to, and where everything lies."""

from __future__ import annotations

from pathlib import Path

from rssm.tsv import read_tsv
from rssm.workflow.ending import Ending
from rssm.workflow.rsssm.scope import RsssmScope


class RsssmEnding(Ending):
    """The answers for one scope."""

    maps_made = frozenset({"all", "maps", "product"})
    scope: RsssmScope

    def places(self) -> dict[str, dict[str, str]]:
        paths = self.scope.paths
        rounds = {f"round{r}": {f"Round {r}": f"{paths.results}/maps/SIM-{r}/"} for r in self.scope.plan.rounds}
        return (
            rounds
            | super().places()
            | {
                "maps": {"Maps": f"{paths.results}/maps/{self.scope.estimate}-*/"},
                "rounds_report": {"Rounds": f"{paths.report}/rounds.tsv"},
                "lai_joint": {"Joints between sources of LAI": f"{paths.report}/joint_*.tsv"},
                "crossval": {"Skill of networks": f"{paths.results}/crossval/"},
            }
        )

    def learnt_zones(self) -> dict[str, int]:
        table = Path(self.scope.paths.report) / "rounds.tsv"
        rows = [row for _, row in read_tsv(table)] if table.is_file() else []
        return {f"round {row['name']}": int(row["zones"]) for row in rows if row["level"] == "round"}

    def rounds(self) -> dict[str, str]:
        found = {round_: round_ for round_ in self.scope.plan.rounds}
        for round_ in self.scope.plan.rounds:
            for substep in self.scope.plan.substeps_of(round_):
                found[substep.name] = round_
                found |= {network.name: round_ for network in self.scope.networks_of(substep.name)}
        return found
