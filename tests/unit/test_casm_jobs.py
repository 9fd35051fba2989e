"""CASM's jobs, from cubes to joined branches, on a made-up land of forty pixels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from rssm.blocks import Blocks
from rssm.calendar import CALENDARS
from rssm.casm.calibrate import casm_calibrate, of_rows
from rssm.casm.cycle import casm_cycle, channels, read_cycles
from rssm.casm.flags import Branch, Flag
from rssm.casm.members import Member, read_members
from rssm.casm.merge import casm_merge
from rssm.casm.samples import ROWS, casm_samples, read_samples, write_samples
from rssm.casm.specs import CalibrateSpec, CycleSpec, MergeSpec, SamplesSpec, TrainSpec
from rssm.casm.train import casm_train
from rssm.casm.uncertainty import read_calibration
from rssm.cubes.estimates import TileEstimates, read_estimates
from rssm.errors import InputError
from rssm.nets.mlp import predict
from tests.unit.made_radiances import CHANNELS, PIXELS, SPANS, STEPS, Land, soil

WHOLE = {"all": slice(None)}
PARTS = {"east": slice(25, None), "west": slice(0, 25)}


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Land:
    """Both branches, in one tile."""
    made = Land(tmp_path_factory.mktemp("land"), WHOLE)
    made.cubes()
    made.learn("smos", "SMOS")
    made.estimate("smos", "SMOS")
    made.learn("amsr2", "AMSR2")
    made.learn("amsre", "AMSR-E", frozen=2)
    made.estimate("amsre", "AMSR-E")
    merge = MergeSpec(("smos", "amsre"), (SPANS["AMSR-E"][0], SPANS["SMOS"][1]))
    casm_merge("all", made.each("estimated", "smos") + made.each("estimated", "amsre"), merge, made.each("merged"))
    return made


def estimates(land: Land, *parts: str) -> TileEstimates:
    (path,) = land.each(*parts)
    return read_estimates(path)


def test_estimates_follow_the_truth_beyond_the_season(land: Land) -> None:
    truth, _ = soil()
    for branch, least in (("smos", 0.85), ("amsre", 0.65)):
        found = estimates(land, "estimated", branch)
        there = np.isin(STEPS, found.step)
        departure = found.layers["soil_moisture"] - found.layers["seasonal_cycle"]
        true = truth[:, there].T - found.layers["seasonal_cycle"]
        known = np.isfinite(departure)
        assert 0.5 < known.mean() < 0.9
        assert np.corrcoef(departure[known], true[known])[0, 1] > least


def test_cycles_leave_no_season(land: Land) -> None:
    cycles = read_cycles(*land.each("cycles", "SMAP"))
    assert cycles.spread.shape == (1, PIXELS.size)
    assert_allclose(np.hypot(*cycles.fits[0].waves.T), 0.05, atol=0.025)  # weather of four years adds its own wave
    steps = np.arange(*SPANS["SMAP"])
    curve = cycles.at("SMAP_E", steps, CALENDARS["3day"])
    truth, _ = soil()
    left = (truth[:, np.isin(STEPS, steps)] - curve).reshape(PIXELS.size, -1)
    assert np.abs(left.mean(axis=1)).max() < 0.01


def test_first_layers_stay_as_pre_training_left_them(land: Land) -> None:
    for before, after in zip(*(read_members(land.networks(branch)) for branch in ("amsr2", "amsre")), strict=True):
        for number, (ours, theirs) in enumerate(zip(after.network.layers, before.network.layers, strict=True)):
            assert np.array_equal(ours[0], theirs[0]) == (number < 2)


def noise_runs(members: list[Member], x: NDArray[np.float32], noise: NDArray[np.float32]) -> NDArray[np.floating]:
    """Standard deviation (row,) of the members' mean over 200 runs with noisy inputs."""
    rng = np.random.default_rng(1)
    runs = []
    for _ in range(200):
        noisy = x + noise * rng.normal(size=noise.shape)
        each = [predict(m.network, ((noisy - m.mean) / m.spread).astype(np.float32)) for m in members]
        runs.append(np.mean(each, axis=0))
    return np.std(runs, axis=0, ddof=1)


