"""What the rules of SoMo.ml's data set ask: what was learnt, and what stands behind a value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from rssm.calendar import STATIC
from rssm.config.somo import Tables
from rssm.product.specs import Cited
from rssm.somo.layers import DECLARED, DEPTHS, PREFIX
from rssm.workflow.cited import LAND_MASK
from rssm.workflow.somo.scope import STATICS, SomoScope
from rssm.workflow.tiled import Behind, Tiled, Words


class SomoDataSet(Tiled):
    """The answers for one scope."""

    scope: SomoScope
    declared = DECLARED
    estimates = "simulated/{year}/{tile}.nc"
    truths: ClassVar[Mapping[str, int | None]] = {f"{PREFIX}_layer{n}": n - 1 for n in range(1, len(DEPTHS) + 1)}

    @property
    def table(self) -> str:
        """How the names of the upper layer's files begin."""
        return self.tables[0]

    def learnt(self, wildcards: Any = None) -> list[str]:
        """Networks and calibration, and of every tile what does not change, and the last state before the run's own years."""
        return self.scope.networks + [path for tile in self.scope.tiles for path in self._of_tile(tile)]

    def _of_tile(self, tile: str) -> list[str]:
        folder = self.scope.learnt.results
        state = [self.scope.state_before(self.scope.years_now[0], tile)] if self.scope.parent else []
        return [f"{folder}/cubes/{STATICS}/{tile}.nc", f"{folder}/near/{tile}.nc", *state]

    def behind(self, tile: str, step: int, values: Words) -> Behind:
        """Forcing since the state began, and the stations that taught the networks."""
        scope = self.scope
        first, last = scope.calendar.label(scope.days[0]), scope.calendar.label(step)
        notes = [
            f"The memory of {scope.run.members} networks a layer was carried on day by day from {first} to {last}."
        ]
        forcing = scope.native_of(scope.run.forcing.dynamic)
        static = [name for name in scope.native_of(scope.run.forcing.static) if scope.map_step(name) == STATIC]
        inputs = {name: [step] for name in forcing} | {name: [0] for name in static}
        return Behind(notes, [*scope.networks, *self._of_tile(tile)], inputs)

    def about_pixel(self, tile: str, pixel: int) -> list[str]:
        """How far it is from cells that taught, and how unlike."""
        from rssm.somo.near import nearness  # here: no plan has need of it

        path = f"{self.scope.learnt.results}/near/{tile}.nc"
        if not Path(path).is_file():
            return [f"{path} is not kept, so how far the nearest cell that taught lies is unknown."]
        far, unlike = nearness(path, pixel)
        return [
            f"The nearest cell that taught lies {far:.0f} km away; the one that is most alike differs by {unlike:.2f} standard"
            " deviations of what does not change."
        ]

    @property
    def calibrated(self) -> str:
        run, scheme = self.scope.run, self.scope.run.calibration.scheme
        if scheme == "none":
            return "none: the spread between networks as it is"
        alike = "; one number a layer, for a fold had one network" if run.crossval.members == 1 else ""
        return f"held out: on cells and years that nothing was learnt from (cross-validation by {scheme}){alike}"

    @property
    def also_cited(self) -> dict[str, Cited]:
        """The land mask, where it is the one that is shipped."""
        return {"LAND-MASK": LAND_MASK} if self.scope.run.tables.land == Tables().land else {}
