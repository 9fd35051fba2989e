"""The toy-archive job: native files of a product-year, and a manifest that lists them, written last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import rasterio

from rssm.files import atomic
from rssm.toy.archive import write_year
from rssm.toy.spec import ToySpec
from rssm.toy.truth import Earth


def toy_archive(product: str, year: str, land: Sequence[str], spec: ToySpec, out: Sequence[str]) -> None:
    """Write the files of a product-year below the archive's root, which is two folders above the manifest."""
    with rasterio.open(land[0]) as file:
        earth = Earth(spec.toy, spec.area.region, file.read(1) == 1)
    root = Path(out[0]).parents[1]
    manifest = write_year(earth, product, spec.entry, None if year == "static" else int(year), root)
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
