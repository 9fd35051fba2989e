"""Styles for QGIS, which shows the bands of a GeoTIFF as red, green and blue unless a style says otherwise.

Layers of moisture get a ramp of colours over their common range, in their units; layers of codes a colour for each name,
so that the legend speaks of networks, rounds and distances instead of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from matplotlib.colors import to_hex

from rssm.atlas.colours import KINDS, class_colours
from rssm.layer import Layer

NONE, NOWHERE = "#d9d9d9", "#ffffff"
STOPS = 9  # colours of a ramp
# of moisture and of its uncertainty: kind of quantity, whose colours all pictures share, and upper end of the ramp (it starts at 0)
RAMPS = (("soil_moisture", 0.5), ("uncertainty", 0.1))


def styles(layers: Sequence[Layer]) -> dict[str, str]:
    """Layer → text of its style (.qml), for the layer's band of the GeoTIFF files; soil moisture and its uncertainty come first."""
    found = {}
    for band, layer in enumerate(layers, 1):
        if band <= len(RAMPS):
            found[layer.name] = _document(_ramp(band, *RAMPS[band - 1]))
        elif layer.codes:
            found[layer.name] = _document(_palette(band, dict(layer.codes)))
    return found


def _ramp(band: int, kind: str, high: float) -> Element:
    """Colours evenly from 0 to `high`, in the layer's units."""
    top = f"{high:g}"
    renderer = _renderer(band, "singlebandpseudocolor", {"classificationMin": "0", "classificationMax": top})
    limits = {"colorRampType": "INTERPOLATED", "minimumValue": "0", "maximumValue": top}
    shader = SubElement(SubElement(renderer, "rastershader"), "colorrampshader", limits)
    for k in range(STOPS):
        value, colour = f"{high * k / (STOPS - 1):g}", to_hex(KINDS[kind].scale(k / (STOPS - 1)))
        SubElement(shader, "item", value=value, label=value, color=colour, alpha="255")
    return renderer


def _palette(band: int, names: dict[int, str]) -> Element:
    """A colour for each code: grey for 0, nothing below."""
    renderer = _renderer(band, "paletted", {})
    palette = SubElement(renderer, "colorPalette")
    colours = class_colours([name for number, name in names.items() if number > 0])
    for number, name in names.items():
        colour = colours[name] if number > 0 else NONE if number == 0 else NOWHERE
        alpha = "255" if number >= 0 else "0"
        SubElement(palette, "paletteEntry", value=str(number), label=name, color=colour, alpha=alpha)
    return renderer


def _renderer(band: int, kind: str, limits: dict[str, str]) -> Element:
    known = {"type": kind, "band": str(band), "opacity": "1", "alphaBand": "-1", "nodataColor": ""}
    return Element("rasterrenderer", known | limits)


def _document(renderer: Element) -> str:
    root = Element("qgis", version="3.22", styleCategories="Symbology")
    SubElement(root, "pipe").append(renderer)
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode") + "\n"
