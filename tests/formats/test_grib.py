"""GRIB files, written by ecCodes where it is installed: fields any way up, of several times and levels, and damaged."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from real_samples import described

from rssm.archive.bad_file import BadFile
from rssm.archive.damage.file_format import check_format
from rssm.archive.grids import NATIVE_GRIDS, whole
from rssm.archive.listing import found_at, list_files
from rssm.archive.readers.dispatch import read
from rssm.cli import main
from rssm.config.catalogue import Options, Product
from rssm.errors import InputError

PRODUCT = Product.model_validate(
    described("ERA5-LAND").model_dump() | {"reader": "grib", "files": "ERA5/*.grib", "native_grid": "latlon_0.25"}
)
DAY = date(2015, 4, 1)


@pytest.fixture
def codes() -> Any:
    return pytest.importorskip("eccodes", reason="ecCodes is not installed (extra `grib`)", exc_type=ImportError)


def values_of(seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 80, (12, 24)) / 100
    values[rng.random((12, 24)) < 0.2] = np.nan
    return values


def message(
    codes: Any, values: Any, edition: int = 2, south_up: bool = False, west: float = -172.5, hour: int = 6, **keys: Any
) -> bytes:
    """A field of cells of 15° that begins at a longitude."""
    made = codes.codes_grib_new_from_samples(f"regular_ll_sfc_grib{edition}")
    top, bottom = (-82.5, 82.5) if south_up else (82.5, -82.5)
    place = {
        "latitudeOfFirst": top,
        "latitudeOfLast": bottom,
        "longitudeOfFirst": west,
        "longitudeOfLast": (west + 345) % 360,
    }
    settings: dict[str, Any] = {"Ni": 24, "Nj": 12, "jScansPositively": int(south_up)}
    settings |= {f"{name}GridPointInDegrees": number for name, number in place.items()}
    settings |= {"iDirectionIncrementInDegrees": 15, "jDirectionIncrementInDegrees": 15}
    settings |= {
        "dataDate": 20150401,
        "dataTime": 100 * hour,
        "bitmapPresent": 1,
        "missingValue": 9999,
        "bitsPerValue": 24,
    }
    for key, value in (settings | ({"shortName": "swvl1"} | keys)).items():
        codes.codes_set(made, key, value)
    shifted = np.roll(values, -round((west + 172.5) / 15), axis=1)[:: -1 if south_up else 1]
    codes.codes_set_values(made, np.where(np.isnan(shifted), 9999, shifted).ravel())
    try:
        return bytes(codes.codes_get_message(made))
    finally:
        codes.codes_release(made)


def read_all(path: Path, product: Product = PRODUCT, *period: date) -> list[Any]:
    return read(product, found_at(path, *period), whole(NATIVE_GRIDS["latlon_0.25"]))


@pytest.mark.usefixtures("small_grids")
@pytest.mark.parametrize("edition", [1, 2])
@pytest.mark.parametrize("south_up", [False, True])
@pytest.mark.parametrize("west", [-172.5, 7.5])
def test_fields_any_way_up_are_read(tmp_path: Path, codes: Any, edition: int, south_up: bool, west: float) -> None:
    path, values = tmp_path / "x.grib", values_of()
    name = {"paramId": 39} if edition == 1 else {"shortName": "swvl1"}
    path.write_bytes(message(codes, values, edition, south_up, west, **name))
    (field,) = read_all(path, PRODUCT, DAY)
    assert field.start == DAY
    assert_allclose(field.values, values, atol=1e-5)
    (by_number,) = read_all(path, PRODUCT.model_copy(update={"variables": {"value": "39"}}), DAY)
    assert_allclose(by_number.values, values, atol=1e-5)


@pytest.mark.usefixtures("small_grids")
def test_hours_of_many_days_in_a_file_without_a_date(tmp_path: Path, codes: Any) -> None:
    path = tmp_path / "ERA5" / "record.grib"
    path.parent.mkdir()
    first, second, third = (values_of(seed) for seed in range(3))
    parts = [message(codes, first, hour=0), message(codes, second, hour=12), message(codes, third, dataDate=20150402)]
    parts.append(message(codes, first * 0 + 280, shortName="2t"))  # another parameter
    path.write_bytes(b"SNXX01 bulletin\r\n" + b"\r\n".join(parts))
    (found,) = list_files(tmp_path, PRODUCT, 2015)
    fields = read(PRODUCT, found, whole(NATIVE_GRIDS["latlon_0.25"]))
    assert [field.start for field in fields] == [DAY, DAY + timedelta(days=1)]
    both = np.where(np.isnan(first), second, np.where(np.isnan(second), first, (first + second) / 2))
    assert_allclose(fields[0].values, both, atol=1e-5)
    assert_allclose(fields[1].values, third, atol=1e-5)
    assert read(PRODUCT, found, whole(NATIVE_GRIDS["latlon_0.25"]), date(2016, 1, 1), date(2016, 1, 2)) == []


@pytest.mark.usefixtures("small_grids")
def test_what_is_wrong_with_a_sound_file_is_told(tmp_path: Path, codes: Any) -> None:
    path, values = tmp_path / "x.grib", values_of()

    def said(*parts: bytes, day: date = DAY, **changes: Any) -> str:
        path.write_bytes(b"".join(parts))
        with pytest.raises(InputError) as caught:
            read_all(path, PRODUCT.model_copy(update=changes), day)
        return str(caught.value)

    one = message(codes, values)
    assert "has no variable 'swvl9'" in said(one, variables={"value": "swvl9"})
    assert "more than once" in said(one, one)
    assert "holds maps of 2015-04-01" in said(one, day=date(2015, 4, 5))
    assert "in 'm**3 m**-3'" in said(one, multiply=0.01, file_units=["%"])
    layers = [message(codes, values, shortName="t", typeOfLevel="isobaricInhPa", level=level) for level in (500, 850)]
    temperature = {"variables": {"value": "t"}, "file_units": [], "units": "K"}
    text = said(*layers, **temperature)
    assert "on 2 levels (isobaricInhPa 500, isobaricInhPa 850)" in text and "Set level_type and level" in text
    options = Options(level=850, level_type="isobaricInhPa")
    path.write_bytes(b"".join(layers))
    (field,) = read_all(path, PRODUCT.model_copy(update=temperature | {"options": options}), DAY)
    assert_allclose(field.values, values, atol=1e-5)
    gauss = codes.codes_grib_new_from_samples("reduced_gg_sfc_grib2")
    codes.codes_set(gauss, "shortName", "swvl1"), codes.codes_set(gauss, "dataDate", 20150401)
    assert "kind 'reduced_gg'" in said(bytes(codes.codes_get_message(gauss)))


@pytest.mark.usefixtures("small_grids")
def test_damage_is_reported_or_harmless(tmp_path: Path, codes: Any) -> None:
    path, values = tmp_path / "x.grib", values_of()
    good = message(codes, values) + message(codes, values, hour=12)
    rng = np.random.default_rng(3)
    for share in (0.01, 0.3, 0.6, 0.99):
        path.write_bytes(good[: int(len(good) * share)])
        with pytest.raises(InputError):
            read_all(path, PRODUCT, DAY)
    for position in rng.integers(0, 180, 60).tolist():  # headings; the numbers have no checksum
        bad = bytearray(good)
        bad[position] ^= int(rng.integers(1, 256))
        path.write_bytes(bytes(bad))
        try:
            read_all(path, PRODUCT, DAY)
        except InputError as error:
            assert "\nExpected " in str(error)
    path.write_bytes(good)
    (field,) = read_all(path, PRODUCT, DAY)
    assert_allclose(field.values, values, atol=1e-5)


def test_without_the_package_one_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "eccodes", None)
    (tmp_path / "x.grib").write_bytes(b"GRIB")
    with pytest.raises(
        InputError, match=r"ERA5-LAND: the reader grib needs the package eccodes .*pip install 'rssm\[grib\]'"
    ):
        read_all(tmp_path / "x.grib", PRODUCT, DAY)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"GRIB\0\0\0\3" + bytes(40), "edition 3"),
        (b"GRIB\0\0\0\2" + (60).to_bytes(8, "big") + bytes(20), "truncated"),
        (b"GRIB\0\0\0\2" + (60).to_bytes(8, "big") + bytes(44), "damaged GRIB message"),
        (b"GRIB\0\0\0\1" + bytes(40), "damaged GRIB message"),
        (b"GRIB", "truncated"),
    ],
)
def test_messages_without_their_end_are_told_without_the_package(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(BadFile, match=said):
        check_format(tmp_path / "x", "GRIB")
    sound = b"GRIB\0\0\0\2" + (20).to_bytes(8, "big") + b"7777"
    (tmp_path / "x").write_bytes(b"heading\r\n" + sound + b"\n\n" + sound + b"tail")
    assert check_format(tmp_path / "x", "GRIB") == "GRIB"


def test_a_file_is_drafted_as_an_entry_that_reads_it(tmp_path: Path, codes: Any) -> None:
    from rssm.archive.draft.entry import draft
    from rssm.archive.readers.grib import contents

    path, values = tmp_path / "ERA5_201504.grib", values_of()
    layers = [message(codes, values, shortName="t", typeOfLevel="isobaricInhPa", level=level) for level in (500, 850)]
    parts = [message(codes, values, hour=hour) for hour in (0, 12)]
    path.write_bytes(b"".join([*layers, *parts]))
    listed = {one.name: one for one in contents(path)}
    assert listed["t"].levels == (("isobaricInhPa", 500), ("isobaricInhPa", 850)) and listed["swvl1"].shape == (12, 24)
    assert [str(moment)[:13] for moment in listed["swvl1"].moments] == ["2015-04-01T00", "2015-04-01T12"]
    product = draft([path], tmp_path).product
    assert (product.reader, product.names("value"), product.units) == ("grib", ["swvl1"], "m3 m-3")
    assert product.files == "ERA5_{date:%Y%m}.grib"
    (found,) = list_files(tmp_path, product, 2015)
    (field,) = read(product, found, whole)
    assert_allclose(field.values, values, atol=1e-5)
    cold = draft([path], tmp_path, variable="t").product
    assert (cold.options.level_type, cold.options.level) == ("isobaricInhPa", 500)


def test_inspect_lists_parameters_with_levels_and_times(tmp_path: Path, codes: Any, capsys: Any) -> None:
    path, values = tmp_path / "x.grib", values_of()
    layers = [message(codes, values, shortName="t", typeOfLevel="isobaricInhPa", level=level) for level in (500, 850)]
    path.write_bytes(b"".join([message(codes, values), message(codes, values, hour=12), *layers]))
    assert main(["inspect", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "GRIB file: 2 parameters" in shown and "2 times, 2015-04-01T06:00" in shown
    soil, air = (line.split() for line in shown.splitlines() if line.startswith(("swvl1 ", "t ")))
    assert soil[:6] == ["swvl1", "m**3", "m**-3", "12", "×", "24"] and soil[6] == "2"
    assert "isobaricInhPa 500, isobaricInhPa 850" in " ".join(air)
    path.write_bytes(path.read_bytes()[:-20])
    assert main(["inspect", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"{path}: ")


def test_where_ecCodes_is_missing_inspect_says_so(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setitem(sys.modules, "eccodes", None)
    path = tmp_path / "x.grb2"
    path.write_bytes(b"GRIB" + bytes(3) + bytes([2]) + (20).to_bytes(8, "big") + b"7777")
    assert main(["inspect", str(path)]) == 2
    said = capsys.readouterr().err
    assert "needs the package eccodes" in said and "pip install 'rssm[grib]'" in said and said.count("\n") == 1
