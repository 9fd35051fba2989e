"""The eleven soil-moisture products of the toy Earth, declared: orbit, footprint, and how each errs.

A retrieval is

    middle + gain · (1 − Σ damp·feature) · (truth − middle) + offset + Σ bias·feature + errors,

where truth is the mean over the footprint. The signs follow section 2.1.2 of the paper: LPRM too wet over vegetation,
all the more where it is hot, with parameters on 1° steps; JAXA too dry over vegetation; ASCAT independent of heat but
disturbed by relief; water in the footprint wets every product; AMSR-E-NSIDC hardly moves; SMOS noisy and lost to
interference in parts. Features are listed in `rssm.toy.observe.features`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MIDDLE = 0.20  # m³ m⁻³, about which gain acts
# What each source of leaf area makes of the same leaves: the joint of 2014 shows.
LEAVES_SEEN = {"LAI-VGT": 0.92, "LAI-PROBAV": 1.03, "LAI-GLASS": 1.08}


@dataclass(frozen=True)
class Sensor:
    """How one product sees and errs; soil moisture in m³ m⁻³."""

    grid: str  # native grid
    footprint: float  # km
    algorithm: str  # errors are shared within one in world hidden
    band: Literal["L", "C", "X"]  # interference is shared within one in world hidden
    passes: tuple[str, ...]  # names of the overpasses, the warmer one first
    swath: float  # km
    shift: float  # swath spacings that the ground track moves from day to day
    offset: float = 0.0
    gain: float = 1.0
    bias: Mapping[str, float] = field(default_factory=dict)
    damp: Mapping[str, float] = field(default_factory=dict)
    noise: float = 0.04  # standard deviation, new for each overpass and cell
    slow: float = 0.04  # standard deviation of an error that lasts for weeks and a degree
    steps: float = 0.0  # standard deviation of an error constant in 1° squares of bare soil
    poleward: float = 90.0  # ° of latitude beyond which nothing is seen
    most_leaves: float = 9.0  # LAI above which retrieval fails
    interference: float = 0.0  # share of retrievals lost in disturbed sectors
    drift: float = 0.0  # multiple of `Toy.drift` in world drift
    launch: int = 2003


def _lprm(
    passes: tuple[str, ...], swath: float, shift: float, drift: float, launch: int, poleward: float = 90
) -> Sensor:
    """The Land Parameter Retrieval Model at X band: one algorithm, four radiometers."""
    return Sensor(
        grid="latlon_0.25", footprint=35, algorithm="lprm", band="X", passes=passes, swath=swath, shift=shift,
        offset=0.03, gain=1.1,
        bias={"veg": 0.12, "veg_heat": 0.05, "heat": 0.01, "water": 0.4, "relief": 0.12, "sand": -0.10},
        damp={"veg": 0.40},
        noise=0.06, slow=0.055, steps=0.03, poleward=poleward, most_leaves=4.2, drift=drift, launch=launch,
    )  # fmt: skip


def _jaxa(swath: float, shift: float, drift: float, launch: int) -> Sensor:
    """JAXA's look-up tables at X band."""
    return Sensor(
        grid="latlon_0.1", footprint=35, algorithm="jaxa", band="X", passes=("A", "D"), swath=swath, shift=shift,
        offset=-0.03, gain=0.9,
        bias={"veg": -0.11, "heat": -0.02, "clay": 0.15, "water": 0.3, "cover": 0.01},
        damp={"veg": 0.45, "nontree": 0.10},
        noise=0.05, slow=0.05, most_leaves=6.0, drift=drift, launch=launch,
    )  # fmt: skip


SENSORS: dict[str, Sensor] = {
    "SMAP_E": Sensor(
        grid="ease2_m09", footprint=33, algorithm="sca-v", band="L", passes=("PM", "AM"), swath=1000, shift=3 / 8,
        gain=0.95, bias={"water": 0.10, "veg": 0.01}, damp={"tree": 0.10}, noise=0.025, slow=0.015, launch=2015,
    ),
    "ASCAT-SWI": Sensor(
        grid="latlon_0.1", footprint=25, algorithm="tuw", band="C", passes=("AD",), swath=1100, shift=0.41,
        offset=0.01, gain=0.9, bias={"relief": 0.25, "sand": -0.12, "water": 0.15, "cover": 0.015},
        damp={"tree": 0.35, "relief": 0.30}, noise=0.05, slow=0.06, drift=0.5, launch=2007,
    ),
    "SMOS-IC": Sensor(
        grid="ease2_m25", footprint=43, algorithm="ic", band="L", passes=("A", "D"), swath=1000, shift=0.36,
        offset=-0.03, gain=1.0, bias={"tree": -0.06, "water": 0.2, "relief": 0.15, "cover": 0.01}, damp={"tree": 0.30},
        noise=0.09, slow=0.055, interference=0.9, drift=-0.3, launch=2010,
    ),
    "AMSR2-JAXA": _jaxa(swath=1450, shift=0.45, drift=0.4, launch=2012),
    "AMSR2-LPRM-X": _lprm(("A", "D"), 1450, 0.45, drift=0.6, launch=2012),
    "TMI-LPRM-X": _lprm(("DY", "NT"), 880, 0.29, drift=-0.8, launch=1998, poleward=40.0),
    "FY-3B-NSMC": Sensor(
        grid="ease1_25km", footprint=40, algorithm="nsmc", band="X", passes=("Ascending", "Descending"), swath=1400,
        shift=0.31, offset=0.02, gain=0.8,
        bias={"veg": -0.05, "heat": -0.03, "cover": 0.02, "nontree": 0.04, "water": 0.3},
        damp={"veg": 0.35}, noise=0.07, slow=0.05, most_leaves=5.0, drift=-1.0, launch=2011,
    ),
    "WindSat-LPRM-X": _lprm(("DY", "NT"), 1000, 0.34, drift=0.8, launch=2003),
    "AMSR-E-JAXA": _jaxa(swath=1445, shift=0.45, drift=-0.6, launch=2002),
    "AMSR-E-LPRM-X": _lprm(("A", "D"), 1445, 0.45, drift=-0.7, launch=2002),
    "AMSR-E-NSIDC": Sensor(
        grid="ease1_25km", footprint=40, algorithm="nsidc", band="X", passes=("A", "D"), swath=1445, shift=0.45,
        offset=-0.06, gain=0.30, bias={"veg": 0.03, "water": 0.1, "cover": 0.01}, damp={"veg": 0.40},
        noise=0.015, slow=0.015, most_leaves=5.0, drift=-0.3, launch=2002,
    ),
}  # fmt: skip
