"""F: the chain of rounds (E) and the matched products (C) made one estimate, zone by zone.

Where one of them is missing the other speaks, flagged; an estimate of a subnetwork without skill counts as missing, and
so gives neither season nor departures where there is C. Where C speaks alone it is moved to the chain's mean year, if
that is known there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.errors import InputError
from rssm.fusion.evidence import weights
from rssm.fusion.season import LEAST, both, season_difference
from rssm.fusion.specs import FuseSpec
from rssm.fusion.store import Matched, read_matched
from rssm.rounds.estimates import CHAIN_ONLY, ESTIMATES, MATCHED_ONLY, NO_SKILL, Estimates, fill, read_estimates
from rssm.rounds.join import side_by_side

F32 = NDArray[np.float32]
MATCHED = "MATCHED"  # the network that stands for C where it speaks alone
REPLACED = ("value", "network", "flags", "merged")  # fields of E in whose place F is put
LAYOUT = {  # of what is learnt: dimensions, what it is, units
    "difference": (("chain", "pixel", "season"), "mean year of the chain less the matched products", "m3 m-3"),
    "count": (("pixel", "season"), "values behind the mean year", "1"),
    "season": (("round", "zone"), "share of the chain in the season", "1"),
    "departures": (("round", "zone"), "share of the chain in departures from the season", "1"),
}


@dataclass(frozen=True)
class Learnt:
    """What fusing learns in a tile, and an extension takes as it is.

    difference  (chain, pixel, season) float32: mean year of E − C, m³ m⁻³, NaN where unknown
    count       (pixel, season) float32: values behind it
    season      (round, zone) float32: share of the chain in the season
    departures  (round, zone) float32: share of the chain in departures from it
    """

    difference: F32
    count: F32
    season: F32
    departures: F32


@dataclass(frozen=True)
class Fused:
    """F of a tile: as the estimates of a round have it, `network` the chain's, or MATCHED where C speaks alone."""

    estimates: Estimates
    learnt: Learnt


def fuse(
    tile: str, joined: Sequence[str], matched: Sequence[str], learnt: Sequence[str], spec: FuseSpec, out: Sequence[str]
) -> None:
    """Fuse the rounds and the matched products of a tile.

    joined  estimates of each round, in their order
    learnt  what this wrote for the edition that is extended, if one is: nothing is learnt again
    """
    rounds = [read_estimates(path) for path in joined]
    known = read_learnt(learnt[0], spec.rounds) if learnt else None
    write_fused(out[0], fused(rounds, read_matched(matched[0], without=("curve",)), spec, known), spec)


def fused(
    rounds: Sequence[Estimates], matched: Iterable[Matched], spec: FuseSpec, known: Learnt | None = None
) -> Fused:
    """F from the estimates of all rounds and C zone after zone; what is known already is not learnt."""
    whole = reduce(side_by_side, rounds)
    if (np.diff(whole.step) < 1).any():
        raise InputError("Two rounds simulate the same dekad: fusion needs one estimate of each (table of substeps).")
    of_step = np.empty(whole.step.size, np.intp)  # which round simulates it
    for number, round_ in enumerate(rounds):
        of_step[np.isin(whole.step, round_.step)] = number
    fresh = len(rounds) > 1  # several rounds side by side are arrays of their own
    estimates = replace(
        whole,
        **{name: getattr(whole, name) if fresh else getattr(whole, name).copy() for name in REPLACED},
        names=(*whole.names, MATCHED),
        mse=np.concatenate([whole.mse, np.full((1, len(whole.zones)), np.nan, np.float32)]),
        tally={},
    )
    out = Fused(estimates, known or _nothing(whole, spec))
    for zone, (name, c) in enumerate(zip(whole.zones, matched, strict=True)):
        if c.zones != (name,):
            raise InputError(f"Zone {name}: the matched products are of {', '.join(c.zones)}. Make both again.")
        _fuse_zone(out, zone, c, of_step, spec, learn=known is None)
    return out


def _nothing(whole: Estimates, spec: FuseSpec) -> Learnt:
    """Default weights, and no season yet."""
    (chains, pixels, _), seasons = whole.value.shape, CALENDARS[spec.calendar].seasons
    departures = np.array([spec.departures[name] for name in spec.rounds], np.float32)
    shape = (len(spec.rounds), len(whole.zones))
    return Learnt(
        np.full((chains, pixels, seasons), np.nan, np.float32),
        np.zeros((pixels, seasons), np.float32),
        np.full(shape, spec.season, np.float32),
        np.broadcast_to(departures[:, None], shape).copy(),
    )


