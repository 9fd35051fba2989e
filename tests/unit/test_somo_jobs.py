"""SoMo.ml's jobs from cubes and stations to a tile's years: what they write, hand on, drop and refuse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from made_somo import DYNAMIC, FIRST, GRID, NETWORK, STATIC, driven
from numpy.testing import assert_allclose, assert_array_equal

from rssm.cli import main
from rssm.cubes.cube import Cube, write_cube
from rssm.cubes.estimates import read_estimates
from rssm.errors import InputError
from rssm.grid import Area, Region
from rssm.somo.layers import Flag
from rssm.somo.members import read_member
from rssm.somo.records import Daily, write_daily
from rssm.somo.site_files import read_simulated, read_sites, read_target_file
from rssm.somo.specs import (
    CrossvalSpec,
    NearSpec,
    ScoresSpec,
    SimulateSpec,
    SiteSimulateSpec,
    SitesSpec,
    SplitSpec,
    TargetSpec,
    TrainSpec,
)
from rssm.spec import canonical
from rssm.stations.depths import Depths
from rssm.stations.sensors import Sensor
from rssm.tsv import read_tsv

AREA = Area(GRID.id, Region(40, 44, 0, 4))
YEARS = {2000: (0, 365), 2001: (366, 730), 2002: (731, 1095)}
DAYS = (FIRST, 1095)
SOIL = ({"S1": 0.7, "S2": 0.3}, {"S2": 0.9, "S3": 0.1}, {"S3": 1.0})
RANGES = ((0.0, 0.1, 0.05), (0.1, 0.3, 0.2), (0.3, 0.5, 0.4))
TEACH = replace(NETWORK, least_updates=6, batch=8)


def rows_and_columns() -> tuple[np.ndarray, np.ndarray]:
    """All pixels of the area but every fifth, which is sea."""
    row, column = np.divmod(np.arange(256), 16)
    land = np.arange(256) % 5 > 0
    return row[land] + 184, column[land] + 720


def write_cubes_of(folder: Path, tile: str, rows: slice, columns: slice) -> list[str]:
    """Cubes of a part of the area: forcing with a gap, statics, soil. What a pixel has does not depend on the part."""
    row, column = rows_and_columns()
    rng = np.random.default_rng(3)
    forcing, statics, soil = driven(rng, row.size, 1096)
    forcing[1, 7, 400:403] = np.nan
    statics[2] = 1.0  # does not vary
    pixel = (row * GRID.columns + column).astype(np.int32)
    inside = np.isin(row - 184, np.arange(16)[rows]) & np.isin(column - 720, np.arange(16)[columns])
    order = np.flatnonzero(inside)[np.argsort(row[inside] // 4 * 400 + column[inside] // 4, kind="stable")]  # by zone
    names = np.unique(row[order] // 4 * 1000 + column[order] // 4)
    start = np.searchsorted(np.sort(row[order] // 4 * 1000 + column[order] // 4), [*names, 10**9]).astype(np.int32)
    place = {"pixel": pixel[order], "zones": tuple(map(str, names)), "zone_start": start, "grid_id": GRID.id}

    def cube(name: str, values: np.ndarray, calendar: str) -> Cube:
        steps = np.arange(values.shape[1], dtype=np.int32)
        return Cube(name, "1", np.ascontiguousarray(values[order]), step=steps, calendar_id=calendar, **place)

    day = dict(zip((*DYNAMIC, "S1", "S2", "S3"), (*forcing, *soil), strict=True))
    paths = [str(folder / f"{tile}_{kind}.nc") for kind in ("moving", "static")]
    write_cube(paths[0], *(cube(name, values, "day") for name, values in day.items()))
    write_cube(paths[1], *(cube(name, v[:, None], "static") for name, v in zip(STATIC, statics, strict=True)))
    return paths


def write_sensors(path: Path) -> list[Daily]:
    """Two sensors of 5 cm in a cell of 12 teaching cells, one of 10 cm beside them, and those of the layers below."""
    row, column = rows_and_columns()
    pixel = row * GRID.columns + column
    soil = driven(np.random.default_rng(3), row.size, 1096)[2]
    rng, daily = np.random.default_rng(5), []
    for number, at in enumerate(range(0, row.size, 17)):
        for depth, layer in ((0.05, 0), (0.1, 0), (0.2, 1), (0.5, 2)):
            if depth == 0.1 and number:
                continue
            day = np.sort(rng.choice(1096, 700, replace=False)).astype(np.int32)
            value = 0.1 + 0.5 * soil[layer, at, day] + 0.002 * rng.normal(size=700)
            lat, lon = 90 - (row[at] + 0.5) / 4, -180 + (column[at] + 0.5) / 4
            sensor = Sensor(f"NET{number % 3}", f"station{number}", "probe", depth, depth, lat, lon)
            daily.append(Daily(sensor, int(pixel[at]), day, value.astype(np.float32), np.full_like(day, 24)))
    constant = replace(daily[-1].sensor, name="stuck")
    daily.append(Daily(constant, daily[-1].pixel, daily[-1].day, np.full(700, 0.3, np.float32), daily[-1].behind))
    daily.append(
        Daily(
            replace(constant, name="short"),
            daily[-1].pixel,
            np.arange(20, dtype=np.int32),
            value[:20],
            daily[-1].behind[:20],
        )
    )
    write_daily(path, daily)
    return daily


def job(name: str, *words: str, spec: object = None, out: list[str], **inputs: list[str]) -> None:
    """A verb as its rule calls it."""
    given = [text for key, paths in inputs.items() for text in (f"--{key}", *paths)]
    settings = [] if spec is None else ["--spec", canonical(spec)]
    assert main([name, *words, *given, *settings, "--out", *out]) == 0


def simulate_spec(year: int, **changes: object) -> SimulateSpec:
    return replace(SimulateSpec(GRID.id, YEARS[year], FIRST, 3, "state", 365, 30.0), **changes)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that comes before the simulation of tiles, and the area as one tile and as four."""
    folder = tmp_path_factory.mktemp("somo")
    write_sensors(folder / "stations.nc")
    tiles = ["whole", "00", "01", "10", "11"]
    cubes = write_cubes_of(folder, "whole", slice(None), slice(None))
    halves = slice(0, 8), slice(8, 16)
    parts = [
        p for i, r in enumerate(halves) for j, c in enumerate(halves) for p in write_cubes_of(folder, f"{i}{j}", r, c)
    ]
    targets = [f"{folder}/layer{n}.nc" for n in (1, 2, 3)]
    for n, (top, bottom, nearest) in enumerate(RANGES, 1):
        spec = TargetSpec(AREA, DAYS, Depths(top, bottom, nearest), SOIL[n - 1], 60)
        out = [targets[n - 1], f"{folder}/dropped{n}.tsv"]
        job(
            "somo-targets",
            str(n),
            stations=[f"{folder}/stations.nc"],
            cubes=parts if n == 1 else cubes,
            spec=spec,
            out=out,
        )
    sites = [f"{folder}/sites.nc"]
    job("somo-sites", targets=targets, cubes=cubes, spec=SitesSpec(DAYS, DYNAMIC, STATIC, SOIL), out=sites)
    for tile in tiles:
        static = [f"{folder}/{tile}_static.nc"]
        job(
            "somo-near",
            tile,
            sites=sites,
            cubes=static,
            spec=NearSpec(GRID.id, STATIC),
            out=[f"{folder}/{tile}_near.nc"],
        )
    split = SplitSpec("both", 2, 1.0, 0.25, 1)
    for n in (1, 2, 3):
        above = [f"{folder}/simulated{m}.nc" for m in range(1, n)]
        for member in (0, 1):
            job("somo-train", str(n), str(member), targets=targets[n - 1 : n], sites=sites, above=above,
                spec=TrainSpec(TEACH, DAYS), out=[f"{folder}/network{n}{member}.nc"])  # fmt: skip
        job("somo-site-simulate", str(n), networks=[f"{folder}/network{n}{m}.nc" for m in (1, 0)], sites=sites, above=above,
            spec=SiteSimulateSpec("state", 365), out=[f"{folder}/simulated{n}.nc"])  # fmt: skip
        job("somo-crossval", "both", str(n), "1", targets=targets[n - 1 : n], sites=sites,
            above=[f"{folder}/crossval{m}.nc" for m in range(1, n)], spec=CrossvalSpec(TEACH, DAYS, split, 2),
            out=[f"{folder}/crossval{n}.nc"])  # fmt: skip
    crossval = [f"{folder}/crossval{n}.nc" for n in (1, 2, 3)]
    job("somo-calibrate", crossval=crossval, targets=targets, out=[f"{folder}/calibration.tsv"])
    job("somo-crossval-scores", crossval=crossval, targets=targets, sites=sites, spec=ScoresSpec(35, 10),
        out=[f"{folder}/scores.tsv", f"{folder}/cells.tsv"])  # fmt: skip
    return folder


