"""What all files of an edition state alike: whom to cite, and a digest of all that decides its values."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Any

from rssm.config.catalogue import Product
from rssm.config.product import ROLES
from rssm.config.rsssm import Tables
from rssm.ingest.index import checksum
from rssm.product.specs import Cited, Edition
from rssm.spec import canonical
from rssm.workflow.cited import CITED, LAND_MASK, citations
from rssm.workflow.rsssm.scope import RsssmScope

# settings that decide no value: places, jobs, texts. What the tables hold counts, not where they lie.
NO_VALUE: dict[str, Any] = {
    **dict.fromkeys(
        ("profile", "zones", "tables", "crossval", "contributions", "keep", "validation", "analysis"), True
    ),
    "inputs": {"root", "pin", "on_empty", "screened_share"},
    "toy": {"soil_from"},  # of other methods' soil
    "product": {"formats": True, "release": True, "about": True, "uncertainty": {"calibration"}, "layers": {"steps"}},
}


LATER = {
    "derive": None,
    "reduce": "mean",
}  # fields of catalogue entries that earlier editions did not know, saying nothing


def edition_of(scope: RsssmScope) -> Edition:
    """The edition of a run's data set."""
    run, settings = scope.run, scope.run.product
    products = _products(scope)
    config = sha256(canonical(_decisive(scope, products)).encode()).hexdigest()[:16]
    joint = run.fusion.joint if scope.fits_jointly else 0.0
    said = settings.about, _citations(scope, products), config, run.toy is not None, settings.estimate, joint
    return Edition(run.method, settings.release.version, settings.release.date, *said)


def _products(scope: RsssmScope) -> list[str]:
    """Products that values rest on: what networks learn from and simulate with, pore space, masks, land cover."""
    trained = [(scope.variables(n), scope.plan.training[n.name].targets) for n in scope.networks]
    used = dict.fromkeys(v for inputs, targets in trained for v in [*inputs, *targets])
    products = [v for v in used if v in scope.catalogue]
    return list(dict.fromkeys([*products, *scope.porosity(products), *ROLES.values()]))


def _citations(scope: RsssmScope, products: list[str]) -> dict[str, Cited]:
    """Whom to cite for each product, and for the land mask where it is the one that is shipped."""
    return citations(scope, products) | ({"LAND-MASK": LAND_MASK} if scope.run.tables.land == Tables().land else {})


def _decisive(scope: RsssmScope, products: list[str]) -> dict[str, Any]:
    """All that decides values beside native files and code, wherever it lies: settings and what the tables hold."""
    land = [scope.land, str(scope.table("land_zones"))]
    return {
        "settings": scope.run.model_dump(mode="json", exclude=NO_VALUE),
        "products": {p: _entry(scope.catalogue[p]) for p in products},
        "substeps": [asdict(s) | {"span": [s.span.start, s.span.stop]} for s in scope.plan.substeps],
        "networks": [asdict(network) for network in scope.plan.networks],
        "tables": [*map(checksum, land), *scope.calibrated_by],
    }


def _entry(product: Product) -> dict[str, Any]:
    """What of a catalogue entry decides values; fields that came later only where they say something."""
    known = product.model_dump(mode="json", exclude={*CITED, "get"})
    return {name: value for name, value in known.items() if name not in LATER or value != LATER[name]}
