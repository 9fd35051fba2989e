"""What a round did, in numbers: training, skill on held-out blocks, coverage, fallbacks, merges, and what the screen took.

A report holds three kinds of section with the same figures where they make sense: the round, its substeps, its
networks. All shares are fractions of 1. Skill is that of the control on blocks never seen, over subnetworks (network ×
zone): quartiles. Joined estimates already carry the counts of each subnetwork, so a report reads one small file a
tile; the maps are read only for what the screen did. Nothing depends on how zones are grouped into tiles.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.errors import InputError
from rssm.files import atomic
from rssm.ingest.index import read_index
from rssm.networks.kernels.codes import USABLE, Status
from rssm.rounds.estimates import FALLBACK, NO_SKILL, OUTSIDE, TALLY, Estimates, read_estimates
from rssm.rounds.merge import Provenance
from rssm.rounds.specs import RoundReportSpec, SubstepShare
from rssm.tsv import write_tsv

Section = dict[str, int | float | str | None]
COLUMNS = ("round", "level", "name")  # of the table, before the figures
STILL = 1e-9  # (m³ m⁻³)²: a series that varies less is constant but for rounding


@dataclass
class Gathered:
    """A round's estimates, counted tile by tile.

    tally           name → (network, zone), over the zones of all tiles; with `mse`
    pixels          land pixels
    estimates, fallbacks, no_skill, outside   pixel-dekads of the finished series, and those flagged
    named           (network,) pixel-dekads that bear each network's name in the finished series
    merged          (provenance,) pixel-dekads of each kind of merge
    """

    names: tuple[str, ...]
    tally: dict[str, NDArray]
    pixels: int
    estimates: int
    fallbacks: int
    no_skill: int
    outside: int
    named: NDArray[np.int64]
    merged: NDArray[np.int64]


def round_report(
    round: str,
    joined: Sequence[str],
    maps: Sequence[str],
    targets: Sequence[str],
    spec: RoundReportSpec,
    out: Sequence[str],
) -> None:
    """Write the report of a round as JSON: {round: section, substeps: {name: section}, networks: {name: section}}.

    joined         the round's estimates, all tiles
    maps, targets  indices of SIM-n and SIM-nT of the years that teach, year by year; none if no later round learns
    """
    found = gather(map(read_estimates, joined))
    report = sections(found, spec.steps, spec.substeps)
    if spec.teaching:
        calendar, steps = CALENDARS[spec.calendar], range(spec.teaching[0], spec.teaching[1] + 1)
        report["round"] |= screening(map_pairs(maps, targets, steps, calendar), found.pixels)
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps({"name": round, **report}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def gather(tiles: Iterable[Estimates]) -> Gathered:
    """Count the tiles of a round, one at a time."""
    total: Gathered | None = None
    tallies: list[dict[str, NDArray]] = []
    for tile in tiles:
        part = _of_tile(tile)
        tallies.append(part.tally)
        if total is None:
            total = part
            continue
        for name in ("pixels", "estimates", "fallbacks", "no_skill", "outside", "named", "merged"):
            setattr(total, name, getattr(total, name) + getattr(part, name))
    if total is None:
        raise InputError("round-report: no estimates were given; expected those of a round, all tiles.")
    total.tally = {name: np.concatenate([tally[name] for tally in tallies], axis=1) for name in tallies[0]}
    return total


def _of_tile(tile: Estimates) -> Gathered:
    if set(TALLY) - set(tile.tally):
        raise InputError(
            "round-report: estimates without the counts of their subnetworks. Simulate and join them again."
        )
    some = tile.network >= 0
    flags = tile.flags[some]
    return Gathered(
        names=tile.names,
        tally={**tile.tally, "mse": tile.mse},
        pixels=tile.pixel.size,
        estimates=int(some.sum()),
        fallbacks=int((flags & FALLBACK > 0).sum()),
        no_skill=int((flags & NO_SKILL > 0).sum()),
        outside=int((flags & OUTSIDE > 0).sum()),
        named=np.bincount(tile.network[some], minlength=len(tile.names)),
        merged=np.bincount(tile.merged[some], minlength=len(Provenance)),
    )


def sections(found: Gathered, dekads: int, substeps: Sequence[SubstepShare]) -> dict[str, Any]:
    """Sections of the round, its substeps and its networks."""
    at = {name: n for n, name in enumerate(found.names)}
    finished = {
        "estimates": found.estimates,
        "coverage": share(found.estimates, found.pixels * dekads),
        "fallback": share(found.fallbacks, found.estimates),
        "no_skill": share(found.no_skill, found.estimates),
        "outside_range": share(found.outside, found.estimates),
    }
    merges = {
        f"merged_{kind.name.lower()}": share(int(found.merged[kind]), found.estimates)
        for kind in Provenance
        if kind and found.merged[1:].any()
    }
    whole = {"dekads": dekads, **training(found, list(at.values())), **finished, **merges}
    of_substeps: dict[str, Section] = {}
    of_networks: dict[str, Section] = {}
    for substep in substeps:
        length, rows = substep.steps, [at[name] for name in substep.networks]
        of_substeps[substep.name] = {"dekads": length, **training(found, rows), **simulation(found, rows, length)}
        for name, row in zip(substep.networks, rows, strict=True):
            named = share(int(found.named[row]), found.estimates)
            of_networks[name] = {
                "dekads": length,
                **training(found, [row]),
                **simulation(found, [row], length),
                "named": named,
            }
    return {"round": whole, "substeps": of_substeps, "networks": of_networks}


def training(found: Gathered, rows: list[int]) -> Section:
    """Subnetworks of some networks: how many, how training ended, points, and held-out skill."""
    status = found.tally["status"][rows]
    usable = np.isin(status, USABLE)
    ended = {f"status_{code.name.lower()}": int((status == code).sum()) for code in Status}
    return {
        "subnetworks": int(usable.sum()),
        "zones": int(usable.any(axis=0).sum()),
        **ended,
        "points": int(found.tally["points"][rows][usable].sum(dtype=np.int64)),
        **quartiles("r2", found.tally["r2"][rows][usable]),
        **quartiles("rmse", np.sqrt(found.tally["mse"][rows][usable])),
    }


def simulation(found: Gathered, rows: list[int], dekads: int) -> Section:
    """What some networks of one substep simulated, before substeps were merged."""
    names = ("estimates", "fallbacks", "no_skill", "outside")
    estimates, fallbacks, no_skill, outside = (int(found.tally[name][rows].sum(dtype=np.int64)) for name in names)
    return {
        "estimates": estimates,
        "coverage": share(estimates, found.pixels * dekads),
        "fallback": share(fallbacks, estimates),
        "no_skill": share(no_skill, estimates),
        "outside_range": share(outside, estimates),
    }


def quartiles(name: str, values: NDArray[np.floating]) -> Section:
    """First quartile, median and third quartile of the values that are known."""
    known = values[np.isfinite(values)].astype(np.float64)
    found = np.quantile(known, [0.25, 0.5, 0.75]).round(6).tolist() if known.size else [None] * 3
    return dict(zip((f"{name}_q1", f"{name}_median", f"{name}_q3"), found, strict=True))


def share(part: int, whole: int) -> float | None:
    """A fraction of 1, nothing where there is no whole."""
    return round(part / whole, 6) if whole else None


# -- what the screen did -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Screened:
    """A dekad's map before and after the screen (row, column), and how many values went for which reason."""

    before: NDArray[np.float32]
    after: NDArray[np.float32]
    out_of_range: int
    denoised: int