def run_tile(results: Path, tile: str, year: int, state: list[str], **changes: object) -> Path:
    """A year of a tile."""
    out = [f"{results}/{tile}_{year}.nc", f"{results}/{tile}_{year}_state.nc"]
    networks = [f"{results}/network{n}{m}.nc" for m in (0, 1) for n in (3, 2, 1)]
    cubes = [f"{results}/{tile}_{kind}.nc" for kind in ("moving", "static")]
    job("somo-simulate", str(year), tile, networks=networks, cubes=cubes, state=state,
        calibration=[f"{results}/calibration.tsv"], near=[f"{results}/{tile}_near.nc"], spec=simulate_spec(year, **changes), out=out)  # fmt: skip
    return Path(out[0])


def test_targets_have_mean_and_spread_of_the_model_and_the_depth_asked_for(results: Path):
    targets = read_target_file(results / "layer1.nc")
    cells = read_sites(results / "sites.nc")
    for cell, value in enumerate(targets.value):
        model = cells.soil[0, np.searchsorted(cells.pixel, targets.pixel[cell])]
        there = np.isfinite(value)
        assert value[there].mean() == pytest.approx(model[there].mean(), abs=1e-6)
        assert value[there].std() == pytest.approx(model[there].std(), rel=1e-4)
    assert set(targets.top) == {np.float32(0.05)} and set(targets.sensors) == {1}
    assert targets.network[:4] == ("NET0", "NET1", "NET2", "NET0")
    reasons = [row["reason"] for _, row in read_tsv(results / "dropped1.tsv")]
    assert reasons == ["another depth of its cell is nearer to 0.05 m"]
    reasons = {row["sensor"]: row["reason"] for _, row in read_tsv(results / "dropped3.tsv")}
    assert reasons == {"stuck": "does not vary", "short": "fewer than 60 days in common with the forcing model"}


