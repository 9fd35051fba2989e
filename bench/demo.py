"""`make bench`: the demo timed, and proof that its maps do not depend on tiles, cores, or a kill in mid-training.

The run is made once from nothing and timed; then everything behind the maps of products is forgotten and made again in
another way, and SIM-1 … SIM-n are compared byte by byte. `--finished FOLDER` starts from a finished run instead: it is
copied by hard links, never changed, and its benchmarks give the table of time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from rssm.workflow.stages import STAGE_OF, STAGES

ROOT = Path(__file__).resolve().parents[1]
RESULTS = "results/rsssm"
MAPS = "maps"  # the target behind the maps that are compared
DERIVED = ("series", "cubes", "ranges", "networks", "simulated", "joined", "report")  # and all simulated maps
TILES = 3  # degrees, where the run itself has 1
POLL = 0.05  # seconds between looks at what a run has made


class Run:
    """Snakemake in one folder, as `make demo` calls it."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.folder, self.config = folder, config

    def start(self, *arguments: str, cores: int = 2, config: Path | None = None) -> subprocess.Popen[bytes]:
        """Start it in a process group of its own; what it says goes into a file."""
        command = [sys.executable, "-m", "snakemake", "-s", str(ROOT / "workflow/Snakefile"), "--cores", str(cores)]
        command += ["--configfile", str(config or self.config), "--directory", str(self.folder), *arguments]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        said = (self.folder / "snakemake.log").open("ab")
        return subprocess.Popen(
            command, env={**environment, "PATH": path}, stdout=said, stderr=said, start_new_session=True
        )

    def finish(self, *arguments: str, cores: int = 2, config: Path | None = None) -> float:
        """Run it to its end; seconds taken."""
        begin = time.perf_counter()
        if self.start(*arguments, cores=cores, config=config).wait():
            sys.exit(f"A run failed; the end of {self.folder / 'snakemake.log'}:\n{self.last_words()}")
        return time.perf_counter() - begin

    def last_words(self) -> str:
        return (self.folder / "snakemake.log").read_text()[-3000:]

    def networks(self) -> int:
        """Networks × tiles trained so far."""
        return sum(1 for _ in (self.folder / RESULTS).glob("networks/*/[!.]*.nc"))

    def maps(self) -> dict[str, str]:
        """Checksum of every simulated map."""
        found = sorted((self.folder / RESULTS / "maps").glob("SIM-*/*.tif"))
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

    def forget(self) -> None:
        """Remove everything made from the maps of products."""
        for part in DERIVED:
            shutil.rmtree(self.folder / RESULTS / part, ignore_errors=True)
        for maps in (self.folder / RESULTS / "maps").glob("SIM-*"):
            shutil.rmtree(maps)

    def with_tiles(self, degrees: int) -> Path:
        """The configuration with other tiles."""
        settings = yaml.safe_load(self.config.read_text())
        path = self.folder / f"tiles_{degrees}.yaml"
        path.write_text(yaml.safe_dump({**settings, "zones": {"tile_degrees": degrees}}))
        return path


def larger_tiles(run: Run, networks: int) -> dict[str, Any]:
    """Tiles of nine zones instead of one."""
    return {"seconds": run.finish(MAPS, config=run.with_tiles(TILES)), "jobs_of_training": run.networks()}


def one_core(run: Run, networks: int) -> dict[str, Any]:
    """One core instead of two."""
    return {"seconds": run.finish(MAPS, cores=1)}


def killed(run: Run, networks: int) -> dict[str, Any]:
    """SIGKILL to Snakemake and all its jobs when half of the networks are trained, then a resume."""
    begin, running = time.perf_counter(), run.start(MAPS)
    while run.networks() < networks / 2:
        if running.poll() is not None:
            sys.exit(f"The run ended before it could be killed:\n{run.last_words()}")
        time.sleep(POLL)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    trained = run.networks()
    before = time.perf_counter() - begin
    run.finish("--unlock")
    return {"killed_after_networks": trained, "of": networks, "seconds": before + run.finish(MAPS)}


WAYS = {"larger_tiles": larger_tiles, "one_core": one_core, "killed": killed}


