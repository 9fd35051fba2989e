"""Styles for QGIS, which shows the bands of a GeoTIFF as red, green and blue unless a style says otherwise.

Layers of moisture get a ramp of colours over their common range, in their units; layers of codes a colour for each name,
so that the legend speaks of networks, rounds and distances instead of numbers.
"""

from __future__ import annotations

from colorsys import hsv_to_rgb
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from rssm.product.formats.layers import LAYERS, Codes

GOLDEN = 0.618034  # a turn of hue between one code and the next: neighbours differ
NONE, NOWHERE = "#d9d9d9", "#ffffff"
# layer → upper end of the ramp (it starts at 0) and its colours
RAMPS = {
    "soil_moisture": (0.5, "ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 253494 081d58"),
    "total_uncertainty": (0.1, "fcffa4 f98e09 bc3754 57106e 000004"),
}


def styles(codes: Codes) -> dict[str, str]:
    """Layer → text of its style (.qml), for the layer's band of the GeoTIFF files."""
    found = {}
    for band, layer in enumerate(LAYERS, 1):
        if layer.name in RAMPS:
            found[layer.name] = _document(_ramp(band, *RAMPS[layer.name]))
        elif names := codes.names(layer.name):
            found[layer.name] = _document(_palette(band, names))
    return found


def _ramp(band: int, high: float, colours: str) -> Element:
    """Colours evenly from 0 to `high`, in the layer's units."""
    top = f"{high:g}"
    renderer = _renderer(band, "singlebandpseudocolor", {"classificationMin": "0", "classificationMax": top})
    limits = {"colorRampType": "INTERPOLATED", "minimumValue": "0", "maximumValue": top}
    shader = SubElement(SubElement(renderer, "rastershader"), "colorrampshader", limits)
    steps = colours.split()
    for k, colour in enumerate(steps):
        value = f"{high * k / (len(steps) - 1):g}"
        SubElement(shader, "item", value=value, label=value, color=f"#{colour}", alpha="255")
    return renderer


def _palette(band: int, names: dict[int, str]) -> Element:
    """A colour for each code: grey for 0, nothing below."""
    renderer = _renderer(band, "paletted", {})
    palette = SubElement(renderer, "colorPalette")
    for number, name in names.items():
        colour = _colour(number) if number > 0 else NONE if number == 0 else NOWHERE
        alpha = "255" if number >= 0 else "0"
        SubElement(palette, "paletteEntry", value=str(number), label=name, color=colour, alpha=alpha)
    return renderer


def _colour(number: int) -> str:
    red, green, blue = hsv_to_rgb(number * GOLDEN % 1, 0.65, 0.85)
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def _renderer(band: int, kind: str, limits: dict[str, str]) -> Element:
    known = {"type": kind, "band": str(band), "opacity": "1", "alphaBand": "-1", "nodataColor": ""}
    return Element("rasterrenderer", known | limits)


def _document(renderer: Element) -> str:
    root = Element("qgis", version="3.22", styleCategories="Symbology")
    SubElement(root, "pipe").append(renderer)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode") + "\n"
