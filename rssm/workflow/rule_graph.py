"""Which rule reads what which rule makes, asked of the rules themselves: from the targets back, one job for each kind of file.

Snakemake's objects are handed in, so that nothing here imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, Protocol

from rssm.overview.specs import FlowSpec, Node

ALIKE = re.compile(
    r"(?<!\d)\d{4}(?!\d)|[NS]\d{2}[EW]\d{3}"
)  # years and tiles: what differs by them alone is made alike


class Rule(Protocol):
    """What is asked of a rule."""

    name: str
    snakefile: str
    output: Any

    def is_producer(self, path: str) -> bool: ...
    def get_wildcards(self, path: str) -> dict[str, str]: ...
    def expand_input(self, wildcards: dict[str, str]) -> tuple[Any, ...]: ...


def rule_graph(rules: Iterable[Rule]) -> FlowSpec:
    """The graph of all rules that some target needs; targets, which make nothing, are left out.

    Of files that differ by years and tiles alone one is followed.
    """
    known = list(rules)
    makers = [rule for rule in known if rule.output]
    wanted = [("", str(path)) for rule in known if not rule.output for path in rule.expand_input({})[0]]
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str], None] = {}
    maker_of: dict[str, Rule | None] = {}
    while wanted:
        reader, path = wanted.pop()
        kind = ALIKE.sub("#", path)
        if kind not in maker_of:
            maker = next((rule for rule in makers if rule.is_producer(path)), None)
            maker_of[kind] = maker
            if maker:
                nodes[maker.name] = Node(maker.name, PurePosixPath(str(maker.snakefile)).stem)
                inputs = maker.expand_input(maker.get_wildcards(path))[0]
                wanted += [(maker.name, str(one)) for one in inputs]
        found = maker_of[kind]
        if found and reader:
            edges[reader, found.name] = None
    order = [rule.name for rule in known if rule.name in nodes]
    pairs = sorted((order.index(made), order.index(reader)) for reader, made in edges)
    return FlowSpec(tuple(nodes[name] for name in order), tuple((order[a], order[b]) for a, b in pairs))
