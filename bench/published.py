"""CASM's published networks (profile `paper`, 7 × 1050) through the workflow on a small toy land: `python -m bench.published`.

Spans of the catalogue are cut, so that the run is bound by training: 20 cells, 2011 to 2014, two members of all four
frequencies, both polarisations of SMOS. Everything else is the profile's. Printed: what came out, and what training took.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from rssm.nets.store import read_network

ROOT = Path(__file__).resolve().parents[1]
SPANS = {  # of all channels of a sensor; None: as the catalogue has it
    "SMAP_E": ("2013-01-01", None),
    "SMOS-TB": ("2012-01-01", None),
    "AMSR-E-TB": ("2011-01-03", "2012-12-31"),
    "AMSR2-TB": ("2013-01-01", "2013-12-31"),
}
SETTINGS: dict[str, Any] = {
    "method": "casm",
    "region": {"south": 36, "north": 37, "west": -102, "east": -101},
    "period": {"first": "2011-01-03", "last": "2014-12-31"},
    "tables": {"products": "products.yaml"},
    "inputs": {"root": "archive"},
    "training": {"members": 2},
    "validation": {"rivals": ["SMAP_E"]},
    "analysis": {"reference": []},
    "product": {"formats": ["zarr"]},
    "toy": {"days_per_dekad": 1},
}


def written(folder: Path) -> Path:
    """Write configuration and catalogue into a folder; the configuration's path."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = yaml.safe_load((ROOT / "config/casm/products.yaml").read_text())
    for name, entry in entries.items():
        cut = SPANS.get(name) or SPANS.get(name.rpartition("-")[0])
        entry["span"] = list(cut) if cut else entry["span"]
    (folder / "products.yaml").write_text(yaml.safe_dump(entries, sort_keys=False))
    (folder / "paper.yaml").write_text(yaml.safe_dump(SETTINGS, sort_keys=False))
    return folder / "paper.yaml"


def run(folder: Path) -> float:
    """Run the workflow to its end; seconds taken."""
    command = [sys.executable, "-m", "snakemake", "-s", str(ROOT / "workflow/Snakefile"), "--cores", "1"]
    command += ["--directory", str(folder), "--configfile", str(written(folder)), "--config", "profile=paper"]
    begin = time.perf_counter()
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"The run failed; its logs lie in {folder / 'logs'}.")
    return time.perf_counter() - begin


def trained(folder: Path) -> list[dict[str, Any]]:
    """What each network took: rows, epochs, seconds of processor time, rows a second of it, MiB."""
    found = []
    for path in sorted((folder / "benchmarks/casm_train").glob("*/*.tsv")):
        (taken,) = csv.DictReader(path.open(), delimiter="\t")
        branch, member = path.parent.name, path.stem
        network = read_network(str(folder / f"results/casm/networks/{branch}/{member}.nc"), "casm-network")
        rows, epochs = int(network.about["rows"]), len(network.arrays["losses"]) - 1
        seconds = float(taken["cpu_time"])
        found.append({"branch": branch, "member": member, "rows": rows, "epochs": epochs, "cpu_s": seconds})
        found[-1] |= {"rows_a_second": rows * epochs / seconds, "max_rss_mib": float(taken["max_rss"])}
    return found


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "results/bench/published", help="where to run")
    parser.add_argument("--finished", action="store_true", help="only tell of a run that is there")
    given = parser.parse_args(arguments)
    seconds = None if given.finished else run(given.folder)
    table = trained(given.folder)
    for row in table:
        print(
            "  ".join(
                f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in row.items()
            )
        )
    print((given.folder / "results/casm/report/branches.tsv").read_text())
    out = ROOT / "results/bench/published.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"seconds": seconds, "training": table}, indent=1))


if __name__ == "__main__":
    main()
