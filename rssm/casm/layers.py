"""What CASM's data set holds: the published variables under their names, and ours beside them.

Estimates of a tile hold them under the same names, but `soil_moisture`.
"""

from __future__ import annotations

from rssm.casm.flags import Branch, Flag
from rssm.declared import Declaration, LayerTable, Texts
from rssm.layer import COUNT, QUALITY, SIGMA, STATUS, WATER, real, whole

LAYERS = (
    real(
        "CASM_soil_moisture",
        "volumetric surface soil moisture",
        WATER,
        "seasonal cycle of the target and the mean residual of all members; the mean of both branches where both see the"
        " ground; flagged and stored as 0 or 1 where it lies beyond",
        of=(("soil_moisture", 1.0),),
    ),
    real(
        "total_uncertainty",
        "standard uncertainty of soil moisture",
        SIGMA,
        "of structural and data uncertainty, calibrated on rows that no network learnt from",
    ),
    real(
        "seasonal_cycle",
        "mean seasonal cycle of soil moisture",
        WATER,
        "one sine fitted to the target, by the day of the year; the value less the cycle is its residual",
    ),
    real(
        "structural_uncertainty",
        "standard deviation between members",
        SIGMA,
        "n - 1 in the denominator; of both branches the mean; a standard deviation, not the width of an interval",
    ),
    real(
        "data_uncertainty",
        "standard deviation by noise of the inputs",
        SIGMA,
        "of noise that is a tenth of the standard deviation of each residual of brightness temperature, by first order;"
        " of both branches the mean",
    ),
    whole(
        "branch",
        "branches that gave the value",
        "u1",
        STATUS,
        "smos: SMOS to SMAP; amsr_e: AMSR-E by transfer; both: their mean",
        codes=tuple((branch.value, branch.meaning) for branch in Branch),
    ),
    whole("n_members", "number of networks behind the value", "u1", COUNT),
    whole("flags", "quality flags", "u2", QUALITY, bits=tuple((flag.value, flag.meaning) for flag in Flag)),
)
DECLARED = Declaration(
    (LayerTable("CASM_SM", LAYERS),),
    Texts(
        reference=(
            "Skulovich, O., and Gentine, P.: A Long-term Consistent Artificial Intelligence and Remote Sensing-based Soil"
            " Moisture Dataset, Scientific Data, 10, 154, https://doi.org/10.1038/s41597-023-02053-x, 2023."
        ),
        summary=(
            "Volumetric soil moisture of the surface layer ({depth}) by {period}s on {grid}. Brightness temperatures of"
            " SMOS and AMSR-E, less their mean seasonal cycles, are turned into residuals of SMAP soil moisture by neural"
            " networks, and added to its seasonal cycle (the CASM method). Every value comes with the spread of several"
            " networks, what noise of the inputs does to it, a calibrated uncertainty, and quality flags."
        ),
        keywords=(
            "soil moisture, surface soil moisture, brightness temperature, microwave remote sensing, neural network,"
            " transfer learning, global, climate data record"
        ),
        comment=(
            "A step without an observation has no value. Limits of coordinates (geospatial_*, time_coverage_*) are those of"
            " pixel centres, depth of the layer's middle and first days of periods; cells reach to their bounds."
        ),
        made_of="satellite observations and neural networks",
        history="estimates of tiles laid together, flagged and packed",
        project="CASM",
    ),
)
