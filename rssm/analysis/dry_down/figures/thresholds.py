"""Which threshold of effective rain each region needed, and why cells have no result."""

from __future__ import annotations

from collections.abc import Sequence

import cmcrameri.cm
import matplotlib

from rssm.analysis.dry_down.figures.lines import compared
from rssm.analysis.dry_down.figures.map import WHY
from rssm.analysis.dry_down.find import Drying
from rssm.analysis.dry_down.rows import Row, read_rows
from rssm.atlas.sheet import STYLE, keep, sheet

COLUMNS = ("family", "region", "threshold_mm_or_reason", "share_of_cells", "cells")
Part = tuple[str, int]  # name, cells


def dry_thresholds(groups: Sequence[str], out: Sequence[str]) -> None:
    """Draw a bar for each region."""
    rows = read_rows(groups[0])
    used, status = compared(rows, "threshold_used"), compared(rows, "status")
    parts = {region: _parts(used.get(region, []), own) for region, own in status.items()}
    names = sorted({name for own in parts.values() for name, _ in own}, key=_place)
    colours = _colours(names)
    with matplotlib.rc_context(STYLE):
        figure = sheet(7.5, 1.6 + 0.4 * len(parts))
        axis = figure.subplots()
        left = dict.fromkeys(parts, 0.0)
        for name in names:
            wide = {region: dict(own).get(name, 0) / max(sum(n for _, n in own), 1) for region, own in parts.items()}
            axis.barh(
                list(wide), list(wide.values()), left=list(left.values()), color=colours[name], label=_label(name)
            )
            left = {region: left[region] + wide[region] for region in parts}
        axis.invert_yaxis()
        axis.set(xlim=(0, 1), xlabel="share of cells (1)")
        axis.set_title("Effective rain of two dekads below which they count as dry")
        axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
        keep(figure, COLUMNS, _lines(parts, status), out)


def _parts(used: Sequence[Row], status: Sequence[Row]) -> list[Part]:
    """Cells by threshold, then by reason."""
    lost = [(row.at, row.cells) for row in status if row.at != Drying.OK.word]
    return [*((row.at, row.cells) for row in used), *lost]


def _place(name: str) -> tuple[int, float]:
    """Thresholds from the first that was tried to the last, then reasons."""
    reasons = [why.word for why in Drying]
    return (1, reasons.index(name)) if name in reasons else (0, -float(name))


def _colours(names: Sequence[str]) -> dict[str, object]:
    by_reason = {why.word: colour for why, (_, colour) in WHY.items()}
    limits = [name for name in names if name not in by_reason]
    scale = {name: cmcrameri.cm.devon(0.1 + 0.7 * k / max(len(limits) - 1, 1)) for k, name in enumerate(limits)}
    return {**scale, **{name: by_reason[name] for name in names if name in by_reason}}


def _label(name: str) -> str:
    words = {why.word: text for why, (text, _) in WHY.items()}
    return words.get(name, f"{name} mm")


def _lines(parts: dict[str, list[Part]], status: dict[str, list[Row]]) -> list[tuple[str, str, str, float, int]]:
    return [
        (status[region][0].family, region, name, count / max(sum(n for _, n in own), 1), count)
        for region, own in parts.items()
        for name, count in own
    ]
