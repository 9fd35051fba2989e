"""Real data from end to end: `config/hawaii.yaml` learns SMAP over Hawaii from cell files as they are.

SMAP of 2017 and 2018 is held out. It judges the data set, and the rival without networks, by code of its own
(`cell_files.py`) on the same pixels and dekads. docs/own-archive.md states the table that `table` gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cell_files
import netCDF4
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.workflow.conftest import Project

GUIDE = Path(__file__).resolve().parents[2] / "docs/own-archive.md"
F64 = NDArray[np.float64]
DEKADS = range(2015 * 36, 2018 * 36 + 18)
HELD_OUT = np.array([step // 36 in (2017, 2018) for step in DEKADS])


@dataclass(frozen=True)
class Hawaii:
    """The data set and what judges it, (pixel, dekad) of 2015D01–2018D18; NaN where there is none.

    zone       (pixel,) number of the 1° zone
    made       soil moisture of the data set
    smap       of the cell files
    ascat, smos   matched to SMAP of the years that are learnt from
    """

    zone: NDArray[np.intp]
    made: F64
    smap: F64
    ascat: F64
    smos: F64

    @cached_property
    def mean_year(self) -> F64:
        return cell_files.seasons(np.where(HELD_OUT, np.nan, self.smap), DEKADS)

    @cached_property
    def rivals(self) -> dict[str, F64]:
        """ASCAT and SMOS averaged: of what is `there`, or only where `both` are."""
        with np.errstate(invalid="ignore"):
            count = np.isfinite(self.ascat).astype(float) + np.isfinite(self.smos)
            total = np.nan_to_num(self.ascat) + np.nan_to_num(self.smos)
            return {of: np.where(count >= n, total / count, np.nan) for of, n in (("there", 1), ("both", 2))}

    def judged(self, of: str, dekads: NDArray[np.intp] | None = None) -> dict[str, dict[str, float]]:
        """Scores of the data set and of the rival on common pixels and dekads (all that are held out, or some)."""
        at = np.flatnonzero(HELD_OUT) if dekads is None else dekads
        made, rival, truth, year = (x[:, at] for x in (self.made, self.rivals[of], self.smap, self.mean_year))
        common = np.isfinite(made) & np.isfinite(rival) & np.isfinite(truth)
        truth = np.where(common, truth, np.nan)
        return {name: cell_files.scores(x, truth, year) for name, x in (("made", made), ("rival", rival))}


@pytest.fixture(scope="module")
def hawaii(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Hawaii:
    """The run of the shipped configuration, through Snakemake."""
    cells = real / "cells"
    if not cells.is_dir():
        pytest.skip("the cell files of Hawaii are not beside this checkout")
    folder = tmp_path_factory.mktemp("hawaii")
    (folder / "shared").symlink_to(real.parent)
    project = Project(folder / "project")
    done = project.snakemake("--", "product", config="config/hawaii.yaml")
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-4000:]
    assert (project.folder / "results/rsssm/product/release.json").is_file()
    lon, lat, made = _data_set(project.folder / "results/rsssm/product/netcdf")
    values = {name: cell_files.series(cells, name, lon, lat, DEKADS) for name in cell_files.REACH}
    learnt = np.where(HELD_OUT, np.nan, values["SMAP"])
    ascat, smos = (cell_files.matched(values[name], learnt) for name in ("ASCAT", "SMOS"))
    zone = np.unique(np.floor(lat) * 360 + np.floor(lon), return_inverse=True)[1]
    return Hawaii(zone, made, values["SMAP"], ascat, smos)


def _data_set(folder: Path) -> tuple[F64, F64, F64]:
    """Longitude and latitude of the pixels with values, and these (pixel, dekad)."""
    years = []
    for year in range(2015, 2019):
        with netCDF4.Dataset(folder / f"RSSSM_{year}.nc") as data:
            lat, lon = np.meshgrid(data["lat"][:], data["lon"][:], indexing="ij")
            years.append(np.ma.filled(data["soil_moisture"][:].astype(float), np.nan))
    values = np.concatenate(years)
    assert len(values) == len(DEKADS)
    there = np.isfinite(values).any(axis=0)
    return lon[there], lat[there], values[:, there].T


def _zones(hawaii: Hawaii) -> Iterator[tuple[F64, F64]]:
    """Series of each zone that SMAP sees: means over common pixels of the data set and of SMAP."""
    common = np.isfinite(hawaii.made) & np.isfinite(hawaii.smap)
    for zone in range(int(hawaii.zone.max()) + 1):
        here = common & (hawaii.zone == zone)[:, None]
        steps = here.any(axis=0)
        if steps.sum() >= cell_files.FEWEST:
            count = here[:, steps].sum(axis=0)
            yield tuple(np.where(here, x, 0)[:, steps].sum(axis=0) / count for x in (hawaii.made, hawaii.smap))  # type: ignore[misc]


def table(hawaii: Hawaii) -> str:
    """The table of docs/own-archive.md."""
    rows = ["| | RMSE | ubRMSE | r | anomaly r |", "|---|---|---|---|---|"]
    for of, where in (("there", "ASCAT or SMOS is there"), ("both", "both are there")):
        for name, found in hawaii.judged(of).items():
            numbers = " | ".join(f"{x:.3f}" for x in found.values())
            rows.append(f"| {'data set' if name == 'made' else 'rival'}, where {where} | {numbers} |")
    return "\n".join(rows)


def test_the_data_set_beats_matched_products_on_years_that_nothing_learnt_from(hawaii: Hawaii) -> None:
    found = hawaii.judged("there")
    made, rival = found["made"], found["rival"]
    assert made["ubrmse"] <= rival["ubrmse"], table(hawaii)
    assert made["anomaly_r"] >= rival["anomaly_r"], table(hawaii)
    assert made["rmse"] <= rival["rmse"], table(hawaii)


def test_where_both_satellites_are_there_the_two_differ_by_chance_alone(hawaii: Hawaii) -> None:
    """A shortfall that was measured: the rival is ahead there by less than chance, told by dekads drawn again."""
    blocks = np.array_split(np.flatnonzero(HELD_OUT), 9)  # of six dekads, which share weather
    draw = np.random.default_rng(12)
    behind: dict[str, list[float]] = {"ubrmse": [], "anomaly_r": []}
    for _ in range(200):
        dekads = np.concatenate([blocks[i] for i in draw.integers(0, len(blocks), len(blocks))])
        found = hawaii.judged("both", dekads)
        behind["ubrmse"].append(found["made"]["ubrmse"] - found["rival"]["ubrmse"])
        behind["anomaly_r"].append(found["rival"]["anomaly_r"] - found["made"]["anomaly_r"])
    for name, differences in behind.items():
        assert np.quantile(differences, 0.05) <= 0, f"{name}: {table(hawaii)}"


def test_the_manual_states_the_table(hawaii: Hawaii) -> None:
    stated, measured = ({row[1]: row[2:6] for row in cells(text)} for text in (GUIDE.read_text("utf-8"), table(hawaii)))
    for name, numbers in measured.items():
        assert np.array(stated[name], float) == pytest.approx(np.array(numbers, float), abs=0.01), name


def cells(text: str) -> list[list[str]]:
    """Cells of the rows of tables."""
    return [
        [cell.strip() for cell in line.split("|")]
        for line in text.splitlines()
        if re.match(r"\| (data set|rival),", line)
    ]


def test_no_zone_is_told_as_a_constant(hawaii: Hawaii) -> None:
    spreads = [ours.std() / theirs.std() for ours, theirs in _zones(hawaii)]
    assert len(spreads) >= 5
    assert min(spreads) >= 0.2, spreads
