"""Does a carried state forget where it started, in every climate? `python -m bench.somo.starts` prints a table, writes starts.csv.

A strip from the equator to 72° N holds every Köppen class of the toy. Networks learn from all its stations; the forcing runs
through them from 2000 on and, once more, from 2001 on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.somo.experiment import START, apart, carried, ensembles, later
from bench.somo.skill import written
from bench.somo.world import GRID, make
from rssm.toy.noise import Patch

STRIP = Patch(72, 700, 288, 40, GRID)  # 0 to 72 N, 5 W to 5 E
SOON = 3  # the year after the later start from which on runs have to agree
NEAR = 0.003  # m³ m⁻³


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--members", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("results/skill/somo"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    world = make("paper", given.seed, STRIP)
    networks = ensembles(world, 3, given.members, lambda world, layer: world.targets[layer - 1])
    early = carried(world.sites, networks)
    late = carried(later(world.sites), networks)
    rows = list(apart([values[:, :, START:] for values in early], late, world.climate, "paper", given.seed))
    written(given.out / "starts_of_climates.csv", rows)
    print(
        "layer | climate | cells | mean of members, single, worst cell (10⁻³ m³ m⁻³): the most in any year from the third on"
    )
    for layer, climate in dict.fromkeys((row.layer, row.climate) for row in rows):
        own = [row for row in rows if (row.layer, row.climate) == (layer, climate) and row.year >= SOON]
        most = [max(getattr(row, name) for row in own) for name in ("mean", "single", "cell")]
        print(layer, climate, own[0].cells, *(f"{1000 * value:.2f}" for value in most), most[0] < NEAR, sep=" | ")


if __name__ == "__main__":
    main()
