"""How large the networks, rows and blocks of a branch are in a region, and what memory a job takes that holds all of them."""

from __future__ import annotations

from dataclasses import replace

from rssm.blocks import Blocks
from rssm.workflow.casm.scope import LEARNT_FROM, CasmScope

BLOCKS = 4  # blocks along the longer side of a region, at least
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


def share(scope: CasmScope, branch: str) -> float:
    """Share of the rows of a branch that count: as set, in a small region as much more as teaches a network."""
    training = scope.run.training
    return round(min(1.0, max(training.share, training.least_rows / max(_seen(scope, branch), 1))), 4)


def rows(scope: CasmScope, branch: str) -> float:
    """Rows that a branch learns from or is judged on, by what radiometers usually see."""
    return _seen(scope, branch) * share(scope, branch)


def _seen(scope: CasmScope, branch: str) -> float:
    return OBSERVED * sum(map(scope.land_pixels, scope.tiles.values())) * len(scope.lesson(branch))


def held_out(scope: CasmScope) -> Blocks:
    """What is held out: blocks as large as set, in a small region so small that there are some."""
    blocks, region = Blocks(**scope.run.held_out.model_dump()), scope.region
    return replace(blocks, degrees=min(blocks.degrees, max(region.north - region.south, region.degrees) / BLOCKS))


def memory_mb(scope: CasmScope, branch: str) -> int:
    """Memory of a job that learns from all rows or judges by them, MB."""
    held = rows(scope, branch) * ROW_BYTES * (inputs(scope, branch) + 1)
    return round(BASE_MB + (held + 4 * COPIES * weights(scope, branch)) / 1e6)
