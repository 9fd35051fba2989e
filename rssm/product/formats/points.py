"""The point cube as people ask it: series of a place or a box, of some steps, unpacked."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import zarr
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.errors import InputError, suggestion
from rssm.files import Kind, atomic
from rssm.grid import Window, grid_of
from rssm.layer import Layer, Packing
from rssm.paths import cubes_in, data_sets_in
from rssm.product.formats.axes import Axis, scalar_axes, time_axes
from rssm.product.formats.described import layers_of
from rssm.product.formats.netcdf import put_axis
from rssm.product.formats.zarr_cubes import POINTS, WITNESS
from rssm.product.records.attributes import of_edition
from rssm.product.records.frame import Frame
from rssm.product.records.texts import made_on

EXTRACT = Kind("series of the data set")


@dataclass(frozen=True)
class Series:
    """Series of some pixels: layers (pixel, step), real ones in their unit with NaN for gaps, others as numbers.

    frame   smallest that holds the pixels
    known   layer → its attributes, as stored
    about   attributes of the data set
    of      layer → its declaration
    """

    frame: Frame
    steps: list[int]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    pixel: NDArray[np.int32]
    layers: dict[str, NDArray[Any]]
    known: dict[str, dict[str, Any]]
    about: dict[str, Any]
    of: dict[str, Layer]


def as_asked(lons: Any, asked: Sequence[float]) -> Any:
    """Longitudes within 0…360°, where one beyond 180° was asked for; else as they are, within -180…180°."""
    return lons % 360 if any(lon > 180 for lon in asked) else lons


def series_as_asked(series: Series, asked: Sequence[float]) -> Series:
    """Series whose longitudes count as those that were asked for."""
    frame = series.frame
    west = frame.grid.column_edges(frame.window)[0]
    if west < 0 and any(lon > 180 for lon in asked):
        frame = replace(frame, window=replace(frame.window, column=frame.window.column + frame.grid.columns))
    return replace(series, lon=np.round(as_asked(series.lon, asked), 9), frame=frame)


class Points:
    """An open point cube."""

    _AGAIN = "Expected points.zarr of the data set: remove it and run its rule again, or give --store."

    def __init__(self, path: str | Path) -> None:
        if not (Path(path) / ".zmetadata").is_file():
            raise InputError(f"{path}: no cube of points is there. Make it with: snakemake product, or give --store.")
        self.path = Path(path)
        try:
            group: Any = zarr.open_consolidated(str(path), mode="r", zarr_format=2)
            self._group: Any = group
            if (found := (group.attrs["kind"], group.attrs["layout"])) != (POINTS.name, POINTS.layout):
                raise ValueError(f"it is a {found[0]} of layout {found[1]}")
            self.grid, self.calendar = grid_of(group.attrs["grid_id"]), CALENDARS[group.attrs["calendar_id"]]
            self.layers = layers_of(group)
            self.main = next(iter(self.layers.values()))
            self.packing: Packing = "int16" if group[self.main.name].dtype == np.int16 else "float32"
            self.steps = [self.calendar.parse(str(label)) for label in group["period"][:]]
            self.pixel: NDArray[np.int32] = group["pixel"][:]
        except (FileNotFoundError, KeyError, ValueError, RuntimeError) as error:
            text = " ".join(str(error).split())
            raise InputError(f"{path}: cannot be read as a cube of points ({text}). {self._AGAIN}") from None

    @classmethod
    def of(cls, place: str | Path) -> Points:
        """The cube that lies at a place, or in the data set there."""
        if (Path(place) / ".zmetadata").is_file():
            return cls(place)
        found = [cube for folder in data_sets_in(place) for cube in cubes_in(folder, "points").values()]
        cubes = found or [Path(place)]
        if len(cubes) > 1:
            raise InputError(f"{place}: holds several cubes of points, {' and '.join(map(str, cubes))}. Name one.")
        return cls(cubes[0])

    @cached_property
    def place(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Latitude and longitude of all pixels."""
        return self._group["lat"][:], self._group["lon"][:]

    def at(self, lon: float, lat: float) -> NDArray[np.intp]:
        """Position of the pixel that holds a place."""
        south, north, asked = self.grid.south, self.grid.north, f"longitude {lon:g}, latitude {lat:g}"
        if not (-180 <= lon <= 360 and south <= lat <= north):
            raise InputError(f"{asked}: not a place within -180…360° E, {south:g}…{north:g}° N.")
        row, column = self.grid.pixel(lon, lat)
        found = np.flatnonzero(self.pixel == row * self.grid.columns + column)
        if not found.size:
            lats, lons = self.place
            east = np.abs((lons - lon + 180) % 360 - 180) * np.cos(np.radians(lat))
            near = int(np.argmin(east**2 + (lats - lat) ** 2))
            raise InputError(
                f"longitude {lon:g}, latitude {lat:g}: no land pixel of {self.path} lies there. The nearest is"
                f" --lon {as_asked(lons[near], [lon]):.2f} --lat {lats[near]:.2f}."
            )
        return found

    def within(self, west: float, south: float, east: float, north: float) -> NDArray[np.intp]:
        """Positions of the pixels whose centres lie in a box; west > east means across the dateline."""
        lats, lons = self.place
        box = f"box {west:g} {south:g} {east:g} {north:g} (W S E N)"
        if not (south <= north and -180 <= west <= 360 and -180 <= east <= 360):
            raise InputError(f"{box}: expected longitudes W and E within -180…360° and latitudes S ≤ N.")
        width = 360 if east - west >= 360 else (east - west) % 360
        found = np.flatnonzero((lats >= south) & (lats <= north) & ((lons - west) % 360 <= width))
        if not found.size:
            raise InputError(f"{box}: no land pixel of {self.path} lies in it.")
        return found

    def series(
        self, position: NDArray[np.intp], first: int | None = None, last: int | None = None, layers: Sequence[str] = ()
    ) -> Series:
        """Series of the pixels at some ascending positions, from one step to another."""
        named = list(layers or self.layers)
        if unknown := [name for name in named if name not in self.layers]:
            raise InputError(f"no layer {', '.join(unknown)}. {suggestion(unknown[0], self.layers)}")
        first = self.steps[0] if first is None else first
        last = self.steps[-1] if last is None else last
        label = self.calendar.label
        asked = f"period {label(first)} to {label(last)}"
        if first > last:
            raise InputError(f"{asked}: ends before it begins. Give its first step, then its last.")
        wanted = [k for k, step in enumerate(self.steps) if first <= step <= last]
        if not wanted:
            held = f"{label(self.steps[0])}–{label(self.steps[-1])}"
            raise InputError(f"{asked}: {self.path} holds {held}, nothing of that period.")
        time = slice(wanted[0], wanted[-1] + 1)
        values = {name: self.layers[name].unpack(self._stored(name, position, time), self.packing) for name in named}
        lats, lons = self.place
        return Series(
            self._around(position),
            self.steps[time],
            lats[position],
            lons[position],
            self.pixel[position],
            values,
            {name: dict(self._group[name].attrs) for name in named},
            dict(self._group.attrs),
            {name: self.layers[name] for name in named},
        )

    def _around(self, position: NDArray[np.intp]) -> Frame:
        """The smallest frame that holds some pixels."""
        columns = self.grid.columns
        row, column = np.divmod(self.pixel[position], columns)
        if np.ptp(column) > columns / 2:  # across the dateline
            column = np.where(column < columns / 2, column + columns, column)
        window = Window(int(row.min()), int(column.min()), int(np.ptp(row)) + 1, int(np.ptp(column)) + 1)
        return Frame(self.grid, window, self.calendar)

    def _stored(self, name: str, position: NDArray[np.intp], time: slice) -> NDArray[Any]:
        """Stored numbers (pixel, step): every chunk that holds a wanted pixel is read once."""
        array = self._group[name]
        size = array.chunks[0]
        parts = []
        for chunk in np.unique(position // size).tolist():
            inside = position[position // size == chunk]
            file = self.path / name / f"{chunk}.0"
            if not (file.is_file() or self._all_gaps(name, chunk)):
                raise InputError(f"{file}: is missing. {self._AGAIN}")
            try:
                parts.append(array[inside[0] : inside[-1] + 1, time][inside - inside[0]])
            except (RuntimeError, ValueError, OSError) as error:
                raise InputError(f"{file}: cannot be read ({error}). {self._AGAIN}") from None
        return np.concatenate(parts)

    def _all_gaps(self, name: str, chunk: int) -> bool:
        """Whether a chunk may hold nothing but gaps: only such a one may be absent, and Zarr does not report it."""
        if name != self.main.name:
            return self.layers[name].real
        if WITNESS not in self.layers:
            return False
        rows = slice(chunk * self._group[name].chunks[0], (chunk + 1) * self._group[name].chunks[0])
        return not (self._group[WITNESS][rows] >= 0).any()


def write_csv(target: TextIO, series: Series) -> None:
    """One line for each pixel and step; codes as names, flags as number and words."""
    writer = csv.writer(target, lineterminator="\n")
    names = {name: _words(series.of[name]) for name in series.layers}
    writer.writerow(
        ["period", "start", "end", "lat", "lon", *series.layers, *(["flag_words"] if "flags" in names else [])]
    )
    calendar = series.frame.calendar
    times = [(calendar.label(step), calendar.start(step), calendar.end(step)) for step in series.steps]
    for k, (lat, lon) in enumerate(zip(series.lat, series.lon, strict=True)):
        columns = [_texts(values[k], names[name]) for name, values in series.layers.items()]
        if "flags" in series.layers:
            columns.append(
                ["|".join(series.of["flags"].meanings(number)) for number in series.layers["flags"][k].tolist()]
            )
        for time, *row in zip(times, *columns, strict=True):
            writer.writerow([*time, f"{lat:.2f}", f"{lon:.2f}", *row])


def _texts(values: NDArray[Any], words: dict[int, str]) -> list[str]:
    real = values.dtype.kind == "f"
    return [("" if np.isnan(v) else f"{v:.4f}") if real else words.get(v, str(v)) for v in values.tolist()]


def plain(name: str, series: Series) -> list[list[float | int | str | None]]:
    """A layer's values of each pixel as a CSV file has them: four digits, names of codes, None for gaps."""
    words, values = _words(series.of[name]), series.layers[name]
    if values.dtype.kind == "f":
        return [[None if np.isnan(value) else round(value, 4) for value in row] for row in values.tolist()]
    return [[words.get(value, value) for value in row] for row in values.tolist()]


def _words(layer: Layer) -> dict[int, str]:
    """Number → name, of layers of codes; a distance of fill stays a number."""
    return {} if layer.name == WITNESS else dict(layer.codes)


def write_sidecar(path: str | Path, series: Series) -> None:
    """The attributes that a NetCDF file of the series has, as JSON: in a CSV file lines of comment break most readers."""
    with atomic(path) as beside:
        beside.write_text(json.dumps(about(series), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def about(series: Series) -> dict[str, Any]:
    """Attributes of the series: those of the cube, over their own places and steps, which with the layers name them."""
    known = {name: value for name, value in series.about.items() if isinstance(value, str | float)}
    part = sha256(series.pixel.astype("<i4").tobytes() + " ".join(map(str, [*series.steps, *series.layers])).encode())
    return {
        **known,
        **of_edition(str(known["edition"]), f"extract-{part.hexdigest()[:12]}"),
        **series.frame.over_places(),
        **series.frame.over_steps(series.steps),
        "kind": EXTRACT.name,
        "layout": EXTRACT.layout,
        "date_created": made_on(),
        "history": f"{known['history']}; rssm extract",
        "featureType": "timeSeries",
        "cdm_data_type": "Station",
    }


def write_netcdf(path: str | Path, series: Series) -> None:
    """CF discrete sampling geometry: series (place, time)."""
    frame = series.frame
    with EXTRACT.created(path) as file:
        file.setncatts(about(series))
        for dimension, size in (("place", series.pixel.size), ("time", len(series.steps)), ("bnds", 2)):
            file.createDimension(dimension, size)
        axes = time_axes(frame.calendar, series.steps) | scalar_axes(frame)
        for name, full, units, values in (
            ("lat", "latitude", "degrees_north", series.lat),
            ("lon", "longitude", "degrees_east", series.lon),
        ):
            known = {"units": units, "standard_name": full, "long_name": f"{full} of the pixel's centre"}
            axes[name] = Axis(("place",), values, known)
        named = {"cf_role": "timeseries_id", "long_name": frame.pixel_meaning}
        for name, axis in (axes | {"pixel": Axis(("place",), series.pixel, named)}).items():
            put_axis(file, name, axis)
        for name, values in series.layers.items():
            real = values.dtype.kind == "f"
            layer = file.createVariable(
                name, values.dtype.str[1:], ("place", "time"), zlib=True, fill_value=np.nan if real else False
            )
            layer.setncatts(
                _unpacked(series.known[name], values.dtype) | {"grid_mapping": "crs", "coordinates": "depth lat lon"}
            )
            layer[:] = values


def _unpacked(known: dict[str, Any], dtype: np.dtype[Any]) -> dict[str, Any]:
    """Attributes of a layer whose values are no longer packed."""
    packed = ("scale_factor", "_ARRAY_DIMENSIONS", "grid_mapping", "coordinates", "_FillValue")
    limits = ("valid_min", "valid_max") if dtype.kind == "f" else ()
    kept = {name: value for name, value in known.items() if name not in (*packed, *limits)}
    return {name: np.array(value, dtype) if isinstance(value, list | int) else value for name, value in kept.items()}
