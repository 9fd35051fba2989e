"""The kernels job: everything compiled is compiled once, before thousands of training jobs ask for it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rssm.files import atomic
from rssm.networks.kernels.loader import compilers, loaded
from rssm.networks.kernels.processor import choose_processor
from rssm.networks.specs import KernelSpec


def kernels(spec: KernelSpec, out: Sequence[str]) -> None:
    """Have all kernels compiled and note for which processor, and by what."""
    choose_processor(spec.cpu)
    loaded()
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps({"cpu": spec.cpu, **compilers()}) + "\n")
