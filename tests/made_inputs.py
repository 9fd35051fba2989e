"""Made-up inputs of a product job, of any region, laid out as the workflow's own: for measurements and tests.

Values vary in space and time as soil moisture does: a smooth field with speckles, gaps between orbits, snow in the
north in winter, a rainforest at the equator.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.config.product import ROLES, DataSet
from rssm.grid import GRID, Area, Region, Window
from rssm.ingest.index import write_index
from rssm.maps import write_map
from rssm.paths import SIMULATED
from rssm.product.records.frame import Frame, season_labels
from rssm.product.specs import Cited, Edition, FileSpec, PublishSpec, UsedNetwork, YearSpec
from rssm.product.uncertainty.held_out import FIELDS, Skill, write_skill
from rssm.product.values.mean_year import MEAN_YEAR
from rssm.product.values.snow_climatology import SNOW
from rssm.product.values.sources import land_of
from rssm.rounds.ranges import write_ranges

TRAINING = ((2015 * 36 + 9, 2018 * 36 + 35),)
NETWORKS = (
    UsedNetwork("NN1-1", ("ASCAT-SWI", "SMOS-IC"), TRAINING),
    UsedNetwork("NN1-2", ("ASCAT-SWI",), TRAINING),
)
CITED = Cited("a product", "1", "free", "Author 2020", "10.1234/abcd")


@dataclass(frozen=True)
class Made:
    """A product job's arguments."""

    inputs: dict[str, list[str]]
    spec: YearSpec
    out: list[str]

    @property
    def files(self) -> FileSpec:
        """What is asked of what is made of the year's file."""
        return FileSpec(self.spec.layers, self.spec.code)

    @property
    def publishing(self) -> PublishSpec:
        spec = self.spec
        return PublishSpec(spec.edition, spec.area, spec.calendar, spec.fill, spec.layers, spec.formats, {})


