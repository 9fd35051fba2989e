"""Where the boxes of a flow chart stand: stages one below the other, in each of them readers below what they read.

Arrows that pass rows have places there of their own, so that they pass beside boxes; those from one box share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from rssm.overview.specs import FlowSpec, Node

# part (a file of rules) → stage; another file is a stage of its own before the last
STAGES = {
    "given": "archive",
    "archive": "archive",
    "ingest": "maps",
    "cubes": "cubes",
    "networks": "networks",
    "crossval": "networks",
    "rounds": "rounds",
    "fusion": "fusion",
    "product": "data set",
    "calibrate": "data set",
    "skill": "validation",
    "validation": "validation",
    "figures": "validation",
    "analysis": "analysis",
    "analysis_figures": "analysis",
    "dry_down": "analysis",
    "contributions": "analysis",
    "overview": "report",
    "report": "report",
}
OF_RULES = {"kernels": "cubes"}  # compiled once before anything runs, which cubes wait for
WIDEST = 6  # boxes in a row
SWEEPS = 12
VIA = 0.25  # room that a passing arrow takes; a box takes 1
Edge = tuple[str, str]
Row = tuple[str, list[str]]  # stage, and what stands in the row: rules, and `RULE>ROW` of passing arrows


def stages(flow: FlowSpec) -> dict[str, list[str]]:
    """Stage → its rules, in the order of the chain."""

    def stage(node: Node) -> str:
        return OF_RULES.get(node.rule) or STAGES.get(node.part, node.part)

    *known, last = dict.fromkeys(STAGES.values())
    order = [*known, *(name for name in map(stage, flow.nodes) if name != last), last]
    found: dict[str, list[str]] = {name: [] for name in order}
    for node in flow.nodes:
        found[stage(node)].append(node.rule)
    return {name: rules for name, rules in found.items() if rules}


def reachable(edges: Iterable[Edge]) -> dict[str, set[str]]:
    """Rule → all that follow it, near or far."""
    after: dict[str, set[str]] = {}
    for a, b in edges:
        after.setdefault(a, set()).add(b)
    found: dict[str, set[str]] = {}
    for start in after:
        seen: set[str] = set()
        left = [*after[start]]
        while left:
            rule = left.pop()
            if rule not in seen:
                seen.add(rule)
                left += after.get(rule, ())
        found[start] = seen
    return found


def returning(flow: FlowSpec) -> list[Edge]:
    """Edges that close a circle back to an earlier stage: later rounds learn from what earlier ones made."""
    place = {rule: k for k, rules in enumerate(stages(flow).values()) for rule in rules}
    after = reachable(flow.edges)
    return [(a, b) for a, b in flow.edges if a in after.get(b, ()) and place[a] > place[b]]


def essential(edges: Sequence[Edge]) -> list[Edge]:
    """Edges without those that follow from others, of a graph without circles."""
    after = reachable(edges)
    nearest: dict[str, set[str]] = {}
    for a, b in edges:
        nearest.setdefault(a, set()).add(b)
    return [(a, b) for a, b in edges if not any(b in after.get(c, ()) for c in nearest[a] if c != b)]


def rows_of(flow: FlowSpec, edges: Sequence[Edge]) -> list[Row]:
    """All rows, top to bottom, of edges without circles; what stands in a row is ordered so that arrows are short."""
    rows: list[Row] = []
    for stage, rules in stages(flow).items():
        depth = _depths(rules, [(a, b) for a, b in edges if a in rules and b in rules])
        for level in sorted(set(depth.values())):
            own = [rule for rule in rules if depth[rule] == level]
            rows += [(stage, own[k : k + WIDEST]) for k in range(0, len(own), WIDEST)]
    at = {rule: k for k, (_, rules) in enumerate(rows) for rule in rules}
    for a, b in edges:
        for k in range(at[a] + 1, at[b]):
            if via(a, k) not in rows[k][1]:
                rows[k][1].append(via(a, k))
    return _ordered(rows, edges)


def via(rule: str, row: int) -> str:
    """Place in a row of arrows that come from a rule."""
    return f"{rule}>{row}"


def way(edge: Edge, row: Mapping[str, int]) -> list[str]:
    """All places that an arrow passes, its ends included."""
    return [edge[0], *(via(edge[0], k) for k in range(row[edge[0]] + 1, row[edge[1]])), edge[1]]


def _depths(rules: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Length of the longest way to each rule within its stage."""
    depth = dict.fromkeys(rules, 0)
    for _ in rules:  # as many times as a way may be long
        for a, b in edges:
            depth[b] = max(depth[b], depth[a] + 1)
    return depth


