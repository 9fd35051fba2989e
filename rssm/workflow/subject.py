"""What a method states of its data set, so that the same rules validate it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rssm.stations.depths import Depths
from rssm.validation.specs import Span


@dataclass(frozen=True)
class Subject:
    """A method's data set, as far as validation and report ask.

    files   year → its NetCDF file
    target  product that it learnt from
    learnt  spans of the target's steps that it learnt from
    spells  kind of group → label → spans of steps
    joints  label → first step after a change of round or sensor
    soil    layer of the toy Earth's soil that it tells of, counted from 0; None: the surface that sensors see
    networks  network, as the data set names it → products that it takes
    depths  of its soil, whose sensors it is held against; None: those that `validation.stations` names
    published  what tables of published scores call it; empty: all that they hold is shown
    said    sentences that tables of its scores begin with
    beneath  name of a table → the data set's deeper soil
    """

    files: dict[str, str]
    target: str
    learnt: tuple[Span, ...]
    spells: dict[str, dict[str, tuple[Span, ...]]]
    joints: dict[str, int]
    networks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    soil: int | None = None
    depths: Depths | None = None
    published: str = ""
    said: tuple[str, ...] = ()
    beneath: dict[str, Subject] = field(default_factory=dict)
