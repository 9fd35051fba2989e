"""What the two figures are asked."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]  # first and last step, both included


@dataclass(frozen=True)
class Shown:
    """A product and the steps in which it is used; `role`: `target`, `predictor` or `factor`."""

    name: str
    role: str
    span: Span


@dataclass(frozen=True)
class Simulated:
    """A substep: what it simulates, how many networks it has, and target → steps from which they learn."""

    name: str
    round: str
    span: Span
    networks: int
    learnt: dict[str, tuple[Span, ...]]


@dataclass(frozen=True)
class TimelineSpec:
    """Products, and substeps in the order of the plan."""

    calendar_id: str
    period: Span
    products: tuple[Shown, ...]
    substeps: tuple[Simulated, ...]


@dataclass(frozen=True)
class Node:
    """A rule, and the file of rules in which it stands."""

    rule: str
    part: str


@dataclass(frozen=True)
class FlowSpec:
    """Rules, and pairs of them of which the second reads what the first makes."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]