def places(rows: Sequence[Row], edges: Sequence[Edge]) -> dict[str, tuple[float, int]]:
    """Rule or passing arrow → middle (in widths of a box, 0 the middle of the sheet) and row, so that arrows are straight."""
    where = _packed(rows)
    beside = _beside(edges, where)
    for sweep in range(2 * SWEEPS):
        for at in range(len(rows)) if sweep % 2 == 0 else reversed(range(len(rows))):
            items = rows[at][1]
            middles = _apart(items, [_middle(item, beside.get(item, ()), where) for item in items])
            where |= {item: (middle, at) for item, middle in zip(items, middles, strict=True)}
    ends = [middle for middle, _ in where.values()]
    shift = (min(ends) + max(ends)) / 2
    return {item: (middle - shift, at) for item, (middle, at) in where.items()}


def _apart(items: Sequence[str], wanted: Sequence[float]) -> list[float]:
    """Places near those that are wanted, in the same order, far enough from each other."""
    gaps = [(_width(a) + _width(b)) / 2 for a, b in pairwise(items)]
    right, left = list(wanted), list(wanted)
    for k, gap in enumerate(gaps, 1):
        right[k] = max(wanted[k], right[k - 1] + gap)
    for k, gap in reversed(list(enumerate(gaps))):
        left[k] = min(wanted[k], left[k + 1] - gap)
    return [(a + b) / 2 for a, b in zip(left, right, strict=True)]


def _width(item: str) -> float:
    return VIA if ">" in item else 1.0


def _packed(rows: Sequence[Row]) -> dict[str, tuple[float, int]]:
    """The same with rows centred and without gaps."""
    found = {}
    for at, (_, items) in enumerate(rows):
        left = -sum(map(_width, items)) / 2
        for item in items:
            found[item] = left + _width(item) / 2, at
            left += _width(item)
    return found


def _beside(edges: Sequence[Edge], where: Mapping[str, tuple[float, int]]) -> dict[str, list[str]]:
    """What arrows connect each rule and passing arrow with, in the rows above and below."""
    row = {item: at for item, (_, at) in where.items()}
    beside: dict[str, list[str]] = {}
    for a, b in sorted({step for edge in edges for step in pairwise(way(edge, row))}):
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    return beside


def _ordered(rows: list[Row], edges: Sequence[Edge]) -> list[Row]:
    """Rows sorted by where their neighbours stand, several times down and up."""
    beside = _beside(edges, _packed(rows))
    for sweep in range(SWEEPS):
        for at in range(len(rows)) if sweep % 2 == 0 else reversed(range(len(rows))):
            where = _packed(rows)
            middle = {item: _middle(item, beside.get(item, ()), where) for item in rows[at][1]}
            rows[at] = rows[at][0], sorted(rows[at][1], key=middle.__getitem__)
    return rows


def _middle(item: str, near: Sequence[str], where: Mapping[str, tuple[float, int]]) -> float:
    """Mean of where the neighbours stand."""
    return sum(where[other][0] for other in near) / len(near) if near else where[item][0]


def bands(rows: Sequence[Row]) -> list[tuple[str, int, int]]:
    """(stage, first row, last row) of every stage."""
    starts = [0, *(k + 1 for k, (a, b) in enumerate(pairwise(rows)) if a[0] != b[0]), len(rows)]
    return [(rows[first][0], first, last - 1) for first, last in pairwise(starts)]
