"""The toy-archive job: native files of a product-year, and a manifest that lists them, written last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rasterio

from rssm.config.catalogue import Product
from rssm.config.toy import Toy
from rssm.files import atomic
from rssm.grid import Region
from rssm.toy.archive import write_year
from rssm.toy.truth import Earth


def toy_archive(product: str, year: str, land: Sequence[str], spec: dict[str, Any], out: Sequence[str]) -> None:
    """Write the files of a product-year below the archive's root, which is two folders above the manifest.

    spec  toy (settings), entry (of the catalogue), region [south, north, west, degrees]
    """
    with rasterio.open(land[0]) as file:
        earth = Earth(Toy.model_validate(spec["toy"]), Region(*spec["region"]), file.read(1) == 1)
    entry = Product.model_validate(spec["entry"])
    root = Path(out[0]).parents[1]
    manifest = write_year(earth, product, entry, None if year == "static" else int(year), root)
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
