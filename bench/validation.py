"""What validation costs: `python -m bench.validation [results/bench/validation.json [pixels of pytesmo's loop]]`.

40 000 pixel-dekads of made-up stations in 728 pixels, eight products, seven comparisons as in Tables 3 and 4.

job_s            processor time of the job that writes every score, group, interval and paired difference
job_peak_mb      its largest resident memory
scores_s         from the files of samples to r, RMSE, bias and ubRMSE of every pixel and product, without intervals
pytesmo_s        of pytesmo's validation loop for the same scores of the same pairs, from frames in memory, without
                 intervals; a part of the pixels is timed and scaled up
pytesmo_sure_s   the same with its analytical intervals, as it has them by default
ratio_scores     pytesmo_s ÷ scores_s
ratio_whole_job  pytesmo_sure_s ÷ job_s, which does far more: groups, dekads, bootstrap, pairs of products
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.files import atomic
from rssm.validation.samples.product import Samples, read_samples, record_of, write_samples
from rssm.validation.samples.reference import read_reference
from rssm.validation.scores.compare import scores
from rssm.validation.specs import Pair, ScoresSpec
from rssm.validation.statistics.metrics import scores_of
from rssm.validation.statistics.sums import Sums
from tests.unit.validation_files import write_station_file

PIXELS, DEKADS, FIRST, PRODUCTS = 728, 576, 2003 * 36, 8
ROUNDS = {"1": (396, 575), "2": (346, 395), "3": (270, 345), "4": (144, 269), "5": (0, 143)}
TARGET = 441  # 2015D10


def main(target: str = "results/bench/validation.json", looped: str = "60") -> None:
    """Measure, print and write the figures."""
    measured, products = made()
    figures: dict[str, float] = {"pixel_dekads": float(np.isfinite(measured).sum()), "products": float(PRODUCTS)}
    with TemporaryDirectory() as folder:
        files = written(Path(folder), measured, products)
        figures["job_s"] = timed(lambda: scores(files[1:], files[:1], spec(), [f"{folder}/scores.nc"]))
        figures["job_peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figures["scores_s"] = min(timed(lambda: alone(files)) for _ in range(3))
    if find_spec("pytesmo"):  # there are no wheels of it for some machines
        pixels = int(looped)
        for name, intervals in (("pytesmo_s", False), ("pytesmo_sure_s", True)):
            run = loop(measured[:pixels], [of[:pixels] for of in products], intervals)
            figures[name] = timed(run) * PIXELS / pixels
        figures["ratio_scores"] = figures["pytesmo_s"] / figures["scores_s"]
        figures["ratio_whole_job"] = figures["pytesmo_sure_s"] / figures["job_s"]
    text = json.dumps({name: round(value, 3) for name, value in figures.items()}, indent=1)
    with atomic(target) as path:
        path.write_text(text + "\n", encoding="utf-8")
    print(text)


def made() -> tuple[NDArray[np.float64], list[NDArray[np.float32]]]:
    """Records (pixel, dekad) of stations, each some two years long, and products with errors of their own."""
    rng = np.random.default_rng(1)
    truth = 0.22 + 0.08 * np.sin(np.arange(DEKADS) * 2 * np.pi / 36) + rng.normal(0, 0.05, (PIXELS, DEKADS))
    start = rng.integers(0, DEKADS - 60, (PIXELS, 1))
    at = np.arange(DEKADS)
    there = (at >= start) & (at < start + 60) & (rng.random(truth.shape) < 0.92)
    measured = np.where(there, truth + rng.normal(0, 0.03, truth.shape), np.nan)
    return measured, [(truth + rng.normal(0.005 * k, 0.04, truth.shape)).astype(np.float32) for k in range(PRODUCTS)]


def written(folder: Path, measured: NDArray[np.float64], products: list[NDArray[np.float32]]) -> list[str]:
    """Files of the stations and of each product's samples."""
    pixel, steps = np.arange(PIXELS) * 97 + 500_000, np.arange(FIRST, FIRST + DEKADS)
    paths = [write_station_file(folder / "stations.nc", pixel, steps.tolist(), measured)]
    for k, values in enumerate(products):
        paths.append(str(folder / f"{k}.nc"))
        write_samples(paths[-1], Samples(f"P{k}", pixel, steps, values))
    return paths


def spec() -> ScoresSpec:
    """Seven comparisons over the whole period."""
    last = FIRST + DEKADS - 1
    return ScoresSpec(
        calendar_id="dekad",
        pairs=tuple(Pair("P0", f"P{k}", (FIRST, last)) for k in range(1, PRODUCTS)),
        target="P1",
        spells={
            "round": {name: ((FIRST + a, FIRST + b),) for name, (a, b) in ROUNDS.items()},
            "target": {"in": ((FIRST + TARGET, last),), "outside": ((FIRST, FIRST + TARGET - 1),)},
        },
        joints={},
    )


def alone(files: list[str]) -> None:
    """Scores of every pixel and product."""
    record = record_of(read_reference(files[0]), [read_samples(path) for path in files[1:]])
    pixels, of_sample = record.places
    for values in record.products.values():
        scores_of(Sums.of(values, record.reference, of_sample, pixels.size), 21)


def loop(measured: NDArray[np.float64], products: list[NDArray[np.float32]], intervals: bool) -> Callable[[], None]:
    """pytesmo's loop over pixels, ready to run."""
    import pandas as pd
    from pytesmo.validation_framework.metric_calculators import PairwiseIntercomparisonMetrics
    from pytesmo.validation_framework.temporal_matchers import make_combined_temporal_matcher
    from pytesmo.validation_framework.validation import Validation

    time = pd.date_range("2003-01-01", periods=DEKADS, freq="10D")

    class Reader:
        def __init__(self, values: NDArray[np.floating]) -> None:
            self.values = values

        def read(self, pixel: int, **_: Any) -> Any:
            return pd.DataFrame({"sm": self.values[pixel].astype(float)}, index=time).dropna()

    sources: dict[str, NDArray[np.floating]] = {"stations": measured}
    sources |= {f"P{k}": values for k, values in enumerate(products)}
    datasets = {
        name: {"class": Reader(values), "columns": ["sm"], "grids_compatible": True} for name, values in sources.items()
    }
    metrics = PairwiseIntercomparisonMetrics(
        min_obs=21, calc_spearman=False, calc_kendall=False, analytical_cis=intervals
    )
    validation = Validation(
        datasets,
        "stations",
        {(len(datasets), 2): metrics.calc_metrics},
        temporal_matcher=make_combined_temporal_matcher(pd.Timedelta(12, "h")),
        scaling=None,
    )

    def run() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for pixel in range(len(measured)):
                found = validation.calc([pixel], [0.0], [0.0], rename_cols=False, only_with_reference=True)
                assert len(found) == PRODUCTS

    return run


def timed(run: Callable[[], None]) -> float:
    """Processor time, which a busy machine hardly changes."""
    start = process_time()
    run()
    return process_time() - start


if __name__ == "__main__":
    main(*sys.argv[1:])
