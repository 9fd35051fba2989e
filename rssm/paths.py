"""Where the files of a run lie, from the folder of the run: known here and nowhere else.

Rules write `<results>`, `<learnt>` and `<prefix>` for what this says (Snakemake's path variables).
"""

from __future__ import annotations

from dataclasses import dataclass

RESULTS = "results"


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
