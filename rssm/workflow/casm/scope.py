"""The scope of a CASM run: sensors, the branches that lead from them to soil moisture, and the steps that each needs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from rssm.config.casm import Casm
from rssm.errors import suggestion
from rssm.workflow.scope import locate, product_span
from rssm.workflow.tiled_scope import TiledScope

PUBLISHED = "config/casm/published.tsv"
SMAP, SMOS, AMSR_E, AMSR2 = "SMAP", "SMOS", "AMSR-E", "AMSR2"
# branch → radiometer whose brightness its networks are given
LEARNT_FROM = {"smos": SMOS, "amsr2": AMSR2, "amsre": AMSR_E}


class CasmScope(TiledScope):
    """What one configuration covers."""

    run: Casm

    # -- sensors ---------------------------------------------------------------------------------------------------------

    def channels(self, sensor: str) -> list[str]:
        """Variables of a sensor, in the order in which networks are given them."""
        wanted = self.run.channels
        if sensor == SMAP:
            return [self.run.target]
        if sensor == SMOS:
            return [f"SMOS-TB-{polarisation}" for polarisation in wanted.smos]
        return [f"{sensor}-TB-{ghz}{polarisation}" for ghz in wanted.frequencies for polarisation in wanted.amsr]

    def seen(self, sensor: str) -> range:
        """Steps in which all channels of a sensor are used: of open spans those up to the period's last."""
        spans = [self.span(channel) for channel in self.channels(sensor)]
        return range(max(span.start for span in spans), min(span.stop for span in spans))

    def span(self, product: str) -> range:
        own = product_span(self.catalogue[product], self.run, self.run.period.last)
        return range(own.start, min(own.stop, self.run.steps.stop)) if own else own

    # -- branches --------------------------------------------------------------------------------------------------------

    @cached_property
    def branches(self) -> tuple[str, ...]:
        """Branches that estimate: SMOS always, AMSR-E where the period holds steps of it."""
        early = set(self.seen(AMSR_E)) & set(self.run.steps)
        return ("smos", "amsre") if early else ("smos",)

    @cached_property
    def trained(self) -> tuple[str, ...]:
        """Branches whose networks are trained: AMSR-E begins with those of AMSR2."""
        return ("smos", "amsr2", "amsre") if "amsre" in self.branches else ("smos",)

    def lesson(self, branch: str) -> range:
        """Steps in which a branch has both its inputs and what it learns from; an extension learns from none of its own."""
        both = _both(self.seen(LEARNT_FROM[branch]), self.seen(SMOS if branch == "amsre" else SMAP))
        return range(both.start, min(both.stop, self.parent.dekads.stop)) if self.parent else both

    @cached_property
    def branches_now(self) -> tuple[str, ...]:
        """Branches that estimate steps which the run makes."""
        return tuple(b for b in self.branches if set(self.made) & set(self.seen(LEARNT_FROM[b])))

    def estimated(self, branch: str) -> range:
        """Steps that a branch estimates: those that the run makes, and of SMOS those that AMSR-E learns from."""
        seen = self.seen(LEARNT_FROM[branch])
        made = _both(seen, self.made)
        if branch != "smos" or self.parent or "amsre" not in self.branches:
            return made
        learnt = self.lesson("amsre")
        return range(min(made.start, learnt.start), max(made.stop, learnt.stop)) if made else learnt

    @cached_property
    def sensors(self) -> tuple[str, ...]:
        """Sensors that the branches need."""
        return (SMAP, *(LEARNT_FROM[branch] for branch in self.trained))

    # -- records -----------------------------------------------------------------------------------------------------------

    @cached_property
    def records(self) -> dict[str, tuple[str, range]]:
        """Record that cycles are fitted on → its sensor and steps: a sensor's whole one, and where asked what SMAP teaches of it.

        What AMSR-E learns is no overlap with the target: its cycles are those of its whole record, as published.
        """
        taught = {self.record_of(branch): (LEARNT_FROM[branch], self.lesson(branch)) for branch in self.trained}
        return taught | {sensor: (sensor, self.seen(sensor)) for sensor in self.sensors}

    def record_of(self, branch: str) -> str:
        """Record from whose cycles the rows depart that a branch learns from."""
        sensor = LEARNT_FROM[branch]
        return sensor if branch == "amsre" or self.run.cycle.record == "whole" else f"{sensor}-overlap"

    @cached_property
    def cubes(self) -> dict[str, dict[str, set[int]]]:
        """A cube for each sensor, with all its channels: its whole record, of an extension the later steps."""
        if self.parent:
            needed = {LEARNT_FROM[branch]: self.estimated(branch) for branch in self.branches_now}
        else:
            needed = {sensor: self.seen(sensor) for sensor in self.sensors}
        return {sensor: {name: set(steps) for name in self.channels(sensor)} for sensor, steps in needed.items()}

    def cubed(self, cube: str) -> list[str]:
        return self.channels(cube) if cube in (SMAP, SMOS, AMSR_E, AMSR2) else [cube]

    @property
    def given(self) -> dict[str, str]:
        """Land mask, and what the authors say of their data set."""
        return super().given | {"published.tsv": str(locate(PUBLISHED, self.root))}

    # -- mistakes --------------------------------------------------------------------------------------------------------

    def contradictions(self) -> Iterator[str]:
        lacking = list(self._lacking())
        yield from lacking
        if lacking:
            return
        yield from super().contradictions()
        yield from self._spans()

    def _lacking(self) -> Iterator[str]:
        """Products that the settings ask for and the catalogue does not have, or has as something else."""
        table = self.run.tables.products
        asked = {"target": [self.run.target], "channels.smos": self.channels(SMOS)}
        asked["channels.amsr"] = [*self.channels(AMSR_E), *self.channels(AMSR2)]
        for setting, names in asked.items():
            kind = "soil_moisture" if setting == "target" else "brightness_temperature"
            for name in names:
                if name not in self.catalogue:
                    near = suggestion(name, self.catalogue)
                    yield f"{setting}: needs {name}, which is not in the catalogue ({table}). {near}"
                elif self.catalogue[name].kind != kind:
                    yield f"{setting}: {name} is {self.catalogue[name].kind} ({table}), expected {kind}."
                elif self.catalogue[name].maps != self.calendar.id:
                    maps = self.catalogue[name].maps
                    yield f"{setting}: {name} has maps of a {maps} each ({table}), expected {self.calendar.id}. Set maps in its entry."

    def _spans(self) -> Iterator[str]:
        """Branches that have nothing to learn from, and periods that none of them covers."""
        if not set(self.seen(SMOS)) & set(self.run.steps) and "amsre" not in self.branches:
            yield (
                f"period: neither SMOS nor AMSR-E has a step from {self.run.period.first} to {self.run.period.last}, by the spans"
                f" in {self.run.tables.products}. Choose another period, or correct the spans."
            )
        whose = {"smos": (SMOS, SMAP), "amsr2": (AMSR2, SMAP), "amsre": (AMSR_E, SMOS)}
        for branch in self.trained:
            if not self.lesson(branch):
                one, other = whose[branch]
                yield (
                    f"period.last: up to {self.run.period.last} {one} and {other} have no step in common, so networks cannot learn from"
                    f" them. End the period later, or correct their spans in {self.run.tables.products}."
                )


def _both(one: range, other: range) -> range:
    return range(max(one.start, other.start), max(max(one.start, other.start), min(one.stop, other.stop)))
