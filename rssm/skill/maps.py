"""Skill of a finished run on a toy Earth: its maps, and its rivals that need no training, against the truth.

`rssm skill` does the same in one process, with more rivals, worlds and seeds; this is what went through the files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.config.toy import Toy
from rssm.config.training import Split
from rssm.cubes.cube import Cube
from rssm.cubes.place import tile_pixels, window_index
from rssm.grid import GRID, Region
from rssm.product.sources import Maps
from rssm.skill.experiment import Row, Series
from rssm.skill.rivals import cdf_tc, climatology, roles
from rssm.skill.run import write_csv
from rssm.skill.scores import score
from rssm.toy.composites import true_moisture


def skill(
    simulated: Sequence[str], products: Sequence[str], land: Sequence[str], spec: dict[str, Any], out: Sequence[str]
) -> None:
    """Write the table: world, seed, period, method and scores.

    simulated  indices of SIM-n of all rounds; products: those of the soil-moisture products
    spec       toy (settings), region, steps [first, last], target, algorithms (of products), periods (name →
               [first, last] of the dekads scored), split, seed
    """
    toy, region = Toy.model_validate(spec["toy"]), Region(*spec["region"])
    steps = np.arange(spec["steps"][0], spec["steps"][1] + 1)
    pixel, zones, zone_start = tile_pixels(region.zones(), land[0], GRID)
    window = GRID.window(region)
    _, position = window_index(pixel, window, GRID)

    def cube(name: str, fields: Sequence[NDArray[np.float32]]) -> Cube:
        values = np.stack([field.ravel()[position] for field in fields], axis=1)
        return Cube(name, "m3 m-3", values, pixel, zones, zone_start, steps.astype(np.int32), DEKADS.id, GRID.id)

    rounds, native = Maps.of(simulated), Maps.of(products)
    named = {step: "SIM-" + found[0] for step in steps.tolist() if (found := rounds.simulated(step))}
    own = cube("rsssm", [rounds.value(named.get(step, ""), step, window) for step in steps.tolist()])
    seen = {name: cube(name, [native.value(name, step, window) for step in steps.tolist()]) for name in native.entries}
    truth = cube("TRUTH", list(true_moisture(toy, region, steps.tolist())))
    target = seen.pop(spec["target"])
    role = roles(target, Split.model_validate(spec["split"]), spec["seed"])
    methods: dict[str, Series] = {
        "rsssm": own.values,
        "cdf_tc": cdf_tc(target, seen, spec["algorithms"], role),
        "climatology": climatology(target, role),
        **{name: product.values for name, product in seen.items()},
    }
    rows: list[Row] = []
    for name, values in methods.items():
        for period, (first, last) in spec["periods"].items():
            scores = score(values, truth.values, steps, (steps >= first) & (steps <= last))
            about = {"world": toy.world, "seed": toy.seed, "period": period, "method": name}
            rows.append({**about, **scores._asdict()})
    write_csv(Path(out[0]), rows)
