"""`make bench`: the report of a global data set: its size, what its jobs take, and how fast a browser shows it.

Maps are made up: noise of pixels and, as weather has it, of whole degrees, networks by zone, snow by season. One year is
packed, and stands for all: the page holds each of them as if it were another one.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

from bench.browser import CHROMIUM, browser
from rssm.calendar import DEKADS
from rssm.config.product import Layers
from rssm.product.formats.layers import Codes, layers_with
from rssm.product.formats.netcdf import year_file
from rssm.product.records.frame import Frame
from rssm.product.values.flags import Flag
from rssm.report.report import report
from rssm.report.specs import PackSpec, ReportSpec
from rssm.report.year import report_year
from rssm.spec import parsed
from rssm.workflow.methods import scope_in
from rssm.workflow.report import Reporting
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.rsssm.validation import subject
from rssm.workflow.validation import Validating

ROOT = Path(__file__).resolve().parents[1]
YEAR = 2010
NETWORKS = [f"NN{k}" for k in range(1, 68)]
ABOUT = {
    "title": "Made-up global maps",
    "edition": "MADE-UP",
    "license": "none",
    "estimate": "chain: made up",
    "uncertainty_calibration": "none",
    "grid_id": "wgs84_0.1",
    "calendar_id": "dekad",
    "provenance": json.dumps({"inputs": {}, "versions": {}, "configuration": "-"}),
}
RELEASE: dict[str, Any] = {
    "first": "2003D01",
    "last": "2018D36",
    "configuration": "-",
    "extends": None,
    "files": {},
    "networks": {},
}


def made_up(path: Path, frame: Frame) -> None:
    """A year of global maps."""
    steps, draw = DEKADS.year(YEAR), np.random.default_rng(1)
    named = layers_with(Codes(NETWORKS, ["1"], 10))
    with year_file(path, frame, list(steps), named, Layers(level=1), ABOUT):
        pass
    shape, lat = frame.window.shape, frame.grid.row_centres(frame.window)
    zones = shape[0] // 10, shape[1] // 10
    usual, of_zone = draw.uniform(0.05, 0.4, zones), draw.integers(1, 68, zones)
    weather = draw.normal(0, 0.03, zones)
    with netCDF4.Dataset(path, "a") as file:
        file.set_auto_maskandscale(False)
        for at in range(len(steps)):
            cold = (np.abs(lat) > 55 + 10 * np.sin(2 * np.pi * at / 36))[:, None] & (draw.random(shape) < 0.9)
            weather = 0.7 * weather + draw.normal(0, 0.021, zones)  # passes within a month
            moisture = _wide(usual + weather) + draw.normal(0, 0.02, shape)
            sigma = _wide(0.04 + draw.normal(0, 0.003, zones)) + draw.normal(0, 0.004, shape)
            other = np.where(draw.random(zones) < 0.1, draw.integers(1, 68, zones), of_zone)
            flags = np.where(cold, Flag.SNOW_ICE_OBSERVED, np.where(draw.random(shape) < 0.2, Flag.GAP_FILLED, 0))
            for name, values in (("soil_moisture", moisture), ("total_uncertainty", sigma)):
                file[name][at] = np.where(cold, -32768, np.rint(np.clip(values, 0, 1) * 1e4)).astype("i2")
            file["network_used"][at] = _wide(other).astype("i2")
            file["flags"][at] = flags.astype("u2")


def _wide(zones: np.ndarray) -> np.ndarray:
    """Values of zones for all their pixels."""
    return np.repeat(np.repeat(zones, 10, axis=0), 10, axis=1)


def measured(job: Any, *arguments: Any) -> dict[str, float]:
    """Run a job in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (job, *arguments))


def _timed(job: Any, *arguments: Any) -> dict[str, float]:
    start, before = time.perf_counter(), time.process_time()
    job(*arguments)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "cpu_seconds": round(time.process_time() - before, 1),
        "peak_mb": round(int(peak.split()[1]) / 1000),
    }


def answers() -> tuple[PackSpec, ReportSpec]:
    """What the workflow asks of both jobs for the whole globe."""
    scope = scope_in([ROOT / "config/global.yaml"])
    data_set = DataSet(scope)
    validating = Validating(scope, lambda: subject(data_set), False)
    asks = Reporting(scope, lambda: subject(data_set), validating, [], [], [])
    return parsed(PackSpec, asks.pack_spec(None)), parsed(ReportSpec, asks.spec(None))


def as_another(pack: Path, year: int) -> str:
    """The packed year as if it were another one."""
    found = json.loads(pack.read_text(encoding="utf-8"))
    steps = DEKADS.year(year)
    labels = {
        "steps": DEKADS.label,
        "starts": lambda s: DEKADS.start(s).isoformat(),
        "ends": lambda s: DEKADS.end(s).isoformat(),
    }
    found |= {"year": str(year), **{name: [of(step) for step in steps] for name, of in labels.items()}}
    path = pack.with_name(f"as_{year}.json")
    path.write_text(json.dumps(found), encoding="utf-8")
    return str(path)


def opened(page: Path) -> dict[str, float]:
    """Seconds until a browser shows the map, and until all series are there."""
    with browser() as tab:
        tab.size(1280, 900)
        tab.open(page)
        said = tab.run(
            "[Number(document.documentElement.dataset.drawn), Number(document.documentElement.dataset.ready)]"
        )
        if tab.complaints:
            sys.exit(f"the page complains: {tab.complaints}")
    return {"seconds_to_map": said[0] / 1000, "seconds_to_series": said[1] / 1000}


def main() -> None:
    land, (pack, spec) = str(ROOT / "resources/land.tif"), answers()
    frame = Frame.of(pack.area, pack.calendar)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made_up(folder / "year.nc", frame)
        packed = folder / "year.json"
        year = measured(report_year, str(YEAR), [str(folder / "year.nc")], [land], pack, [str(packed)])
        years = [as_another(packed, number) for number in range(2003, 2019)]
        release = folder / "release.json"
        release.write_text(json.dumps(RELEASE), encoding="utf-8")
        page = folder / "report.html"
        rest: tuple[Any, ...] = (
            [],
            [str(release)],
            [],
            [],
            [str(ROOT / "workflow/report")],
            [str(folder / "none")],
            spec,
            [str(page)],
        )
        whole = measured(report, years, [land], *rest)
        figures = {
            "pixels_per_cell": pack.factor,
            "step": pack.step,
            "packed_mb_per_year": round(packed.stat().st_size / 1e6, 2),
            "report_year": year,
            "report": whole,
            "page_mb": round(page.stat().st_size / 1e6, 2),
            "browser": opened(page) if CHROMIUM else "none is installed",
        }
        print("resolution:", next(line for line in page.read_text().splitlines() if "in steps of" in line)[:200])
    target = ROOT / "results/bench/report.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=1) + "\n")
    print("global report, 576 dekads:", json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
