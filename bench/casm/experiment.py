"""One toy world: CASM, what is left of it without one of its parts, its rivals; scores in years without the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bench.casm.method import Estimated, Settings, branch, casm, estimated, joined, observed
from bench.casm.rivals import back_in_time, matched, regression, season
from bench.casm.world import CALENDAR, World, make_world, span
from rssm.blocks import Blocks, Kind
from rssm.worlds.scores import Row, scores

F4 = NDArray[np.float32]
SETTINGS = Settings()
ABLATIONS = {
    "no_place": replace(SETTINGS, place=False),
    "no_transfer": replace(SETTINGS, transfer=False),
    "two_harmonics": replace(SETTINGS, harmonics=2),
}
SPLITS: tuple[Kind, ...] = ("random", "time", "space", "both")
YEARS = 2.0  # on each side of a joint


def experiment(world: str, seed: int, parts: bool) -> dict[str, list[Row]]:
    """Tables `skill`, `joints`, `coverage` of a world; with `parts` those without one, and `splits`."""
    about: Row = {"world": world, "seed": seed}
    made = make_world(world, seed)
    whole = casm(made, SETTINGS, seed)
    value, sigma = joined(whole)
    values = {
        "casm": value,
        "cycle": np.where(np.isfinite(value), season(made), np.nan).astype(np.float32),
        "regression": back_in_time(regression, made),
        "matched": back_in_time(matched, made),
        "one_member": joined({name: one_of(made, name, each) for name, each in whole.items()})[0],
    }
    tables = {"coverage": coverage(made, sigma, value), "splits": []}
    if parts:
        values |= {name: joined(casm(made, settings, seed))[0] for name, settings in ABLATIONS.items()}
        tables["splits"] = [split(made, kind, seed) for kind in SPLITS]
    tables["skill"] = [row for name, each in values.items() for row in skill(made, name, each)]
    tables["joints"] = [
        overlap(made, whole),
        *(row for name, each in values.items() for row in joints(made, name, each)),
    ]
    return {name: [about | row for row in rows] for name, rows in tables.items()}


def one_of(world: World, name: str, whole: Estimated) -> Estimated:
    """A branch with its first member alone."""
    return estimated(world, {"smos": "SMOS", "amsre": "AMSR-E"}[name], whole.rows, whole.members[:1], SETTINGS)


def periods(world: World) -> dict[str, NDArray[np.bool_]]:
    """Steps without the target: those that SMOS sees, and those that AMSR-E alone sees."""
    before = world.steps < span("SMAP")[0]
    return {"smos": before & (world.steps > span("AMSR-E")[1]), "amsre": world.steps < span("SMOS")[0], "all": before}


def skill(world: World, method: str, value: F4) -> list[Row]:
    """Scores against the truth; `residual_r` is the correlation of what both depart from the target's season by."""
    usual, rows = season(world), []
    found = scores(value, world.truth, world.steps, periods(world), CALENDAR)
    for name, chosen in periods(world).items():
        ours, true = (value - usual)[:, chosen], (world.truth - usual)[:, chosen]
        known = np.isfinite(ours)
        flat = method == "cycle"
        residual = np.nan if flat else float(np.corrcoef(ours[known], true[known])[0, 1])
        slope = trend(world, value) if name == "all" else np.nan
        about: Row = {"method": method, "period": name, "residual_r": residual, "trend": slope}
        rows.append(about | found[name]._asdict())
    return rows


def trend(world: World, value: F4) -> float:
    """Mean over pixels of the trend of the error over the whole time, m³ m⁻³ per decade."""
    error = value - world.truth
    known = np.isfinite(error)
    n = np.maximum(known.sum(axis=1), 1)[:, None]
    time = np.where(known, world.steps * 3 / 3652.5, 0)
    time = np.where(known, time - time.sum(axis=1, keepdims=True) / n, 0)
    return float(np.mean((time * np.nan_to_num(error)).sum(axis=1) / np.square(time).sum(axis=1)))


