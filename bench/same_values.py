"""Whether two runs hold the same values, bit for bit: `python -m bench.same_values RESULTS_A RESULTS_B`.

Maps, cubes, networks, estimates, tables of skill, the data set's files and Zarr cubes are compared array by array;
texts about a file (versions, digests, times, provenance) are not values and are left out. `OLD=NEW` after the folders
names a folder or file that is called otherwise in the second run.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import rasterio
import zarr

Arrays = Iterator[tuple[str, np.ndarray]]


def of_geotiff(path: Path) -> Arrays:
    with rasterio.open(path) as file:
        for band, name in enumerate(file.descriptions, 1):
            yield str(name), file.read(band)


def of_netcdf(path: Path) -> Arrays:
    with netCDF4.Dataset(path) as file:
        yield from _of_group(file, "")


def _of_group(group: Any, above: str) -> Arrays:
    group.set_auto_maskandscale(False)
    for name, variable in group.variables.items():
        yield above + name, np.asarray(variable[...])
    for name, inner in group.groups.items():
        yield from _of_group(inner, f"{above}{name}/")


def of_zarr(path: Path) -> Arrays:
    group: Any = zarr.open_group(str(path), mode="r")
    for name in sorted(group.array_keys()):
        yield name, np.asarray(group[name][...])


READERS = {".tif": of_geotiff, ".nc": of_netcdf, ".zarr": of_zarr}


def files(folder: Path) -> dict[str, Path]:
    """Path below the folder → file or Zarr cube, of those that hold values."""
    found = (path for path in folder.rglob("*") if path.suffix in READERS)
    return {str(path.relative_to(folder)): path for path in found if not path.name.startswith(".")}


def differences(a: Path, b: Path) -> list[str]:
    """What differs between two files; NaN equals NaN."""
    left, right = dict(READERS[a.suffix](a)), dict(READERS[b.suffix](b))
    found = [f"{name}: only in one" for name in left.keys() ^ right.keys()]
    for name in left.keys() & right.keys():
        x, y = left[name], right[name]
        same = x.shape == y.shape and x.dtype == y.dtype
        if same and x.dtype.kind == "f":
            same = np.array_equal(x, y, equal_nan=True)
        elif same:
            same = np.array_equal(x, y)
        if not same:
            found.append(f"{name}: {x.dtype}{x.shape} and {y.dtype}{y.shape} differ")
    return found


def main(arguments: list[str]) -> int:
    folders, renamed = arguments[:2], dict(pair.split("=") for pair in arguments[2:])
    left, right = files(Path(folders[0])), files(Path(folders[1]))
    for old, new in renamed.items():
        left = {name.replace(old, new): path for name, path in left.items()}
    bad = [f"{name}: only in {folders[name in right]}" for name in sorted(left.keys() ^ right.keys())]
    for name in sorted(left.keys() & right.keys()):
        bad += [f"{name}: {text}" for text in differences(left[name], right[name])]
    print("\n".join(bad[:50]))
    kinds = Counter(Path(name).suffix for name in left.keys() & right.keys())
    print(f"compared {dict(kinds)}; {len(bad)} differences")
    return 1 if bad or not kinds else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
