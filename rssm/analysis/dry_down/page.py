"""The page of the dry-down: what a reader of a report wants to know first."""

from __future__ import annotations

from collections.abc import Sequence

from rssm.analysis.dry_down.rows import Row
from rssm.analysis.dry_down.specs import GroupsSpec

COLUMNS = (
    "region", "cells", "with a result", "threshold (mm)", "decline (m³ m⁻³ per dekad)", "fastest in dekad",
    "time constant (days)", "r > 0.8 (share of area)", "rain kept by leaves",
)  # fmt: skip
WHY = {
    "no_data": "no two dekads with soil moisture and rain",
    "too_few": "seldom dry",
    "no_decline": "soil moisture rises too often while it is dry",
}


def page(rows: Sequence[Row], product: str, spec: GroupsSpec) -> str:
    """Markdown: a table of regions, why cells are left out, how to read it."""
    by = {(row.family, row.region, row.what, row.at): row for row in rows}
    regions = list(dict.fromkeys((row.family, row.region) for row in rows if row.family != "class"))
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---" * len(COLUMNS) + "|"]
    for family, region in regions:
        status = [row for row in rows if (row.family, row.region, row.what) == (family, region, "status")]
        ok = sum(row.cells for row in status if row.at == "ok")
        cells = [region, str(sum(row.cells for row in status)), str(ok)]
        for what, form in (
            ("threshold", "{:.0f}"), ("annual_decline", "{:.4f}"), ("fastest", "{:.0f}"), ("time_constant", "{:.1f}"),
            ("r_strong", "{:.2f}"), ("intercepted", "{:.2f}"),
        ):  # fmt: skip
            row = by.get((family, region, what, ""))
            cells.append(form.format(row.value) if row else "–")
        lines.append("| " + " | ".join(cells) + " |")
    whole = [row for row in rows if (row.family, row.what) == ("whole", "status") and row.at in WHY]
    lost = "; ".join(f"{row.cells} where {WHY[row.at]}" for row in whole)
    strong = by.get(("whole", "all", "r_before_strong", ""))
    article = (
        f"Against the soil moisture of the dekad before alone, as the article has it, r is above 0.8 on {strong.value:.0%} of the area"
        " (the article: 85 %); errors of that dekad raise this number, and not the one of the table."
        if strong
        else ""
    )
    return "\n".join(
        [
            f"{product} while next to no rain reaches the ground: medians over cells of 0.5°, 60° S to 60° N, weighted by area."
            f" Dry are two dekads together with less than {spec.threshold:g} mm that leaves do not keep, or less than a lower"
            " threshold where soil moisture rises too often; the decline is that of a dekad if dry ones came at random in the year.",
            "",
            *lines,
            "",
            *([f"Cells without a result: {lost}."] if lost else []),
            *([article] if article else []),
            *spec.left_out,
        ]
    ) + "\n"  # fmt: skip
