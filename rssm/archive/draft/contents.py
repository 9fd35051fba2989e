"""What a native file says of itself: its arrays with their attributes, the texts of the whole, the time that it covers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.archive.bad_file import BadFile, failures_of_libraries
from rssm.archive.damage.file_format import check_format
from rssm.archive.listing import found_at
from rssm.archive.readers.decode import ASKED_FOR, FILL, UNITS, number_of, text_of
from rssm.archive.readers.netcdf import Variables, kind_of, open_cf, units_of
from rssm.archive.readers.statements import stated_period
from rssm.archive.readers.times import times_of
from rssm.errors import InputError

FLAGS = ("flag_values", "flag_masks", "flag_meanings")
RANGE = ("valid_range", "valid_min", "valid_max")
NAMES = ("long_name", "standard_name")
ATTRIBUTES = ASKED_FOR | {*FLAGS, *RANGE, *NAMES, "Legend"}
# what is said of the whole file, each under several names
TEXTS: dict[str, tuple[str, ...]] = {
    "title": ("title", "Title", "LONGNAME", "Metadata/DatasetIdentification/longName"),
    "sensor": ("sensor", "instrument", "platform", "ASSOCIATEDSENSORSHORTNAME", "ASSOCIATEDPLATFORMSHORTNAME"),
    "version": ("product_version", "version", "VERSIONID", "Metadata/DatasetIdentification/VersionID", "archive_facility_version"),
    "licence": ("license", "licence", "use_limitation"),
    "doi": ("doi", "DOI", "identifier_product_doi", "id_doi"),
    "cite": ("references", "citation", "reference"),
    "step": ("time_coverage_resolution", "time_coverage_duration"),
}  # fmt: skip
LEVELS = "levels"  # of a parameter of GRIB: kinds and levels
Said = Callable[[str], str]


@dataclass(frozen=True)
class Seen:
    """One array of numbers.

    dimensions  names of its dimensions, as far as it has any
    kind        of the stored numbers, as numpy has it: `f`, `i`, `u`; empty where unknown
    """

    path: str
    shape: tuple[int, ...]
    dimensions: tuple[str, ...]
    kind: str
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    @property
    def units(self) -> str:
        return next((text_of(self.attributes[name]) for name in UNITS if name in self.attributes), "").strip()

    @property
    def words(self) -> str:
        """What it is called, in all ways."""
        return " ".join(text_of(self.attributes[name]) for name in NAMES if name in self.attributes)

    @property
    def fills(self) -> list[float]:
        """Numbers that mean missing, as far as the file names them."""
        return list(dict.fromkeys(n for name in FILL if (n := number_of(self.attributes, (name,))) is not None))


@dataclass(frozen=True)
class Contents:
    """A file.

    format     HDF5, NetCDF-3, HDF4, TIFF or GRIB
    texts      what is said of the whole, by the keys of TEXTS; empty where nothing is
    period     first and last moment, from attributes of the whole or else from its times; None without
    place      west, south, east, north of the outermost cells (degrees), where axes tell; None without
    times      number of different times that it holds
    """

    path: Path
    format: str
    arrays: tuple[Seen, ...]
    texts: dict[str, str]
    period: tuple[datetime, datetime] | None
    place: tuple[float, float, float, float] | None = None
    times: int = 1

    @property
    def apart(self) -> float:
        """Days between its times."""
        first, last = self.period or (datetime.min, datetime.min)
        return (last - first).total_seconds() / 86400 / max(self.times - 1, 1)


def contents(path: Path) -> Contents:
    """What a file says; an InputError where it is of no format known here, or damaged."""
    try:
        kind = check_format(path, "HDF5", "NetCDF-3", "HDF4", "TIFF", "GRIB")
        return {"HDF4": _hdf4, "TIFF": _tiff, "GRIB": _grib}.get(kind, partial(_cf, kind))(path)
    except BadFile as error:
        raise InputError(f"{path}: {error}. Expected a NetCDF, HDF5, HDF4, GeoTIFF or GRIB file.") from None


def _cf(kind: str, path: Path) -> Contents:
    with open_cf(found_at(path)) as there:
        arrays = tuple(_seen(there, name) for name in there)
        stamps = _times(there)
        inner = (stamps[0].astype(object), stamps[-1].astype(object)) if stamps.size else None
        period = (inner if stamps.size > 1 else None) or stated_period(there.said) or inner
        return Contents(path, kind, arrays, _texts(there.said), period, _place(there), max(stamps.size, 1))


def _seen(there: Variables, path: str) -> Seen:
    variable = there[path]
    kind = str(getattr(variable.source.dtype, "kind", ""))
    return Seen(path, variable.shape, variable.dimensions, kind, there.attributes_at(path, ATTRIBUTES))


def _place(there: Variables) -> tuple[float, float, float, float] | None:
    """Where the cells lie by the axes of longitude and latitude."""
    ends: dict[str, tuple[float, float]] = {}
    for variable in there.values():
        degrees = units_of(variable).startswith("degree") or variable.name.lower() in (
            "lat",
            "lon",
            "latitude",
            "longitude",
        )
        if len(variable.shape) == 1 and degrees and (kind := kind_of(variable)) in ("x", "y"):
            numbers = np.asarray(variable[...], np.float64)
            numbers = numbers[np.abs(numbers) <= 360]
            if numbers.size:
                ends.setdefault(kind, (float(numbers.min()), float(numbers.max())))
    return (ends["x"][0], ends["y"][0], ends["x"][1], ends["y"][1]) if len(ends) == 2 else None


def _times(there: Variables) -> NDArray[np.datetime64]:
    """Different times that the file counts since a date, along a dimension or of the whole, in order."""
    for variable in there.values():
        if kind_of(variable) == "t" and len(variable.shape) <= 1 and not variable.name.endswith(("bnds", "bounds")):
            try:
                stamps = np.atleast_1d(times_of(variable, gaps=True))
            except BadFile:
                continue
            if (stamps := np.unique(stamps[~np.isnat(stamps)])).size:
                return stamps
    return np.empty(0, "datetime64[s]")


def _hdf4(path: Path) -> Contents:
    from rssm.archive.readers.hdf4 import contents as listed
    from rssm.archive.readers.hdf4 import said_in

    found, about = listed(path)
    said = partial(said_in, about)
    arrays = (Seen(name, shape, (), "", own) for name, _, shape, own in found)
    return Contents(path, "HDF4", tuple(arrays), _texts(said), stated_period(said))


def _tiff(path: Path) -> Contents:
    import rasterio
    from rasterio.errors import RasterioError

    with failures_of_libraries(RasterioError), rasterio.open(path) as data:
        tags = data.tags()
        arrays = []
        for band, kind in enumerate(data.dtypes, 1):
            own = {
                "long_name": data.descriptions[band - 1] or "",
                "units": data.units[band - 1] or tags.get("units", ""),
            }
            if data.nodatavals[band - 1] is not None:
                own["_FillValue"] = data.nodatavals[band - 1]
            if (data.scales[band - 1], data.offsets[band - 1]) != (1.0, 0.0):
                own |= {"scale_factor": data.scales[band - 1], "add_offset": data.offsets[band - 1]}
            arrays.append(Seen(f"band {band}", data.shape, ("y", "x"), np.dtype(kind).kind, own))

        bounds = (*data.bounds,) if data.crs is None or data.crs.is_geographic else None

    def said(name: str) -> str:
        return str(tags.get(name, ""))

    return Contents(path, "TIFF", tuple(arrays), _texts(said), stated_period(said), bounds)


def _grib(path: Path) -> Contents:
    from rssm.archive.readers.grib import contents as listed

    found = listed(path)
    arrays = tuple(
        Seen(one.name, one.shape, ("y", "x"), "f", {"units": one.units, "long_name": one.title, LEVELS: one.levels})
        for one in found
    )
    moments = [moment for one in found for moment in one.moments]
    period = (min(moments).astype(object), max(moments).astype(object)) if moments else None
    return Contents(path, "GRIB", arrays, {}, period, times=max(len(set(moments)), 1))


def _texts(said: Said) -> dict[str, str]:
    return {key: text for key, names in TEXTS.items() if (text := next(_lines(said, names), ""))}


def _lines(said: Said, names: tuple[str, ...]) -> Iterator[str]:
    """Texts on one line each, the first words of long ones."""
    for name in names:
        if text := " ".join(said(name).split()):
            yield text if len(text) <= 160 else f"{text[:159]}…"