def make_inputs(
    folder: Path, region: Region, steps: range, land: str, chains: int = 1, settings: DataSet | None = None
) -> Made:
    """Write all inputs of the job that makes the dekads `steps` of one year below a folder."""
    window, year, made = GRID.window(region), str(steps[0] // 36), folder / "product"
    wet = land_of(land, Frame(GRID, window, DEKADS))
    known = settings or DataSet()
    inputs = {
        "maps": _maps(folder / "maps", window, wet, steps, chains, known.fill.method == "departures"),
        "skill": [_skill(folder / "skill" / "1.nc", region)],
        "ranges": [_ranges(folder / "ranges" / "all.nc", window, wet)],
        "land": [land],
        "calibration": [],
        "extends": [],
    }
    release, cited = known.release, dict.fromkeys(("ASCAT-SWI", "SMOS-IC"), CITED)
    spec = YearSpec(
        edition=Edition("rsssm", release.version, release.date, known.about, cited, "0" * 16),
        area=Area(GRID.id, region),
        calendar=DEKADS.id,
        estimate=SIMULATED,
        steps=(steps[0], steps[-1]),
        roles=ROLES,
        networks=NETWORKS,
        matched=(),
        rounds=("1",),
        snow_from=2007 * 36,
        fill=known.fill,
        water_flag=known.water_flag,
        layers=known.layers,
        formats=known.formats,
        code="0" * 16,
    )
    return Made(inputs, spec, [str(made / f"geotiff/{year}.json"), str(made / f"netcdf/RSSSM_{year}.nc")])


def _maps(
    folder: Path, window: Window, land: NDArray[np.bool_], steps: range, chains: int, departures: bool
) -> list[str]:
    """Maps of all products, of the mean year if gaps are filled by departures from it, and their indices."""
    written: dict[str, dict[str, dict[str, Any]]] = {}

    def put(product: str, label: str, layers: dict[str, NDArray[Any]]) -> None:
        path = folder / product / f"{product}_{label}.tif"
        write_map(path, layers, GRID, window, {"product": product, "label": label, "networks": "NN1-1 NN1-2"})
        entry = {"map": path.name, "status": "complete", "files": [f"{product}_{label}.nc"]}
        written.setdefault(product, {})[label] = entry

    for step in steps:
        for product, layers in dekad_fields(window, land, step, chains).items():
            put(product, DEKADS.label(step), layers)
    north = np.broadcast_to(_latitude(window) > 60, window.shape)
    for label in season_labels(DEKADS):
        put(SNOW, label, {"value": north.astype(np.int8)})
    for season, label in enumerate(season_labels(DEKADS) if departures else []):
        put(MEAN_YEAR, label, {"value": np.where(land, usual(window, season), np.float32(np.nan))})
    put("RAINFOREST", "static", {"value": np.broadcast_to(np.abs(_latitude(window)) < 5, window.shape).astype(np.int8)})
    put("LANDCOVER", "static", {"value": np.clip(np.rint(8 + 4 * _noise(window, 7, 1)), 1, 16)})
    indices = []
    for product, entries in written.items():
        indices.append(str(folder / product / f"{steps[0] // 36}.json"))
        write_index(indices[-1], product, "", entries, calendar_id="static" if "static" in entries else "dekad")
    return indices


def dekad_fields(window: Window, land: NDArray[np.bool_], step: int, chains: int) -> dict[str, dict[str, NDArray[Any]]]:
    """Product → layers (row, column) of one dekad."""
    gap = np.float32(np.nan)
    season, smooth = np.cos(2 * np.pi * (step % 36) / 36), usual(window, step)
    missing = ~land | (_noise(window, 11, step) > 1.2)
    value = np.where(missing, gap, np.clip(smooth + 0.02 * _noise(window, 3, step), 0.02, 0.6)).astype(np.float32)
    second = _noise(window, 17, step + 1) > 0.6
    chained = {f"chain{k}": value + np.float32(0.01) * _noise(window, 5, 100 * step + k) for k in range(chains)}
    snow = _latitude(window) > 55 + 15 * season * -1 + 5 * _noise(window, 13, step)
    return {
        "SIM-1": {
            "value": value,
            **(chained if chains > 1 else {}),
            "network": np.where(missing, np.where(land, -1, gap), second),
            "flags": np.where(land, second * 1.0, gap),
            "merged": np.where(land, 0.0, gap),
            "held_out_mse": np.where(missing, gap, 0.0009),
            "blended": (~missing & ((np.arange(window.columns) + window.column) % 10 == 0)) * 1.0,
        },
        "ASCAT-SWI": {"value": value, "n_obs": np.where(missing, 0, 8), "error": value},
        "SMOS-IC": {"value": value, "n_obs": np.where(missing, 0, 5), "error": value},
        "SNOW": {"value": np.where(land, snow * 1.0, gap)},
        "FREEZE-THAW": {"value": np.where(land, ~snow * 1.0, gap)},
        "WATER": {"value": np.where(land, np.clip(_noise(window, 9, 2) - 1.5, 0, 1), gap)},
    }


def usual(window: Window, step: int) -> NDArray[np.float64]:
    """Soil moisture (row, column) that dekads scatter about."""
    season = np.cos(2 * np.pi * (step % 36) / 36)
    smooth: NDArray[np.float64] = 0.25 + 0.15 * _noise(window, 31, 1) + 0.05 * season * np.sign(_latitude(window))
    return smooth


def _latitude(window: Window) -> NDArray[np.float64]:
    """(row, 1) degrees north of pixel centres."""
    return (GRID.north - (window.row + np.arange(window.rows)[:, None] + 0.5) / GRID.zone_pixels).astype(np.float64)


def _noise(window: Window, width: int, seed: int) -> NDArray[np.float32]:
    """A random field with unit spread, smooth over `width` pixels, the same for the same pixels' window."""
    rng = np.random.default_rng([seed, width, *window.shape])
    coarse = rng.normal(size=(window.rows // width + 3, window.columns // width + 3)).astype(np.float32)
    row, column = np.arange(window.rows) / width, np.arange(window.columns) / width
    i, j = row.astype(int), column.astype(int)
    u, v = (row - i).astype(np.float32)[:, None], (column - j).astype(np.float32)
    top = coarse[i][:, j] * (1 - v) + coarse[i][:, j + 1] * v
    below = coarse[i + 1][:, j] * (1 - v) + coarse[i + 1][:, j + 1] * v
    return (top * (1 - u) + below * u) * np.float32(1.5)


def _skill(path: Path, region: Region) -> str:
    """Skill of both networks in every zone."""
    zones = tuple(zone.name for zone in region.zones())
    rng = np.random.default_rng(len(zones))
    fields = {name: rng.uniform(0.0005, 0.002, (2, len(zones))).astype(np.float32) for name in FIELDS}
    fields["r2"] = 1 - 300 * fields["mse"]
    write_skill(path, Skill(("NN1-1", "NN1-2"), zones, fields, "f" * 64))
    return str(path)


def _ranges(path: Path, window: Window, land: NDArray[np.bool_]) -> str:
    """Range of every land pixel."""
    row, column = np.nonzero(land)
    pixel = (row + window.row) * GRID.columns + (column + window.column) % GRID.columns
    write_ranges(path, pixel, *(np.full(pixel.size, limit, np.float32) for limit in (0.05, 0.5)))
    return str(path)
