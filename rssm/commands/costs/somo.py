"""What a run of SoMo.ml costs. Unit costs are those of one core with AVX-512 and 128 units (docs/somo.md)."""

from __future__ import annotations

from rssm.commands.costs.ground import CUBE_BYTES, CUBE_S_PER_VALUE, Amount, Costs, ingested, land, pixels
from rssm.workflow.somo.scope import SomoScope

START = 0.8  # of a job that reads cubes or learns, s
CARRY_S = 3.2e-6  # a cell-day of one network, its memory carried on
LEARN_S = 6.8e-6  # the same, forward and back
WINDOWS = 1.0  # every target has days of its own where windows teach, as many as a window has
UNITS = 128  # at which these were measured; they go with the square of units, of few units more with their number
ESTIMATE_BYTES = 14.0  # of a cell-day of estimates, all layers
PRODUCT_S, PRODUCT_BYTES = 0.5, 9.0  # a global day of the data set in all formats, and its pixel on disk
TARGETS_PER_CELL = 2100  # days with a target in a cell that teaches, in the published data
CELLS = 0.0046  # cells that teach, of all land cells, in the published data
OTHER_S = {
    "somo_records": 3.0,
    "somo_stations": 2.0,
    "somo_sites": 3.0,
    "stations": 4.0,
    "scores": 5.0,
    "zarr": 3.0,
    "report": 3.0,
}


def costs(scope: SomoScope) -> Costs:
    """What a run costs."""
    run = scope.run
    layers = len(run.layers)
    networks = 0 if scope.parent else layers * run.members
    return Costs(
        amounts=_amounts(scope),
        data_set=_data_set(scope),
        others=OTHER_S,
        stages=1,
        networks=layers * run.members,
        chains=1,
        closing=f"{networks} networks learn, {layers} layers × {run.members} members simulate {land(scope)[1]:,} land cells.",
    )


def _amounts(scope: SomoScope) -> dict[str, Amount]:
    run, tiles, cells = scope.run, len(scope.tiles), land(scope)[1]
    days, years, layers = len(scope.days_now), len(scope.years_now), len(scope.run.layers)
    values = sum(len(of) * days for of in scope.cubes.values()) * cells
    learning = 0 if scope.parent else layers * run.members
    folds = 0 if scope.parent else len(scope.schemes) * layers * run.crossval.folds
    each = _learning(scope)
    carried = cells * days * layers * run.members * CARRY_S * _size(scope) * _days_of_input(scope)
    cubes = len(scope.cubes) * tiles
    return {
        **ingested(scope),
        "cube": Amount(cubes, cubes, values * CUBE_BYTES, cubes * START + values * CUBE_S_PER_VALUE),
        "somo_train": Amount(learning, learning, learning * 4e5, learning * each),
        "somo_crossval": Amount(folds, folds, folds * 4e6, folds * run.crossval.members * each),
        "somo_simulate": Amount(
            years * tiles, 2 * years * tiles, cells * days * ESTIMATE_BYTES, years * tiles * START + carried
        ),
    }


def _learning(scope: SomoScope) -> float:
    """Core-seconds in which one network learns."""
    network, cells = scope.run.network, max(CELLS * land(scope)[1], 20.0)
    if network.way == "windows":
        seen = cells * TARGETS_PER_CELL * network.epochs * network.window
    else:
        length = 365 * sum(network.years) / 2
        updates = max(network.least_updates, network.epochs * cells * TARGETS_PER_CELL / (network.batch * length / 2))
        seen = updates * network.batch * length
    return START + seen * LEARN_S * _size(scope)


def _size(scope: SomoScope) -> float:
    """Cost of a network against that of the unit costs."""
    share = scope.run.network.units / UNITS
    return float((share + share**2) / 2)


def _days_of_input(scope: SomoScope) -> float:
    """Days that a network reads for a day that it gives."""
    return WINDOWS * scope.run.network.window if scope.run.network.way == "windows" else 1.0


def _data_set(scope: SomoScope) -> Amount:
    """What follows the estimates, up to a published data set."""
    count, share = pixels(scope)
    years = len(scope.years_made)
    days = 365.25 * years
    return Amount(15 * years, 60 * years, days * count * PRODUCT_BYTES, 15 * years * START + days * PRODUCT_S * share)
