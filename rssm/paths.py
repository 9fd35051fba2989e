"""Where the files of a run lie, from the folder of the run: known here and nowhere else.

Rules write `<results>`, `<learnt>` and `<prefix>` for what this says (Snakemake's path variables).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

RESULTS = "results"
ESTIMATES = {"chain": "SIM", "fused": "FUSED"}  # what a data set is made of → how the names of its maps begin
SIMULATED, FUSED = ESTIMATES.values()
PARTS = ("netcdf", "zarr")  # of a data set, either of which shows that it is one


@dataclass(frozen=True)
class Paths:
    """The files of a method's run; `run` is the folder of the run, where that is not the working directory."""

    method: str = "rsssm"
    run: str = ""

    @property
    def results(self) -> str:
        return f"{self.run}/{RESULTS}/{self.method}" if self.run else f"{RESULTS}/{self.method}"

    @property
    def prefix(self) -> str:
        """How the names of the data set's files begin."""
        return self.method.upper()

    @property
    def product(self) -> str:
        """The data set."""
        return f"{self.results}/product"

    def given(self, name: str) -> str:
        """Copy of a file that the run is given."""
        return f"{self.results}/given/{name}"

    @property
    def release(self) -> str:
        """Record of a finished edition."""
        return f"{self.product}/release.json"

    @property
    def points(self) -> str:
        """Cube of points of the data set."""
        return f"{self.product}/zarr/points.zarr"

    @property
    def report(self) -> str:
        return f"{self.results}/report"

    @property
    def land_share(self) -> str:
        """Table of what share of land × steps has values."""
        return f"{self.report}/land_share.tsv"


def data_sets_in(place: str | Path) -> list[Path]:
    """Folders of data sets in a folder: it is one, or the results of a method, those of all, or the folder of a run."""
    ways = ("product", "*/product", f"{RESULTS}/*/product")
    for places in ([Path(place)], *(sorted(Path(place).glob(way)) for way in ways)):
        if found := [folder for folder in places if any((folder / part).is_dir() for part in PARTS)]:
            return found
    return []


def cubes_in(data_set: str | Path, name: str) -> dict[str, Path]:
    """Table → its Zarr cube of a name in the folder of a data set; of a data set with one unnamed table `""`."""
    zarr = Path(data_set) / "zarr"
    found = {"": zarr / f"{name}.zarr"} | {path.parent.name: path for path in sorted(zarr.glob(f"*/{name}.zarr"))}
    return {table: path for table, path in found.items() if path.is_dir()}


def place_of(file: str | Path, label: str) -> str:
    """Place of one step's map in a file that holds a year's maps; that of a file of its own is the file."""
    return f"{file}#{label}"


def place_parts(place: str | Path) -> tuple[Path, str]:
    """File and label of the place of a map; no label where the file is one map."""
    file, _, label = str(place).partition("#")
    return Path(file), label
