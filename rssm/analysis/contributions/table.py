"""The job of the tables: means over zones of what inputs contribute, by network; a zone weighs by its points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from rssm.analysis.contributions.page import page
from rssm.analysis.contributions.rows import FACTOR, LEAVES, PRODUCT, Row, write_rows
from rssm.analysis.contributions.specs import ContributionsSpec, Probed
from rssm.analysis.quantiles import quantiles
from rssm.files import atomic
from rssm.rounds.contribute import COLUMNS
from rssm.tsv import read_tsv

Zones = list[tuple[float, float, float]]  # points, share and growth of each zone


def contribution_table(tiles: Sequence[str], spec: ContributionsSpec, out: Sequence[str]) -> None:
    """Write the table and the page of all tiles."""
    found: dict[str, dict[str, Zones]] = defaultdict(lambda: defaultdict(list))
    for path in tiles:
        for _, row in read_tsv(path, COLUMNS):
            if row["share"] != "nan":
                zone = float(row["points"]), float(row["share"]), float(row["growth"])
                found[row["network"]][row["input"]].append(zone)
    rows = [row for network in spec.networks for row in _of_network(network, found[network.name], spec)]
    write_rows(out[0], rows)
    with atomic(out[1]) as beside:
        beside.write_text(page(rows, spec), encoding="utf-8")


def _of_network(network: Probed, inputs: dict[str, Zones], spec: ContributionsSpec) -> Iterator[Row]:
    """Rows in the order of the inputs, products first; none where no zone could be tested."""
    for name, zones in inputs.items():
        points, share, growth = np.array(zones).T
        low, high = quantiles(share, points, (0.25, 0.75))
        yield Row(
            network.name,
            network.substep,
            network.rank,
            LEAVES if name in spec.leaves else name,
            PRODUCT if name in network.products else FACTOR,
            float(share @ points / points.sum()),
            low,
            high,
            float(growth @ points / points.sum()),
            int(points.sum()),
            points.size,
        )
