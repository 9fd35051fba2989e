"""F: the chain of rounds (E) and the matched products (C) made one estimate, zone by zone.

Where one of them is missing the other speaks, flagged; an estimate of a subnetwork without skill counts as missing, and
so gives neither season nor departures where there is C. Where C speaks alone it is moved to the chain's mean year, if
that is known there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS, Calendar
from rssm.errors import InputError
from rssm.fusion.evidence import weights
from rssm.fusion.learnt import Learnt, read_learnt, write_learnt
from rssm.fusion.season import LEAST, both, season_difference
from rssm.fusion.specs import FuseSpec
from rssm.fusion.store import Matched, read_matched
from rssm.rounds.estimates import CHAIN_ONLY, MATCHED_ONLY, NO_SKILL, Estimates, read_estimates, write_estimates
from rssm.rounds.join import side_by_side
from rssm.rounds.specs import MATCHED

F32 = NDArray[np.float32]


class Fused(NamedTuple):
    """F of all rounds, whose `network` is the chain's or MATCHED where C speaks alone; and what was learnt to make it."""

    estimates: Estimates
    learnt: Learnt


def fuse(
    tile: str, joined: Sequence[str], matched: Sequence[str], learnt: Sequence[str], spec: FuseSpec, out: Sequence[str]
) -> None:
    """Fuse the rounds and the matched products of a tile.

    joined  estimates of each round, in their order
    learnt  mean years and weights of the edition that is extended, or nothing: then they are learnt
    out     estimates of each round; mean years and weights
    """
    rounds = [read_estimates(path) for path in joined]
    products = read_matched(matched[0], without=("curve",))
    found = fused(rounds, products, spec, read_learnt(learnt[0]) if learnt else None)
    for path, part in zip(out, by_round(found.estimates, rounds), strict=False):
        write_estimates(path, part)
    write_learnt(out[-1], found.learnt)


def fused(
    rounds: Sequence[Estimates], matched: Iterable[Matched], spec: FuseSpec, learnt: Learnt | None = None
) -> Fused:
    """F from the estimates of all rounds and C zone after zone; by what an edition learnt, if that is given."""
    whole = reduce(side_by_side, rounds)
    if (np.diff(whole.step) < 1).any():
        raise InputError("Two rounds simulate the same dekad: fusion needs one estimate of each (table of substeps).")
    calendar = CALENDARS[spec.calendar]
    of_step = np.empty(whole.step.size, np.intp)  # which round simulates it
    for number, round_ in enumerate(rounds):
        of_step[np.isin(whole.step, round_.step)] = number
    out = replace(
        whole,
        value=whole.value.copy(),
        network=whole.network.copy(),
        flags=whole.flags.copy(),
        merged=whole.merged.copy(),
        names=(*whole.names, MATCHED),
        mse=np.concatenate([whole.mse, np.full((1, len(whole.zones)), np.nan, np.float32)]),
        tally={},
    )
    used = _shared(learnt, whole, spec) if learnt else _to_learn(whole, calendar, spec)
    for zone, (name, c) in enumerate(zip(whole.zones, matched, strict=True)):
        if c.zones != (name,):
            raise InputError(f"Zone {name}: the matched products are of {', '.join(c.zones)}. Make both again.")
        _fuse_zone(out, used, zone, c, of_step, spec, learn=learnt is None)
    return Fused(out, used)


def _to_learn(whole: Estimates, calendar: Calendar, spec: FuseSpec) -> Learnt:
    """Default weights, and mean years that are not known yet."""
    shape = (len(spec.rounds), len(whole.zones))
    departures = np.array([spec.departures[round_] for round_ in spec.rounds], np.float32)
    return Learnt(
        np.full((*whole.value.shape[:2], calendar.seasons), np.nan, np.float32),
        np.zeros((whole.pixel.size, calendar.seasons), np.float32),
        np.full(shape, spec.season, np.float32),
        np.repeat(departures[:, None], shape[1], axis=1),
        spec.rounds,
        whole.zones,
    )


