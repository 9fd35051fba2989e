"""`make bench`: how long the global plan takes to dry-run, and how much memory, on an archive of file names alone.

python -m bench.plan [profile]      that of config/global.yaml, or another
python -m bench.plan casm           that of config/casm/global.yaml: another method's
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(profile: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        other = (ROOT / "config" / profile / "global.yaml").is_file() and profile != ""
        config = str(ROOT / "config" / (f"{profile}/global.yaml" if other else "global.yaml"))
        chosen = ["--config", f"profile={profile}"] if profile and not other else []
        names = [sys.executable, "-m", "rssm", "toy", "--names-only", "--config", config, f"{folder}/archive"]
        subprocess.run(names, check=True, cwd=folder)
        plan = [sys.executable, "-m", "snakemake", "-s", str(ROOT / "workflow/Snakefile"), "--configfile", config]
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        done = subprocess.run(
            [*plan, "--cores", "2", "--dry-run", "--quiet", "rules", *chosen],
            check=True,
            cwd=folder,
            capture_output=True,
            text=True,
        )
        seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    jobs = re.findall(r"^total\s+(\d+)", done.stdout + done.stderr, re.MULTILINE)
    figures = {
        "jobs": int(jobs[-1]),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(after.ru_utime - before, 1),
        "peak_mb": round(after.ru_maxrss / 1000),
    }
    target = ROOT / f"results/bench/plan{f'_{profile}' if other else ''}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=1) + "\n")
    print("global plan, dry run:", figures)


if __name__ == "__main__":
    main(*sys.argv[1:])
