"""Skill of a finished run on a toy Earth: its maps, and rivals that need no training, against the truth.

`bench/worlds` does the same in one process, with more rivals, worlds and seeds; this is what went through the files.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.cubes.cube import Cube
from rssm.cubes.place import tile_pixels, window_index
from rssm.fusion.matched import matched, roles
from rssm.fusion.specs import MatchSpec
from rssm.paths import FUSED, SIMULATED
from rssm.product.values.sources import Maps
from rssm.toy.composites import true_moisture
from rssm.worlds.rivals import climatology
from rssm.worlds.scores import scores, write_csv
from rssm.worlds.spec import ScoreSpec


def skill(
    simulated: Sequence[str], products: Sequence[str], land: Sequence[str], spec: ScoreSpec, out: Sequence[str]
) -> None:
    """Write the table: world, seed, period, method and scores.

    simulated  indices of SIM-n of all rounds; products: those of the soil-moisture products
    """
    calendar, grid, window = CALENDARS[spec.calendar_id], spec.area.grid, spec.area.window
    steps = range(spec.steps[0], spec.steps[1] + 1)
    step = np.array(steps, np.int32)
    pixel, zones, zone_start = tile_pixels(spec.area.region.zones(), land[0], grid)
    _, position = window_index(pixel, window, grid)

    def cube(name: str, fields: Sequence[NDArray[np.float32]]) -> Cube:
        values = np.stack([field.ravel()[position] for field in fields], axis=1)
        return Cube(name, "m3 m-3", values, pixel, zones, zone_start, step, calendar.id, grid.id)

    rounds, native = (Maps.of(indices, grid, calendar) for indices in (simulated, products))

    def estimate(name: str) -> NDArray[np.float32]:
        named = {at: f"{name}-{found[0]}" for at in steps if (found := rounds.estimated(at, name))}
        return cube(name, [rounds.value(named.get(at, ""), at, window) for at in steps]).values

    seen = {name: cube(name, [native.value(name, at, window) for at in steps]) for name in native.entries}
    truth = cube("TRUTH", list(true_moisture(spec.toy, spec.area, steps, calendar)))
    target = seen.pop(spec.target)
    algorithms = {name: spec.algorithms[name] for name in (*seen, spec.target)}
    matching = MatchSpec(spec.target, algorithms, calendar.id, spec.split, spec.seed)
    methods: dict[str, NDArray[np.floating]] = {
        "rsssm": estimate(SIMULATED),
        **({"fused": estimate(FUSED)} if any(name.startswith(FUSED) for name in rounds.entries) else {}),
        "cdf_tc": np.concatenate([zone.at(step)[0] for zone in matched(target, list(seen.values()), matching)]),
        "climatology": climatology(target, roles(target, step, spec.split, spec.seed)),
        **{name: product.values for name, product in seen.items()},
    }
    periods = {name: (step >= first) & (step <= last) for name, (first, last) in spec.periods.items()}
    rows = []
    for name, values in methods.items():
        for period, found in scores(values, truth.values, step, periods, calendar).items():
            about = {"world": spec.toy.world, "seed": spec.toy.seed, "period": period, "method": name}
            rows.append({**about, **found._asdict()})
    write_csv(out[0], rows)
