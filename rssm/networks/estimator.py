"""The trainer as a scikit-learn estimator, for people who want zonal subnetworks in their own work."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from rssm.config.training import Training
from rssm.draws import mix, seed_key, uniform
from rssm.networks.predict import predict
from rssm.networks.split import TRAIN, VALIDATION
from rssm.networks.train import train_block


class ZonalMLPRegressor(RegressorMixin, BaseEstimator):
    """One small network (tanh nodes, linear output) per zone.

    Zones are given beside X as one label per row; without them all rows make one zone. A zone with fewer than
    `min_points` rows, or without variation, predicts the mean of its target; a zone never seen, the mean of all.
    Missing values are refused, as by most of scikit-learn.
    """

    def __init__(
        self,
        hidden: int = 7,
        min_points: int = 20,
        noise_ridge: float = 12.0,
        starts: int = 4,
        iterations: int = 100,
        validation: float = 0.15,
        extrapolation: str = "none",
        random_state: int = 0,
        n_jobs: int = 1,
    ) -> None:
        self.hidden = hidden
        self.min_points = min_points
        self.noise_ridge = noise_ridge
        self.starts = starts
        self.iterations = iterations
        self.validation = validation
        self.extrapolation = extrapolation
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: ArrayLike, y: ArrayLike, zones: ArrayLike | None = None) -> ZonalMLPRegressor:
        """Train on X (row, input) and y (row,); zones (row,) labels."""
        x, target = self._checked(X, y)
        labels = np.zeros(target.size, np.int64) if zones is None else np.asarray(zones)
        self.zones_, index = np.unique(labels, return_inverse=True)
        order = np.argsort(index, kind="stable")
        offsets = np.searchsorted(index[order], np.arange(self.zones_.size + 1))
        place = np.arange(target.size) - offsets[index[order]]
        judge = uniform(mix(self._seed(), place)) < self.validation
        keys = [[seed_key(self._seed(), 0, "estimator", str(zone)) for zone in self.zones_]]
        self.center_ = x.mean(axis=0)  # taken out in double precision, so that large offsets do no harm
        self.target_center_ = float(target.mean())
        self.subnetworks_ = train_block(
            (x[order] - self.center_).T.astype(np.float32),
            (target[order] - self.target_center_)[None].astype(np.float32),
            offsets,
            np.where(judge, VALIDATION, TRAIN).astype(np.uint8),
            np.array(keys, np.uint64),
            Training(
                hidden=self.hidden,
                min_points=self.min_points,
                noise_ridge=self.noise_ridge,
                starts=self.starts,
                iterations=self.iterations,
            ),
            threads=self.n_jobs,
        )
        self.means_ = np.bincount(index, target) / np.bincount(index)
        return self

    def predict(self, X: ArrayLike, zones: ArrayLike | None = None) -> NDArray[np.float64]:
        """Estimates (row,) for X (row, input); zones (row,) as in `fit`."""
        check_is_fitted(self)
        values: NDArray[np.float64] = validate_data(self, X, reset=False, dtype=np.float64)
        labels = np.broadcast_to(self.zones_[0], values.shape[:1]) if zones is None else np.asarray(zones)
        index = np.minimum(np.searchsorted(self.zones_, labels), self.zones_.size - 1)
        known = self.zones_[index] == labels
        x = (values - self.center_).T.astype(np.float32)
        out = predict(self.subnetworks_, x, np.where(known, index, -1), self.extrapolation)[0][0]  # type: ignore[arg-type]
        mean = np.where(known, self.means_[index], self.target_center_)
        return np.where(np.isfinite(out), out + self.target_center_, mean)

    def _checked(self, X: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        x, target = validate_data(self, X, y, y_numeric=True, dtype=np.float64)
        return x, target

    def _seed(self) -> int:
        return int(self.random_state)
