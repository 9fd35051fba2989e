"""How long a run takes on some cores: a range, from cores that never wait on the machine of the unit costs, to the other end.

At that end rules follow one another, round by round, jobs cost `SLOWER` times as much, and Snakemake's own work is not
hidden. The demo took 10 min 44 s on two cores; its range is 6 to 14 minutes up to the data set, and what looks at that comes in addition.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping

from pydantic import Field

from rssm.commands.answers import Answer

SLOWER = 2.0  # an older or shared processor, a slow disk
OWN_S, OWN_SLOW_S = 0.01, 0.06  # Snakemake's own work for a job: planning, starting, checking
BY_ROUND = ("cube", "train", "simulate", "join", "mosaic", "target")  # a round waits for the one before


class WallTime(Answer):
    """Hours from start to end."""

    cores: int = Field(description="Cores at hand.")
    least: float = Field(description="Hours, if no core ever waits and the machine is that of the unit costs.")
    most: float = Field(description="Hours, if rules follow one another on a machine half as fast.")


def cores_at_hand() -> int:
    """Cores that this process may use, as batch systems and containers set them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def wall_time(work: Mapping[str, tuple[int, float]], rounds: int, cores: int) -> WallTime:
    """Wall time of some rules: name → jobs, seconds of one core."""
    jobs, seconds = (sum(part[k] for part in work.values()) for k in (0, 1))
    least = seconds / cores + jobs * OWN_S
    most = sum(_alone(*part, rounds if rule in BY_ROUND else 1, cores) for rule, part in work.items())
    return WallTime(cores=cores, least=least / 3600, most=max(least, SLOWER * most + jobs * OWN_SLOW_S) / 3600)


def _alone(jobs: int, seconds: float, stages: int, cores: int) -> float:
    """Seconds of a rule with the cores to itself, whose jobs come in stages."""
    if not jobs:
        return 0.0
    at_once = math.ceil(jobs / min(stages, jobs))
    return min(stages, jobs) * math.ceil(at_once / cores) * seconds / jobs


def duration_text(hours: float) -> str:
    """Hours for people: `40 s`, `12 min`, `3.5 h`, `2.1 days`."""
    if hours < 1 / 60:
        return f"{hours * 3600:.0f} s"
    if hours < 1:
        return f"{hours * 60:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"
