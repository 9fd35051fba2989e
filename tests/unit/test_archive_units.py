"""Units as agencies spell them: what `multiply` turns into the catalogue's unit passes, what it does not is refused."""

from __future__ import annotations

import pytest
from test_archive_decode import product

from rssm.archive.bad_file import BadFile
from rssm.archive.readers.units import check_units

VOLUME = (
    "m3 m-3, m3/m3, m^3/m^3, m**3 m**-3, m3.m-3, m³ m⁻³, cm**3/cm**3, cm3 cm-3, cm^3·cm^-3, [m3 m-3], vol/vol, g/cm3"
)
PERCENT = "%, percent, Percentage, per cent, vol %, % vol, degree of saturation (%), pct"


def refused(units: str, multiply: float, said: str, packed: bool = False, **changes: object) -> bool:
    kind = {} if units in ("m3 m-3", "saturation") else {"kind": "factor"}
    entry = product(units=units, multiply=multiply, **kind, **changes)
    try:
        check_units(entry, "sm", said, packed)
    except BadFile:
        return True
    return False


@pytest.mark.parametrize("said", [text.strip() for text in VOLUME.split(",")])
def test_volumes_are_volumes_however_they_are_spelt(said: str) -> None:
    assert not refused("m3 m-3", 1.0, said) and refused("m3 m-3", 0.01, said)


@pytest.mark.parametrize("said", [text.strip() for text in PERCENT.split(",")])
def test_per_cent_is_never_taken_for_a_volume(said: str) -> None:
    assert refused("m3 m-3", 1.0, said) and not refused("m3 m-3", 0.01, said) and not refused("saturation", 0.01, said)
    assert refused("1", 1.0, said) and not refused("1", 0.01, said)


@pytest.mark.parametrize(
    ("units", "multiply", "said", "wrong"),
    [
        ("m3 m-3", 0.01, "kg m-2", True),  # of which depth? the catalogue must say so in file_units
        ("m3 m-3", 0.001, "kg m-3", False),
        ("K", 1.0, "Kelvins", False),
        ("K", 1.0, "degC", True),
        ("K", 1.0, "m3 m-3", True),
        ("mm day-1", 1.0, "mm/hr", True),
        ("mm day-1", 24.0, "mm/hr", False),
        ("mm day-1", 86400.0, "kg m-2 s-1", False),
        ("m3 m-3", 1.0, "1", False),  # some write it for per cent: not judged
        ("m3 m-3", 1.0, "-", False),
        ("m3 m-3", 1.0, "", False),
        ("m3 m-3", 1.0, "wetness units", False),
        ("class", 1.0, "%", False),
    ],
)
def test_what_is_known_must_convert_and_what_is_unknown_passes(
    units: str, multiply: float, said: str, wrong: bool
) -> None:
    assert refused(units, multiply, said) == wrong


def test_the_catalogue_may_name_units_of_files_and_then_others_are_refused() -> None:
    assert not refused("m3 m-3", 0.01, "KG M-2", file_units=["kg m-2"])
    assert not refused("m3 m-3", 0.01, "kg m**-2", file_units=["kg m-2"])  # another spelling
    assert not refused("m3 m-3", 0.01, "pct", file_units=["percent"])
    assert refused("m3 m-3", 0.01, "m3 m-3", file_units=["kg m-2"])
    assert refused("m3 m-3", 0.01, "bananas", file_units=["kg m-2"])


def test_numbers_that_the_catalogue_alone_unpacks_may_be_in_any_unit() -> None:
    assert not refused("m3 m-3", 1.0, "%", packed=True)
