"""What files of RSSSM's data set say of the method."""

from __future__ import annotations

from rssm.declared import Texts

RSSSM = Texts(
    reference=(
        "Chen, Y., Feng, X., and Fu, B.: An improved global remote-sensing-based surface soil moisture (RSSSM) dataset"
        " covering 2003-2018, Earth Syst. Sci. Data, 13, 1-31, https://doi.org/10.5194/essd-13-1-2021, 2021."
    ),
    summary=(
        "Volumetric soil moisture of the surface layer ({depth}) by {period}s on {grid}."
        " Microwave retrievals of several sensors are fused by neural networks, one in each 1 degree zone, trained on SMAP"
        " and, for the years before it, on the screened estimates of earlier rounds of training (the RSSSM method). Every"
        " value comes with its uncertainty, the network behind it, that network's skill on data it never saw, and quality"
        " flags; filled values are marked."
    ),
    keywords=(
        "soil moisture, surface soil moisture, microwave remote sensing, neural network, global, climate data record"
    ),
    comment=(
        "Values under snow and ice are masked. Limits of coordinates (geospatial_*, time_coverage_*) are those of pixel"
        " centres, depth of the layer's middle and first days of periods; cells reach to their bounds."
    ),
    made_of="satellite observations and neural networks",
    history="simulated maps masked, filled, flagged and packed",
    project="RSSSM",
)
