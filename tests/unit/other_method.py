"""A made-up method of a few lines: what a method has to say, so that the shared rooms serve it; and the jobs it runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, Literal

import yaml

from rssm.cli import main
from rssm.config.common import CommonRun, Period
from rssm.cubes.cube import Cube, read_cubes
from rssm.workflow.ground import Ground
from rssm.workflow.scope import Scope


class ThreeDays(Period):
    calendar_id: ClassVar[str] = "3day"


class Days(Period):
    calendar_id: ClassVar[str] = "day"


class EaseRun(CommonRun):
    """EASE-Grid 2.0 of 25 km in steps of three days."""

    grid_id: ClassVar[str] = "ease2_m25"
    method: Literal["ease"] = "ease"
    profile: str = "only"
    period: ThreeDays


class DailyRun(CommonRun):
    """A quarter of a degree, daily."""

    grid_id: ClassVar[str] = "wgs84_0.25_90_-60_-180"
    method: Literal["daily"] = "daily"
    profile: str = "only"
    period: Days


class OtherScope(Scope):
    """All products of the catalogue, in all steps of the period, in one cube."""

    @property
    def cubes(self) -> Mapping[str, Mapping[str, set[int]]]:
        return {"ALL": {name: set(self.run.steps) for name in self.catalogue}}


def entry(**changes: Any) -> dict[str, Any]:
    """A catalogue entry."""
    common = {
        "title": "made up", "kind": "forcing", "sensor": "S", "algorithm": "A", "reader": "hdf5",
        "files": "{date:%Y%m%d}.h5", "variables": {"value": "x"}, "units": "K", "fill": [-9999],
        "valid_range": [0, 400], "step": "day", "maps_in": "year", "version": "1", "licence": "none", "cite": "none",
    }  # fmt: skip
    return common | changes


def scope_in(folder: Path, model: type[CommonRun], catalogue: dict[str, Any], **settings: Any) -> OtherScope:
    """The scope of a run whose tables and archive lie in a folder."""
    products = folder / "products.yaml"
    products.write_text(yaml.safe_dump(catalogue))
    tables = {"products": products, "land": folder / "land.tif", "land_zones": folder / "land_zones.tsv"}
    named = {name: str(path) for name, path in tables.items()}
    run = model.model_validate({"tables": named, "inputs": {"root": str(folder / "archive")}, **settings})
    return OtherScope(run, folder)


def made(scope: OtherScope) -> dict[str, list[Cube]]:
    """Tile → its cubes, by the jobs that the rules of the shared rooms would run in the working directory."""
    ground, results = Ground(scope), scope.paths.results
    for map_year in ground.native_map_years():
        product, year = map_year.split("/")
        spec = ground.ingest_spec(SimpleNamespace(product=product, year=year))
        asked = ["--land", scope.land, "--spec", spec, "--out", f"{results}/maps/{map_year}.json"]
        assert main(["ingest", product, year, *asked]) == 0
    about = SimpleNamespace(variable="ALL")
    indices = [f"{results}/maps/{map_year}.json" for map_year in ground.map_years(about)]
    series = f"{results}/series/ALL.json"
    asked = ["--indices", *indices, "--land", scope.land, "--spec", ground.series_spec(about), "--out", series]
    assert main(["series", "ALL", *asked]) == 0
    cubes = {}
    for tile in scope.tiles:
        out = f"{results}/cubes/ALL/{tile}.nc"
        assert main(["cube", "ALL", tile, "--series", series, "--spec", ground.cube_spec(about), "--out", out]) == 0
        cubes[tile] = read_cubes(out)
    return cubes
