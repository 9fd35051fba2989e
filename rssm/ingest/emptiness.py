"""Whether a product brings anything: a year of maps without values, or emptied by screening, is said aloud.

A year that has files but no value on land is a mistake more often than not (a quality rule, units, a grid), so it stops
the run unless the configuration allows it. A year without any file is a gap, as archives have them, and is only reported;
a product without a value in all years that are used is refused when its maps are put together (`brings_nothing`).
Masks may well be empty (no rainforest in a region): they never stop a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # cubes are cut by the hundred and need no catalogue
    from rssm.config.catalogue import Product
    from rssm.config.ingest import Inputs

READ = ("valid", "screened", "out_of_range", "missing")
ALLOW = "or set inputs.on_empty: report to go on without it."


def empty_year(
    product: Product, year: str, maps: Iterable[Mapping[str, Any]], inputs: Inputs
) -> tuple[str | None, bool]:
    """What is wrong with a year of maps, nothing if all is well; and whether it stops the run.

    maps   records of its steps, with `land` and `on_land`
    """
    records = [record for record in maps if record.get("land")]
    if not records:  # nothing was to be expected
        return None, False
    files = {str(name) for record in records for name in record["files"]}
    if not files:
        skipped = len({str(found["file"]) for record in records for found in record["skipped"]})
        why = f"none of its files can be read ({skipped} were left out)" if skipped else "no file of it was found"
        return f"{product.id}, {year}: {why}; its maps hold no value. Check inputs.root and products.files.", False
    n = {name: sum(record.get(name) or 0 for record in records) for name in READ}
    lost, there = n["screened"] + n["out_of_range"], n["valid"] + n["screened"] + n["out_of_range"]
    if not any(record["on_land"] for record in records):
        what = f"no value on land in any of its {len(records)} maps"
    elif there and lost > inputs.screened_share * there:
        what = f"screening leaves {n['valid'] / there:.2%} of its values"
    else:
        return None, False
    counts = (
        f"of {there} values in and around the region ({len(files)} files) {n['screened']} were screened, "
        f"{n['out_of_range']} out of range and {n['valid']} kept; {n['missing']} were missing"
    )
    stops = inputs.on_empty == "fail" and product.kind != "mask"
    return f"{product.id}, {year}: {what}: {counts}. {_mend(product, n)}{f', {ALLOW}' if stops else '.'}", stops


def _mend(product: Product, n: Mapping[str, int]) -> str:
    """What to look at first, from what took most of the values."""
    places = {
        "screened": "its quality rule (keep, strict)",
        "out_of_range": "its valid_range, units and scale",
        "missing": "its variable and fill value, and whether its files cover the region",
        "valid": "its native_grid and the land mask",
    }
    took = [name for name in ("screened", "out_of_range") if n[name]] or ["missing", "valid"]
    return f"Check {places[max(took, key=lambda name: n[name])]} in the catalogue"


def brings_nothing(product: str, maps: Iterable[Mapping[str, Any]], allowed: bool) -> str | None:
    """The sentence about a product without a value in all its years, nothing if it has one or nobody counted.

    maps   entries of its indices
    """
    counted = [entry for entry in maps if entry.get("land")]
    if not counted or any(entry["on_land"] for entry in counted):
        return None
    return (
        f"{product}: no value on land in any of the {len(counted)} maps of its years that are used, so nothing can be "
        f"learnt from it. Check that its files lie below inputs.root, or leave it out{f', {ALLOW}' if not allowed else '.'}"
    )
