"""Laws of sums: parts make the whole, however they are cut; and what shifts and orders leave alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from rssm.calendar import DEKADS
from rssm.validation.statistics.anomalies import anomalies
from rssm.validation.statistics.blocks import blocks_touched, compact
from rssm.validation.statistics.metrics import metrics_of
from rssm.validation.statistics.sums import Sums
from rssm.validation.triple.collocation import block_sums, covariances

MOISTURE = st.one_of(st.floats(0, 1, width=32), st.just(np.nan))
CELLS = 4


@st.composite
def pairs(draw: st.DrawFn) -> tuple[np.ndarray, ...]:
    """Estimates, references, cells and parts of some samples."""
    n = draw(st.integers(0, 60))
    x, y = (draw(arrays(np.float64, n, elements=MOISTURE)) for _ in range(2))
    return (
        x,
        y,
        draw(arrays(np.int64, n, elements=st.integers(0, CELLS - 1))),
        draw(arrays(np.int64, n, elements=st.integers(0, 2))),
    )


@given(pairs())
def test_sums_of_parts_are_the_sums_of_the_whole(case: tuple[np.ndarray, ...]) -> None:
    x, y, cell, part = case
    whole = Sums.of(x, y, cell, CELLS)
    added = [Sums.of(x[part == k], y[part == k], cell[part == k], CELLS) for k in range(3)]
    total = added[2] + added[0] + added[1]
    assert_array_equal(total.n, whole.n)
    assert_allclose(total.values, whole.values, atol=1e-12)
    for name, values in metrics_of(total).items():
        known = np.isfinite(values) & (whole.n > 2)
        if name != "r":  # of nearly constant samples r hangs on the last bit
            assert_allclose(values[known], metrics_of(whole)[name][known], atol=1e-7)


@given(pairs(), arrays(np.int64, CELLS, elements=st.integers(-1, 1)))
def test_sums_of_groups_are_those_of_their_samples(case: tuple[np.ndarray, ...], group: np.ndarray) -> None:
    x, y, cell, _ = case
    coarse, kept = Sums.of(x, y, cell, CELLS).by(group, 2), group[cell] >= 0
    assert_allclose(coarse.values, Sums.of(x[kept], y[kept], group[cell][kept], 2).values, atol=1e-12)


@given(pairs())
def test_scores_obey_the_decomposition_of_the_error(case: tuple[np.ndarray, ...]) -> None:
    x, y, cell, _ = case
    found = metrics_of(Sums.of(x, y, cell, CELLS))
    known = np.isfinite(found["rmse"])
    assert_allclose(found["rmse"][known] ** 2, (found["bias"] ** 2 + found["ubrmse"] ** 2)[known], atol=1e-12)
    assert (np.abs(found["r"][np.isfinite(found["r"])]) <= 1).all()


@given(pairs())
def test_scores_are_those_of_the_plain_formulas(case: tuple[np.ndarray, ...]) -> None:
    x, y, cell, _ = case
    found = metrics_of(Sums.of(x, y, cell, CELLS))
    for k in range(CELLS):
        here = (cell == k) & np.isfinite(x) & np.isfinite(y)
        a, b = x[here], y[here]
        if not here.any():
            assert np.isnan(found["rmse"][k])
            continue
        assert_allclose(found["bias"][k], (a - b).mean(), atol=1e-12)
        assert_allclose(found["rmse"][k], np.sqrt(((a - b) ** 2).mean()), atol=1e-7)
        assert_allclose(found["ubrmse"][k], (a - b).std(), atol=1e-7)
        if a.std() > 1e-3 and b.std() > 1e-3:
            assert_allclose(found["r"][k], np.corrcoef(a, b)[0, 1], atol=1e-6)


@given(st.integers(0, 9), st.integers(1, 6))
def test_the_correlation_of_anomalies_follows_from_sums_by_pixel_and_place_in_the_year(seed: int, years: int) -> None:
    """The second moments of anomalies are those within cells, so years add up before anomalies are known."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0.1, 0.4, (2, years * 36))
    x[rng.random(x.size) < 0.3] = np.nan
    cell = np.arange(x.size) % 36
    ax, ay = anomalies(x, y, cell, 36, 3)
    sums = Sums.of(x, y, cell, 36)
    enough = sums.n >= 3
    assert_array_equal(np.isfinite(ax), enough[cell] & np.isfinite(x))
    if enough.any():
        _, _, vx, vy, cov, _ = (part[enough] for part in sums.moments())
        n = sums.n[enough]
        found = metrics_of(Sums.of(ax, ay, np.zeros(x.size, np.int64), 1))["r"][0]
        assert_allclose(found, (n * cov).sum() / np.sqrt((n * vx).sum() * (n * vy).sum()), atol=1e-9)


@given(st.integers(0, 20), st.integers(1, 71))
def test_sums_of_triples_add_up_over_time(seed: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.uniform(0.1, 0.4, (3, 2, 72))
    values[:, rng.random((2, 72)) < 0.3] = np.nan
    common, block = np.isfinite(values).all(axis=0), np.arange(72) // 9

    def of(part: slice) -> np.ndarray:
        return block_sums(values[..., part], common[:, part], block[part], 8).sum(axis=-1)

    whole = of(slice(None))
    assert_allclose(of(slice(0, cut)) + of(slice(cut, 72)), whole, atol=1e-12)
    cov, n = covariances(whole)
    for pixel in range(2):
        plain = np.cov(values[:, pixel, common[pixel]])
        assert_allclose(cov[:, pixel], plain[[0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]], atol=1e-12)
        assert n[pixel] == common[pixel].sum()


@given(arrays(np.int64, st.integers(0, 30), elements=st.integers(0, 50)))
def test_numbers_are_made_compact_as_by_unique(key: np.ndarray) -> None:
    known, place = compact(key)
    wanted, at = np.unique(key, return_inverse=True)
    assert_array_equal(known, wanted)
    assert_array_equal(place, at)
    touched = blocks_touched(key % 7, key % 5 - 1, 4)
    assert touched.tolist() == [len({k % 7 for k in key.tolist() if k % 5 - 1 == cell}) for cell in range(4)]


@given(st.integers(2003 * 36, 2018 * 36 + 35))
def test_a_year_gives_each_place_in_it_one_dekad(step: int) -> None:
    """What `anomalies` counts on: pairs of a cell are years."""
    same = [other for other in DEKADS.year(DEKADS.year_of(step)) if DEKADS.season_of(other) == DEKADS.season_of(step)]
    assert same == [step]
