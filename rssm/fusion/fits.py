"""Joint fits of a tile: x, and all that was learnt, as one NetCDF-4 file that is read by zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.files import Kind
from rssm.fusion.factors import Sources
from rssm.fusion.model import Joint, Model
from rssm.fusion.zoned import Layout, at_steps, read_zones, write_zones

FITS = Kind("joint fit")
PRODUCTS = "0 no value, 1 attached, 2 too few values, 3 constant, 4 too few values where anything is known"
OF_X: Layout = {
    "value": (("pixel", "time"), "hidden soil moisture", "m3 m-3"),
    "variance": (("pixel", "time"), "its variance, as the model has it", "m6 m-6"),
    "looks": (("pixel", "time"), "attached products that have a value", "1"),
}
OF_MODEL: Layout = {
    "target": (("zone",), f"what became of the target: {PRODUCTS}", ""),
    "target_error": (("zone",), "error standard deviation of the target", "m3 m-3"),
    "scale": (("factor", "moment", "zone"), "mean and spread of factors; without end: constant", ""),
    "prior_coefficients": (("column", "zone"), "what 1 and standardised factors do to the prior", "m3 m-3"),
    "prior_offset": (("pixel",), "offset of the prior", "m3 m-3"),
    "prior_variance": (("pixel",), "variance of the prior", "m6 m-6"),
    "status": (("product", "zone"), f"what became of a product: {PRODUCTS}", ""),
    "gain": (("product", "zone"), "gain against the hidden soil moisture", ""),
    "error": (("product", "zone"), "error standard deviation of the product", ""),
    "correlation": (("product", "zone"), "correlation with the hidden soil moisture", "1"),
    "shared": (("product", "other", "zone"), "correlation of errors", "1"),
    "gains": (("product", "pixel"), "gain of each pixel", ""),
    "offsets": (("product", "pixel"), "offset of each pixel", ""),
    "variances": (("product", "pixel"), "error variance of each pixel", ""),
    "biases": (("product", "column", "zone"), "what 1 and standardised factors do to the product", ""),
}
OF_PLACE: Layout = {
    "ratio": (("source", "pixel"), "what a source of a factor is multiplied by", "1"),
    "products": (("product",), "names of the products", ""),
    "factors": (("source",), "factor that a source gives", ""),
    "sources": (("source",), "names of the sources", ""),
    "step": (("time",), "steps of the calendar", ""),
    "pixel": (("pixel",), "row * columns + column on the whole grid", ""),
}
LAYOUT: Layout = {**OF_X, **OF_MODEL, **OF_PLACE}
X_ONLY = ("variance", *OF_MODEL)  # what whoever wants x alone reads without
OF_PIXELS = tuple(name for name, (dimensions, _, _) in OF_MODEL.items() if "pixel" in dimensions)


@dataclass(frozen=True)
class Fit:
    """J of a zone.

    products  in the order of the model; sources: of its factors, with the ratio of each (source, pixel) float32
    step      (time,) int32; pixel: (pixel,) int32, as in a cube
    """

    joint: Joint
    products: tuple[str, ...]
    sources: Sources
    ratio: NDArray[np.float32]
    step: NDArray[np.int32]
    pixel: NDArray[np.int32]
    zone: str

    def at(self, steps: NDArray[np.integer]) -> NDArray[np.float32]:
        """x at some steps (pixel, step); NaN where no product looks, as the prior alone knows no weather."""
        seen = np.where(self.joint.looks > 0, self.joint.value, np.float32(np.nan))
        return at_steps(seen, self.step, steps)


def write_fits(path: str | Path, parts: Iterable[Fit], zone_start: NDArray[np.int32]) -> None:
    """Write one file from its zones, one after the other."""
    write_zones(path, FITS, LAYOUT, map(_packed, parts), zone_start)


def read_fits(path: str | Path, without: Sequence[str] = ()) -> Iterator[Fit]:
    """Read a file zone after zone, `without` variables that are not needed: they are empty."""
    for found in read_zones(path, FITS, LAYOUT, without):
        of_zone = {n: v[..., 0] for n, v in found.items() if n not in without and "zone" in LAYOUT.get(n, ((),))[0]}
        found |= of_zone
        model = Model(**{field.name: found[field.name] for field in fields(Model)})
        yield Fit(
            Joint(model=model, **{name: found[name] for name in OF_X}),
            tuple(found["products"]),
            tuple(zip(found["factors"], found["sources"], strict=True)),
            *(found[name] for name in ("ratio", "step", "pixel", "zone")),
        )


def _packed(fit: Fit) -> dict[str, object]:
    """Variables of a file; the axis zone comes last."""
    values = {name: getattr(fit.joint, name) for name in OF_X} | {n: getattr(fit.joint.model, n) for n in OF_MODEL}
    values = {name: v[..., None] if "zone" in LAYOUT[name][0] else v for name, v in values.items()}
    factors, sources = ([pair[k] for pair in fit.sources] for k in (0, 1))
    named = {"products": fit.products, "factors": factors, "sources": sources}
    return {**values, **named, **{n: getattr(fit, n) for n in ("ratio", "step", "pixel", "zone")}}
