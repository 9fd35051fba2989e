"""The jobs of validation on made-up files: from maps and station records to tables."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pytest import approx

from rssm.calendar import CALENDARS, DEKADS
from rssm.errors import InputError
from rssm.grid import GRID, Area, Region, Window
from rssm.product.formats.netcdf import YearReader
from rssm.product.year import product_year
from rssm.spec import canonical, parsed
from rssm.tsv import read_tsv
from rssm.validation.compare import scores
from rssm.validation.efficiency import efficiency, efficiency_table, read_likeness
from rssm.validation.reference import read_reference
from rssm.validation.samples import read_samples, samples
from rssm.validation.sources import MOISTURE, fields
from rssm.validation.specs import Bootstrap, EfficiencySpec, Pair, SamplesSpec, ScoresSpec, TripleSpec
from rssm.validation.stability import stability, step_at
from rssm.validation.status import Status
from rssm.validation.table import read_table
from rssm.validation.tables import score_tables
from rssm.validation.triple_job import triple, triple_table
from tests.made_inputs import make_inputs
from tests.unit.validation_files import write_station_file, write_year_maps

ROOT = Path(__file__).resolve().parents[2]
REGION = Region(40, 41, -3, 1)
AREA, LAND = Area(GRID.id, REGION), str(ROOT / "resources/land.tif")
WINDOW = GRID.window(REGION)
YEARS, FIRST = (2014, 2015, 2016, 2017, 2018), 2014 * 36
STEPS = range(FIRST, FIRST + 180)
PRODUCTS = {"RSSSM": 0.02, "SMAP_E": 0.015, "ASCAT-SWI": 0.05}
SPEC = ScoresSpec(
    calendar_id="dekad",
    pairs=(Pair("RSSSM", "SMAP_E", (FIRST + 45, STEPS[-1])), Pair("RSSSM", "ASCAT-SWI", (FIRST, STEPS[-1]))),
    target="SMAP_E",
    spells={"target": {"in": ((FIRST + 45, STEPS[-1]),), "outside": ((FIRST, FIRST + 44),)}},
    joints={"SMAP": FIRST + 90},
    bootstrap=Bootstrap(replicates=100),
)


class Made:
    """A little world: truth, products and stations of 25 of the 100 pixels, as files."""

    def __init__(self, folder: Path) -> None:
        rng = np.random.default_rng(1)
        wave = 0.25 + 0.07 * np.sin(np.arange(180) * 2 * np.pi / 36)
        self.truth = wave[:, None, None] + rng.normal(0, 0.04, (180, *WINDOW.shape)) + rng.normal(0, 0.04, WINDOW.shape)
        self.values = {name: self.truth + rng.normal(0.01, sd, self.truth.shape) for name, sd in PRODUCTS.items()}
        self.values["SMAP_E"][:45] = np.nan
        self.values["ASCAT-SWI"][:, 0, 0] = np.nan
        self.maps = {
            name: [write_year_maps(folder, name, list(DEKADS.year(year)), values[k * 36 : k * 36 + 36], WINDOW)
                   for k, year in enumerate(YEARS)]
            for name, values in self.values.items()
        }  # fmt: skip
        self.row, self.column = np.divmod(np.arange(0, 100, 4), 10)
        pixel = (self.row + WINDOW.row) * GRID.columns + self.column + WINDOW.column
        measured = self.truth[:, self.row, self.column].T + rng.normal(0, 0.01, (25, 180))
        measured[rng.random(measured.shape) < 0.1] = np.nan
        measured[24, 15:] = np.nan
        self.measured, self.pixel = measured, pixel
        self.stations = write_station_file(folder / "stations.nc", pixel, STEPS, measured)
        self.samples = []
        for name, indices in self.maps.items():
            for year, index in zip(YEARS, indices, strict=True):
                self.samples.append(str(folder / f"samples/{name}_{year}.nc"))
                samples(name, str(year), [index], [self.stations], SamplesSpec(AREA, "dekad"), [self.samples[-1]])
        self.scores = str(folder / "scores.nc")
        scores(self.samples, [self.stations], SPEC, [self.scores])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("validation"))


def rows_of(table: dict, **about: str) -> list[int]:
    return [k for k in range(len(table["value"])) if all(table[name][k] == value for name, value in about.items())]


def test_specifications_survive_the_way_to_the_command_line() -> None:
    assert parsed(ScoresSpec, canonical(SPEC)) == SPEC
    assert parsed(SamplesSpec, canonical(SamplesSpec(AREA, "dekad"))) == SamplesSpec(AREA, "dekad")


def test_samples_are_the_maps_at_the_stations(made: Made) -> None:
    found = read_samples(made.samples[1])
    assert (found.product, found.step.tolist()) == ("RSSSM", list(DEKADS.year(2015)))
    wanted = made.values["RSSSM"][36:72, made.row, made.column].T.astype(np.float32)
    assert_array_equal(found.values, wanted)
    first = read_samples(made.samples[5])  # SMAP_E of 2014: no maps
    assert first.values.shape == (25, 0)


def test_the_station_file_says_how_pixels_are_grouped(made: Made) -> None:
    labels = read_reference(made.stations).labels
    assert labels["climate"][int(made.pixel[2])] == "BSk"
    assert labels["climate"][int(made.pixel[4])] == ""
    assert (labels["density"][int(made.pixel[1])], labels["relief"][int(made.pixel[3])]) == ("dense", "rough")


def test_a_year_of_the_data_set_is_read_as_its_maps_are(tmp_path: Path) -> None:
    """Across the dateline, and in a window that reaches beyond the file."""
    region = Region(64, 66, 179, 2)
    made = make_inputs(tmp_path, region, range(2015 * 36 + 18, 2015 * 36 + 20), LAND)
    product_year("2015", **made.inputs, spec=made.spec, out=made.out)
    with YearReader(made.out[1]) as year:
        whole = {
            step: MOISTURE.unpack(year.stored(MOISTURE.name, k), year.packing) for k, step in enumerate(year.steps)
        }
        window = year.window
    same = dict(fields([made.out[1]], window, GRID, DEKADS))
    assert list(same) == list(whole)
    for step, field in same.items():
        assert_array_equal(field, whole[step])
        assert np.isfinite(field).any()
    around = Window(window.row - 3, window.column + 15, 10, 10)
    for step, field in fields([made.out[1]], around, GRID, DEKADS):
        assert_array_equal(field[3:, :5], whole[step][:7, 15:])
        assert np.isnan(field[:3]).all() and np.isnan(field[:, 5:]).all()
    with pytest.raises(InputError, match="stands on grid"):
        next(fields([made.out[1]], window, GRID, CALENDARS["month"]))


def test_scores_are_of_the_common_samples_of_each_pair(made: Made) -> None:
    table = read_table(made.scores, "scores")
    (at,) = rows_of(
        table,
        comparison="RSSSM~SMAP_E",
        product="RSSSM",
        reference="stations",
        kind="all",
        pattern="overall",
        metric="rmse",
    )
    error = made.values["RSSSM"].astype(np.float32)[:, made.row, made.column].T - made.measured
    late = error[:, 45:]
    assert table["value"][at] == approx(np.sqrt(np.nanmean(late**2)), abs=1e-6)
    assert (table["n"][at], table["status"][at], table["interval"][at]) == (np.isfinite(late).sum(), "ok", "ok")
    assert table["low"][at] < table["value"][at] < table["high"][at]
    (at,) = rows_of(table, comparison="RSSSM~ASCAT-SWI", product="RSSSM", kind="all", pattern="overall", metric="rmse")
    assert table["value"][at] == approx(np.sqrt(np.nanmean(error[1:] ** 2)), abs=1e-6)  # ASCAT lacks the first pixel
    (at,) = rows_of(table, comparison="RSSSM~ASCAT-SWI", product="RSSSM", place=str(made.pixel[24]), metric="rmse")
    assert table["status"][at] == "too_few"


def test_the_likeness_to_the_target_in_the_stations_pixels_is_told(made: Made) -> None:
    table = read_table(made.scores, "scores")
    (at,) = rows_of(table, reference="SMAP_E", product="RSSSM", kind="all", pattern="overall", metric="rmse")
    assert table["value"][at] == approx(np.hypot(0.02, 0.015), rel=0.05)


def test_differences_tell_the_better_product(made: Made) -> None:
    table = read_table(made.scores, "differences")
    (at,) = rows_of(
        table, comparison="RSSSM~ASCAT-SWI", kind="all", pattern="temporal", statistic="mean", metric="ubrmse"
    )
    assert table["high"][at] < 0
    assert table["p"][at] < 0.05


def test_scores_have_the_same_bits_in_every_run_and_order(made: Made, tmp_path: Path) -> None:
    again = str(tmp_path / "again.nc")
    scores(made.samples[::-1], [made.stations], SPEC, [again])
    for name in ("scores", "differences"):
        for column, values in read_table(made.scores, name).items():
            assert_array_equal(read_table(again, name)[column], values)


def test_a_pair_that_never_meets_says_so_in_every_row(made: Made, tmp_path: Path) -> None:
    spec = replace(SPEC, pairs=(Pair("RSSSM", "SMAP_E", (FIRST, FIRST + 9)),), target="")
    out = str(tmp_path / "scores.nc")
    scores(made.samples, [made.stations], spec, [out])
    for name in ("scores", "differences"):
        table = read_table(out, name)
        assert set(table["status"]) == set(table["interval"]) == {"no_overlap"}
        assert np.isnan(table["value"]).all()


def test_a_product_without_samples_is_refused(made: Made, tmp_path: Path) -> None:
    spec = replace(SPEC, pairs=(Pair("RSSSM", "CCI", (FIRST, STEPS[-1])),))
    with pytest.raises(InputError, match=r"CCI.*RSSSM~CCI.*no samples"):
        scores(made.samples, [made.stations], spec, [str(tmp_path / "scores.nc")])
    assert not list(tmp_path.iterdir())


def test_samples_of_other_stations_are_refused(made: Made, tmp_path: Path) -> None:
    other = write_station_file(tmp_path / "other.nc", made.pixel[:9], STEPS, made.measured[:9])
    with pytest.raises(InputError, match="other pixels"):
        scores(made.samples, [other], SPEC, [str(tmp_path / "scores.nc")])


def test_tables_stand_beside_the_articles(made: Made, tmp_path: Path) -> None:
    out = [str(tmp_path / name) for name in ("overall.csv", "temporal.csv", "spatial.csv", "scores.md")]
    score_tables([made.scores], [str(ROOT / "config/published.tsv")], out)
    with Path(out[1]).open() as file:
        rows = list(csv.DictReader(file))
    ours = [row for row in rows if row["source"] == "here"]
    assert {row["comparison"] for row in ours} == {"RSSSM~SMAP_E", "RSSSM~ASCAT-SWI"}
    assert len(ours) == 2 * 2 * 2 * 5  # pairs, products, mean and median, metrics
    (known,) = [
        row for row in rows
        if (row["source"], row["comparison"], row["product"], row["statistic"], row["metric"])
        == ("published", "RSSSM~ASCAT-SWI", "ASCAT-SWI", "mean", "anomaly_r")
    ]  # fmt: skip
    assert (float(known["value"]), known["low"]) == (0.554, "")
    text = Path(out[3]).read_text()
    assert "| RSSSM~ASCAT-SWI | RSSSM | here | mean | 23 |" in text
    assert "| RSSSM~GLEAM-B | GLEAM-B | published | median |" in text
    ascat = next(line for line in text.splitlines() if line.startswith("| RSSSM~ASCAT-SWI | RSSSM | published | mean"))
    assert "**0.687**" in ascat and "**0.627**" in ascat


def test_the_articles_values_are_complete_and_as_printed() -> None:
    rows = [row for _, row in read_tsv(ROOT / "config/published.tsv")]
    count = {pattern: sum(row["pattern"] == pattern for row in rows) for pattern in ("temporal", "spatial")}
    assert count == {"temporal": 7 * 2 * 2 * 5, "spatial": 7 * 2 * 2 * 4}
    assert len({tuple(row[name] for name in list(row)[:5]) for row in rows}) == len(rows)
    by = {tuple(list(row.values())[:5]): float(row["value"]) for row in rows}
    assert by["spatial", "RSSSM~GLDAS", "RSSSM", "mean", "bias"] == -0.005
    assert by["temporal", "RSSSM~CCI", "CCI", "median", "ubrmse"] == 0.047
    assert by["overall", "RSSSM~GLEAM-A", "GLEAM-A", "value", "rmse"] == 0.142


def test_a_broken_table_of_published_values_is_refused(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "published.tsv"
    path.write_text("pattern\tcomparison\tproduct\tstatistic\tmetric\tvalue\ntemporal\ta~b\ta\tmean\tr\tgood\n")
    out = [str(tmp_path / name) for name in ("a.csv", "b.csv", "c.csv", "d.md")]
    with pytest.raises(InputError, match=r"published.tsv: line 2.*'good'"):
        score_tables([made.scores], [str(path)], out)
    assert [found.name for found in tmp_path.iterdir()] == ["published.tsv"]


# -- stability -----------------------------------------------------------------------------------------------------------


def test_drifts_and_steps_of_scores_are_told(made: Made, tmp_path: Path) -> None:
    out = [str(tmp_path / "slopes.tsv"), str(tmp_path / "steps.tsv")]
    stability([made.scores], SPEC, out)
    slopes = [row for _, row in read_tsv(out[0])]
    (rmse,) = [
        row for row in slopes
        if (row["comparison"], row["product"], row["pattern"], row["metric"])
        == ("RSSSM~ASCAT-SWI", "RSSSM", "overall", "rmse")
    ]  # fmt: skip
    assert (rmse["n"], rmse["status"]) == ("5", "ok")
    assert float(rmse["low"]) < 0.005 and float(rmse["high"]) > -0.005
    assert {row["status"] for row in slopes if row["comparison"] == "RSSSM~SMAP_E"} == {"too_few_years"}
    steps = [row for _, row in read_tsv(out[1])]
    assert {(row["joint"], row["first"]) for row in steps} == {("SMAP", "2016D19")}
    assert all((row["value"] == "-") == (row["status"] != "ok") for row in steps)


def test_a_step_is_found_where_it_is_and_its_size_is_told() -> None:
    rng, steps = np.random.default_rng(2), np.arange(2003 * 36, 2013 * 36)
    joint = 2008 * 36
    values = 0.01 * np.sin(steps * 2 * np.pi / 36) + rng.normal(0, 0.003, steps.size)
    calm = step_at(steps, values, joint, DEKADS, 3, 9)
    assert calm.status == Status.OK and calm.low < 0 < calm.high
    jump = step_at(steps, values + 0.02 * (steps >= joint), joint, DEKADS, 3, 9)
    assert jump.low < 0.02 < jump.high and jump.p < 0.001
    # winters are missing on one side: the season must not pass for a step
    gaps = (steps >= joint) | (steps % 36 >= 9)
    assert abs(step_at(steps[gaps], values[gaps], joint, DEKADS, 3, 9).value) < 0.002
    assert step_at(steps, values, 2003 * 36 + 9, DEKADS, 3, 9).status == Status.TOO_FEW_BLOCKS
    assert step_at(steps, np.zeros(steps.size), joint, DEKADS, 3, 9).status == Status.CONSTANT


# -- all pixels ----------------------------------------------------------------------------------------------------------

LIKE = EfficiencySpec("RSSSM", "SMAP_E", AREA, "dekad", ((FIRST + 45, FIRST + 143),), bootstrap=Bootstrap(100))


def test_efficiency_adds_up_years_in_and_out_of_sample(made: Made, tmp_path: Path) -> None:
    parts = []
    for year, own, target in zip(YEARS, made.maps["RSSSM"], made.maps["SMAP_E"], strict=True):
        parts.append(str(tmp_path / f"{year}.nc"))
        efficiency(str(year), [own], [target], LIKE, [parts[-1]])
    out = [str(tmp_path / "efficiency.tsv"), str(tmp_path / "density.nc")]
    efficiency_table(parts, LIKE, out)
    rows = {(row["sample"], row["metric"]): row for _, row in read_tsv(out[0])}
    x, y = (made.values[name].astype(np.float32).astype(float) for name in ("RSSSM", "SMAP_E"))
    for label, of in {"in_sample": slice(45, 144), "out_of_sample": slice(144, 180), "all": slice(45, 180)}.items():
        assert float(rows[label, "rmse"]["value"]) == approx(np.sqrt(np.mean((x - y)[of] ** 2)), rel=1e-5)
        r2 = np.corrcoef(x[of].ravel(), y[of].ravel())[0, 1] ** 2
        assert float(rows[label, "r2"]["value"]) == approx(r2, rel=1e-4)
    assert float(rows["all", "r"]["low"]) < float(rows["all", "r"]["value"]) < float(rows["all", "r"]["high"])
    assert rows["2018", "r"]["interval"] == "too_few_blocks"
    found = read_likeness(out[1])
    assert found.density.sum() == found.sums.n.sum() == 135 * 100
    assert found.density[1].sum() == 99 * 100


# -- triple collocation --------------------------------------------------------------------------------------------------


def test_triple_collocation_of_a_tile_and_its_table(made: Made, tmp_path: Path) -> None:
    spec = TripleSpec(("RSSSM", "ASCAT-SWI", "SMAP_E"), AREA, "dekad", ("COVER", FIRST), bootstrap=Bootstrap(50))
    out = str(tmp_path / "N40W003.nc")
    triple("N40W003", *(made.maps[name] for name in spec.names), [LAND], spec, [out])
    cover = np.where(np.arange(100).reshape(10, 10) < 50, 4.0, 7.0)[None]
    table = str(tmp_path / "triple.tsv")
    triple_table([out], [write_year_maps(tmp_path, "COVER", [FIRST], cover, WINDOW)], spec, [table])
    with netCDF4.Dataset(out) as file:
        file.set_auto_mask(False)
        error, status, n = file["error_sd"][:], file["status"][:], file["n"][:]
        assert file["status"].flag_meanings.split()[0] == "ok"
    assert_array_equal(np.isfinite(error), status == 0)
    assert n.max() == 135 and (n == 0).sum() == 1
    assert_allclose(np.nanmedian(error, axis=1), [PRODUCTS[name] for name in spec.names], rtol=0.15)
    rows = {(row["land_cover"], row["product"], row["score"]): row for _, row in read_tsv(table)}
    whole = rows["all", "RSSSM", "error_sd"]
    assert float(whole["median"]) == approx(float(np.nanmedian(error[0])), rel=1e-4)
    assert "no_overlap:1" in whole["without"]
    assert sum(int(rows[label, "RSSSM", "r"]["pixels"]) for label in ("4", "7")) == int(whole["pixels"])


def test_products_that_never_meet_are_refused(made: Made, tmp_path: Path) -> None:
    spec = TripleSpec(("RSSSM", "ASCAT-SWI", "SMAP_E"), AREA, "dekad", ("COVER", FIRST))
    out = tmp_path / "out/tile.nc"
    with pytest.raises(InputError, match="no step in common"):
        triple(
            "N40W003",
            made.maps["RSSSM"][:1],
            made.maps["ASCAT-SWI"][:1],
            made.maps["SMAP_E"][:1],
            [LAND],
            spec,
            [str(out)],
        )
    assert not out.exists()
