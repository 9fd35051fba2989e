"""`docs/reference/layers.md`: the layers and flags of each method's data set, as every writer declares them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import rssm.casm.layers
import rssm.somo.layers
from rssm.commands.reference import MADE
from rssm.commands.reference.fields import table
from rssm.declared import Declaration
from rssm.layer import MISSING, Layer
from rssm.product.formats.layers import LAYERS
from rssm.product.values.flags import Flag

HEAD = f"""# Layers and flags

{MADE} How all formats store the layers of the data set. What a user should make of layers and flags: [the guide](../product.md#layers).
Numbers are stored as whole steps; the missing number of layers with gaps is {MISSING}. With `product.layers.packing: float32` layers with a step are stored as they are, NaN where missing."""
OTHERS: dict[str, Declaration] = {"CASM": rssm.casm.layers.DECLARED, "SoMo.ml": rssm.somo.layers.DECLARED}


def layers_page() -> str:
    """The page."""
    lines = [HEAD, "", "## Of RSSSM", "", *_tables(LAYERS), "", "### Bits of `flags`", ""]
    lines += _bits([(flag.value, flag.meaning) for flag in Flag])
    for method, declared in OTHERS.items():
        layers = tuple(dict.fromkeys(layer for one in declared.tables for layer in one.layers))
        files = ", ".join(f"`{one.prefix}_{{year}}.nc`" for one in declared.tables)
        lines += ["", f"## Of {method}", "", f"Files: {files}.", "", *_tables(layers)]
        for layer in layers:
            if layer.bits:
                lines += ["", f"### Bits of `{layer.name}` of {method}", "", *_bits(layer.bits)]
    return "\n".join(lines) + "\n"


def _tables(layers: Sequence[Layer]) -> Iterator[str]:
    """How layers are stored, and what they are."""
    yield from table(("layer", "band", "title", "unit", "stored as", "step", "values"), _stored(layers))
    yield ""
    yield from table(("layer", "standard name", "comment"), _described(layers))


def _stored(layers: Sequence[Layer]) -> Iterator[tuple[str, ...]]:
    for band, layer in enumerate(layers, 1):
        step = layer.scale("int16")
        limits = f"{layer.low:g} … {layer.high:g}" if layer.real else ""
        dtype = str(layer.stored_dtype("int16"))
        yield f"`{layer.name}`", str(band), layer.title, layer.units, dtype, f"{step:g}" if step else "", limits


def _described(layers: Sequence[Layer]) -> Iterator[tuple[str, ...]]:
    for layer in layers:
        comment = (layer.comment or "").replace("{period}", "step")
        codes = "; ".join(f"{number} {name}" for number, name in layer.codes)
        said = ": ".join(part for part in (comment, codes) if part)
        yield f"`{layer.name}`", f"`{layer.standard_name}`" if layer.standard_name else "", said.replace("*", "\\*")


def _bits(bits: Sequence[tuple[int, str]]) -> Iterator[str]:
    rows = ((str(value.bit_length() - 1), str(value), f"`{word}`") for value, word in bits)
    return table(("bit", "value", "word in `flag_meanings`"), rows)
