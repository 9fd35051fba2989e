"""What validation and report ask of SoMo.ml: its three layers, and the page of what networks say where nothing was learnt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from rssm.somo.layers import DECLARED, DEPTHS, PUBLISHED
from rssm.workflow.somo.data_set import SomoDataSet
from rssm.workflow.subject import Subject
from rssm.workflow.validation import Validating

LAYERS = tuple(f"layer{number}" for number in range(1, len(DEPTHS) + 1))
TAUGHT = (
    "Most of these stations taught the networks, and so did the forcing model that targets are scaled to: crossval.md tells what"
    " networks are worth where nothing was learnt."
)


def subject(data_set: SomoDataSet) -> Subject:
    """The upper layer of a run's data set, and those beneath, with the earlier years of the edition that it extends, if any."""
    upper, *lower = (_layer(data_set, number) for number in range(1, len(LAYERS) + 1))
    return replace(upper, beneath={f"{name}/": layer for name, layer in zip(LAYERS[1:], lower, strict=True)})


def _layer(data_set: SomoDataSet, number: int) -> Subject:
    """A layer, counted from 1."""
    forcing = data_set.scope.run.forcing
    networks = {layer: (*forcing.dynamic, *LAYERS[:at]) for at, layer in enumerate(LAYERS)}
    return Subject(
        data_set.files(data_set.tables[number - 1]),
        "",
        (),
        {},
        {},
        networks,
        soil=number - 1,
        depths=data_set.scope.depths(number),
        published=PUBLISHED[number - 1],
        said=(TAUGHT,),
    )


class SomoValidating(Validating):
    """The answers for one scope."""

    named: ClassVar[Mapping[str, str]] = {
        f"{layer}/" if at else "": DECLARED.tables[at].prefix for at, layer in enumerate(LAYERS)
    }

    def wanted(self, wildcards: Any) -> list[str]:
        """As of any method, and what cross-validation says of all layers."""
        pages = [] if self.scope.learnt != self.scope.paths else [f"{self.folder}/crossval.md"]  # type: ignore[attr-defined]
        return [*super().wanted(wildcards), *pages]
