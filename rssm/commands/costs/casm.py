"""What a run of CASM costs. Unit costs are those of one core with AVX-512 (docs/casm.md)."""

from __future__ import annotations

from rssm.commands.costs.ground import CUBE_BYTES, CUBE_S_PER_VALUE, START_S, Amount, Costs, ingested, land, pixels
from rssm.workflow.casm.scope import CasmScope
from rssm.workflow.casm.sizes import OBSERVED, share, weights

START = 0.6  # of a job that reads cubes or learns, s
# Forward, of a row: one multiplication and addition, and bias and ReLU of one unit. They fit 3 × 64 to 7 × 1050 units within
# a tenth (docs/casm-skill.md).
MULTIPLY_S, UNIT_S = 2.3e-11, 9.4e-10
BACKWARD = 3.0  # times that, of a step of training
CYCLE_S_PER_VALUE = 1e-7  # a pixel × step
SAMPLE_S_PER_VALUE = 2e-7  # the same
SAMPLE_BYTES, ESTIMATE_BYTES, CYCLE_BYTES = 24.0, 9.0, 60.0  # of a row; of a pixel × step; of a pixel and channel
PRODUCT_S, PRODUCT_BYTES = 1.2, 12.0  # a global step of the data set in all formats, and its pixel on disk
OTHER_S = {
    "stations": 4.0,
    "scores": 5.0,
    "zarr": 3.0,
    "report": 3.0,
    **dict.fromkeys(("quicklook", "station_map", "rival_figures", "efficiency_figure"), 2.0),
}


def costs(scope: CasmScope) -> Costs:
    """What a run costs."""
    members, branches = scope.run.training.members, 0 if scope.parent else len(scope.trained)
    zones = land(scope)[0]
    return Costs(
        amounts=_amounts(scope),
        data_set=_data_set(scope),
        others=OTHER_S,
        stages=1,
        networks=members * branches,
        chains=1,
        closing=f"{branches} branches × {members} networks, {zones} land zones.",
    )


def _amounts(scope: CasmScope) -> dict[str, Amount]:
    tiles, pixel = len(scope.tiles), land(scope)[1]
    learning = () if scope.parent else scope.trained
    records = () if scope.parent else scope.records.values()
    held = {sensor: len(next(iter(of.values()))) * len(of) for sensor, of in scope.cubes.items()}
    lessons = {branch: OBSERVED * pixel * len(scope.lesson(branch)) for branch in learning}
    made = {branch: len(scope.estimated(branch)) * pixel for branch in scope.branches_now}
    fitted = sum(len(scope.channels(sensor)) * len(steps) for sensor, steps in records) * pixel
    return {
        **ingested(scope),
        "cube": _files(len(held) * tiles, sum(held.values()) * pixel, CUBE_BYTES, CUBE_S_PER_VALUE, START_S),
        "casm_cycle": _files(len(records) * tiles, fitted, CYCLE_BYTES / 1000, CYCLE_S_PER_VALUE),
        "casm_samples": _files(len(learning) * tiles, sum(lessons.values()), SAMPLE_BYTES, SAMPLE_S_PER_VALUE),
        "casm_train": _trained(scope, lessons),
        "casm_calibrate": Amount(len(learning), len(learning), 1e5 * len(learning), 5.0 * len(learning)),
        "casm_estimate": _estimated(scope, made),
        "casm_merge": _files(tiles, len(scope.made) * pixel, ESTIMATE_BYTES, 3e-7),
    }


def _files(jobs: int, values: float, size: float, seconds: float, start: float = START) -> Amount:
    """Jobs that write a file each; bytes and seconds of a value."""
    return Amount(jobs, jobs, values * size, jobs * start + values * seconds)


def forward_s(scope: CasmScope, branch: str) -> float:
    """Seconds of a row through one network."""
    training = scope.run.training
    return weights(scope, branch) * MULTIPLY_S + training.layers * training.units * UNIT_S


def _trained(scope: CasmScope, lessons: dict[str, float]) -> Amount:
    """Members of all branches, which learn from a share of the rows."""
    training, held = scope.run.training, scope.run.held_out.share
    found = Amount(0, 0, 0.0, 0.0)
    for branch, rows in lessons.items():
        seen = rows * share(scope, branch) * (1 - held) * training.epochs
        seconds = START + seen * forward_s(scope, branch) * BACKWARD
        found += Amount(1, 1, 4.0 * weights(scope, branch), seconds)
    members = training.members
    return Amount(found.jobs * members, found.files * members, found.disk * members, found.seconds * members)


def _estimated(scope: CasmScope, made: dict[str, int]) -> Amount:
    """All members forward, and back for the noise of inputs."""
    found = Amount(0, 0, 0.0, 0.0)
    for branch, values in made.items():
        each = OBSERVED * forward_s(scope, branch) * 2 * scope.run.training.members
        found += _files(len(scope.tiles), values, ESTIMATE_BYTES, each + 2e-7)
    return found


def _data_set(scope: CasmScope) -> Amount:
    """What follows the estimates, up to a published data set."""
    count, share = pixels(scope)
    steps, years = len(scope.made), len({scope.calendar.year_of(step) for step in scope.made})
    seconds = 3 * years * START + steps * PRODUCT_S * share
    return Amount(3 * years, 2 * steps + 4 * years, steps * count * PRODUCT_BYTES, seconds)
