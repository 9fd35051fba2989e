"""Grids of HDF-EOS2 files, as the text of `StructMetadata.0` gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rssm.archive.grids import LATLON

Corners = tuple[float, float, float, float]

_NUMBER = r"\(\s*([-+.\deE]+)\s*,\s*([-+.\deE]+)\s*\)"


@dataclass(frozen=True)
class EosGrid:
    """One grid of a file.

    corners     left, top, right, bottom outer edges, as they are written
    parameters  the thirteen of the projection (GCTP), or fewer
    fields      names of the data that lie on it
    """

    name: str
    origin: str
    corners: Corners
    columns: int
    rows: int
    projection: str
    zone: int
    parameters: tuple[float, ...]
    fields: frozenset[str]

    def degrees(self) -> Corners:
        """The corners where they are in the packed form DDDMMMSSS.SS, or as they are where that is out of the question."""
        left, top, right, bottom = self.corners
        if max(map(abs, self.corners)) <= 360:
            return self.corners
        return unpacked(left), unpacked(top), unpacked(right), unpacked(bottom)

    def crs(self) -> str:
        """The projection in the words of PROJ; empty where it is not one of those known here."""
        size = [*self.parameters, *[0.0] * (13 - len(self.parameters))]
        middle, parallel = unpacked(size[4]), unpacked(size[5])
        body = f"+R={size[0]:.10g}" if size[0] and not size[1] else f"+a={size[0]:.10g} +b={size[1]:.10g}"
        if size[1] and size[1] < 1:  # eccentricity squared
            body = f"+a={size[0]:.10g} +es={size[1]:.12g}"
        body = (body if size[0] else "+datum=WGS84") + f" +x_0={size[6]:.10g} +y_0={size[7]:.10g} +units=m"
        south = " +south" if self.zone < 0 else ""
        known = {
            "GEO": LATLON,
            "SNSOID": f"+proj=sinu +lon_0={middle:.10g} {body}",
            "LAMAZ": f"+proj=laea +lon_0={middle:.10g} +lat_0={parallel:.10g} {body}",
            "CEA": f"+proj=cea +lon_0={middle:.10g} +lat_ts={parallel:.10g} {body}",
            "PS": f"+proj=stere +lat_0={90 if parallel >= 0 else -90} +lat_ts={parallel:.10g} +lon_0={middle:.10g} {body}",
            "UTM": f"+proj=utm +zone={abs(self.zone)}{south} +datum=WGS84 +units=m",
        }
        return known.get({"BCEA": "CEA"}.get(self.projection, self.projection), "")


def grids_of(text: str) -> list[EosGrid]:
    """Grids with corners, in the order of the text."""
    found = []
    for part in re.split(r"GridName\s*=\s*", text)[1:]:
        upper = re.search(rf"UpperLeftPointMtrs\s*=\s*{_NUMBER}", part)
        lower = re.search(rf"LowerRightMtrs\s*=\s*{_NUMBER}", part)
        if not (upper and lower):
            continue
        parameters = re.search(r"ProjParams\s*=\s*\(([^)]*)\)", part)
        numbers = tuple(float(one) for one in parameters[1].split(",")) if parameters else ()
        found.append(
            EosGrid(
                part.split("\n", 1)[0].strip('"\t '),
                _word(part, "GridOrigin") or "HDFE_GD_UL",
                (float(upper[1]), float(upper[2]), float(lower[1]), float(lower[2])),
                int(_word(part, "XDim") or 0),
                int(_word(part, "YDim") or 0),
                _word(part, "Projection").removeprefix("GCTP_"),
                int(_word(part, "ZoneCode") or 0),
                numbers,
                frozenset(re.findall(r'DataFieldName\s*=\s*"([^"\n]*)"', part)),
            )
        )
    return found


def _word(part: str, key: str) -> str:
    """The value of a key; empty without it."""
    said = re.search(rf"\b{key}\s*=\s*(-?\w+)", part)
    return said[1] if said else ""


def grid_corners(text: str) -> dict[str, Corners]:
    """Grid name → (left, top, right, bottom) as they are written."""
    return {item.name: item.corners for item in grids_of(text)}


def unpacked(value: float) -> float:
    """Degrees of a number in the packed form DDDMMMSSS.SS."""
    size = abs(value)
    degrees, minutes, seconds = size // 1e6, size % 1e6 // 1e3, size % 1e3
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if value < 0 else 1)
