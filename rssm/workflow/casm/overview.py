"""What the overviews ask of CASM: sensors and branches along time, and the graph of rules."""

from __future__ import annotations

from rssm.overview.specs import Shown, Simulated, TimelineSpec
from rssm.spec import canonical
from rssm.workflow.casm.scope import AMSR2, LEARNT_FROM, SMAP, SMOS, CasmScope
from rssm.workflow.overview import FlowCharting, ends


class Overview(FlowCharting):
    """The answers for one workflow."""

    scope: CasmScope

    def timeline_spec(self, wildcards: object = None) -> str:
        """The target and one channel of each radiometer; what every branch estimates, and what it learns from."""
        scope = self.scope
        shown = [
            Shown(scope.channels(sensor)[0], "target" if sensor == SMAP else "predictor", ends(scope.seen(sensor)))
            for sensor in scope.sensors
        ]
        names = {"smos": SMOS, "amsre": "AMSR-E"}
        taught = {"smos": scope.run.target, "amsre": f"branch {SMOS}, with networks of {AMSR2}"}
        estimated = [
            Simulated(
                names[branch],
                names[branch],
                ends(scope.seen(LEARNT_FROM[branch])),
                scope.run.training.members,
                {taught[branch]: (ends(scope.lesson(branch)),)},
            )
            for branch in scope.branches
        ]
        return canonical(TimelineSpec(scope.calendar.id, ends(scope.run.steps), tuple(shown), tuple(estimated)))
