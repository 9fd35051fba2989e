"""What the rules of CASM's data set ask: what was learnt, and what stands behind a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rssm.casm.layers import DECLARED
from rssm.casm.specs import HELD_OUT
from rssm.config.casm import Tables
from rssm.product.specs import Cited
from rssm.workflow.casm.scope import LEARNT_FROM, SMAP, CasmScope
from rssm.workflow.cited import LAND_MASK
from rssm.workflow.tiled import Behind, Tiled, Words

BRANCHES = {"smos": ("smos",), "amsr_e": ("amsre",), "both": ("smos", "amsre")}  # word of layer `branch` → branches


class CasmDataSet(Tiled):
    """The answers for one scope."""

    scope: CasmScope
    declared = DECLARED
    estimates = "merged/{tile}.nc"
    truths: ClassVar[Mapping[str, int | None]] = {DECLARED.tables[0].prefix: None}

    @property
    def table(self) -> str:
        """How the names of its files begin."""
        return self.tables[0]

    def learnt(self, wildcards: Any = None) -> list[str]:
        """Networks, cycles and calibrations of the branches that estimate what the run makes."""
        return self._learnt(self.scope.branches_now, list(self.scope.tiles))

    def _learnt(self, branches: Sequence[str], tiles: Sequence[str]) -> list[str]:
        folder, members = self.scope.learnt.results, range(1, self.scope.run.training.members + 1)
        sensors = [SMAP, *(LEARNT_FROM[branch] for branch in branches)]
        return [
            *(f"{folder}/networks/{branch}/{member}.nc" for branch in branches for member in members),
            *(f"{folder}/calibration/{branch}.tsv" for branch in branches),
            *(f"{folder}/cycles/{sensor}/{tile}.nc" for sensor in sensors for tile in tiles),
        ]

    def behind(self, tile: str, step: int, values: Words) -> Behind:
        """Channels of the branches that saw the pixel, and what their networks learnt from."""
        branches = BRANCHES.get(str(values.get("branch")), ())
        if not branches:
            return Behind(("No branch has a value here: flags say why.",))
        scope = self.scope
        inputs = {name: [step] for branch in branches for name in scope.channels(LEARNT_FROM[branch])}
        learnt = {scope.run.target: list(scope.lesson("smos"))}
        notes = [_note(branch) for branch in branches]
        return Behind(notes, self._learnt(branches, [tile]), inputs, learnt)

    @property
    def calibrated(self) -> str:
        """How the uncertainty is calibrated, and after a colon on what."""
        return f"held out: on {HELD_OUT[self.scope.run.held_out.kind]} that no network learnt from"

    @property
    def also_cited(self) -> dict[str, Cited]:
        """The land mask, where it is the one that is shipped."""
        return {"LAND-MASK": LAND_MASK} if self.scope.run.tables.land == Tables().land else {}


def _note(branch: str) -> str:
    """How a branch came to its value."""
    if branch == "smos":
        return "Branch SMOS: its networks learnt departures of the target from those of SMOS."
    return "Branch AMSR-E: its networks begin with those of AMSR2, which learnt the target, and learnt what the SMOS branch estimates."
