"""Made-up rounds and matched products for tests of their fusion."""

from __future__ import annotations

import numpy as np

from rssm.fusion.fits import Fit
from rssm.fusion.model import Joint, Status, nothing_known
from rssm.fusion.specs import FuseSpec
from rssm.fusion.store import LAYOUT, Matched
from rssm.rounds.estimates import (
    FALLBACK,
    Estimates,
)

FIRST = 2003 * 36
SPEC = FuseSpec("dekad", ("1", "2"), 1.0, {"1": 0.25, "2": 0.25})
DEFAULT = (1.0, 0.25)


def estimates(values: np.ndarray, first: int, zones: int = 1) -> Estimates:
    """A round's estimates ([chain,] pixel, dekad) from the dekad `first` on."""
    values = np.asarray(values, np.float32)[(None,) * (3 - np.ndim(values))]
    _, pixels, steps = values.shape
    return Estimates(
        value=values,
        network=np.where(np.isfinite(values[0]), 0, -1).astype(np.int16),
        flags=np.where(np.isfinite(values[0]), FALLBACK, 0).astype(np.uint8),
        merged=np.ones((pixels, steps), np.uint8),
        names=(f"NN{first}",),
        mse=np.full((1, zones), 0.0004, np.float32),
        step=np.arange(first, first + steps, dtype=np.int32),
        pixel=np.arange(pixels, dtype=np.int32),
        zones=tuple(f"Z{z}" for z in range(zones)),
        zone_start=np.arange(zones + 1, dtype=np.int32) * (pixels // zones),
    )


def products(values: np.ndarray, first: int, held_out: np.ndarray | None = None, zone: str = "Z0") -> Matched:
    """C of a zone ([chain,] pixel, dekad); held_out: the target (pixel, dekad) of the same dekads."""
    values = np.asarray(values, np.float32)[(None,) * (3 - np.ndim(values))]
    chains, pixels, steps = values.shape
    step = np.arange(first, first + steps, dtype=np.int32)
    sizes = {"chain": chains, "product": 1, "zone": 1, "pixel": pixels, "side": 2, "knot": 13}
    kinds = {"status": np.uint8, "common": np.int32}
    empty = {
        name: np.zeros([sizes.get(d, 0) for d in dimensions], kinds.get(name, np.float32))
        for name, (dimensions, _, _) in LAYOUT.items()
    }
    known = held_out is not None
    empty |= {
        "value": values,
        "mse": np.array([0.0009], np.float32),
        "held_out": np.asarray(held_out, np.float32) if known else np.empty((pixels, 0), np.float32),
        "products": ("A",),
        "step": step,
        "held_step": step if known else step[:0],
        "pixel": np.arange(pixels, dtype=np.int32),
    }
    return Matched(**empty, zones=(zone,), zone_start=np.array([0, pixels], np.int32))


def two_rounds(values: np.ndarray) -> list[Estimates]:
    """Values (pixel, dekad): the later half is round 1, the earlier round 2."""
    half = np.shape(values)[-1] // 2
    return [estimates(values[..., half:], FIRST + half), estimates(values[..., :half], FIRST)]


def joint_fit(values: np.ndarray, looks: np.ndarray | int = 1, zone: str = "Z0", first: int = FIRST) -> Fit:
    """J of a zone (pixel, dekad), of which only x matters."""
    values = np.asarray(values, np.float32)
    model = nothing_known(Status.ATTACHED, [Status.ATTACHED], np.empty((0, 2)), len(values))
    seen = np.broadcast_to(np.uint8(looks), values.shape)
    step, pixel = np.arange(first, first + values.shape[1], dtype=np.int32), np.arange(len(values), dtype=np.int32)
    nothing = np.empty((0, len(values)), np.float32)
    return Fit(Joint(values, np.ones_like(values), seen, model), ("A",), (), nothing, step, pixel, zone)
