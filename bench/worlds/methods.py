"""How well learners do on one network: against the target where they learn, and against the truth there and elsewhere.

Three splits show how far a held-out score can be believed: single points at random, blocks of pixels × dekads (the
default), and blocks of dekads with all pixels of a zone. Only the truth in years without the target is beyond doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.worlds.experiment import PLACE, with_place, workflow_of
from bench.worlds.learners import RIDGE, UNIVERSAL
from rssm.config.training import Split, Training
from rssm.grid import GRID
from rssm.networks.fit import fit
from rssm.networks.predict import predict
from rssm.networks.samples import Samples, gather
from rssm.networks.split import TEST, TRAIN, split_labels
from rssm.one_process import make_world
from rssm.rounds.chains import sampled
from rssm.worlds.scores import Row

F32 = NDArray[np.float32]
LIGHT = 12.0  # noise_ridge that is right for independent points, which pixels and dekads side by side are not
SPLITS: dict[str, Callable[[Split], Split]] = {
    "random": lambda split: split.model_copy(update={"kind": "random"}),
    "blocks": lambda split: split,
    "dekads": lambda split: split.model_copy(update={"pixel_block": GRID.columns}),
}


@dataclass(frozen=True)
class Method:
    """A learner, the settings it changes, and whether it is given the place."""

    fit: Callable[..., Any]
    apply: Callable[..., tuple[F32, F32]]
    changes: Mapping[str, Any]
    placed: bool = False


def fit_sklearn(
    samples: Samples, zones: Sequence[str], network: str, settings: Training, seed: int, chains: int = 1
) -> list[Any]:
    """scikit-learn's network per zone, the strongest that people would type: scaled, lbfgs, α = 1; None: too few."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.utils._testing import ignore_warnings

    labels = split_labels(samples.row, samples.column, samples.dekad, settings.split, seed)
    models: list[Any] = []
    for start, stop in zip(samples.offsets[:-1], samples.offsets[1:], strict=True):
        learn = np.arange(start, stop)[labels[start:stop] < TEST]
        y = samples.y[0, learn]
        if learn.size < settings.min_points:
            models.append(None)
            continue
        nodes = MLPRegressor(
            hidden_layer_sizes=(settings.hidden,),
            activation="tanh",
            solver="lbfgs",
            alpha=1,
            max_iter=200,
            random_state=0,
        )
        model = make_pipeline(StandardScaler(), nodes)
        with ignore_warnings(category=ConvergenceWarning):
            model.fit(samples.x[:, learn].T, (y - y.mean()) / y.std())
        models.append((model, float(y.mean()), float(y.std())))
    return models


def apply_sklearn(
    models: Sequence[Any], x: F32, zone: NDArray[np.integer], extrapolation: str = "none"
) -> tuple[F32, F32]:
    """As `rssm.networks.predict`; inputs are not clipped."""
    value = np.full((1, x.shape[1]), np.nan, np.float32)
    for number in np.unique(zone):
        if models[number] is not None:
            model, mean, spread = models[number]
            value[0, zone == number] = mean + spread * model.predict(x[:, zone == number].T)
    return value, np.zeros(x.shape[1], np.float32)


METHODS = {
    "default": Method(fit, predict, {}),
    "default_light": Method(fit, predict, {"noise_ridge": LIGHT}),
    "traingd": Method(fit, predict, {"method": "traingd"}),
    "ridge2": Method(RIDGE.fit, RIDGE.apply, {}),
    "universal": Method(UNIVERSAL.fit, UNIVERSAL.apply, {}, placed=True),
    "scikit-learn": Method(fit_sklearn, apply_sklearn, {}),
}


def compare(config: Mapping[str, Any], root: Path, world: str, seed: int, network: str) -> list[Row]:
    """R² of all methods and splits in one world, mean over zones.

    target_learnt, target_held_out   against the target, on points that are learnt from and on held-out ones
    truth_held_out, truth_unseen     against the truth, on held-out points and in all dekads before the target
    """
    scope = workflow_of(config, root, world, seed).scope
    earth = with_place(make_world(scope))
    chosen = scope.plan.network(network)
    settings = scope.run.training_in(scope.plan.substep(chosen.substep).round)
    (outside,) = scope.plan.primaries
    steps = np.array(scope.plan.training[network].steps)
    before = np.flatnonzero(earth.truth.step < scope.plan.sources[outside].span.start) + earth.truth.step[0]
    some = gather([earth.cubes[v] for v in scope.variables(chosen)], [(earth.cubes[outside], steps)])
    fit(some, earth.truth.zones, network, settings, scope.run.seed, 1)  # so that no time below is a compiler's
    rows: list[Row] = []
    for split, change in SPLITS.items():
        for name, method in METHODS.items():
            inputs = [earth.cubes[v] for v in (*scope.variables(chosen), *(PLACE if method.placed else ()))]
            own = settings.model_copy(update={"split": change(settings.split), **method.changes})
            learnt, unseen = gather(inputs, [(earth.cubes[outside], steps)]), gather(inputs, [(earth.truth, before)])
            begun = process_time()
            model = method.fit(learnt, earth.truth.zones, network, own, scope.run.seed, 1)
            used = process_time() - begun
            here, there = (method.apply(model, s.x, _zone(s), own.extrapolation)[0][0] for s in (learnt, unseen))
            labels = split_labels(learnt.row, learnt.column, learnt.dekad, own.split, scope.run.seed)
            zone, truth = _zone(learnt), sampled(learnt, [earth.truth])[0]
            scores = {
                "target_learnt": r2(here, learnt.y[0], zone, labels == TRAIN),
                "target_held_out": r2(here, learnt.y[0], zone, labels == TEST),
                "truth_held_out": r2(here, truth, zone, labels == TEST),
                "truth_unseen": r2(there, unseen.y[0], _zone(unseen), np.ones(there.size, bool)),
            }
            about = {"world": world, "seed": seed, "network": network, "method": name, "split": split}
            rows.append({**about, **scores, "seconds": used})
    return rows


def r2(estimate: F32, truth: F32, zone: NDArray[np.integer], chosen: NDArray[np.bool_]) -> float:
    """1 − squared error / variance in each zone, mean over zones with a hundred points."""
    found = []
    for number in np.unique(zone):
        part = chosen & (zone == number) & np.isfinite(estimate)
        if part.sum() >= 100:
            error, spread = estimate[part] - truth[part], truth[part] - truth[part].mean()
            found.append(1 - float((error**2).sum() / (spread**2).sum()))
    return float(np.mean(found)) if found else np.nan


def _zone(samples: Samples) -> NDArray[np.int64]:
    return np.repeat(np.arange(samples.offsets.size - 1), np.diff(samples.offsets))
