"""`docs/reference/layers.md`: the layers and flags of the data set, as every writer declares them."""

from __future__ import annotations

from collections.abc import Iterator

from rssm.commands.reference import MADE
from rssm.commands.reference.fields import table
from rssm.product.formats.layers import LAYERS, MISSING
from rssm.product.values.flags import Flag

HEAD = f"""# Layers and flags

{MADE} How all formats store the layers of the data set. What a user should make of layers and flags: [the guide](../product.md#layers)."""
NOTE = f"""
Numbers are stored as whole steps; the missing number of layers with gaps is {MISSING}. With `product.layers.packing: float32` layers with a step are stored as they are, NaN where missing.

## Standard names and comments
"""
FLAGS = """
## Bits of `flags`

| bit | value | word in `flag_meanings` |
|---|---|---|"""


def layers_page() -> str:
    """The page."""
    lines = [HEAD, "", *table(("layer", "band", "title", "unit", "stored as", "step", "values"), _stored()), NOTE]
    lines += table(("layer", "standard name", "comment"), _told())
    lines += [FLAGS, *(f"| {bit} | {flag.value} | `{flag.meaning}` |" for bit, flag in enumerate(Flag))]
    return "\n".join(lines) + "\n"


def _stored() -> Iterator[tuple[str, ...]]:
    for band, layer in enumerate(LAYERS, 1):
        step = layer.scale("int16")
        limits = f"{layer.low:g} … {layer.high:g}" if layer.real else ""
        dtype = str(layer.stored_dtype("int16"))
        yield f"`{layer.name}`", str(band), layer.title, layer.units, dtype, f"{step:g}" if step else "", limits


def _told() -> Iterator[tuple[str, ...]]:
    for layer in LAYERS:
        comment = (layer.comment or "").replace("{period}", "step")
        yield f"`{layer.name}`", f"`{layer.standard_name}`", comment.replace("*", "\\*")