def test_layers_below_learn_from_the_simulation_of_those_above(results: Path):
    third = read_member(results / "network30.nc")
    assert third.dynamic == (*DYNAMIC, "layer1", "layer2")
    above = read_simulated(results / "simulated1.nc")
    assert third.scales.dynamic_mean[2] == pytest.approx(above.mean.mean(dtype="f8"), rel=1e-3)
    assert third.net.weight_ih.shape == (4, 36)


def test_cross_validation_judges_cells_and_days_of_which_nothing_was_learnt(results: Path):
    one = read_simulated(results / "crossval2.nc")
    assert (one.scheme, one.fold, one.layer) == ("both", 1, 2)
    assert one.held[0].any() and not (one.held[0] & one.taught).any()
    assert one.held[1][:366].sum() in (0, 366) and one.held[1].any() and not one.held[1].all()
    rows = [row for _, row in read_tsv(results / "scores.tsv")]
    assert {row["layer"] for row in rows} == {"1", "2", "3"} and {"all", "depth 0.05-0.05"} <= {
        row["group"] for row in rows
    }
    assert all(float(row["model_r"]) > 0.9 for row in rows if row["group"] == "all")  # targets are the model's soil


def test_years_in_a_row_are_one_run_at_any_size_of_tiles(results: Path):
    files: dict[str, list[Path]] = {}
    for tile in ("whole", "00", "01", "10", "11"):
        state: list[str] = []
        files[tile] = []
        for year in YEARS:
            files[tile].append(run_tile(results, tile, year, state))
            state = [f"{results}/{tile}_{year}_state.nc"]
    for number in range(3):
        whole = read_estimates(files["whole"][number])
        for tile in ("00", "01", "10", "11"):
            part = read_estimates(files[tile][number])
            at = np.searchsorted(np.sort(whole.pixel), part.pixel)
            order = np.argsort(whole.pixel)[at]
            for name, values in part.layers.items():
                assert_array_equal(values, whole.layers[name][:, order], name)
    row, column = rows_and_columns()
    gap = int(np.flatnonzero(whole.pixel == row[7] * GRID.columns + column[7])[0])
    second = read_estimates(files["whole"][1])
    lost = np.isnan(second.layers["layer3"][:, gap])
    assert_array_equal(np.flatnonzero(lost), [34, 35, 36])  # days 400 to 402
    assert (second.layers["flags"][lost, gap] & Flag.NO_FORCING).all() and np.isfinite(
        second.layers["layer1"][50]
    ).all()
    assert (second.layers["flags"] & Flag.STATE_STARTING).all() and not (
        whole.layers["flags"][:5] & Flag.STATE_STARTING
    ).any()


