"""A toy Earth's run against its truth: the data set beside every single product."""

from __future__ import annotations

import csv
from pathlib import Path

from rssm.report.files import Given
from rssm.report.parts import Bar, Section, Table, shown

NAMES = {
    "rsssm": "chain of rounds",
    "fused": "chain fused with matched products",
    "cdf_tc": "matched products merged, without networks",
    "climatology": "mean year of the target",
}
SCORES = ("r", "rmse", "ubrmse", "bias", "anomaly_r", "n")
HEADS = ("r", "RMSE", "ubRMSE", "bias", "r of anomalies", "values")
Rows = list[dict[str, str]]


def truth_section(tables: Given, fused: bool, toy: bool) -> Section:
    """Correlations as bars, all scores as tables.

    fused  whether the data set is the fused estimate
    """
    id_, title, path = "truth", "Against the truth", tables["skill.csv"]
    if path is None:
        why = "was not scored: target skill does so beside a run" if toy else "is not known: only a toy Earth's is"
        return Section(id_, title, empty=f"The truth {why}.")
    rows = _rows(path)
    ours = "fused" if fused and any(row["method"] == "fused" for row in rows) else "rsssm"
    overall = [row for row in rows if row["period"] == "all"]
    by_r = sorted((row for row in overall if row["r"]), key=lambda row: -float(row["r"]))
    bars = [_bar(row, ours) for row in by_r]
    said = [
        best_sentence(path, fused),
        "Scores are means over pixels, of periods before the target's own record begins.",
    ]
    tables_ = [
        Table(
            f"Scores, {_period(name)}",
            ("what", *HEADS),
            [_cells(row) for row in rows if row["period"] == name],
            "",
            True,
        )
        for name in dict.fromkeys(row["period"] for row in rows)
    ]
    return Section(id_, title, said, bars, "Correlation with the truth", tables_)


def best_sentence(path: Path, fused: bool) -> str:
    """How the data set compares with single products."""
    scores = {row["method"]: float(row["r"]) for row in _rows(path) if row["period"] == "all" and row["r"]}
    ours = scores.get("fused" if fused and "fused" in scores else "rsssm")
    products = {name: r for name, r in scores.items() if name not in NAMES}
    if ours is None or not products:
        return "Too few values are there to compare the data set with its products."
    best = max(products, key=lambda name: products[name])
    above = sorted(name for name, r in products.items() if r >= ours)
    every = f"every one of {len(products)} products less, the best of them {best} with {products[best]:.3f}"
    others = f"{', '.join(above)} {'does' if len(above) == 1 else 'do'} as well or better (best: {products[best]:.3f})"
    return f"The data set correlates with the truth by r = {ours:.3f}; {others if above else every}."


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _bar(row: dict[str, str], ours: str) -> Bar:
    name = row["method"]
    named = NAMES.get(name, name) + (" (the data set)" if name == ours else "")
    return Bar(named, max(float(row["r"]), 0.0), f"{float(row['r']):.3f}", name == ours)


def _cells(row: dict[str, str]) -> list[str]:
    return [NAMES.get(row["method"], row["method"]), *(shown(row[name]) for name in SCORES)]


def _period(name: str) -> str:
    return "all rounds" if name == "all" else f"round {name}"