def test_data_uncertainty_is_that_of_noise_runs(land: Land) -> None:
    members, rows = read_members(land.networks("smos")), read_samples(land.each("samples", "smos"))
    which = rows.held_out == 1
    said = of_rows(members, rows, which, 0.1)
    by_runs = noise_runs(members, rows.x[which], 0.1 * rows.noise[which])
    assert by_runs.min() > 0
    assert said.data.mean() == pytest.approx(by_runs.mean(), rel=0.15)  # a bend within the noise is not first order
    assert np.corrcoef(said.data, by_runs)[0, 1] > 0.6


def test_data_uncertainty_is_exact_where_nothing_bends(land: Land) -> None:
    members, rows = read_members(land.networks("smos")), read_samples(land.each("samples", "smos"))
    for member in members:
        for _, bias in member.network.layers[:-1]:
            bias += 50  # every unit lives
    which = rows.held_out == 1
    said = of_rows(members, rows, which, 0.1)
    by_runs = noise_runs(members, rows.x[which], 0.1 * rows.noise[which])
    assert_allclose(said.data, by_runs, rtol=0.2)  # 200 runs know it to 5 %, four of its standard errors
    assert said.data.mean() == pytest.approx(by_runs.mean(), rel=0.01)


def test_scaling_is_that_of_all_rows_of_the_sensor(land: Land) -> None:
    rows = read_samples(land.each("samples", "smos"))
    mean, spread = rows.scaler
    assert rows.sums[0, 0] > 3 * len(rows.y)  # 2010 to 2018, drawn or not
    assert_allclose(mean[2:], 0, atol=0.1)
    assert_allclose(spread[2:], rows.x[:, 2:].std(axis=0), rtol=0.05)


def test_rows_depart_from_the_cycles_they_are_given_and_scaling_from_the_sensors_own(
    land: Land, tmp_path: Path
) -> None:
    """As published: a fit over what SMAP teaches, which leaves no mean there; noise and scaling stay those of the record."""
    (cube,), (own,) = land.each("cubes", "SMOS"), land.each("cycles", "SMOS")
    overlap, out = str(tmp_path / "overlap.nc"), str(tmp_path / "rows.nc")
    names, kelvin = CHANNELS["SMOS"], ((1.0, 40.0), (150.0, 370.0))
    casm_cycle("SMOS-overlap", "all", [cube], CycleSpec(names, "3day", SPANS["SMAP"], *kelvin), [overlap])
    spec = SamplesSpec(names, "SMAP_E", "3day", SPANS["SMAP"], 1.0, Blocks("random", 0.2), 5)
    given = land.each("cubes", "SMAP"), land.each("cycles", "SMAP")
    for taught in (own, overlap):
        casm_samples("smos", "all", [cube], [own], [taught], *given, spec, [f"{out}-{taught == own}"])
    record, published = read_samples([f"{out}-True"]), read_samples([f"{out}-False"])
    cycles, calendar = read_cycles(overlap), CALENDARS["3day"]
    for number, each in enumerate(channels(cube, names), 2):
        left = each.at(published.step, calendar) - cycles.at(each.variable, published.step, calendar)
        at = np.searchsorted(PIXELS, published.pixel), np.arange(published.step.size)
        assert_allclose(published.x[:, number], left[at], atol=1e-3)
        assert np.abs(published.x[:, number] - record.x[:, number]).max() > 0.5  # K: two fits
    assert_array_equal(published.sums, record.sums)
    assert_array_equal(published.noise, record.noise)
    assert_array_equal(published.y, record.y)


