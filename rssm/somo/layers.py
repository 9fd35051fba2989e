"""What SoMo.ml's data set holds: a table for each layer of soil, as published with ours beside it, and one for 0 to 50 cm."""

from __future__ import annotations

from enum import IntFlag, auto

from rssm.declared import Declaration, LayerTable, Texts
from rssm.layer import QUALITY, SIGMA, WATER, Layer, real, whole

PREFIX = "SoMo.ml_v1"
DEPTHS = ((0.0, 0.1), (0.1, 0.3), (0.3, 0.5))  # top and bottom of layers 1, 2, 3, m
PUBLISHED = ("SOMO", "SOMO-2", "SOMO-3")  # what tables of the authors' scores call them


class Flag(IntFlag):
    """What a user should know of a value: bits of layer `flags`, of all layers of soil alike."""

    EXTRAPOLATED_STATICS = auto()  # a static property beyond those of the training cells
    EXTRAPOLATED_CLIMATE = auto()  # mean precipitation or aridity beyond those of the training cells
    FAR_FROM_TRAINING = auto()  # the nearest training cell is farther than the configuration's limit
    STATE_STARTING = auto()  # within the time that a state needs to forget where it started
    NO_FORCING = auto()  # a day without forcing: no value
    OUT_OF_RANGE = auto()  # beyond 0 to 1 m³ m⁻³ and stored as the limit

    @property
    def meaning(self) -> str:
        """Its word in `flag_meanings`."""
        return str(self.name).lower()


FLAGS = whole(
    "flags",
    "quality flags",
    "u2",
    QUALITY,
    "of all layers of soil alike",
    bits=tuple((flag.value, flag.meaning) for flag in Flag),
)


def _layers(number: int) -> tuple[Layer, ...]:
    """Of a layer of soil."""
    name = f"layer{number}"
    mean = "mean of all members; flagged and stored as 0 or 1 where it lies beyond"
    sigma = "of the spread of members and of their error at cells left out, calibrated on blocks of space and years"
    return (
        real(name, f"volumetric soil moisture of layer {number}", WATER, mean),
        real(f"{name}_uncertainty", f"standard uncertainty of soil moisture of layer {number}", SIGMA, sigma),
        real(f"{name}_spread", "standard deviation between members", SIGMA, "n - 1 in the denominator"),
        FLAGS,
    )


def _weighted(name: str, part: str, title: str, standard_name: str, comment: str) -> Layer:
    """The mean over 0 to 50 cm of a part of each layer, weighted by thickness."""
    bottom = DEPTHS[-1][1]
    of = tuple((f"layer{n}{part}", round((b - a) / bottom, 9)) for n, (a, b) in enumerate(DEPTHS, 1))
    return real(name, title, standard_name, comment, of=of)


COLUMN = (
    _weighted(
        "layer_0_50cm",
        "",
        "volumetric soil moisture of 0 to 50 cm",
        WATER,
        "mean of layers 1, 2 and 3, weighted by their thickness (0.2, 0.4, 0.4)",
    ),
    _weighted(
        "layer_0_50cm_uncertainty",
        "_uncertainty",
        "standard uncertainty of soil moisture of 0 to 50 cm",
        SIGMA,
        "weighted mean of the layers' uncertainties, as if their errors were one and the same: an upper bound",
    ),
    _weighted(
        "layer_0_50cm_spread",
        "_spread",
        "standard deviation between members",
        SIGMA,
        "weighted mean of the layers' spreads: an upper bound",
    ),
    FLAGS,
)
DECLARED = Declaration(
    (
        *(LayerTable(f"{PREFIX}_layer{n}", _layers(n), depth, "month") for n, depth in enumerate(DEPTHS, 1)),
        LayerTable(f"{PREFIX}_0-50cm", COLUMN, (DEPTHS[0][0], DEPTHS[-1][1]), "month"),
    ),
    Texts(
        reference=(
            "O, S., and Orth, R.: Global soil moisture data derived through machine learning trained with in-situ"
            " measurements, Scientific Data, 8, 170, https://doi.org/10.1038/s41597-021-00964-1, 2021."
        ),
        summary=(
            "Volumetric soil moisture of {depth} by {period}s on {grid}. A recurrent neural network turns weather and"
            " properties of the ground into soil moisture as stations measure it, layer by layer of soil (the SoMo.ml"
            " method). Every value comes with the spread of several networks, a calibrated uncertainty, and flags that say"
            " where the ground or its climate is unlike that of all stations learnt from."
        ),
        keywords=(
            "soil moisture, root zone soil moisture, in-situ measurements, recurrent neural network, LSTM, reanalysis, global"
        ),
        comment=(
            "Values under snow and in frozen ground are as the network says them; stations seldom measure there. Limits of"
            " coordinates (geospatial_*, time_coverage_*) are those of pixel centres, depth of the layer's middle and first"
            " days of periods; cells reach to their bounds."
        ),
        made_of="measurements of stations, reanalysis and neural networks",
        history="estimates of tiles laid together and packed",
        project="SoMo.ml",
    ),
)
