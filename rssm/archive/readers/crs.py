"""What CF files say of their projection: the grid mapping of a variable, as the text of a CRS."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from rssm.archive.readers.decode import text_of
from rssm.archive.readers.netcdf import Variable, Variables

TEXTS = ("crs_wkt", "spatial_ref")
_ANY = ("grid_mapping_name", "earth_radius", "semi_major_axis", "semi_minor_axis", "inverse_flattening")
_NUMBERS = (
    *("longitude_of_prime_meridian", "standard_parallel", "longitude_of_central_meridian"),
    *("latitude_of_projection_origin", "longitude_of_projection_origin", "false_easting", "false_northing"),
    *("scale_factor_at_central_meridian", "scale_factor_at_projection_origin", "straight_vertical_longitude_from_pole"),
)
ASKED_FOR = frozenset((*TEXTS, *_ANY, *_NUMBERS))


def crs_of(there: Variables, variable: Variable) -> str:
    """The projection of a variable's grid as WKT; empty where the file does not say it, or in no known terms."""
    name = text_of(variable.attributes.get("grid_mapping", "")).split(":")[0].strip()
    if not name:
        return ""
    for path in dict.fromkeys((f"{variable.group}{name}", name)):
        said = there.attributes_at(path, ASKED_FOR)
        if said:
            return _text_of_crs(said)
    return ""


def _text_of_crs(said: dict[str, Any]) -> str:
    texts = [text_of(said[name]) for name in TEXTS if name in said]
    numbers = {name: np.asarray(said[name]).ravel().tolist() for name in said if name not in TEXTS}
    plain = {name: some[0] if len(some) == 1 else tuple(some) for name, some in numbers.items()}
    if "grid_mapping_name" in said:
        plain["grid_mapping_name"] = text_of(said["grid_mapping_name"])
    return _wkt(tuple(texts), tuple(sorted(plain.items())))


@lru_cache
def _wkt(texts: tuple[str, ...], numbers: tuple[tuple[str, Any], ...]) -> str:
    """Of the files of a product all say the same, and a search for a datum takes half a second."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    for text in texts:
        try:
            return str(CRS(text).to_wkt())
        except CRSError:
            continue
    plain = {name: list(some) if isinstance(some, tuple) else some for name, some in numbers}
    try:
        return str(CRS.from_cf(plain).to_wkt())
    except (CRSError, KeyError, ValueError, TypeError):
        return ""
