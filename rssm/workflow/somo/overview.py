"""What the overviews ask of SoMo.ml: forcing along time, and the graph of rules."""

from __future__ import annotations

from rssm.overview.specs import Shown, Simulated, TimelineSpec
from rssm.spec import canonical
from rssm.workflow.overview import FlowCharting, ends
from rssm.workflow.somo.scope import SomoScope


class Overview(FlowCharting):
    """The answers for one workflow."""

    scope: SomoScope

    def timeline_spec(self, wildcards: object = None) -> str:
        """Forcing, from the day on which the state starts, and the layers that are simulated."""
        scope = self.scope
        days = ends(scope.days)
        natives = [name for name in scope.native_products if scope.catalogue[name].maps == scope.calendar.id]
        shown = tuple(Shown(name, "predictor", days) for name in natives)
        layers = tuple(Simulated(f"layer{n}", f"layer{n}", days, scope.run.members, {}) for n in (1, 2, 3))
        return canonical(TimelineSpec(scope.calendar.id, days, shown, layers))
