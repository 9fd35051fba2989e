"""What kernels read of the settings, and what nobody sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rssm.networks.kernels.blocks import BLOCK

if TYPE_CHECKING:
    from rssm.config.training import Training

SPREAD = 0.6  # root mean square of the summed input of a hidden node at the start
FLOOR = 0.02  # least penalty of the final fit: without any, collinear inputs let weights grow without end
STEP = 0.1  # from a penalty to the next weaker one
FOLDS = 3  # parts of the dekads that are left out in turn
FEW_TRAINING = 0.4  # share of the least number of points that must lie in the training part


class Recipe(NamedTuple):
    """How a zone is trained; see `rssm.config.training.Training` for what is not explained here."""

    descend: int  # 1: the paper's gradient descent
    hidden: int
    min_points: int
    least: int  # training points
    ridge: float
    noise_ridge: float
    weaker: int  # penalties tried beside it
    starts: int
    start_iterations: int
    start_blocks: int
    iterations: int
    tolerance: float
    products: int  # the first of the inputs; points of a dekad that agree in these and in the target are copies


def recipe_of(settings: Training, products: int) -> Recipe:
    """The recipe that settings ask for; products  how many of the inputs are such, the first."""
    return Recipe(
        int(settings.method == "traingd"),
        settings.hidden,
        settings.min_points,
        round(FEW_TRAINING * settings.min_points),
        float(settings.ridge),
        float(settings.noise_ridge),
        settings.weaker_ridges,
        settings.starts,
        settings.start_iterations,
        max(1, round(settings.start_points / BLOCK)),
        settings.iterations,
        float(settings.tolerance),
        products,
    )
