"""What validation and report ask of SoMo.ml: its data set, and the page of what networks say where nothing was learnt."""

from __future__ import annotations

from typing import Any

from rssm.workflow.somo.data_set import SomoDataSet
from rssm.workflow.subject import Subject
from rssm.workflow.validation import Validating

LAYERS = ("layer1", "layer2", "layer3")


def subject(data_set: SomoDataSet) -> Subject:
    """The upper layer of a run's data set, with the earlier years of the edition that it extends, if any."""
    forcing = data_set.scope.run.forcing
    networks = {layer: (*forcing.dynamic, *LAYERS[:at]) for at, layer in enumerate(LAYERS)}
    return Subject(data_set.files(data_set.table), "", (), {}, {}, networks, soil=0)


class SomoValidating(Validating):
    """The answers for one scope."""

    def wanted(self, wildcards: Any) -> list[str]:
        """As of any method, and what cross-validation says of all layers."""
        pages = [] if self.scope.learnt != self.scope.paths else [f"{self.folder}/crossval.md"]  # type: ignore[attr-defined]
        return [*super().wanted(wildcards), *pages]
