"""`rssm inspect FILE`: what a map, cube, network, table, estimates, index, product or native file holds, in a page of text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.commands import parser_of
from rssm.errors import InputError
from rssm.tsv import aligned

SHORT = 100  # characters of an attribute
HEAD: tuple[str, ...] = ("name", "unit", "shape", "valid", "min", "mean", "max")


def describe(path: Path) -> Iterator[str]:
    """Lines about a file, by what it is."""
    if (path / ".zmetadata").is_file():
        return _zarr(path)
    if not path.is_file():
        raise InputError(f"{path}: {'a folder, but not a Zarr cube' if path.is_dir() else 'no such file'}.")
    suffixes = {
        ".tif": _geotiff,
        ".json": _json,
        ".hdf": _hdf4,
        **dict.fromkeys((".nc", ".nc4", ".h5", ".he5"), _netcdf),
    }
    if path.suffix not in suffixes:
        raise InputError(f"{path}: expected a file that ends in {', '.join(suffixes)}, or a folder of Zarr.")
    return suffixes[path.suffix](path)


def _geotiff(path: Path) -> Iterator[str]:
    """A map or a product file: place, tags, and the values of every layer."""
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        yield from _bands(rasterio.open(path))
    except RasterioIOError as error:
        raise InputError(f"{path}: cannot be read as GeoTIFF, or is cut short ({error}).") from None


def _bands(opened: Any) -> Iterator[str]:
    """Place, tags, and the values of every layer of an open GeoTIFF file."""
    with opened as source:
        west, south, east, north = source.bounds
        cog = source.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") == "COG"
        tags = source.tags()
        what = f"{tags['product']} {tags['label']}" if "label" in tags else tags.get("period", "")
        yield f"{'Cloud-Optimized GeoTIFF' if cog else 'Map'} {what}: {source.height} rows × {source.width} columns"
        yield f"{south:g}…{north:g}° N, {west:g}…{east:g}° E, {source.crs}, {source.dtypes[0]}, missing {source.nodata}"
        rows = [HEAD]
        for band, name in enumerate(source.descriptions, 1):
            stored = source.read(band)
            gap = np.isnan(stored) if stored.dtype.kind == "f" else stored == source.nodata
            values = np.where(gap, np.nan, stored * source.scales[band - 1])
            unit = source.units[band - 1] or (tags.get("units", "") if name == "value" else "")
            rows.append(_row(name or f"band {band}", unit, "row × column", values))
        yield from ("", aligned(rows, left=3), "", *_attributes(tags))


def _netcdf(path: Path) -> Iterator[str]:
    """A cube, network, table, estimates or yearly file: dimensions, the values of every variable, attributes."""
    import netCDF4

    try:
        file = netCDF4.Dataset(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be read as NetCDF ({error}).") from None
    with file:
        yield f"{_kind(file)}: {', '.join(f'{len(d)} {name}' for name, d in file.dimensions.items())}"
        rows, texts = [HEAD], []
        for name, variable in _variables(file):
            shape = " × ".join(variable.dimensions)
            if variable.dtype is str or variable.dtype.kind in "SU":
                listed = np.ma.filled(np.ma.ravel(variable[:]).astype(str), "–").astype(str)
                shown = ", ".join(listed[:4]) + (f" … {listed[-1]}" if listed.size > 4 else "")
                texts.append(f"{name} ({listed.size} {shape}): {shown}")
            else:
                rows.append(_row(name, getattr(variable, "units", ""), shape, _filled(variable)))
        attributes = _attributes({name: file.getncattr(name) for name in file.ncattrs()})
        yield from ("", aligned(rows, left=3), *texts, "", *attributes)


def _hdf4(path: Path) -> Iterator[str]:
    """A native file of HDF4: its grids, what data sets it has and what they say of themselves; values are not read."""
    from rssm.archive.bad_file import BadFile
    from rssm.archive.readers.eos_grids import grids_of
    from rssm.archive.readers.hdf4 import contents

    try:
        arrays, about = contents(path)
    except BadFile as error:
        raise InputError(f"{path}: {error}.") from None
    yield f"HDF4 file: {len(arrays)} data sets"
    for grid in grids_of(str(about.get("StructMetadata.0", ""))):
        edges = ", ".join(f"{edge:.10g}" for edge in grid.corners)
        yield f"grid {grid.name}: {grid.rows} rows × {grid.columns} columns, {grid.projection}, left, top, right, bottom {edges}"
    rows = [("name", "unit", "shape", "attributes")]
    for name, unit, shape, own in arrays:
        said = ", ".join(f"{key} {value}" for key, value in own.items() if key not in ("long_name", "units"))
        rows.append((name, unit, " × ".join(map(str, shape)), _short(said)))
    yield from ("", aligned(rows, left=4), "", *_attributes(about))


def _variables(file: Any) -> Iterator[tuple[str, Any]]:
    """Variables of a file, then those of its groups as group/variable."""
    yield from file.variables.items()
    for group in file.groups.values():
        for name, variable in _variables(group):
            yield f"{group.name}/{name}", variable


def _kind(file: Any) -> str:
    """What a NetCDF file says it is."""
    kind = str(getattr(file, "kind", "NetCDF file"))
    return f"{kind[0].upper()}{kind[1:]}"


def _filled(variable: Any) -> NDArray[Any]:
    """Values with NaN for what is missing, at most a hundred million of them: of a larger variable the first maps."""
    share = max(1, variable.size // 10**8)
    values = variable[: max(1, variable.shape[0] // share)] if share > 1 else variable[...]
    return np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)


def _zarr(path: Path) -> Iterator[str]:
    """A cube of maps or points: arrays with shape, chunks and the codec; values are not read."""
    try:
        described = json.loads((path / ".zmetadata").read_text(encoding="utf-8"))["metadata"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: its .zmetadata cannot be read ({error}).") from None
    arrays = {name.removesuffix("/.zarray"): about for name, about in described.items() if name.endswith("/.zarray")}
    rows = [("array", "type", "shape", "chunk", "units")]
    for name, about in arrays.items():
        shape, chunk = (" × ".join(map(str, about[key])) for key in ("shape", "chunks"))
        rows.append((name, about["dtype"][1:], shape, chunk, described[f"{name}/.zattrs"].get("units", "")))
    yield f"Zarr cube (format 2): {len(arrays)} arrays"
    yield from ("", aligned(rows, left=5), "", *_attributes(described[".zattrs"]))


def _json(path: Path) -> Iterator[str]:
    """An index of maps: its steps with status and counts; any other JSON as it is."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: is not JSON ({error}).") from None
    if not isinstance(about, dict) or not {"product", "maps"} <= about.keys():
        yield from json.dumps(about, indent=1, ensure_ascii=False).splitlines()
        return
    yield f"Index of {about['product']} {about.get('year', '')}: {len(about['maps'])} maps"
    rows = []
    for label, entry in about["maps"].items():
        counts = {name: value for name, value in entry.items() if name not in ("map", "status", "sha256", "files")}
        files = f"{len(entry['files'])} native files" if "files" in entry else ""
        rows.append((f"  {label}", entry.get("status", ""), _short(json.dumps(counts, ensure_ascii=False)), files))
    if rows:
        yield aligned(rows, left=4)
    if "native" in about:
        pins = about["native"].values()
        how = "size and sha256" if all("sha256" in pin for pin in pins) else "size"
        yield f"native: {len(pins)} files of {sum(pin['bytes'] for pin in pins):,} bytes, pinned by {how}"
    apart = ("maps", "product", "year", "native")
    yield from _attributes({name: value for name, value in about.items() if name not in apart})


def _row(name: str, unit: str, shape: str, values: NDArray[Any]) -> tuple[str, ...]:
    """Cells under `HEAD`: number, range and mean of the valid values."""
    valid = values[~np.isnan(values)]
    numbers = [f"{n:.5g}" for n in (valid.min(), valid.mean(), valid.max())] if valid.size else ["–"] * 3
    return name, unit, shape, str(valid.size), *numbers


def _attributes(found: dict[str, Any]) -> Iterator[str]:
    for name, value in sorted(found.items()):
        yield f"{name}: {_short(str(value))}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("inspect")
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="map, cube, network, estimates, index, product or native file"
    )
    for number, path in enumerate(parser.parse_args(arguments).files):
        if number:
            print()
        print(f"== {path}")
        for line in describe(Path(path)):
            print(line)
    return 0
