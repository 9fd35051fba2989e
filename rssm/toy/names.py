"""The names of native files: whatever the catalogue's patterns leave open, filled as the agencies fill it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from rssm.calendar import CALENDARS
from rssm.config.catalogue import Product


@dataclass(frozen=True)
class Naming:
    """What fills a product's pattern, apart from dates.

    wild       fillers of * and ? in turn
    constant   fillers of named places
    variants   the files of one day: fillers of named places that distinguish them
    """

    wild: tuple[str, ...] = ()
    constant: Mapping[str, str] = field(default_factory=dict)
    variants: tuple[Mapping[str, str], ...] = ({},)


def _version(text: str, *wild: str) -> Naming:
    return Naming(wild, {"version": text})


def _orbits(names: tuple[str, str], version: str, *wild: str) -> Naming:
    return Naming(wild, {"version": version}, tuple({"orbit": name} for name in names))


NAMING: dict[str, Naming] = {
    "SMAP_E": _version("R18240_001"),
    "ASCAT-SWI": _version("V3.1.1"),
    "SNOW": _version("V3.1.1"),
    "SMOS-IC": Naming((), {"mode": "RE06", "version": "105_001_8"}, ({"orbit": "A"}, {"orbit": "D"})),
    "AMSR2-JAXA": _orbits(("A", "D"), "3300300", "F"),
    "AMSR-E-JAXA": _orbits(("A", "D"), "8800800", "P1", "A"),
    "AMSR2-LPRM-X": _orbits(("A", "D"), "V001", "013000"),
    "AMSR-E-LPRM-X": _orbits(("A", "D"), "V002"),
    "TMI-LPRM-X": _orbits(("DY", "NT"), "20120407T210538Z"),
    "WindSat-LPRM-X": _orbits(("DY", "NT"), "20130227T181254Z"),
    "AMSR-E-NSIDC": _version("V06"),
    "LAI-VGT": _version("V2.0.2"),
    "LAI-PROBAV": _version("V2.0.1"),
    "LAI-GLASS": _version("V04"),
    "WATER": Naming(("fw_swamps_v3.2_",)),
    "LST": Naming((), {"version": "006.2016223200205"}, ({"satellite": "MOD"}, {"satellite": "MYD"})),
    "LANDCOVER": _version("006.2018053185512"),
    "TREE": _version("001_2018224205008"),
    "NONTREE": _version("001_2018224205008"),
    "TOPOGRAPHY": Naming(("topo_wetland",)),
    "RAINFOREST": Naming(("topo_wetland",)),
    "SAND": _version("Vv4030_001"),
    "CLAY": _version("Vv4030_001"),
    "POROSITY": _version("Vv4030_001"),
    "FREEZE-THAW": Naming(("SSMI_37V",)),
    "GLDAS": Naming((), {"time": "1200", "version": "021"}),
    "ERA5-LAND": Naming(("era5land_swvl1_",)),
    "CCI": _version("v04.5"),
    "IMERG": _version("V06"),
    "KOPPEN": Naming(("Beck_KG_V1_present_",)),
    "ETOPO1": Naming(("Ice",)),
    "ETOPO1-STD": Naming(("Ice",)),
    **{f"ERA5-{name}": Naming(("stream-oper",)) for name in ("T2M", "TP", "SSRD", "SWVL1")},
    **{f"ERA5-{name}": Naming(("0",)) for name in ("D2M", "SP", "SKT", "SSR", "STR", "SWVL2", "SWVL3")},
    **dict.fromkeys(("SMOS-TB-H", "SMOS-TB-V"), Naming((), {"mode": "RE07", "version": "330_001_7"})),
    **{f"AMSR2-TB-{f}{p}": _version("2220220", "A") for f in (10, 18, 36, 89) for p in "HV"},
    **{f"AMSR-E-TB-{f}{p}": _version("8800800", "P1", "A") for f in (10, 18, 36, 89) for p in "HV"},
}
_PLACE = re.compile(r"\{(?P<name>\w+)(?::(?P<spec>[^}]*))?\}|\*|\?")


def file_name(product_id: str, product: Product, day: date, **variant: str) -> str:
    """Name below the archive's root of a product's file of a day; by `stamp` it has the day after the period."""
    naming = NAMING.get(product_id, Naming())
    named = {**naming.constant, **variant}
    if product.stamp == "after":
        period = CALENDARS[product.step]
        day = period.start(period.of(day) + 1)
    if product_id in ("ASCAT-SWI", "SNOW") and date(2016, 7, 1) <= day < date(2016, 12, 1):
        named["version"] = "V3.0.2"  # as in the real archive
    fillers = iter(naming.wild)

    def one(found: re.Match[str]) -> str:
        name, spec = found["name"], found["spec"]
        if name is None:
            return next(fillers, "" if found[0] == "*" else "0")
        if name == "year":
            return f"{day.year:04d}"
        return named[name] if name in named else day.strftime(spec or "%Y%m%d")

    return _PLACE.sub(one, product.files)


def file_names(product_id: str, product: Product, days: Iterable[date]) -> Iterator[str]:
    """Names of all files of some days."""
    for day in days:
        for variant in NAMING.get(product_id, Naming()).variants:
            yield file_name(product_id, product, day, **variant)