def time_by_rule(folder: Path) -> dict[str, dict[str, float]]:
    """Rule → jobs, seconds of wall and of processor (sampled by Snakemake, so short jobs show too little)."""
    rules: dict[str, dict[str, float]] = {}
    for path in sorted((folder / "benchmarks").rglob("*.tsv")):
        rule = path.relative_to(folder / "benchmarks").parts[0].removesuffix(".tsv")
        head, line = (text.split("\t") for text in path.read_text().splitlines()[:2])
        row = dict(zip(head, line, strict=True))
        sums = rules.setdefault(rule, {"jobs": 0, "wall": 0.0, "cpu": 0.0})
        sums["jobs"] += 1
        for name, column in (("wall", "s"), ("cpu", "cpu_time")):
            sums[name] += float(row[column]) if row[column] not in ("NA", "-") else 0.0
    return rules


def shares(rules: dict[str, dict[str, float]], seconds: float | None, cores: int) -> dict[str, Any]:
    """Seconds of each stage's jobs if all cores were always busy, and Snakemake's own core-seconds."""
    stages = dict.fromkeys(STAGES, 0.0)
    for rule, sums in rules.items():
        stages[STAGE_OF[rule]] += sums["wall"] / cores
    found: dict[str, Any] = {"stages": stages}
    if seconds is not None:
        own = seconds * cores - sum(sums["wall"] for sums in rules.values())
        found["snakemake"] = {"core_seconds": own, "share": own / (seconds * cores)}
    return found


def whole(run: Run, cores: int) -> dict[str, Any]:
    """The run from nothing: seconds of wall, and core-seconds of it and all its jobs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = run.finish(cores=cores)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu_seconds": used}


def copied(finished: Path, folder: Path) -> None:
    """A finished run in another folder: files as hard links (none is ever changed in place), its records in full."""
    shutil.copytree(finished / "results", folder / "results", copy_function=os.link)
    for part in (".snakemake", "benchmarks"):
        shutil.copytree(finished / part, folder / part)
    shutil.rmtree(folder / ".snakemake/locks", ignore_errors=True)


def bench(run: Run, finished: Path | None, ways: Iterable[str], cores: int) -> dict[str, Any]:
    """All figures; each way's maps compared with those of the run itself."""
    figures: dict[str, Any] = {"cores": cores, "seconds": None}
    if finished:
        copied(finished, run.folder)
    else:
        figures |= whole(run, cores)
    rules = time_by_rule(run.folder)
    figures |= shares(rules, figures["seconds"], cores) | {"rules": rules}
    expected, networks = run.maps(), run.networks()
    figures |= {"maps": len(expected), "networks": networks, "ways": {}}
    for way in ways:
        run.forget()
        told = WAYS[way](run, networks)
        found = run.maps()
        differing = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        figures["ways"][way] = {**told, "equal": bool(expected) and not differing, "differing": differing[:10]}
        print(f"{way}: {figures['ways'][way]}", flush=True)
    figures["equal"] = all(told["equal"] for told in figures["ways"].values())
    return figures


def rounded(value: Any) -> Any:
    """Seconds to a tenth, shares to a thousandth, all else as it is."""
    if isinstance(value, dict):
        return {name: rounded(inner) for name, inner in value.items()}
    return round(value, 1 if value > 1 else 3) if isinstance(value, float) else value


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Time the demo and prove that its maps depend on nothing they should not."
    )
    parser.add_argument("--config", type=Path, default=ROOT / "config/config.yaml", help="with tiles of 3°")
    parser.add_argument("--finished", type=Path, help="folder of a finished run of this configuration to start from")
    parser.add_argument("--ways", nargs="*", choices=list(WAYS), default=list(WAYS), help="what to prove (all)")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where to run, an empty folder; kept afterwards")
    parser.add_argument("--out", type=Path, default=ROOT / "results/bench/demo.json")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rssm-bench-") as temporary:
        folder = given.folder or Path(temporary)
        for part in ("config", "resources"):  # looked for in the working directory first, as in `make demo`
            shutil.copytree(ROOT / part, folder / part)
        run = Run(folder.resolve(), given.config.resolve())
        figures = bench(run, given.finished, given.ways, given.cores)
    figures = {"config": given.config.name, **rounded(figures)}
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(figures, indent=1) + "\n")
    print(f"demo: {figures['seconds']} s, stages {figures['stages']}, maps equal: {figures['equal']} → {given.out}")
    return 0 if figures["equal"] else 1


if __name__ == "__main__":
    sys.exit(main())