def test_the_state_matters_and_has_to_be_the_eve_s(results: Path, capsys: pytest.CaptureFixture[str]):
    run_tile(results, "whole", 2000, [])
    with_state = read_estimates(run_tile(results, "whole", 2001, [f"{results}/whole_2000_state.nc"]))
    fresh = read_estimates(run_tile(results, "whole", 2001, [], start=YEARS[2001][0]))
    assert np.nanmax(np.abs(with_state.layers["layer1"][0] - fresh.layers["layer1"][0])) > 1e-3
    with pytest.raises(AssertionError):
        run_tile(results, "whole", 2002, [f"{results}/whole_2000_state.nc"])
    assert "no state of these pixels on the day before" in capsys.readouterr().err
    with pytest.raises(AssertionError):
        run_tile(results, "whole", 2001, [])
    assert "the state of the year before is missing" in capsys.readouterr().err


def test_windows_of_all_days_before_equal_the_state(results: Path):
    state = read_estimates(run_tile(results, "00", 2000, []))
    short = {"days": (0, 9), "way": "windows", "window": 20}
    windows = read_estimates(run_tile(results, "00", 2000, [], **short))
    for name in ("layer1", "layer2", "layer3"):
        assert_allclose(windows.layers[name], state.layers[name][:10], atol=1e-6)
    with netCDF4.Dataset(results / "00_2000_state.nc") as file:
        assert not file.groups


def test_uncertainty_grows_with_the_spread_of_members_as_calibrated(results: Path):
    found = read_estimates(run_tile(results, "00", 2000, []))
    sizes = {row["layer"]: row for _, row in read_tsv(results / "calibration.tsv")}
    b, c = (float(sizes["2"][name]) for name in "bc")
    expected = np.hypot(b, c * found.layers["layer2_spread"])
    assert_allclose(found.layers["layer2_uncertainty"], expected, rtol=1e-5)
    assert 0.4 < float(sizes["2"]["within_1"]) < 0.95


def test_near_is_zero_where_cells_teach_and_far_cells_are_flagged(results: Path):
    flags = read_estimates(run_tile(results, "whole", 2000, [])).layers["flags"]
    with netCDF4.Dataset(results / "whole_near.nc") as file:
        teach = np.isin(file["pixel"][:], read_sites(results / "sites.nc").pixel)
        assert_allclose(file["distance"][teach], 0, atol=1e-3)
        assert_allclose(file["dissimilarity"][teach], 0, atol=1e-3)
        assert (file["distance"][~teach] > 15).all() and file["distance"][:].max() < 400
        assert (file["dissimilarity"][~teach] > 0).all()
        assert_array_equal((flags & Flag.FAR_FROM_TRAINING > 0).all(axis=0), file["distance"][:] > 30)


def test_a_missing_variable_is_one_sentence(results: Path, capsys: pytest.CaptureFixture[str]):
    spec = canonical(NearSpec(GRID.id, ("clay", "slope")))
    inputs = ["--sites", f"{results}/sites.nc", "--cubes", f"{results}/whole_static.nc"]
    assert main(["somo-near", "N40E000", *inputs, "--spec", spec, "--out", f"{results}/none.nc"]) == 2
    assert "lack slope" in capsys.readouterr().err and not (results / "none.nc").exists()
    with pytest.raises(InputError, match="expected network of a soil layer"):
        read_member(results / "sites.nc")
