"""What a map, cube, network, table, estimates, index, product or native file holds, of any format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from rssm.commands.answers import Answer
from rssm.errors import InputError

Row = dict[str, Any]


class Contents(Answer):
    """What a file holds."""

    file: str = Field(description="Its path.")
    about: list[str] = Field(description="What it is, in words.")
    table: list[Row] = Field(
        [],
        description="One entry for each layer, variable, array or map: name, unit, shape, number, least, mean and greatest of the "
        "valid values, or what the format says instead.",
    )
    texts: dict[str, list[str]] = Field({}, description="Variables of texts: their values.")
    notes: list[str] = Field([], description="What else the table needs to be understood.")
    attributes: dict[str, Any] = Field({}, description="Its attributes.")
    holds: Any = Field(None, description="What a JSON file holds that is no index of maps.")


def contents(path: Path) -> Contents:
    """What a file holds, by its kind."""
    if (path / ".zmetadata").is_file():
        return _zarr(path)
    if not path.is_file():
        raise InputError(f"{path}: {'a folder, but not a Zarr cube' if path.is_dir() else 'no such file'}.")
    suffixes = {
        ".tif": _geotiff,
        ".json": _json,
        ".hdf": _hdf4,
        **dict.fromkeys((".grib", ".grib1", ".grib2", ".grb", ".grb1", ".grb2"), _grib),
        **dict.fromkeys((".nc", ".nc4", ".h5", ".he5"), _netcdf),
    }
    if path.suffix not in suffixes:
        raise InputError(f"{path}: expected a file that ends in {', '.join(suffixes)}, or a folder of Zarr.")
    return suffixes[path.suffix](path)


def _geotiff(path: Path) -> Contents:
    """A map or a product file: place, tags, and the values of every layer."""
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        with rasterio.open(path) as source:
            return _bands(path, source)
    except RasterioIOError as error:
        raise InputError(f"{path}: cannot be read as GeoTIFF, or is cut short ({error}).") from None


def _bands(path: Path, source: Any) -> Contents:
    """Place, tags, and the values of every layer of an open GeoTIFF file."""
    west, south, east, north = source.bounds
    cog = source.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG"
    tags = source.tags()
    what = f"{tags['product']} {tags['label']}" if "label" in tags else tags.get("period", "")
    about = [
        f"{'Cloud-Optimized GeoTIFF' if cog else 'Map'} {what}: {source.height} rows × {source.width} columns",
        f"{south:g}…{north:g}° N, {west:g}…{east:g}° E, {source.crs}, {source.dtypes[0]}, missing {source.nodata}",
    ]
    rows = []
    for band, name in enumerate(source.descriptions, 1):
        stored = source.read(band)
        gap = np.isnan(stored) if stored.dtype.kind == "f" else stored == source.nodata
        values = np.where(gap, np.nan, stored * source.scales[band - 1])
        unit = source.units[band - 1] or (tags.get("units", "") if name == "value" else "")
        rows.append(_row(name or f"band {band}", unit, "row × column", values))
    return Contents(file=str(path), about=about, table=rows, attributes=tags)


def _netcdf(path: Path) -> Contents:
    """A cube, network, table, estimates or yearly file: dimensions, the values of every variable, attributes."""
    import netCDF4

    try:
        file = netCDF4.Dataset(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read as NetCDF ({error}).") from None
    with file:
        kind = str(getattr(file, "kind", "NetCDF file"))
        sizes = ", ".join(f"{len(d)} {name}" for name, d in file.dimensions.items())
        rows, texts = [], {}
        for name, variable in _variables(file):
            if variable.dtype is str or variable.dtype.kind in "SU":
                listed = np.ma.filled(np.ma.ravel(variable[:]).astype(str), "–")
                texts[name] = [str(text) for text in listed]
            else:
                shape = " × ".join(variable.dimensions)
                rows.append(_row(name, getattr(variable, "units", ""), shape, _filled(variable)))
        attributes = {name: _plain(file.getncattr(name)) for name in file.ncattrs()}
    about = [f"{kind[0].upper()}{kind[1:]}: {sizes}"]
    return Contents(file=str(path), about=about, table=rows, texts=texts, attributes=attributes)


def _hdf4(path: Path) -> Contents:
    """A native file of HDF4: its grids, what data sets it has and what they say of themselves; values are not read."""
    from rssm.archive.bad_file import BadFile
    from rssm.archive.readers import hdf4
    from rssm.archive.readers.eos_grids import grids_of

    try:
        arrays, attributes = hdf4.contents(path)
    except BadFile as error:
        raise InputError(f"{path}: {error}.") from None
    about = [f"HDF4 file: {len(arrays)} data sets"]
    for grid in grids_of(str(attributes.get("StructMetadata.0", ""))):
        edges = ", ".join(f"{edge:.10g}" for edge in grid.corners)
        about.append(
            f"grid {grid.name}: {grid.rows} rows × {grid.columns} columns, {grid.projection}, left, top, right, bottom {edges}"
        )
    rows = []
    for name, unit, shape, own in arrays:
        said = ", ".join(f"{key} {value}" for key, value in own.items() if key not in ("long_name", "units"))
        rows.append({"name": name, "unit": unit, "shape": " × ".join(map(str, shape)), "attributes": said})
    plain = {name: _plain(value) for name, value in attributes.items()}
    return Contents(file=str(path), about=about, table=rows, attributes=plain)


def _grib(path: Path) -> Contents:
    """A native file of GRIB: its parameters with levels and times; values are not read."""
    from rssm.archive.bad_file import BadFile
    from rssm.archive.readers import grib

    try:
        found = grib.contents(path)
    except BadFile as error:
        raise InputError(f"{path}: {error}.") from None
    moments = sorted({moment for one in found for moment in one.moments})
    about = [f"GRIB file: {len(found)} parameters"]
    if moments:
        about.append(f"{len(moments)} times, {moments[0]} to {moments[-1]}")
    rows = [
        {
            "name": one.name,
            "unit": one.units,
            "shape": " × ".join(map(str, one.shape)),
            "times": len(one.moments),
            "levels": ", ".join(f"{kind} {level:g}" for kind, level in one.levels),
            "title": one.title,
        }
        for one in found
    ]
    return Contents(file=str(path), about=about, table=rows)


def _variables(file: Any) -> Iterator[tuple[str, Any]]:
    """Variables of a file, then those of its groups as group/variable."""
    yield from file.variables.items()
    for group in file.groups.values():
        for name, variable in _variables(group):
            yield f"{group.name}/{name}", variable


def _filled(variable: Any) -> NDArray[Any]:
    """Values with NaN for what is missing, at most a hundred million of them: of a larger variable the first maps."""
    share = max(1, variable.size // 10**8)
    values = variable[: max(1, variable.shape[0] // share)] if share > 1 else variable[...]
    return np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)


def _zarr(path: Path) -> Contents:
    """A cube of maps or points: arrays with shape, chunks and the codec; values are not read."""
    try:
        described = json.loads((path / ".zmetadata").read_text(encoding="utf-8"))["metadata"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: its .zmetadata cannot be read ({error}).") from None
    arrays = {name.removesuffix("/.zarray"): about for name, about in described.items() if name.endswith("/.zarray")}
    rows = []
    for name, about in arrays.items():
        shape, chunk = (" × ".join(map(str, about[key])) for key in ("shape", "chunks"))
        units = described[f"{name}/.zattrs"].get("units", "")
        rows.append({"array": name, "type": about["dtype"][1:], "shape": shape, "chunk": chunk, "units": units})
    about = [f"Zarr cube (format 2): {len(arrays)} arrays"]
    return Contents(file=str(path), about=about, table=rows, attributes=described[".zattrs"])


def _json(path: Path) -> Contents:
    """An index of maps: its steps with status and counts; any other JSON as it is."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: is not JSON ({error}).") from None
    if not isinstance(held, dict) or not {"product", "maps"} <= held.keys():
        return Contents(file=str(path), about=[], holds=held)
    rows, notes = [], []
    for label, entry in held["maps"].items():
        counts = {name: value for name, value in entry.items() if name not in ("map", "status", "sha256", "files")}
        files = len(entry["files"]) if "files" in entry else None
        rows.append({"step": label, "status": entry.get("status", ""), "counts": counts, "native files": files})
    if "native" in held:
        pins = held["native"].values()
        how = "size and sha256" if all("sha256" in pin for pin in pins) else "size"
        notes = [f"native: {len(pins)} files of {sum(pin['bytes'] for pin in pins):,} bytes, pinned by {how}"]
    if early := [label for label, entry in held["maps"].items() if entry.get("preliminary")]:
        notes.append(f"preliminary: some values of {len(early)} maps, {early[0]} to {early[-1]}, are not final yet")
    about = [f"Index of {held['product']} {held.get('year', '')}: {len(held['maps'])} maps"]
    rest = {name: value for name, value in held.items() if name not in ("maps", "product", "year", "native")}
    return Contents(file=str(path), about=about, table=rows, notes=notes, attributes=rest)


def _row(name: str, unit: str, shape: str, values: NDArray[Any]) -> Row:
    """Number, range and mean of the valid values of a layer."""
    valid = values[~np.isnan(values)]
    least, mean, most = (float(n) for n in (valid.min(), valid.mean(), valid.max())) if valid.size else [None] * 3
    return {"name": name, "unit": unit, "shape": shape, "valid": valid.size, "min": least, "mean": mean, "max": most}


def _plain(value: Any) -> Any:
    """An attribute as JSON can hold it."""
    return (
        value.tolist()
        if isinstance(value, np.ndarray | np.generic)
        else str(value)
        if isinstance(value, bytes)
        else value
    )
