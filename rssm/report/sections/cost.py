"""Run time and memory by rule, from what Snakemake measured of every job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rssm.report.parts import Section, Table


class Job(NamedTuple):
    """Seconds of a clock and of cores, peak of memory in MB."""

    wall: float
    cores: float
    memory: float


def cost_section(folder: str) -> Section:
    """One line for each rule, the dearest first."""
    id_, title = "cost", "Run time and memory"
    of_rule = {path.stem: jobs for path in sorted(Path(folder).glob("*")) if (jobs := list(_jobs(path)))}
    if not of_rule:
        return Section(
            id_, title, empty="Nothing was measured of the jobs of this run: its folder of benchmarks is not there."
        )
    sums = {rule: (sum(job.wall for job in jobs), sum(job.cores for job in jobs)) for rule, jobs in of_rule.items()}
    rows = [
        [
            rule.replace("_", " "),
            f"{len(jobs):,}",
            f"{sums[rule][0]:,.1f}",
            f"{sums[rule][1]:,.1f}",
            f"{max(job.memory for job in jobs):,.0f}",
        ]
        for rule, jobs in sorted(of_rule.items(), key=lambda item: (-sums[item[0]][0], item[0]))
    ]
    count, wall = sum(map(len, of_rule.values())), sum(seconds for seconds, _ in sums.values())
    peak = max(job.memory for jobs in of_rule.values() for job in jobs)
    said = [
        f"{count:,} jobs took {wall / 60:,.1f} minutes of one core's clock all together; the largest needed {peak:,.0f} MB."
        " Jobs of earlier runs in the same folder whose results still serve are counted too."
    ]
    heads = ("stage", "jobs", "seconds of the clock", "seconds of cores", "peak, MB")
    return Section(id_, title, said, tables=[Table("By stage", heads, rows)])


def _jobs(path: Path) -> Iterator[Job]:
    """Jobs of a rule, whose measurements are a file or lie in a folder."""
    for file in sorted(path.rglob("*.tsv")) if path.is_dir() else [path] if path.suffix == ".tsv" else []:
        lines = file.read_text(encoding="utf-8").splitlines()
        if len(lines) > 1:
            row = dict(zip(lines[0].split("\t"), lines[1].split("\t"), strict=False))
            yield Job(*(_number(row.get(name, "")) for name in ("s", "cpu_time", "max_rss")))


def _number(text: str) -> float:
    """A measurement; nothing of a job that was too short for it."""
    try:
        return float(text)
    except ValueError:
        return 0.0