def _shared(learnt: Learnt, whole: Estimates, spec: FuseSpec) -> Learnt:
    """What an edition learnt, of the rounds at hand."""
    if learnt.zones != whole.zones:
        raise InputError("The edition that is extended fused other zones of this tile. Extend it with the same region.")
    season, departures = zip(*map(learnt.share, spec.rounds), strict=True)
    return replace(learnt, season=np.stack(season), departures=np.stack(departures), rounds=spec.rounds)


def _fuse_zone(
    out: Estimates, used: Learnt, zone: int, matched: Matched, of_step: NDArray[np.intp], spec: FuseSpec, learn: bool
) -> None:
    """Put F of one zone in the place of E."""
    part = slice(int(out.zone_start[zone]), int(out.zone_start[zone + 1]))
    out.mse[-1, zone] = matched.mse[0]
    e, c = out.value[:, part], matched.at(out.step)
    chain = np.isfinite(e[0]) & (out.flags[part] & NO_SKILL == 0)
    there = np.isfinite(c[0])
    calendar = CALENDARS[spec.calendar]
    places = np.array([calendar.season_of(int(step)) for step in out.step], np.intp)
    for k in range(len(e)):
        usable = np.where(chain & there, e[k], np.float32(np.nan))
        if learn:
            found = season_difference(usable, c[k], places, calendar.seasons, spec.window)
            used.difference[k, part], used.count[part] = found
        difference, count = used.difference[k, part][:, places], used.count[part][:, places]
        if learn and k == 0:
            _weigh(used, zone, usable, c[k], difference, matched.held_out_at(out.step), of_step, spec)
        share, departures = (of[:, zone][of_step] for of in (used.season, used.departures))
        alone = c[k] + np.where(count >= LEAST, share * difference, 0)
        mixed = both(usable, c[k], np.where(count > 0, difference, usable - c[k]), share, departures)
        e[k] = np.where(there, np.where(chain, mixed, alone), e[k])
    only = there & ~chain
    out.network[part][only] = len(out.names) - 1
    out.merged[part][only] = 0
    out.flags[part][only] = MATCHED_ONLY
    out.flags[part][~there & np.isfinite(e[0])] |= CHAIN_ONLY


def _weigh(
    used: Learnt, zone: int, e: F32, c: F32, difference: F32, target: F32, of_step: NDArray[np.intp], spec: FuseSpec
) -> None:
    """Let the weights of a zone move where years held out speak against the defaults (of the control; chains follow)."""
    if not spec.evidence.rounds:
        return
    judged = of_step == spec.rounds.index(spec.evidence.rounds[0])
    default = (float(used.season[0, zone]), float(used.departures[0, zone]))
    e, c, difference, target = (values[:, judged] for values in (e, c, difference, target))
    found = weights(e, c, difference, target, default, spec.evidence)
    if found != default:
        for name in spec.evidence.rounds:
            number = spec.rounds.index(name)
            used.season[number, zone], used.departures[number, zone] = found


def by_round(whole: Estimates, rounds: Sequence[Estimates]) -> Iterable[Estimates]:
    """F of each round, with the names of its own networks and MATCHED."""
    begin, last = 0, len(whole.names) - 1
    for round_ in rounds:
        here, own = np.isin(whole.step, round_.step), slice(begin, begin + len(round_.names))
        network = whole.network[:, here]
        number = np.where(network == last, len(round_.names), np.where(network >= 0, network - begin, -1))
        yield replace(
            whole,
            value=whole.value[:, :, here],
            network=number.astype(np.int16),
            flags=whole.flags[:, here],
            merged=whole.merged[:, here],
            names=(*whole.names[own], MATCHED),
            mse=np.concatenate([whole.mse[own], whole.mse[-1:]]),
            step=whole.step[here],
        )
        begin = own.stop
