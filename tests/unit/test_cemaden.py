"""Tables of CEMADEN: as the toy writes them, and what is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rssm.errors import InputError
from rssm.stations.cemaden import cemaden_files

TABLE = """station,latitude,longitude,datetime,vwc_10cm,vwc_20cm
A1,-7.5,-38.25,2016-03-01 00:00,0.121,
A1,-7.5,-38.25,2016-03-01 01:00,0.123,0.2
"""


def test_a_column_is_a_sensor(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    upper, lower = cemaden_files(str(tmp_path))
    assert (upper.sensor().site, upper.sensor().depth) == (("CEMADEN", "A1"), "0.10-0.10")
    assert (lower.sensor().latitude, lower.sensor().longitude, lower.sensor().top) == (-7.5, -38.25, 0.2)
    records = lower.records()
    np.testing.assert_array_equal(records.value, [np.nan, 0.2])
    assert records.time[1] == np.datetime64("2016-03-01T01:00")


def test_per_cent_and_semicolons_and_portuguese(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("codEstacao;lat;lon;datahora;umidade 10cm\nX;-7;-38;2016-03-01 00:00;12.5\n")
    (sensor,) = cemaden_files(str(tmp_path / "a.csv"))
    assert sensor.sensor().station == "X"
    assert sensor.records().value == pytest.approx(0.125)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("station,latitude,longitude,datetime\n", "no column is a depth"),
        ("a,latitude,longitude,datetime,10cm\nX,1,1,2016-03-01,0.1\n", "no column says the station"),
        ("station,latitude,longitude,datetime,10cm\nX,north,1,2016-03-01,0.1\n", "is no place"),
        ("station,latitude,longitude,datetime,10cm\nX,1,1,2016-03-01\n", "line 2 has another number of columns"),
        ("station,latitude,longitude,datetime,10cm\n", "holds no records"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(InputError, match=sentence):
        [sensor.sensor() for sensor in cemaden_files(str(tmp_path))]


def test_times_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE.replace("2016-03-01 01:00", "yesterday"))
    with pytest.raises(InputError, match="cannot be read as a table"):
        cemaden_files(str(tmp_path))[0].records()


def test_a_place_without_tables(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        cemaden_files(str(tmp_path / "none"))
    with pytest.raises(InputError, match="holds no file"):
        cemaden_files(str(tmp_path))