def joints(world: World, method: str, value: F4) -> list[Row]:
    """What changes where a branch begins or ends: mean of the error, and variance beside that of the truth."""
    usual, half = season(world), round(YEARS * 365.25 / 3)
    rows: list[Row] = []
    for name, at in (("smos begins", span("SMOS")[0]), ("amsre ends", span("AMSR-E")[1] + 1)):
        sides = [(world.steps >= at - half) & (world.steps < at), (world.steps >= at) & (world.steps < at + half)]
        error = [np.nanmean((value - world.truth)[:, side], axis=1) for side in sides]
        spread = [[np.nanvar((each - usual)[:, side]) for side in sides] for each in (value, world.truth)]
        (before, after), (true_before, true_after) = spread
        rows.append(
            {
                "method": method,
                "joint": name,
                "step": float(np.mean(error[1] - error[0])),
                "step_of_pixels": float(np.sqrt(np.mean(np.square(error[1] - error[0])))),
                "variance": float(after / before / (true_after / true_before)) if before > 0 else np.nan,
            }
        )
    return rows


def overlap(world: World, branches: dict[str, Estimated]) -> Row:
    """SMOS less AMSR-E where both see: what a joint does to mean and variance, whatever the weather was around it."""
    smos, amsre = (branches[name].value - branches[name].cycle for name in ("smos", "amsre"))
    both = np.isfinite(smos) & np.isfinite(amsre)
    smos, amsre = np.where(both, smos, np.nan), np.where(both, amsre, np.nan)
    apart = np.nanmean(smos - amsre, axis=1)
    return {
        "method": "casm",
        "joint": "overlap",
        "step": float(apart.mean()),
        "step_of_pixels": float(np.sqrt(np.mean(np.square(apart)))),
        "variance": float(np.nanvar(smos) / np.nanvar(amsre)),
    }


def coverage(world: World, sigma: F4, value: F4) -> list[Row]:
    """Share of values within 1 σ (68 % wanted) of what SMAP would have seen, and of the truth."""
    rows: list[Row] = []
    for name, chosen in periods(world).items():
        within = {}
        for against, other in (("like", world.like), ("truth", world.truth)):
            error = np.abs(value - other)[:, chosen]
            known = np.isfinite(error)
            within[against] = float(np.mean(error[known] < sigma[:, chosen][known]))
        rows.append({"period": name, **within, "sigma": float(np.nanmean(sigma[:, chosen]))})
    return rows


def split(world: World, kind: Kind, seed: int) -> Row:
    """Residual r of the SMOS branch on rows held out in one way, with SMAP as published, and with the truth."""
    settings = replace(SETTINGS, held_out=Blocks(kind, 0.2, degrees=1.0), members=2)
    found = branch(world, "SMOS", observed(world, settings), span("SMAP"), settings, seed)
    rows = found.rows
    held = rows.held_out == 1
    pixels = world.cubes["SMAP"][0].pixel
    at = np.argsort(pixels)[np.searchsorted(np.sort(pixels), rows.pixel[held])], rows.step[held] - world.steps[0]
    ours = (found.value - found.cycle)[at]
    true, smap = (world.truth - season(world))[at], rows.y[held]
    return {
        "split": kind,
        "rows": int(held.sum()),
        "r_smap": float(np.corrcoef(ours, smap)[0, 1]),
        "r_truth": float(np.corrcoef(ours, true)[0, 1]),
        "rmse_truth": float(np.sqrt(np.mean(np.square(ours - true)))),
    }


def differences(skill_rows: list[Row], metrics: tuple[str, ...]) -> dict[tuple[str, str, str, str, str], list[float]]:
    """Paired differences `casm` − rival by (world, period, rival, metric), one for each seed."""
    at = {(row["world"], row["seed"], row["period"], row["method"]): row for row in skill_rows}
    found: dict[tuple[str, str, str, str, str], list[float]] = {}
    for (world, seed, period, method), row in at.items():
        if method != "casm":
            ours: Mapping[str, float] = at[world, seed, period, "casm"]
            for metric in metrics:
                found.setdefault((world, period, "casm", method, metric), []).append(ours[metric] - row[metric])
    return found
