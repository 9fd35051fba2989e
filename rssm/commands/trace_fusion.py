"""The part of a trace that a fused value adds: the products behind it, what each weighs, and the share of the joint fit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np

from rssm.errors import InputError
from rssm.fusion.fits import OF_PIXELS, OF_X, Fit, read_fits
from rssm.fusion.learnt import Learnt, read_learnt
from rssm.fusion.store import Matched, read_matched
from rssm.rounds.specs import MATCHED


def fusion_lines(
    folder: Path, tile: str, zone: str, round_: str, network: str, there: Callable[[str], bool]
) -> Iterator[tuple[str, str | None]]:
    """Lines, each with the product whose files follow it, if any.

    folder   of results with what was learnt
    network  behind the value: MATCHED where matched products speak alone
    there    whether a product has a value at the pixel and dekad
    """
    learnt, matched = _learnt(folder / "fusion" / f"{tile}.nc"), _matched(folder / "matched" / f"{tile}.nc", zone)
    season, departures = (float(share[learnt.zones.index(zone)]) for share in learnt.share(round_))
    weight = {p: float(w) for p, w in zip(matched.products, matched.weight[:, 0], strict=True) if w > 0 and there(p)}
    total = sum(weight.values())
    if network != MATCHED:
        yield f"fused     share of the chain {season:.2f} in the season, {departures:.2f} in departures from it", None
        if not weight:
            yield "          no product could be matched here", None
    elif weight:
        where = f"in the chain's season where that is known (share {season:.2f})"
        yield f"fused     of matched products alone, {where}", None
    else:
        yield "fused     neither chain nor matched products speak here", None
    for product in sorted(weight, key=lambda p: -weight[p]):
        error = float(matched.error[0, matched.products.index(product), 0])
        share = f"weight {weight[product] / total:.2f}, error {error:.3f} m³ m⁻³"
        yield f"  matched {product}: {share} in zone {zone}", product


def joint_lines(
    folder: Path, tile: str, zone: str, share: float, there: Callable[[str], bool], listed: Collection[str]
) -> Iterator[tuple[str, str | None]]:
    """Lines of the joint fit, likewise.

    folder   of results with the fit
    share    of it in the value, where it has one
    listed   products whose files are listed already
    """
    fit = _fit(folder / "jointly" / f"{tile}.nc", zone)
    model = fit.joint.model
    looks = [number for number in model.attached if there(fit.products[number])]
    if not looks:
        yield "joint fit without a share: no product that it has attached is there", None
        return
    yield f"joint fit share {share:.2f} in all of this; alone where nothing else speaks", None
    for number in sorted(looks, key=lambda k: -abs(model.correlation[k])):
        product = fit.products[number]
        said = f"gain {model.gain[number]:.2f}, correlation with it {model.correlation[number]:.2f} in zone {zone}"
        again = " (files above)" if product in listed else ""
        yield f"  looks   {product}: {said}{again}", None if again else product


def _fit(path: Path, zone: str) -> Fit:
    if not path.is_file():
        raise InputError(f"{path}: is not kept, so what the joint fit rests on here is unknown. Make it again.")
    return next(fit for fit in read_fits(path, without=(*OF_X, *OF_PIXELS)) if fit.zone == zone)


def _learnt(path: Path) -> Learnt:
    if not path.is_file():
        raise InputError(f"{path}: is not kept, so how chain and products were fused here is unknown. Make it again.")
    return read_learnt(path)


def _matched(path: Path, zone: str) -> Matched:
    if not path.is_file():
        raise InputError(f"{path}: is not kept, so the weights of products here are unknown. Make it again.")
    return next(part for part in read_matched(path, without=("value", "curve", "held_out")) if part.zones == (zone,))


def has_value(layers: dict[str, np.ndarray] | None) -> bool:
    """Whether a map of one pixel holds a value."""
    return layers is not None and bool(np.isfinite(layers["value"]).any())
