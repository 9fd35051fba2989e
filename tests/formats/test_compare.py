"""Two runs side by side: what differs in settings, maps and scores, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import netCDF4
import numpy as np
import pytest
from made_product import YEARS, make_year

from rssm.cli import main
from rssm.commands.compare import Comparison, compare
from rssm.errors import InputError
from rssm.grid import Region
from rssm.product.formats.layers import BY_NAME

SCORES = """source,comparison,product,statistic,metric,value,low,high,n,p,status
here,RSSSM~SMAP_E,RSSSM,value,r,{r},,,9,,ok
here,RSSSM~SMAP_E,RSSSM,value,rmse,0.05,,,9,,ok
article,RSSSM~SMAP_E,RSSSM,value,r,0.9,,,9,,ok
"""


@pytest.fixture
def runs(product: SimpleNamespace, tmp_path: Path) -> tuple[Path, Path]:
    """Folders of two runs with the same data set."""
    for name in ("a", "b"):
        results = tmp_path / name / "results" / "rsssm"
        shutil.copytree(product.folder / "netcdf", results / "product" / "netcdf")
        shutil.copy(product.folder / "release.json", results / "product")
        (results / "validation").mkdir()
        (results / "validation" / "overall.csv").write_text(SCORES.format(r=0.8))
    return tmp_path / "a", tmp_path / "b"


def changed_json(capsys: pytest.CaptureFixture[str], runs: tuple[Path, Path]) -> Comparison:
    """The comparison of runs that differ."""
    assert main(["compare", "--json", *map(str, runs)]) == 1
    return Comparison.model_validate_json(capsys.readouterr().out)


def test_what_is_the_same_is_the_same(runs, capsys):
    assert main(["compare", *map(str, runs)]) == 0
    shown = capsys.readouterr().out
    assert "Settings: none differs." in shown and "and of all other layers, B less A: none differs." in shown
    assert "Scores: 2 compared, none differs." in shown


def test_a_changed_value_and_a_gap_are_found_in_their_year_and_dekad(runs, capsys):
    with netCDF4.Dataset(runs[1] / "results/rsssm/product/netcdf/RSSSM_2015.nc", "a") as file:
        file.set_auto_maskandscale(False)
        stored = file["soil_moisture"][2]
        (row, column), (gap_row, gap_column) = np.argwhere(stored >= 0)[:2]
        stored[row, column] += 100 if stored[row, column] < 5000 else -100
        stored[gap_row, gap_column] = -32768
        size = int((file["soil_moisture"][:] >= 0).sum())
        file["soil_moisture"][2] = stored
    found = changed_json(capsys, runs).maps
    assert found.years[0].of == "2014" and found.years[0].unlike == 0 and found.years[0].bias == 0
    year = found.years[1]
    assert (year.both, year.only_a, year.only_b, year.unlike) == (size - 1, 1, 0, 1)
    assert year.greatest == pytest.approx(0.01, abs=1e-6)
    assert abs(year.bias) == pytest.approx(0.01 / (size - 1), rel=1e-4)
    assert year.rmse == pytest.approx(0.01 / (size - 1) ** 0.5, rel=1e-4) and 0.99 < year.r < 1
    assert [season.of for season in found.seasons if season.unlike or season.only_a] == ["D03"]
    assert main(["compare", *map(str, runs)]) == 1
    assert "unlike" in capsys.readouterr().out


def test_another_layer_that_differs_is_told(runs, capsys):
    with netCDF4.Dataset(runs[1] / "results/rsssm/product/netcdf/RSSSM_2015.nc", "a") as file:
        file.set_auto_maskandscale(False)
        file["flags"][3, 0, :5] = file["flags"][3, 0, :5] ^ 1
    found = changed_json(capsys, runs).maps
    assert {name: count for name, count in found.others.items() if count} == {"flags": 5}
    assert found.all.unlike == found.all.only_a == 0 and len(found.others) == len(BY_NAME) - 1
    assert main(["compare", "--layer", "soil_moisture", *map(str, runs)]) == 0
    assert main(["compare", "--layer", "flags", *map(str, runs)]) == 1


def test_networks_are_compared_by_name(runs, capsys):
    with netCDF4.Dataset(runs[1] / "results/rsssm/product/netcdf/RSSSM_2015.nc", "a") as file:
        file["network_used"].flag_meanings = "none NN1-1 NN1-9"
    found = changed_json(capsys, runs).maps.others
    with netCDF4.Dataset(runs[0] / "results/rsssm/product/netcdf/RSSSM_2015.nc") as file:
        assert 0 < found["network_used"] == int((file["network_used"][:] == 2).sum())


def test_a_setting_and_a_score_that_differ_are_named(runs, capsys):
    results = runs[1] / "results/rsssm"
    record = json.loads((results / "product/release.json").read_text())
    record["settings"]["seed"] = "another"
    (results / "product/release.json").write_text(json.dumps(record))
    (results / "validation/overall.csv").write_text(SCORES.format(r=0.7))
    found = changed_json(capsys, runs)
    (setting,), (score,) = found.settings, found.scores
    assert (setting.key, setting.b) == ("seed", "another")
    assert (score.of, score.metric, score.a, score.b) == ("RSSSM~SMAP_E RSSSM value", "r", 0.8, 0.7)
    (results / "validation/overall.csv").unlink()
    assert [score.b for score in changed_json(capsys, runs).scores] == [None, None]


def test_years_and_pixels_of_one_alone_are_told(runs, capsys, land, tmp_path):
    (runs[1] / "results/rsssm/product/netcdf/RSSSM_2014.nc").unlink()
    make_year(tmp_path / "made", YEARS["2015"], land, Region(41, 43, -1, 3))  # without a row and a column of zones
    shutil.copy(tmp_path / "made/product/netcdf/RSSSM_2015.nc", runs[1] / "results/rsssm/product/netcdf")
    found = changed_json(capsys, runs).maps
    assert found.years_only_a == ["2014"] and found.years_only_b == []
    assert found.pixels_apart == 30 * 40 - 20 * 30


def test_runs_that_are_none_end_with_a_sentence(runs, tmp_path):
    (tmp_path / "my.yaml").write_text("seed: 3\n")
    for a, b, complaint in (
        ("gone", "b", "no data set is there"),
        ("my.yaml", "b", "one is a file, the other is not"),
    ):
        with pytest.raises(InputError, match=complaint):
            compare(str(tmp_path / a), str(tmp_path / b))
    with pytest.raises(InputError, match="no layer soil"):
        compare(*map(str, runs), layer="soil")
    (runs[0] / "results/rsssm/product/release.json").unlink()
    assert compare(*map(str, runs)).settings is None
