"""How large the networks and rows of a branch are, and what memory a job takes that holds all of them."""

from __future__ import annotations

from rssm.workflow.casm.scope import LEARNT_FROM, CasmScope

OBSERVED = 0.6  # share of pixels × steps that a radiometer sees
BASE_MB = 500  # libraries, a batch's activations and room to spare
ROW_BYTES = 16  # of every input of a row, and as much for all else: 106 bytes of a row with six inputs were measured
COPIES = 6  # of the weights: themselves, gradient, Adam's two moments, the network that they start from


def inputs(scope: CasmScope, branch: str) -> int:
    """Inputs of a network: place and channels."""
    return len(scope.channels(LEARNT_FROM[branch])) + 2 * scope.run.training.place


def weights(scope: CasmScope, branch: str) -> int:
    """Weights of a network."""
    training = scope.run.training
    return inputs(scope, branch) * training.units + (training.layers - 1) * training.units**2 + training.units


def rows(scope: CasmScope, branch: str) -> float:
    """Rows that a branch learns from or is judged on, by what radiometers usually see."""
    pixels = sum(map(scope.land_pixels, scope.tiles.values()))
    return OBSERVED * pixels * len(scope.lesson(branch)) * scope.run.training.share


def memory_mb(scope: CasmScope, branch: str) -> int:
    """Memory of a job that learns from all rows or judges by them, MB."""
    held = rows(scope, branch) * ROW_BYTES * (inputs(scope, branch) + 1)
    return round(BASE_MB + (held + 4 * COPIES * weights(scope, branch)) / 1e6)
