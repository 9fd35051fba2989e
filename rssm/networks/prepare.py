"""The kernels job: everything compiled is compiled once, before thousands of training jobs ask for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rssm.files import atomic
from rssm.networks.kernels.loader import compilers, loaded
from rssm.networks.kernels.processor import choose_processor


def kernels(spec: dict[str, Any], out: Sequence[str]) -> None:
    """Have all kernels compiled and note for which processor, and by what.

    spec  cpu: processor type that they are compiled for, null for the machine at hand
    """
    choose_processor(spec["cpu"])
    loaded()
    with atomic(out[0]) as beside:
        beside.write_text(json.dumps({"cpu": spec["cpu"], **compilers()}) + "\n")
