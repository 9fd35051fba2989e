"""The page of cross-validation: medians of scores where nothing was learnt, beside the forcing model's and what the authors publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rssm.files import atomic
from rssm.somo.layers import PUBLISHED as OF_LAYERS
from rssm.tsv import Row, read_tsv

SHOWN = ("r", "anomaly_r", "ubrmse", "nrmse", "relative_bias")
TITLES = {
    "random": "Cells left out at random (as in the article)",
    "space": "Blocks of cells left out, with a buffer",
    "time": "Years left out",
    "both": "Blocks left out, in years left out: the claim of a data set",
    "network": "Whole networks of stations left out",
}
NOTE = """Medians over cells, on days and in cells that nothing was learnt from. model: soil moisture of the forcing model on the same
days. Targets have mean and standard deviation of the forcing model, so nrmse and relative_bias say little of networks. Rows
marked published are the authors' own, of single sensors left out at random, and of the real Earth."""
PUBLISHED = ("pattern", "comparison", "product", "statistic", "metric", "value")


def somo_crossval_page(scores: Sequence[str], published: Sequence[str], out: Sequence[str]) -> None:
    """Write the page, a table for each scheme: layers, and within them depths, climates and distances to cells that teach."""
    rows = [row for _, row in read_tsv(scores[0])]
    theirs = [row for _, row in read_tsv(published[0], PUBLISHED)]
    parts = ["# Where nothing was learnt", NOTE]
    for scheme in dict.fromkeys(row["scheme"] for row in rows):
        own = [row for row in rows if row["scheme"] == scheme]
        parts.append(f"## {TITLES.get(scheme, scheme)}")
        parts.append("\n".join(_table(own, theirs)))
    with atomic(out[0]) as beside:
        beside.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _table(own: Sequence[Row], theirs: Sequence[Row]) -> Iterator[str]:
    """Lines of a scheme's table: of each layer and group the networks, the forcing model, and what is published."""
    yield f"| layer | group | cells | source | {' | '.join(SHOWN)} |"
    yield "|---" * (4 + len(SHOWN)) + "|"
    for row in own:
        about = f"| {row['layer']} | {row['group']} | {row['cells']} |"
        yield f"{about} networks | {_cells(row, '')} |"
        yield f"{about} model | {_cells(row, 'model_')} |"
        if row["group"] == "all":
            yield from _published(int(row["layer"]), theirs)


def _published(layer: int, theirs: Sequence[Row]) -> Iterator[str]:
    """The authors' medians of a layer, a line a product."""
    of_layer = [row for row in theirs if row["comparison"].partition("~")[0] == OF_LAYERS[layer - 1]]
    for product in dict.fromkeys(row["product"] for row in of_layer):
        values = {row["metric"]: row["value"] for row in of_layer if row["product"] == product}
        cells = " | ".join(values.get(metric, "") for metric in SHOWN)
        yield f"| {layer} | all | | published: {product} | {cells} |"


def _cells(row: Mapping[str, str], before: str) -> str:
    """Scores with three decimals; empty where there is none."""
    texts = (row[f"{before}{metric}"] for metric in SHOWN)
    return " | ".join("" if text in ("", "-") else f"{float(text):.3f}" for text in texts)
