"""F: the chain of rounds (E) and the matched products (C) made one estimate, zone by zone; a joint fit (J) may have a share.

Where one of them is missing the other speaks, flagged; an estimate of a subnetwork without skill counts as missing, and
so gives neither season nor departures where there is C. Where C speaks alone it is moved to the chain's mean year, if
that is known there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import CALENDARS
from rssm.errors import InputError
from rssm.fusion.evidence import weights
from rssm.fusion.fits import X_ONLY, Fit, read_fits
from rssm.fusion.learnt import Learnt, read_learnt, write_learnt
from rssm.fusion.season import LEAST, both, season_difference
from rssm.fusion.specs import FuseSpec
from rssm.fusion.store import Matched, read_matched
from rssm.rounds.estimates import CHAIN_ONLY, MATCHED_ONLY, NO_SKILL, Estimates, read_estimates, write_estimates
from rssm.rounds.join import side_by_side
from rssm.rounds.specs import MATCHED

F32 = NDArray[np.float32]
REPLACED = ("value", "network", "flags", "merged")  # fields of E in whose place F is put


class Fused(NamedTuple):
    """F of all rounds, whose `network` is the chain's or MATCHED where C speaks alone; and what was learnt to make it."""

    estimates: Estimates
    learnt: Learnt


def fuse(
    tile: str,
    joined: Sequence[str],
    matched: Sequence[str],
    fitted: Sequence[str],
    learnt: Sequence[str],
    spec: FuseSpec,
    out: Sequence[str],
) -> None:
    """Fuse the rounds and the matched products of a tile.

    joined  estimates of each round, in their order
    fitted  the joint fit, or nothing: then it has no share
    learnt  mean years and weights of the edition that is extended, or nothing: then they are learnt
    out     estimates of each round; mean years and weights
    """
    rounds = [read_estimates(path) for path in joined]
    known = read_learnt(learnt[0], spec.rounds) if learnt else None
    fits = read_fits(fitted[0], without=X_ONLY) if fitted else None
    found = fused(rounds, read_matched(matched[0], without=("curve",)), spec, known, fits)
    for path, part in zip(out, by_round(found.estimates, rounds), strict=False):
        write_estimates(path, part)
    write_learnt(out[-1], found.learnt)


def fused(
    rounds: Sequence[Estimates],
    matched: Iterable[Matched],
    spec: FuseSpec,
    known: Learnt | None = None,
    fits: Iterable[Fit] | None = None,
) -> Fused:
    """F from the estimates of all rounds and C, and J if any, zone after zone; what is known already is not learnt."""
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
    joint = fits if fits is not None and spec.joint else repeat(None, len(whole.zones))
    for zone, (name, c, j) in enumerate(zip(whole.zones, matched, joint, strict=True)):
        if c.zones != (name,):
            raise InputError(f"Zone {name}: the matched products are of {', '.join(c.zones)}. Make both again.")
        _fuse_zone(out, zone, c, of_step, spec, learn=known is None)
        if j is not None:
            if j.zone != name:
                raise InputError(f"Zone {name}: the joint fit is of {j.zone}. Make both again.")
            _share_zone(out.estimates, zone, j, spec.joint)
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
        spec.rounds,
        whole.zones,
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
    _set_matched(own, part, only)
    own.flags[part][~mix & ~only & np.isfinite(e[0])] |= CHAIN_ONLY


def _share_zone(own: Estimates, zone: int, fit: Fit, share: float) -> None:
    """Give J its share in F of one zone; where F is missing, or without skill, J speaks alone."""
    part = slice(int(own.zone_start[zone]), int(own.zone_start[zone + 1]))
    f, j, flags = own.value[:, part], fit.at(own.step), own.flags[part]
    there = np.isfinite(j)
    both = there & np.isfinite(f[0]) & (flags & NO_SKILL == 0)
    alone = there & ~both
    f[:] = np.where(both, f + np.float32(share) * (j - f[0]), np.where(alone, j, f))
    flags[both] &= ~np.uint8(CHAIN_ONLY)
    _set_matched(own, part, alone)


def _set_matched(own: Estimates, part: slice, where: NDArray[np.bool_]) -> None:
    """Say that no network is behind the estimates of some pixels and steps."""
    own.network[part][where] = len(own.names) - 1
    own.merged[part][where] = 0
    own.flags[part][where] = MATCHED_ONLY


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
