"""The job of the tables: what the cells of regions have in common, as one long table and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rssm.analysis.dry_down.find import Drying
from rssm.analysis.dry_down.page import page
from rssm.analysis.dry_down.result import EDGES, DryDown, read_dry_down
from rssm.analysis.dry_down.rows import Row, write_rows
from rssm.analysis.dry_down.season import PLACES
from rssm.analysis.dry_down.specs import GroupsSpec
from rssm.analysis.pixels import Family, Land
from rssm.analysis.quantiles import quantiles
from rssm.errors import InputError
from rssm.files import atomic

OF_CELLS = ("threshold", "cases", "decline", "annual_decline", "range", "r", "r_before", "time_constant",
            "residual", "intercepted")  # fmt: skip
STRONG = 0.8  # correlation that the article asks for
FEWEST = 30  # dry pairs behind a mean of a region


def dry_groups(
    found: Sequence[str], land: Sequence[str], climate: Sequence[str], spec: GroupsSpec, out: Sequence[str]
) -> None:
    """Write the table and the page.

    found    the file of cells
    climate  index of the map of climates, or nothing
    """
    cells = read_dry_down(found[0])
    ground = Land.with_climate(land[0], spec.area, climate, spec.climate, spec.calendar_id)
    rows = [row for family, code in of_cells(ground, cells) for row in of_family(family, code, cells)]
    write_rows(out[0], rows)
    with atomic(out[1]) as beside:
        beside.write_text(page(rows, cells.product, spec), encoding="utf-8")


def of_cells(ground: Land, cells: DryDown) -> Iterator[tuple[Family, NDArray[np.int64]]]:
    """Families of regions, and the region (cell,) of each cell: that of its first pixel."""
    number, code = ground.cells
    if not np.array_equal(number, cells.cell):
        raise InputError("the dry-down stands on other cells than the land mask has. Run the rule dry_down again.")
    _, first = np.unique(np.where(code >= 0, code, number.size), return_index=True)
    for family in ground.families:
        yield family, family.code[first[: number.size]]


def of_family(family: Family, code: NDArray[np.int64], cells: DryDown) -> Iterator[Row]:
    """All rows of the regions of a family; regions without cells have none."""
    weight = np.cos(np.radians(cells.latitude))
    for at, label in enumerate(family.labels):
        if (here := code == at).any():
            for what, place, numbers, count in _rows(here, weight, cells):
                yield Row(family.kind, label, what, place, *numbers, count)


Line = tuple[str, str, tuple[float, float, float], int]
NO = (np.nan, np.nan)


def _rows(here: NDArray[np.bool_], weight: NDArray[np.float64], cells: DryDown) -> Iterator[Line]:
    """What, at, (value, low, high) and cells of a region."""
    values = cells.values
    for status in ("status", "season_status", "relation_status"):
        for why in Drying:
            count = int((values[status][here] == why).sum())
            if count:
                yield status, why.word, (float(count), *NO), count
    for name in OF_CELLS:
        own = values[name][here].astype(np.float64)
        known = np.isfinite(own) & ((values["status"][here] == Drying.OK) | (name == "intercepted"))
        if known.any():
            low, middle, high = quantiles(own[known], weight[here][known], (0.25, 0.5, 0.75))
            yield name, "", (middle, low, high), int(known.sum())
    good = here & (values["status"] == Drying.OK)
    if (peaked := good & np.isfinite(values["fastest"])).any():
        dekad = circular_mean(values["fastest"][peaked].astype(np.float64), weight[peaked])
        yield "fastest", "", (dekad, *NO), int(peaked.sum())
    for name in ("r", "r_before"):
        known = good & np.isfinite(values[name])
        if known.any():
            share = float(weight[known & (values[name] > STRONG)].sum() / weight[known].sum())
            yield f"{name}_strong", "", (share, *NO), int(known.sum())
    for limit in np.unique(values["threshold"][good]):
        of = good & (values["threshold"] == limit)
        yield "threshold_used", f"{limit:g}", (float(weight[of].sum() / weight[good].sum()), *NO), int(of.sum())
    places = {
        "season": [str(k + 1) for k in range(PLACES)],
        "level": [f"{m:.3g}" for m in EDGES[:-1] + np.diff(EDGES) / 2],
    }
    for name, labels in places.items():
        counts, declines = (values[f"{name}_{what}"][:, good].astype(np.float64) for what in ("cases", "decline"))
        pairs, cases, sums = counts.sum(axis=1), counts @ weight[good], declines @ weight[good]
        for k, label in enumerate(labels):
            if pairs[k] >= FEWEST:
                yield name, label, (float(sums[k] / cases[k]), *NO), int(pairs[k])


def circular_mean(dekad: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Mean of dekads of the year, 1 to 36, of which the last and the first are neighbours."""
    turn = np.angle((weight * np.exp(2j * np.pi * dekad / PLACES)).sum()) / (2 * np.pi) * PLACES
    return float((round(turn) - 1) % PLACES + 1)
