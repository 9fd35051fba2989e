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

from rssm.calendar import CALENDARS, Calendar
from rssm.errors import InputError
from rssm.fusion.evidence import weights
from rssm.fusion.season import LEAST, both, season_difference
from rssm.fusion.specs import FuseSpec
from rssm.fusion.store import Matched, read_matched
from rssm.rounds.estimates import CHAIN_ONLY, ESTIMATES, MATCHED_ONLY, NO_SKILL, Estimates, fill, read_estimates
from rssm.rounds.join import side_by_side

F32 = NDArray[np.float32]
MATCHED = "MATCHED"  # the network that stands for C where it speaks alone


@dataclass(frozen=True)
class Fused:
    """F of a tile, and what was learnt to make it.

    estimates   F as the estimates of a round have it; `network` is the chain's, or MATCHED where C speaks alone
    difference  (chain, pixel, season) mean year of E − C, m³ m⁻³, NaN where unknown
    season      (round, zone) share of the chain in the season
    departures  (round, zone) share of the chain in departures from it
    """

    estimates: Estimates
    difference: F32
    season: F32
    departures: F32


def fuse(tile: str, joined: Sequence[str], matched: Sequence[str], spec: FuseSpec, out: Sequence[str]) -> None:
    """Fuse the rounds and the matched products of a tile.

    joined  estimates of each round, in their order
    """
    rounds = [read_estimates(path) for path in joined]
    write_fused(out[0], fused(rounds, read_matched(matched[0], without=("curve",)), spec), spec)


def fused(rounds: Sequence[Estimates], matched: Iterable[Matched], spec: FuseSpec) -> Fused:
    """F from the estimates of all rounds and C zone after zone."""
    whole = reduce(side_by_side, rounds)
    if (np.diff(whole.step) < 1).any():
        raise InputError("Two rounds simulate the same dekad: fusion needs one estimate of each (table of substeps).")
    calendar = CALENDARS[spec.calendar]
    of_step = np.empty(whole.step.size, np.intp)  # which round simulates it
    for number, round_ in enumerate(rounds):
        of_step[np.isin(whole.step, round_.step)] = number
    season = np.full((len(rounds), len(whole.zones)), spec.season, np.float32)
    departures = np.repeat(np.array([spec.departures[r] for r in spec.rounds], np.float32)[:, None], season.shape[1], 1)
    out = Fused(
        replace(
            whole,
            value=whole.value.copy(),
            network=whole.network.copy(),
            flags=whole.flags.copy(),
            merged=whole.merged.copy(),
            names=(*whole.names, MATCHED),
            mse=np.concatenate([whole.mse, np.full((1, len(whole.zones)), np.nan, np.float32)]),
            tally={},
        ),
        np.full((*whole.value.shape[:2], calendar.seasons), np.nan, np.float32),
        season,
        departures,
    )
    for zone, (name, c) in enumerate(zip(whole.zones, matched, strict=True)):
        if c.zones != (name,):
            raise InputError(f"Zone {name}: the matched products are of {', '.join(c.zones)}. Make both again.")
        _fuse_zone(out, zone, c, of_step, calendar, spec)
    return out


def _fuse_zone(
    out: Fused, zone: int, matched: Matched, of_step: NDArray[np.intp], calendar: Calendar, spec: FuseSpec
) -> None:
    """Put F of one zone in the place of E."""
    own = out.estimates
    part = slice(int(own.zone_start[zone]), int(own.zone_start[zone + 1]))
    own.mse[-1, zone] = matched.mse[0]
    e, c = own.value[:, part], matched.at(own.step)
    chain = np.isfinite(e[0]) & (own.flags[part] & NO_SKILL == 0)
    there = np.isfinite(c[0])
    places = np.array([calendar.season_of(int(step)) for step in own.step], np.intp)
    target = matched.held_out_at(own.step)
    for k in range(len(e)):
        usable = np.where(chain & there, e[k], np.float32(np.nan))
        difference, count = season_difference(usable, c[k], places, calendar.seasons, spec.window)
        out.difference[k, part] = difference
        difference, count = difference[:, places], count[:, places]
        if k == 0:
            _weigh(out, zone, usable, c[k], difference, target, of_step, spec)
        share, departures = (of[:, zone][of_step] for of in (out.season, out.departures))
        alone = c[k] + np.where(count >= LEAST, share * difference, 0)
        mixed = both(usable, c[k], difference, share, departures)
        e[k] = np.where(there, np.where(chain, mixed, alone), e[k])
    only = there & ~chain
    own.network[part][only] = len(own.names) - 1
    own.merged[part][only] = 0
    own.flags[part][only] = MATCHED_ONLY
    own.flags[part][~there & np.isfinite(e[0])] |= CHAIN_ONLY


def _weigh(
    out: Fused, zone: int, e: F32, c: F32, difference: F32, target: F32, of_step: NDArray[np.intp], spec: FuseSpec
) -> None:
    """Let the weights of a zone move where years held out speak against the defaults (of the control; chains follow)."""
    if not spec.evidence.rounds:
        return
    judged = of_step == spec.rounds.index(spec.evidence.rounds[0])
    default = (float(out.season[0, zone]), float(out.departures[0, zone]))
    e, c, difference, target = (values[:, judged] for values in (e, c, difference, target))
    found = weights(e, c, difference, target, default, spec.evidence)
    if found != default:
        for name in spec.evidence.rounds:
            number = spec.rounds.index(name)
            out.season[number, zone], out.departures[number, zone] = found


def write_fused(path: str, found: Fused, spec: FuseSpec) -> None:
    """The estimates as any round's, and beside them, in the group `fusion`, what was learnt."""
    with ESTIMATES.created(path) as file:
        fill(file, found.estimates)
        group = file.createGroup("fusion")
        group.createDimension("season", found.difference.shape[2])
        group.createDimension("round", len(spec.rounds))
        group.createVariable("round", str, ("round",))[:] = np.array(spec.rounds, object)
        group.createVariable("difference", "f4", ("chain", "pixel", "season"), zlib=True, complevel=1)[:] = (
            found.difference
        )
        for name, values in (("season", found.season), ("departures", found.departures)):
            group.createVariable(f"{name}_share", "f4", ("round", "zone"))[:] = values
