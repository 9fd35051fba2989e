"""Run time and memory by rule, from what Snakemake measured of every job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rssm.report.parts import Section, Table

HEADS = ("jobs", "seconds of the clock", "seconds of cores", "peak, MB")


class Job(NamedTuple):
    """Seconds of a clock and of cores, peak of memory in MB."""

    wall: float
    cores: float
    memory: float


def cost_section(folder: str, stages: Sequence[tuple[str, Sequence[str]]]) -> Section:
    """Stages in the order of a run, and rules with the dearest first."""
    id_, title = "cost", "Run time and memory"
    of_rule = {path.stem: jobs for path in sorted(Path(folder).glob("*")) if (jobs := list(_jobs(path)))}
    if not of_rule:
        why = "Nothing was measured of the jobs of this run: its folder of benchmarks is not there."
        return Section(id_, title, empty=why)
    of_stage = {stage: [job for rule in rules for job in of_rule.get(rule, ())] for stage, rules in stages}
    others = of_rule.keys() - {rule for _, rules in stages for rule in rules}
    of_stage["other"] = [job for rule in sorted(others) for job in of_rule[rule]]
    jobs = [job for jobs in of_rule.values() for job in jobs]
    said = [
        f"{len(jobs):,} jobs took {sum(job.wall for job in jobs) / 60:,.1f} minutes of one core's clock all together; the largest needed"
        f" {max(job.memory for job in jobs):,.0f} MB. Jobs of earlier runs in the same folder whose results still serve are counted too."
    ]
    dearest = sorted(of_rule.items(), key=lambda item: (-sum(job.wall for job in item[1]), item[0]))
    tables = [
        Table("By stage", ("stage", *HEADS), [_line(stage, jobs) for stage, jobs in of_stage.items() if jobs]),
        Table("By rule", ("rule", *HEADS), [_line(rule, jobs) for rule, jobs in dearest], folded=True),
    ]
    return Section(id_, title, said, tables=tables)


def _line(name: str, jobs: Sequence[Job]) -> list[str]:
    wall, cores, memory = (list(of) for of in zip(*jobs, strict=True))
    return [name.replace("_", " "), f"{len(jobs):,}", f"{sum(wall):,.1f}", f"{sum(cores):,.1f}", f"{max(memory):,.0f}"]


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
