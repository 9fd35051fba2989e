"""Units as files spell them, and whether the catalogue's `multiply` turns them into its own."""

from __future__ import annotations

import re
from math import isclose
from typing import Any

from rssm.archive.bad_file import BadFile
from rssm.config.catalogue import Product

# Quantity → factor to its first unit → spellings, as _plain writes them. What is not here is not judged, nor is `1`,
# which agencies write for per cent too.
_SPELLINGS: dict[str, dict[float, tuple[str, ...]]] = {
    "share": {
        1.0: (
            *(
                "m3 m-3",
                "m3/m3",
                "m3m-3",
                "cm3 cm-3",
                "cm3/cm3",
                "mm3 mm-3",
                "mm3/mm3",
                "vol/vol",
                "volume/volume",
                "v/v",
            ),
            *("saturation", "fraction", "volumetric fraction", "m2 m-2", "m2/m2", "g cm-3", "g/cm3"),
        ),
        0.01: (
            *("%", "percent", "percentage", "per cent", "pct", "vol%", "vol %", "%vol", "% vol", "vol percent"),
            *("percent volume", "volumetric percent", "degree of saturation (%)", "% saturation", "percent saturation"),
        ),
        0.001: ("‰", "per mille", "permille", "kg m-3", "kg/m3"),
    },
    "water": {
        1.0: ("mm", "kg m-2", "kg/m2", "millimeter", "millimeters"),
        10.0: ("cm",),
        1000.0: ("m", "meter", "meters"),
    },
    "rain": {
        1.0: ("mm day-1", "mm/day", "mm d-1", "mm/d", "kg m-2 d-1", "kg m-2 day-1"),
        24.0: ("mm h-1", "mm/h", "mm hr-1", "mm/hr", "mm hour-1", "mm/hour"),
        86400.0: ("mm s-1", "mm/s", "kg m-2 s-1", "kg/m2/s"),
    },
    "temperature": {1.0: ("k", "kelvin", "kelvins", "degk", "deg k", "degree kelvin", "degrees kelvin")},
    "celsius": {1.0: ("c", "°c", "degc", "deg c", "celsius", "degree celsius", "degrees celsius")},
}
_KNOWN = {
    spelling: (quantity, factor)
    for quantity, factors in _SPELLINGS.items()
    for factor, spellings in factors.items()
    for spelling in spellings
}


def _plain(text: str) -> str:
    """A unit without the marks that only make it readable: `m**3 m**-3`, `m^3·m⁻³` and `m3.m-3` are `m3 m-3`."""
    text = text.lower().translate(str.maketrans("⁻⁰¹²³·._", "-0123   "))
    text = re.sub(r"\*\*|\^|[{}\[\]]", "", text)
    return re.sub(r"\s+", " ", text).strip()


def quantity_of(text: str) -> tuple[str, float] | None:
    """(`share`, `water`, `rain` …, factor to its first unit) of a unit as a file spells it; None where it is not known."""
    return _KNOWN.get(_plain(text))


def check_units(product: Product, name: str, said: str, packed: bool) -> None:
    """Refuse a variable in a unit that is none of the catalogue's `file_units`, nor becomes its unit by `multiply`.

    packed   whether the catalogue alone says how numbers are packed: then they may be in any unit
    """
    if not said or _plain(said) in map(_plain, product.file_units):
        return
    wanted: Any = ("share", 1.0) if product.units == "1" else quantity_of(product.units)
    given = quantity_of(said)
    if given and wanted and given[0] == wanted[0] and isclose(product.multiply * wanted[1], given[1], rel_tol=1e-6):
        return
    if product.file_units:
        expected = " or ".join(map(repr, product.file_units))
    elif given and wanted and not packed and not product.codes:
        expected = f"a unit that becomes {product.units!r} when multiplied by {product.multiply:g}"
    else:
        return
    raise BadFile(f"gives {name!r} in {said!r}", expected, check="file_units and multiply")
