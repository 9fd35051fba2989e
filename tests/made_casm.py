"""A CASM run of seconds: one channel a radiometer, spans of one to three years, a hundred cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
SPANS = {  # of the products that are kept
    "SMAP_E": ["2013-01-01", None],
    "SMOS-TB-V": ["2012-01-01", None],
    "AMSR-E-TB-10V": ["2011-01-03", "2012-12-31"],
    "AMSR2-TB-10V": ["2013-01-01", "2013-12-31"],
    "ISMN": None,
    "KOPPEN": None,
}
SETTINGS: dict[str, Any] = {
    "method": "casm",
    "region": {"south": 36, "north": 38, "west": -103, "east": -100},
    "period": {"first": "2011-01-03", "last": "2014-12-31"},
    "tables": {"products": "config/casm/tiny_products.yaml"},
    "inputs": {"root": "results/toy/casm"},
    "channels": {"smos": ["V"], "amsr": ["V"], "frequencies": [10]},
    "training": {
        "layers": 2,
        "units": 16,
        "share": 1.0,
        "members": 2,
        "frozen": 1,
        "epochs": 20,
        "batch": 64,
        "rate": 3e-3,
        "transfer_rate": 3e-3,
    },
    "held_out": {"degrees": 0.5},
    "validation": {"rivals": ["SMAP_E"]},
    "product": {"formats": ["zarr"]},
    "analysis": {"reference": [], "trends": None, "season": None},
    "toy": {"days_per_dekad": 1},
}


def write_tiny(folder: Path, **changes: Any) -> str:
    """Write configuration and catalogue into a checkout (or another folder); the configuration's path there."""
    entries = yaml.safe_load((ROOT / "config/casm/products.yaml").read_text())
    kept = {name: entries[name] | ({"span": span} if span else {}) for name, span in SPANS.items()}
    (folder / "config/casm").mkdir(parents=True, exist_ok=True)
    (folder / "config/casm/tiny_products.yaml").write_text(yaml.safe_dump(kept, sort_keys=False))
    (folder / "config/casm/tiny.yaml").write_text(yaml.safe_dump(SETTINGS | changes, sort_keys=False))
    return "config/casm/tiny.yaml"