def test_stated_uncertainty_covers_a_like_observation(land: Land) -> None:
    rows = read_samples(land.each("samples", "smos"))
    found = read_calibration(land.path("calibrated", "smos.tsv"))
    said = of_rows(read_members(land.networks("smos")), rows, rows.held_out == 0, 0.1)
    error = said.mean - rows.y[rows.held_out == 0]
    sigma = found.sigma(np.hypot(said.structural, said.data), rows.usual[rows.held_out == 0])
    assert np.mean(np.abs(error) < sigma) == pytest.approx(0.68, abs=0.05)
    assert found.k == 0 < read_calibration(land.path("calibrated", "amsre.tsv")).k


def test_where_both_see_the_mean_is_taken(land: Land) -> None:
    merged, smos, amsre = (
        estimates(land, *parts) for parts in (("merged",), ("estimated", "smos"), ("estimated", "amsre"))
    )
    both = np.intersect1d(smos.step, amsre.step)
    values = [
        each.layers["soil_moisture"][np.isin(each.step, both)].astype(np.float64) for each in (smos, amsre, merged)
    ]
    sees = [np.isfinite(each) for each in values]
    branch = merged.layers["branch"][np.isin(merged.step, both)]
    assert_array_equal(branch, sees[0] * Branch.SMOS + sees[1] * Branch.AMSR_E)
    two = branch == Branch.BOTH
    assert two.any()
    assert_allclose(values[2][two], (values[0][two] + values[1][two]) / 2, atol=1e-7)
    one = branch == Branch.SMOS
    assert_array_equal(values[2][one], values[0][one])
    assert_array_equal(merged.layers["n_members"][np.isin(merged.step, both)], 2 * (sees[0].astype(int) + sees[1]))
    empty = merged.layers["branch"] == 0
    assert_array_equal(np.isnan(merged.layers["soil_moisture"]), empty)
    assert np.all(merged.layers["flags"][empty] & Flag.NO_OBSERVATION)
    assert not np.any(merged.layers["flags"][~empty] & Flag.NO_OBSERVATION)


def test_tiles_change_no_bit(land: Land, tmp_path: Path) -> None:
    parts = Land(tmp_path, PARTS)
    parts.cubes()
    parts.learn("smos", "SMOS")
    parts.estimate("smos", "SMOS")
    for ours, theirs in zip(*(read_members(each.networks("smos")) for each in (parts, land)), strict=True):
        assert ours.network.flat.tobytes() == theirs.network.flat.tobytes()
    whole = estimates(land, "estimated", "smos")
    for path, pixels in zip(parts.each("estimated", "smos"), PARTS.values(), strict=True):
        for name, values in read_estimates(path).layers.items():
            assert_array_equal(values, whole.layers[name][:, pixels])


def test_a_longer_record_changes_no_bit_of_what_was_estimated(land: Land) -> None:
    first, last = SPANS["SMOS"]
    land.estimate("smos", "SMOS", (first + 700, last), into="later")
    later, whole = estimates(land, "later", "smos"), estimates(land, "estimated", "smos")
    for name, values in later.layers.items():
        assert_array_equal(values, whole.layers[name][700:])


def test_too_few_rows_are_refused_in_one_sentence(land: Land, tmp_path: Path) -> None:
    rows = read_samples(land.each("samples", "smos"))
    none = {name: getattr(rows, name)[:7] for name in ROWS}
    few = str(tmp_path / "few.nc")
    write_samples(few, replace(rows, **none))
    spec, out = TrainSpec(rows.inputs, (8,), 1e-3, epochs=1, seed=1), str(tmp_path / "1.nc")
    with pytest.raises(InputError, match=r"branch smos: \d rows to learn from, and 100 are needed"):
        casm_train("smos", "1", [few], [], spec, [out])
    with pytest.raises(InputError, match=r"branch smos: \d rows are held out, and 100 are needed"):
        casm_calibrate("smos", land.networks("smos"), [few], CalibrateSpec(), [out])
    with pytest.raises(InputError, match="expected \\(4, 8, 1\\): branches that hand weights on need the same layers"):
        casm_train("smos", "1", land.each("samples", "smos"), land.networks("amsr2")[:1], spec, [out])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["few.nc"]
