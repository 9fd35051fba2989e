"""Which products the data set can be compared with: what of the settings of validation and analysis does not fit the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rssm.calendar import STATIC, Calendar
from rssm.config.catalogue import Product
from rssm.config.common import CommonRun
from rssm.config.validation import Validation
from rssm.errors import suggestion

RAIN, LEAVES = "mm day-1", "m2 m-2"


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
    yield from _of_analysis(run, catalogue)
    twice = sorted({name for name in validation.rivals if validation.rivals.count(name) > 1})
    if twice:
        yield f"validation.rivals: {', '.join(twice)} stands twice. Name each product once."


def _of_analysis(run: CommonRun, catalogue: Mapping[str, Product]) -> Iterator[str]:
    """The same of the settings of analysis that a configuration names itself."""
    analysis, table = run.analysis, run.tables.products
    named: dict[str, tuple[str, Callable[[Product, Calendar], str]]] = {}
    if "reference" in analysis.model_fields_set:
        named |= {f"analysis.reference.{at}": (name, unfit) for at, name in enumerate(analysis.reference)}
    if analysis.climate and "climate" in analysis.model_fields_set:
        named["analysis.climate"] = (analysis.climate, lambda product, calendar: "")
    season = analysis.season
    if season and season.precipitation and "precipitation" in season.model_fields_set:
        named["analysis.season.precipitation"] = (season.precipitation, unfit_rain)
    if drying := analysis.dry_down:
        if "rain" in drying.model_fields_set:
            named["analysis.dry_down.rain"] = (drying.rain, unfit_rain)
        if "leaves" in drying.model_fields_set:
            named |= {f"analysis.dry_down.leaves.{at}": (name, unfit_leaves) for at, name in enumerate(drying.leaves)}
    for setting, (name, why_not) in named.items():
        if name not in catalogue:
            yield f"{setting}: {name!r} is not in the catalogue ({table}). {suggestion(name, catalogue)}"
        elif why := why_not(catalogue[name], run.calendar):
            yield f"{setting}: {name} {why}"


def unfit_rain(product: Product, calendar: Calendar) -> str:
    """Why a product is no precipitation to compare with; empty where it is."""
    if product.reader is None or product.units != RAIN:
        return f"is in {product.units!r} ({product.title}), expected precipitation in {RAIN!r} that maps are made of."
    return _unlike(product, calendar)


def unfit_leaves(product: Product, calendar: Calendar) -> str:
    """Why a product is no leaf area index; empty where it is."""
    if product.reader is None or product.units != LEAVES or product.maps == STATIC:
        return f"is in {product.units!r} ({product.title}), expected a leaf area index in {LEAVES!r} that maps are made of."
    return ""


def unfit(product: Product, calendar: Calendar) -> str:
    """Why a product is no soil moisture to compare with; empty where it is."""
    if product.reader is None or product.units not in ("m3 m-3", "saturation"):
        return f"is in {product.units!r} ({product.title}), expected soil moisture that maps are made of."
    return _unlike(product, calendar)


def _unlike(product: Product, calendar: Calendar) -> str:
    """Why a product's maps stand for other times than the data set's; empty where they do not."""
    if product.maps != calendar.id:
        return f"has maps of a {product.maps} each, expected {calendar.id}, as the data set has. Set maps in its entry."
    return ""