def map_pairs(maps: Sequence[str], targets: Sequence[str], steps: range, calendar: Calendar) -> Iterator[Screened]:
    """Maps of SIM-n and SIM-nT within `steps`, dekad by dekad."""
    from rssm.maps import read_map

    for simulated, target in zip(maps, targets, strict=True):
        sim = read_index(simulated)
        for label, entry in read_index(target).items():
            if calendar.parse(label) in steps and sim[label]["status"] != "missing":
                before, after = (
                    read_map(Path(index).parent / name, layers=("value",))[0]["value"]
                    for index, name in ((simulated, sim[label]["map"]), (target, entry["map"]))
                )
                yield Screened(before, after, entry["out_of_range"], entry["denoised"])


def screening(maps: Iterable[Screened], pixels: int) -> Section:
    """What the screen took from the dekads that teach; `pixels` of land.

    The variance ratio is that of time series, after over before, mean over pixels: what the screen trims of droughts
    and floods.
    """
    dekads = out_of_range = denoised = 0
    before, after = Moments(), Moments()
    for screened in maps:
        dekads += 1
        out_of_range, denoised = out_of_range + screened.out_of_range, denoised + screened.denoised
        before.add(screened.before)
        after.add(screened.after)
    values, kept = before.total, after.total
    return {
        "screened": values,
        "out_of_range": out_of_range,
        "denoised": denoised,
        "coverage_before_screen": share(values, pixels * dekads),
        "coverage_after_screen": share(kept, pixels * dekads),
        "variance_ratio": _mean_ratio(before.variance(), after.variance()),
    }


class Moments:
    """Count, sum and sum of squares of each pixel over time, map by map."""

    def __init__(self) -> None:
        self.n: Any = 0
        self.sum: Any = 0.0
        self.squares: Any = 0.0

    def add(self, values: NDArray[np.floating]) -> None:
        """One more map (row, column); NaN where nothing is known."""
        known = np.nan_to_num(values.astype(np.float64))
        self.n = self.n + np.isfinite(values)
        self.sum = self.sum + known
        self.squares = self.squares + known * known

    @property
    def total(self) -> int:
        return int(np.sum(self.n))

    def variance(self) -> NDArray[np.float64]:
        """Sample variance over time, NaN where fewer than two values."""
        n = np.asarray(self.n, np.float64)
        spread = np.maximum(self.squares - self.sum**2 / np.maximum(n, 1), 0)
        return np.divide(spread, n - 1, out=np.full(n.shape, np.nan), where=n > 1)


def _mean_ratio(before: NDArray[np.float64], after: NDArray[np.float64]) -> float | None:
    known = np.isfinite(after) & (before > STILL)
    return round(float((after[known] / before[known]).mean()), 6) if known.any() else None


# -- the table over all rounds -----------------------------------------------------------------------------------------


def rounds_table(reports: Sequence[str], out: Sequence[str]) -> None:
    """Write the reports of all rounds as one tab-separated table: a row per round, substep and network."""
    rows = [row for path in reports for row in table_rows(json.loads(Path(path).read_text(encoding="utf-8")))]
    columns = list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    write_tsv(out[0], columns, ([row.get(name) for name in columns] for row in rows))


def table_rows(report: dict[str, Any]) -> Iterator[Section]:
    """Rows of one report: the round, its substeps, its networks."""
    name = report["name"]
    yield {"round": name, "level": "round", "name": name, **report["round"]}
    for level in ("substep", "network"):
        for part, section in report[f"{level}s"].items():
            yield {"round": name, "level": level, "name": part, **section}
