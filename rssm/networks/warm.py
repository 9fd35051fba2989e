"""The kernels job: everything compiled is compiled once, before thousands of training jobs ask for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np

from rssm.config.training import Training
from rssm.files import atomic
from rssm.networks.target import choose_target


def kernels(spec: dict[str, Any], out: Sequence[str]) -> None:
    """Have all kernels compiled and note how long it took (next to nothing, where it was done before).

    spec  cpu: processor type that they are compiled for, null for the machine at hand
    """
    choose_target(spec["cpu"])
    from rssm.networks.compiled import ensure_compiled

    start = perf_counter()
    ensure_compiled()
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps({"cpu": spec["cpu"], "seconds": round(perf_counter() - start, 1)}) + "\n")


def compile_all() -> None:
    """Compile every kernel into numba's cache by training and applying a small subnetwork."""
    from rssm.networks.predict import predict
    from rssm.networks.train import train_block

    x = np.random.default_rng(1).normal(size=(2, 400)).astype(np.float32)
    offsets, zone = np.array([0, 400]), np.zeros(400, np.int64)
    labels = (np.arange(400) % 3).astype(np.uint8)
    for method in ("default", "traingd"):
        settings = Training(method=method, iterations=2)
        trained = train_block(x, x[:1], offsets, labels, np.ones((1, 1), np.uint64), settings)
        predict(trained, x, zone, "clip")