def _fuse_zone(out: Fused, zone: int, matched: Matched, of_step: NDArray[np.intp], spec: FuseSpec, learn: bool) -> None:
    """Put F of one zone in the place of E."""
    own, learnt = out.estimates, out.learnt
    part = slice(int(own.zone_start[zone]), int(own.zone_start[zone + 1]))
    own.mse[-1, zone] = matched.mse[0]
    e, c = own.value[:, part], matched.at(own.step)
    skilled = np.isfinite(e[0]) & (own.flags[part] & NO_SKILL == 0)
    there = np.isfinite(c[0])
    usable = np.where(skilled, e, np.float32(np.nan))
    calendar = CALENDARS[spec.calendar]
    season = np.array([calendar.season_of(int(step)) for step in own.step], np.intp)
    if learn:
        for k in range(len(e)):
            found = season_difference(usable[k], c[k], season, calendar.seasons, spec.window)
            learnt.difference[k, part] = found[0]
            if k == 0:
                learnt.count[part] = found[1]
        target = matched.held_out_at(own.step)
        judge = [usable[0], c[0], learnt.difference[0, part][:, season], target]
        _weigh(learnt, zone, judge, of_step, spec)
    share, departures = (of[:, zone][of_step] for of in (learnt.season, learnt.departures))
    difference = learnt.difference[:, part][:, :, season]
    mixed = both(usable, c, difference, share, departures)
    moved = np.where(learnt.count[part][:, season] >= LEAST, share * difference, np.float32(0))
    mix, only = np.isfinite(mixed[0]), there & ~skilled
    e[:] = np.where(mix, mixed, np.where(only, c + moved, e))
    own.network[part][only] = len(own.names) - 1
    own.merged[part][only] = 0
    own.flags[part][only] = MATCHED_ONLY
    own.flags[part][~mix & ~only & np.isfinite(e[0])] |= CHAIN_ONLY


def _weigh(learnt: Learnt, zone: int, judge: Sequence[F32], of_step: NDArray[np.intp], spec: FuseSpec) -> None:
    """Let a zone's weights move where years held out speak against the defaults (of the control; chains follow).

    judge  E, C, D and the target of held-out years (pixel, step)
    """
    if not spec.evidence.rounds:
        return
    first = spec.rounds.index(spec.evidence.rounds[0])  # the round that the target judges
    e, c, difference, target = (values[:, of_step == first] for values in judge)
    default = (float(learnt.season[first, zone]), float(learnt.departures[first, zone]))
    found = weights(e, c, difference, target, default, spec.evidence)
    for name in spec.evidence.rounds if found != default else ():
        number = spec.rounds.index(name)
        learnt.season[number, zone], learnt.departures[number, zone] = found


def write_fused(path: str, found: Fused, spec: FuseSpec) -> None:
    """The estimates as any round's, and beside them, in the group `fusion`, what was learnt."""
    with ESTIMATES.created(path) as file:
        fill(file, found.estimates)
        group = file.createGroup("fusion")
        group.createDimension("season", found.learnt.difference.shape[2])
        group.createDimension("round", len(spec.rounds))
        group.createVariable("round", str, ("round",))[:] = np.array(spec.rounds, object)
        for name, (dimensions, about, units) in LAYOUT.items():
            variable = group.createVariable(name, "f4", dimensions, zlib=True, complevel=1)
            variable.setncatts({"long_name": about, "units": units})
            variable[:] = getattr(found.learnt, name)


def read_learnt(path: str, rounds: Sequence[str]) -> Learnt:
    """What was learnt, of some of the rounds."""
    with ESTIMATES.opened(path) as file:
        group = file["fusion"]
        names = list(group["round"][:])
        if missing := [name for name in rounds if name not in names]:
            raise InputError(f"{path}: knows nothing of round {', '.join(missing)}. Extend an edition that has it.")
        at = [names.index(name) for name in rounds]
        found = {name: group[name][:] for name in LAYOUT}
        return Learnt(**{name: v[at] if LAYOUT[name][0][0] == "round" else v for name, v in found.items()})
