"""The scope of a method whose data set is made of estimates of tiles: which edition it extends, and what it makes itself."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from rssm.config.common import CommonRun
from rssm.config.tiled import TiledDataSet
from rssm.paths import Paths
from rssm.product.records.release import Parent
from rssm.workflow.scope import REPOSITORY, Scope

FREE = {"profile", "period", "tables", "inputs", "keep", "validation", "analysis"}  # that an extension may change


class TiledScope(Scope):
    """Its configuration has a section `product`."""

    def __init__(self, run: CommonRun, root: Path = REPOSITORY, beside: Path = Path()) -> None:
        super().__init__(run, root, beside)
        release = self.settings.release
        self.parent = Parent.at(release.extends, self.paths) if release.extends else None
        if self.parent:
            self.parent.check_settings(self.settings_kept())

    @property
    def settings(self) -> TiledDataSet:
        """Of the data set."""
        found: TiledDataSet = self.run.product  # type: ignore[attr-defined]
        return found

    @property
    def learnt(self) -> Paths:
        """Where what was learnt lies: in an extension, in the folder of the edition that it extends."""
        return self.parent.paths if self.parent else self.paths

    @cached_property
    def made(self) -> range:
        """Steps that the run makes: those of its period, of an extension the later ones."""
        return self.parent.later(self.run.steps) if self.parent else self.run.steps

    def settings_kept(self) -> dict[str, Any]:
        """Settings that decide values or what is learnt: an extension of the data set keeps them."""
        run = self.run.model_dump(mode="json", exclude={*FREE, "product", "toy"})
        product = self.settings.model_dump(mode="json", include={"layers", "climatology"})
        return run | {"product": product, "toy": self.run.toy is not None}
