"""Which products the data set can be compared with: what of the settings of validation does not fit the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rssm.calendar import Calendar
from rssm.config.catalogue import Product
from rssm.config.common import CommonRun
from rssm.config.texts import suggestion
from rssm.config.validation import Validation


def chosen(validation: Validation) -> dict[str, str]:
    """Setting → product, of all that a configuration names itself; defaults may be lacking."""
    found: dict[str, str] = {}
    if "rivals" in validation.model_fields_set:
        found |= {f"validation.rivals.{at}": name for at, name in enumerate(validation.rivals)}
    if validation.triple and "triple" in validation.model_fields_set:
        named = validation.triple
        found |= {f"validation.triple.{role}": getattr(named, role) for role in named.model_fields_set - {"anomalies"}}
    return found


def contradictions(run: CommonRun, catalogue: Mapping[str, Product]) -> Iterator[str]:
    """Sentences that begin with the setting."""
    validation, table = run.validation, run.tables.products
    for setting, name in chosen(validation).items():
        if name not in catalogue:
            yield f"{setting}: {name!r} is not in the catalogue ({table}). {suggestion(name, catalogue)}"
        elif why := unfit(catalogue[name], run.calendar):
            yield f"{setting}: {name} {why}"
    for role in validation.model_fields_set & {"climate", "topography"}:
        name = getattr(validation, role)
        if name is not None and name not in catalogue:
            yield f"validation.{role}: {name!r} is not in the catalogue ({table}). {suggestion(name, catalogue)}"
    twice = sorted({name for name in validation.rivals if validation.rivals.count(name) > 1})
    if twice:
        yield f"validation.rivals: {', '.join(twice)} stands twice. Name each product once."


def unfit(product: Product, calendar: Calendar) -> str:
    """Why a product is no soil moisture to compare with; empty where it is."""
    if product.reader is None or product.units not in ("m3 m-3", "saturation"):
        return f"is in {product.units!r} ({product.title}), expected soil moisture that maps are made of."
    if product.maps != calendar.id:
        return f"has maps of a {product.maps} each, expected {calendar.id}, as the data set has. Set maps in its entry."
    return ""
