"""The page of contributions: the network that the article shows beside its numbers, then all substeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rssm.analysis.contributions.rows import PRODUCT, Row
from rssm.analysis.contributions.specs import ContributionsSpec

# section 5.1 of the article, of its first network; the rest of its Fig. 16 is not printed as numbers
PRODUCTS = ("ASCAT-SWI", "SMOS-IC", "AMSR2-JAXA", "AMSR2-LPRM-X")  # of that network
ARTICLE = {"SMOS-IC": 0.555, "all products": 0.627, "WATER": 0.134, "TREE": 0.078}


def page(rows: Sequence[Row], spec: ContributionsSpec) -> str:
    """Markdown: two tables and how to read them."""
    first = sorted((row for row in rows if row.network == spec.first), key=lambda row: -row.share)
    lines = [
        "By how much noise in one input at a time, uniform within one standard deviation, makes networks err more: shares in the growth"
        f" of the mean squared error, in {spec.zones} of {spec.land_zones} land zones, which weigh by their points.",
        "",
        f"Network {spec.first}:" if first else f"Network {spec.first} has no subnetwork in the tested zones.",
    ]
    if first:
        of_all = sum(row.share for row in first if row.kind == PRODUCT)
        named = [(row.input, row.kind, row.share) for row in first] + [("all products", "", of_all)]
        lines += ["", "| input | kind | share | the article's |", "|---|---|---|---|"]
        same = {row.input for row in first if row.kind == PRODUCT} == set(PRODUCTS)
        lines += [
            f"| {name} | {kind} | {share:.1%} | {_published(name) if same else '–'} |" for name, kind, share in named
        ]
    lines += ["", "Means of the networks of each substep:", ""]
    lines += ["| substep | networks | products together | largest shares |", "|---|---|---|---|"]
    for substep, own in _by(rows, "substep").items():
        networks = _by(own, "network")
        together = sum(row.share for row in own if row.kind == PRODUCT) / len(networks)
        means = {name: sum(row.share for row in of) / len(of) for name, of in _by(own, "input").items()}
        largest = sorted(means, key=lambda name: -means[name])[:4]
        lines.append(
            f"| {substep} | {len(networks)} | {together:.1%} | "
            + ", ".join(f"{n} {means[n]:.1%}" for n in largest)
            + " |"
        )
    lines += ["", "The mean share of an input is that of the networks which have it."]
    return "\n".join(lines) + "\n"


def _published(name: str) -> str:
    return f"{ARTICLE[name]:.1%}" if name in ARTICLE else "–"


def _by(rows: Sequence[Row], field: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, field)].append(row)
    return found
