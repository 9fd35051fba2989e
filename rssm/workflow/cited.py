"""Whom to cite for what a data set is made of: entries of the catalogue, and the land mask that is shipped."""

from __future__ import annotations

from collections.abc import Iterable

from rssm.product.specs import Cited
from rssm.workflow.scope import Scope

CITED = set(Cited.__annotations__)  # of a catalogue entry: whom to cite, which decides no value
LAND_MASK = Cited(
    title="Global Land One-kilometer Base Elevation (GLOBE), whose land makes the land mask, 30″",
    version="1",
    licence="public domain",
    cite="NOAA National Geophysical Data Center 1999; packed by global-land-mask (Karin)",
    doi="10.7289/V52R3PMS",
)


def citations(scope: Scope, products: Iterable[str]) -> dict[str, Cited]:
    """Product → whom to cite."""
    return {name: Cited(**scope.catalogue[name].model_dump(include=CITED)) for name in products}
