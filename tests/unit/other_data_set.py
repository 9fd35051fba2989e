"""Data sets of made-up methods: estimates of tiles that follow from pixel and step, and the jobs that make everything of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import yaml
from other_method import DailyRun, EaseRun
from pydantic import Field

from rssm.casm import layers as casm
from rssm.cli import main
from rssm.config.common import CommonRun
from rssm.config.product import About
from rssm.config.tiled import TiledDataSet
from rssm.cubes.estimates import write_estimates
from rssm.cubes.place import tile_pixels
from rssm.ingest.land_mask import write_land
from rssm.somo import layers as somo
from rssm.workflow.tiled import Behind, Tiled, Words
from rssm.workflow.tiled_scope import TiledScope


class EaseSet(EaseRun):
    """EASE-Grid 2.0 of 25 km in steps of three days, with a data set."""

    product: TiledDataSet = Field(TiledDataSet(about=About(title="Made up, by three days")))


class DailySet(DailyRun):
    """A quarter of a degree, daily, with a data set."""

    product: TiledDataSet = Field(TiledDataSet(about=About(title="Made up, by days")))


class SetScope(TiledScope):
    @property
    def cubes(self) -> dict[str, dict[str, set[int]]]:
        return {}


class EaseTiles(Tiled):
    """Layers as CASM has them, all steps of a tile in one file."""

    declared, estimates = casm.DECLARED, "merged/{tile}.nc"

    def learnt(self, wildcards: Any = None) -> list[str]:
        return [f"{self.scope.learnt.results}/networks/smos/1.nc"]

    def behind(self, tile: str, step: int, values: Words) -> Behind:
        members = f"branch {values['branch']}: {values['n_members']} members"
        return Behind([members], self.learnt(), {}, {})

    def about_pixel(self, tile: str, pixel: int) -> list[str]:
        return [f"pixel {pixel} of {tile}"]


class DailyTiles(Tiled):
    """Layers as SoMo.ml has them, a file a year and tile."""

    declared, estimates = somo.DECLARED, "simulated/{year}/{tile}.nc"

    def learnt(self, wildcards: Any = None) -> list[str]:
        return []

    def behind(self, tile: str, step: int, values: Words) -> Behind:
        return Behind()


TILED = {"ease": EaseTiles, "daily": DailyTiles}
MODELS: dict[str, type[CommonRun]] = {"ease": EaseSet, "daily": DailySet}


def set_scope(folder: Path, method: str, **settings: Any) -> SetScope:
    """The scope of a made-up run, whose tables lie in a folder; all of the region is land but its first pixel."""
    (folder / "products.yaml").write_text(yaml.safe_dump({}))
    named = {name: str(folder / file) for name, file in
             (("products", "products.yaml"), ("land", "land.tif"), ("land_zones", "land_zones.tsv"))}  # fmt: skip
    model = MODELS[method]
    run = model.model_validate({"tables": named, "inputs": {"root": str(folder / "archive")}, **settings})
    if not (folder / "land.tif").exists():
        grid, window = run.grid, run.area.window
        land = np.zeros((grid.rows, grid.columns), bool)
        columns = (window.column + np.arange(window.columns)) % grid.columns
        land[window.row : window.row + window.rows, columns] = True
        land[window.row, window.column] = False
        write_land(folder, land, grid)
    return SetScope(run, folder)


def moisture(pixel: np.ndarray, steps: Sequence[int], shift: float = 0.0) -> np.ndarray:
    """Estimated soil moisture (step, pixel): 0.1 + 0.02 × (step mod 7) + shift + pixel mod 10 / 1000; every 11th step a gap."""
    step = np.asarray(steps)[:, None]
    values = 0.1 + 0.02 * (step % 7) + shift + (pixel[None] % 10) / 1000
    return np.where(step % 11 == 0, np.nan, values).astype(np.float32)


def write_tiles(scope: SetScope, method: str, years: Sequence[int]) -> None:
    """Estimates of all tiles, in the working directory."""
    data = TILED[method](scope)
    for path in data.learnt():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(b"learnt")
    for name, tile in scope.tiles.items():
        pixel, _, _ = tile_pixels(scope.grid.tile_zones(tile, scope.region), scope.land, scope.grid)
        for year in years if "{year}" in data.estimates else [years[0]]:
            steps = list(scope.calendar.year(year)) if "{year}" in data.estimates else list(scope.run.steps)
            steps = [step for step in steps if step in scope.run.steps]
            layers = _ease(pixel, steps) if method == "ease" else _daily(pixel, steps)
            path = f"{scope.paths.results}/{data.estimate(name, year)}"
            write_estimates(path, name, scope.grid, scope.calendar, steps, pixel, layers)


def _ease(pixel: np.ndarray, steps: list[int]) -> dict[str, np.ndarray]:
    value = moisture(pixel, steps)
    known = np.isfinite(value)
    layers = {layer.name: np.where(known, np.float32(0.01), np.float32(np.nan)) for layer in casm.LAYERS if layer.real}
    counts = {layer.name: np.where(known, 3, 0).astype(layer.dtype) for layer in casm.LAYERS if not layer.real}
    del layers["CASM_soil_moisture"]
    branch = np.where(known, np.uint8(casm.Branch.SMOS), np.uint8(0))
    flags = np.where(known, 0, casm.Flag.NO_OBSERVATION).astype(np.uint16)
    return layers | counts | {"soil_moisture": value, "branch": branch, "flags": flags}


def _daily(pixel: np.ndarray, steps: list[int]) -> dict[str, np.ndarray]:
    layers = {f"layer{n}": moisture(pixel, steps, 0.1 * n) for n in (1, 2, 3)}
    for n in (1, 2, 3):
        for part in ("spread", "uncertainty"):
            layers[f"layer{n}_{part}"] = np.where(np.isnan(layers["layer1"]), np.float32(np.nan), np.float32(0.01 * n))
    flags = np.zeros(layers["layer1"].shape, np.uint16)
    flags[:, ::2] = somo.Flag.EXTRAPOLATED_STATICS
    return layers | {"flags": flags}


def make(scope: SetScope, method: str) -> Tiled:
    """The data set, by the jobs that the rules would run in the working directory."""
    data = TILED[method](scope)
    product, derived = scope.paths.product, []
    taken = data.taken()
    if scope.parent:
        bases = [f"{scope.learnt.product}/derived/{table}_climatology.nc" for table in data.tables]
        tables = ["--tables", *data.learnt(), *bases]
        run("take-over", "--release", scope.learnt.release, *tables, spec=data.taken_spec(), out=taken)
    for table in data.tables:
        for year in data.years:
            about = SimpleNamespace(table=table, year=year)
            files = ["--estimates", *data.estimates_of(about), "--learnt", *data.learnt(), "--extends", *taken]
            out = [f"{product}/geotiff/{table}_{year}.json", f"{product}/netcdf/{table}_{year}.nc"]
            run("tiled-year", table, year, *files, "--land", scope.land, spec=data.year_spec(about), out=out)
        base = f"{scope.learnt.product}/derived/{table}_climatology.nc"
        years = [f"{product}/netcdf/{table}_{year}.nc" for year in data.years]
        if not scope.parent:
            run("climatology", "--netcdf", *years, spec=data.climatology_spec(), out=[base])
            derived.append(base)
        for year, netcdf in zip(data.years, years, strict=True):
            month, anomaly, picture = (
                f"{product}/derived/{table}_monthly_{year}.nc",
                f"{product}/derived/{table}_anomaly_{year}.nc",
                f"{product}/quicklook/{table}_{year}.png",
            )
            run("monthly", year, "--netcdf", netcdf, spec=data.file_spec("monthly"), out=[month])
            run("anomaly", year, "--netcdf", netcdf, "--base", base, spec=data.file_spec("anomaly"), out=[anomaly])
            drawn = data.quicklook_spec(SimpleNamespace(table=table))
            run("quicklook", year, "--netcdf", netcdf, "--land", scope.land, spec=drawn, out=[picture])
            derived += [month, anomaly, picture]
            if table in data.monthly_tables:
                index, spec = f"{product}/geotiff/{table}_monthly_{year}.json", data.file_spec("monthly-geotiff")
                run("monthly-geotiff", table, year, "--netcdf", month, spec=spec, out=[index])
        cubes = [f"{product}/zarr/{table}/{cube}.zarr" for cube in ("maps", "points")]
        files = ["--years", *data.all_years(SimpleNamespace(table=table)), "--land", scope.land]
        run("zarr", *files, spec=data.file_spec("zarr"), out=cubes)
        derived += cubes
    indices = [f"{product}/geotiff/{table}_{year}.json" for table in data.tables for year in data.years]
    monthly = [f"{product}/geotiff/{table}_monthly_{year}.json" for table in data.monthly_tables for year in data.years]
    files = ["--years", *indices, "--maps", *monthly, "--files", *derived, "--learnt", *data.learnt()]
    run("publish", *files, "--extends", *taken, spec=data.edition_spec(), out=[scope.paths.release])
    return data


def run(*arguments: str, spec: str, out: Sequence[str]) -> None:
    assert main([*arguments, "--spec", spec, "--out", *out]) == 0


def record(scope: SetScope) -> dict[str, Any]:
    """Of the finished edition."""
    found: dict[str, Any] = json.loads(Path(scope.paths.release).read_text())
    return found
