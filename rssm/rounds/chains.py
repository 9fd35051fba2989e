"""Chains: the same rounds side by side in K perturbed worlds, so that the spread between them is error carried along.

Chain 0 is the control: nothing in it is perturbed, so that it equals a run with K = 1 and its held-out scores are
clean. Every other chain k
  - reads each product with an error of that product's size, partly shared by products of one algorithm (`inputs`),
  - learns from a target from outside with an error of its own (`target`),
  - counts each block of training points as often as a resampling drew it (`weights`),
  - passes on its own SIM-nT with an error as large as the held-out error of the subnetworks behind it (`passed_on`).
Where the recipe says that held-out residuals be resampled by blocks, noise of their variance is drawn instead: it
needs nothing but what the estimates already carry. All draws are pure functions of seed, chain, names, absolute pixel
and dekad (`rssm.rounds.perturb`), so they do not depend on tiles or the order of jobs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rssm.calendar import DEKADS
from rssm.cubes.cube import Cube
from rssm.draws import seed_key
from rssm.grid import grid_of
from rssm.networks.predict import predict
from rssm.networks.samples import Samples, gather
from rssm.networks.subnetworks import Subnetworks
from rssm.rounds.perturb import block_counts, input_error, regional_noise, target_error
from rssm.rounds.specs import ProductError

if TYPE_CHECKING:  # a simulation reads no settings
    from rssm.config.training import Training

F32 = NDArray[np.float32]
BIAS, NOISE = 0.02, 0.02  # m³ m⁻³, of the target from outside: a regional, seasonal bias and first-order noise
MEMORY = 0.5  # correlation of an error from one dekad to the next
SHARED = 0.5  # share of a held-out error's variance that all of a zone has in common
POROSITY = 0.45  # m³ m⁻³, of most soils: what turns an error of saturation, known no better, into one of moisture


def seen(
    cubes: Iterable[Cube], errors: Mapping[str, ProductError], seed: int, chains: int, porosity: float = POROSITY
) -> dict[str, Cube]:
    """Cubes as the chains see them, by variable; those without an error as they are.

    porosity  what an error of saturation is multiplied by
    """
    out = {cube.variable: cube for cube in cubes}
    for name, error in errors.items():
        if name in out:
            sd = error.sd * (porosity if error.units == "saturation" else 1.0)
            out[name] = inputs(out[name], error.algorithm, sd, seed, chains)
    return out


def during(cube: Cube, dekads: NDArray[np.integer]) -> Cube:
    """Some dekads of a cube, ascending: so that no more is perturbed than is needed."""
    return replace(cube, values=cube.at(dekads, DEKADS), step=dekads.astype(np.int32), calendar_id=DEKADS.id)


def inputs(cube: Cube, algorithm: str, sd: float, seed: int, chains: int) -> Cube:
    """A product as each chain sees it (chain, pixel, time); sd in its units."""
    shared = [seed_key(seed, "chain", k, "algorithm", algorithm) for k in range(1, chains)]
    own = [seed_key(seed, "chain", k, "product", cube.variable) for k in range(1, chains)]
    return _perturbed(cube, input_error(shared, own, *_place(cube), cube.step, sd, memory=MEMORY))


def target(cube: Cube, seed: int, chains: int, bias: float = BIAS, noise: float = NOISE) -> Cube:
    """A target from outside as each chain sees it (chain, pixel, time)."""
    keys = [seed_key(seed, "chain", k, "target", cube.variable) for k in range(1, chains)]
    return _perturbed(cube, target_error(keys, *_place(cube), cube.step, bias, noise, MEMORY))


def passed_on(values: F32, mse: F32, cube: Cube, seed: int) -> F32:
    """SIM-nT (chain, pixel, time) with each chain's held-out error; the control goes as it is.

    mse   (pixel, time) m⁶ m⁻⁶: of the subnetwork behind each estimate, NaN where unknown (then nothing is added)
    cube  has pixels, steps and the variable's name, which makes the draws of each round its own
    """
    row, column = _place(cube)
    sd = np.sqrt(np.nan_to_num(mse))
    keys = [seed_key(seed, "chain", k, "held out", cube.variable) for k in range(1, len(values))]
    wide, near = (
        regional_noise([seed_key(key, reach) for key in keys], row, column, cube.step, spacing, MEMORY)
        for reach, spacing in (("zone", grid_of(cube.grid_id).zone_pixels), ("footprint", 3))
    )
    wide *= np.sqrt(SHARED)
    near *= np.sqrt(1 - SHARED)
    wide += near
    wide *= sd
    out = values.copy()
    out[1:] += wide
    return out


def weights(samples: Samples, network: str, seed: int, chains: int, footprint: int, block_dekads: int) -> F32:
    """How often each chain draws each point (chain, point): blocks of pixels × dekads, resampled."""
    out = np.ones((chains, samples.dekad.size), np.float32)
    place = np.stack([samples.row, samples.column])
    begins = (np.diff(place, prepend=-1) != 0).any(axis=0)  # points stand pixel by pixel
    row, column = place[:, begins]
    at, (dekads, when) = np.cumsum(begins) - 1, _dekads(samples)
    for k in range(1, chains):
        key = seed_key(seed, "chain", k, "resampling", network)
        out[k] = block_counts(key, row, column, dekads, footprint, block_dekads)[at, when]
    return out


def sampled(samples: Samples, cubes: Sequence[Cube]) -> F32:
    """Inputs at the points of samples as each chain sees them ([chain,] input, point)."""
    order, columns = np.argsort(cubes[0].pixel), grid_of(cubes[0].grid_id).columns
    pixel = samples.row.astype(np.int64) * columns + samples.column
    at = order[np.searchsorted(cubes[0].pixel, pixel, sorter=order)]
    dekads, when = _dekads(samples)
    chains = [len(cube.values) for cube in cubes if cube.values.ndim == 3]
    x = np.empty((*chains[:1], len(cubes), samples.dekad.size), np.float32)
    flat = at * len(dekads) + when
    for j, cube in enumerate(cubes):
        values = cube.at(dekads, DEKADS)
        x[..., j, :] = values.reshape(*values.shape[:-2], -1).take(flat, axis=-1)
    return x


def _dekads(samples: Samples) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """All dekads from the first to the last of some samples, and where each point stands among them."""
    if not samples.dekad.size:
        return samples.dekad, samples.dekad
    first = samples.dekad.min()
    return np.arange(first, samples.dekad.max() + 1), samples.dekad - first


def lessons(
    inputs: Iterable[Cube],
    targets: Sequence[tuple[Cube, NDArray[np.int64]]],
    errors: Mapping[str, ProductError],
    seed: int,
    chains: int,
) -> tuple[list[Cube], list[tuple[Cube, NDArray[np.int64]]]]:
    """Inputs and targets as the chains see them, in the dekads that teach; errors as for `seen`.

    targets  each with its dekads; one that has chains already comes from an earlier round, the others from outside
    """
    dekads = np.sort(np.concatenate([steps for _, steps in targets]))
    needed = (during(cube, dekads) if cube.variable in errors else cube for cube in inputs)
    taught = [
        (cube if cube.values.ndim == 3 else target(during(cube, steps), seed, chains), steps) for cube, steps in targets
    ]
    return list(seen(needed, errors, seed, chains).values()), taught


def trained(
    inputs: Sequence[Cube],
    own: Sequence[Cube],
    targets: Sequence[tuple[Cube, NDArray[np.int64]]],
    network: str,
    settings: Training,
    seed: int,
    chains: int,
    products: int | None = None,
) -> Subnetworks:
    """Subnetworks of all zones and chains, from the cubes of a tile.

    inputs        unperturbed: they decide which points there are
    own, targets  inputs and targets as the chains see them
    products      how many of the inputs, the first, are products; None: all
    """
    samples = gather(inputs, targets)
    return fit(samples, sampled(samples, own), inputs[0].zones, network, settings, seed, chains, products)


def fit(
    samples: Samples,
    x: F32,
    zones: Sequence[str],
    network: str,
    settings: Training,
    seed: int,
    chains: int,
    products: int | None = None,
) -> Subnetworks:
    """Subnetworks of all zones and chains; x (chain, input, point) as `sampled` gives it."""
    from rssm.networks.fit import fit as fit_zones

    split = settings.split
    counts = weights(samples, network, seed, chains, split.pixel_block, split.dekad_block)
    return fit_zones(samples, zones, network, settings, seed, chains, x, counts, products)


def by_chain(columns: Sequence[F32]) -> F32 | Iterator[F32]:
    """Inputs (input, point) that all chains share, or one chain's after the other's; columns ([chain,] point)."""
    if all(column.ndim == 1 for column in columns):
        return np.stack(columns)
    chains = max(len(column) for column in columns if column.ndim == 2)
    return (np.stack([column if column.ndim == 1 else column[k] for column in columns]) for k in range(chains))


def estimates(
    subnetworks: Subnetworks, x: F32 | Iterable[F32], zone_index: NDArray[np.int64], extrapolation: Any = "none"
) -> tuple[F32, F32]:
    """As `rssm.networks.predict`; x (input, point), or one such after the other for each chain."""
    if isinstance(x, np.ndarray):
        return predict(subnetworks, x, zone_index, extrapolation)
    parts = [predict(_only(subnetworks, k), own, zone_index, extrapolation) for k, own in enumerate(x)]
    return np.concatenate([value for value, _ in parts]), parts[0][1]


def _only(subnetworks: Subnetworks, k: int) -> Subnetworks:
    """One chain of subnetworks."""
    chained = {f.name: getattr(subnetworks, f.name) for f in fields(subnetworks)}
    shared = ("center", "factor", "low", "high")
    return replace(subnetworks, **{name: v[k : k + 1] for name, v in chained.items() if name not in shared})


def _place(cube: Cube) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    columns = grid_of(cube.grid_id).columns
    return cube.pixel // columns, cube.pixel % columns


def _perturbed(cube: Cube, errors: NDArray[np.floating]) -> Cube:
    """A cube with a chain axis: the control as it was, then the others."""
    values = np.empty((1 + len(errors), *cube.values.shape), np.float32)
    values[0] = cube.values
    np.add(cube.values, errors, out=values[1:], casting="same_kind")
    return replace(cube, values=values)
