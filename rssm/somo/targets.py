"""Targets of a layer: what sensors measured, with mean and standard deviation of the forcing model's soil, averaged by cell.

Sensors differ in what they call wet; the forcing model says how wet a cell is on the whole and how much that varies, and
sensors say when.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.errors import InputError
from rssm.somo.records import Daily, read_daily
from rssm.somo.site_files import Targets, series_at, write_targets
from rssm.somo.specs import TargetSpec
from rssm.stations.sensors import Dropped, Ledger
from rssm.tsv import write_tsv

F8 = NDArray[np.float64]


def somo_targets(
    layer: str, stations: Sequence[str], cubes: Sequence[str], spec: TargetSpec, out: Sequence[str]
) -> None:
    """Write the targets of a layer, and the table of sensors that do not teach it.

    cubes  of all tiles, with the forcing model's soil moisture
    """
    ledger = Ledger()
    sensors = [each for each in read_daily(stations[0]) if spec.depths.hold(each.sensor)]
    if not sensors:
        raise InputError(
            f"Layer {layer}: no sensor lies {spec.depths.top:g} to {spec.depths.bottom:g} m deep. Simulate fewer layers, or give more"
            " stations."
        )
    pixel = np.unique(np.array([each.pixel for each in sensors], np.int32))
    soil = series_at(cubes, pixel, list(spec.soil), range(spec.days[0], spec.days[1] + 1))
    model = np.einsum("v,vpd->pd", np.array(list(spec.soil.values())), soil.astype(np.float64))
    scaled = [(each, values) for each in sensors if (values := _scaled(each, model, pixel, spec, ledger)) is not None]
    chosen = _of_one_depth(scaled, spec, ledger)
    if not chosen:
        reasons = ", ".join(sorted({row.reason for row in ledger.rows}))
        raise InputError(f"Layer {layer}: no sensor is left to teach it: {reasons}. Check somo.targets.")
    write_targets(out[0], _averaged(chosen, spec))
    write_tsv(out[1], Dropped._fields, ledger.sorted())


def _scaled(
    each: Daily, model: F8, pixel: NDArray[np.int32], spec: TargetSpec, ledger: Ledger
) -> NDArray[np.float32] | None:
    """A sensor's means (day,) with mean and standard deviation of the model over the days that both have."""
    own = np.full(spec.days[1] - spec.days[0] + 1, np.nan)
    inside = (each.day >= spec.days[0]) & (each.day <= spec.days[1])
    own[each.day[inside] - spec.days[0]] = each.value[inside]
    beside = model[np.searchsorted(pixel, each.pixel)]
    common = np.isfinite(own) & np.isfinite(beside)
    if not np.isfinite(beside).any():
        reason = "no soil moisture of the forcing model in its cell"
    elif np.count_nonzero(common) < spec.least_common:
        reason = f"fewer than {spec.least_common} days in common with the forcing model"
    elif own[common].std() == 0:
        reason = "does not vary"
    else:
        gain = beside[common].std() / own[common].std()
        moved: NDArray[np.float32] = (beside[common].mean() + gain * (own - own[common].mean())).astype(np.float32)
        return moved
    ledger.sensor(each.sensor, (), reason, steps=int(inside.sum()))
    return None


Scaled = tuple[Daily, NDArray[np.float32]]


def _of_one_depth(scaled: Sequence[Scaled], spec: TargetSpec, ledger: Ledger) -> dict[int, list[Scaled]]:
    """Cell → its sensors of the depth nearest to the one asked for, the shallower of two as near."""
    cells: dict[int, list[Scaled]] = {}
    for one in scaled:
        cells.setdefault(one[0].pixel, []).append(one)
    chosen = {}
    for cell in sorted(cells):
        best = spec.depths.chosen(each.sensor for each, _ in cells[cell])
        chosen[cell] = [(e, values) for e, values in cells[cell] if (e.sensor.top, e.sensor.bottom) == best]
        for each, values in cells[cell]:
            if (each.sensor.top, each.sensor.bottom) != best:
                ledger.sensor(each.sensor, (), spec.depths.otherwise, steps=int(np.isfinite(values).sum()))
    return chosen


def _averaged(chosen: dict[int, list[Scaled]], spec: TargetSpec) -> Targets:
    """Mean of the sensors of each cell, of those that measured on a day."""
    values = np.empty((len(chosen), spec.days[1] - spec.days[0] + 1), np.float32)
    for at, sensors in enumerate(chosen.values()):
        series = np.stack([one for _, one in sensors]).astype(np.float64)
        count = np.isfinite(series).sum(axis=0)
        values[at] = np.where(count > 0, np.nansum(series, axis=0) / np.maximum(count, 1), np.nan)
    firsts = [sensors[0][0].sensor for sensors in chosen.values()]
    return Targets(
        spec.area.grid.id,
        spec.days,
        np.array(list(chosen), np.int32),
        values,
        np.array([one.top for one in firsts], np.float32),
        np.array([one.bottom for one in firsts], np.float32),
        tuple("+".join(sorted({each.sensor.network for each, _ in sensors})) for sensors in chosen.values()),
        np.array([len(sensors) for sensors in chosen.values()], np.int16),
    )
