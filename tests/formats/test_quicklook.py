"""The sheet of a year: scales and series of all its steps, networks in the colours of all years, truth in toy runs alone."""

from __future__ import annotations

import numpy as np
import pytest

from rssm.calendar import DEKADS
from rssm.config.toy import Toy
from rssm.grid import Area, Region
from rssm.product import quicklook as drawing
from rssm.product.quicklook_spec import QuicklookSpec
from rssm.product.year_series import YearSeries
from rssm.toy.composites import true_moisture
from tests.formats.made_product import REGION, YEARS, make_year

AREA = Area("wgs84_0.5", Region(59, 60, 0, 1))  # two rows, two columns
NAN = np.nan


def test_means_weigh_pixels_by_their_area_and_leave_gaps_out():
    series = YearSeries(AREA)
    moisture, sigma = np.array([[0.1, NAN], [0.3, 0.3]]), np.full((2, 2), 0.05)
    series.add(moisture, sigma, np.array([[0.2, 9.0], [0.2, 0.2]]))
    top, low = np.sin(np.radians(60)) - np.sin(np.radians(59.5)), np.sin(np.radians(59.5)) - np.sin(np.radians(59))
    assert series.mean == [pytest.approx((0.1 * top + 0.6 * low) / (top + 2 * low))]
    assert series.truth == [pytest.approx(0.2)]  # of the pixels that have an estimate
    series.add(np.full((2, 2), NAN), np.full((2, 2), NAN), None)
    assert np.isnan(series.mean[1]) and np.isnan(series.low[1])


def test_scales_are_those_of_all_steps_in_coarse_steps():
    series = YearSeries(AREA)
    for value in (0.112, 0.234):
        series.add(np.full((2, 2), value), np.full((2, 2), value / 10), None)
    moisture, sigma = series.limits
    assert moisture == pytest.approx((0.1, 0.25))
    assert sigma == pytest.approx((0.01, 0.03))
    empty = YearSeries(AREA)
    empty.add(np.full((2, 2), NAN), np.full((2, 2), NAN), None)
    assert empty.limits == ((0.0, 1.0), (0.0, 1.0))


def test_a_toy_run_shows_its_truth_and_no_other_does(tmp_path, land, monkeypatch):
    made = make_year(tmp_path, YEARS["2015"], land)
    drawn, scaled = [], drawing._scaled
    monkeypatch.setattr(
        drawing, "_scaled", lambda worlds, fields, *rest: drawn.append(fields) or scaled(worlds, fields, *rest)
    )
    spec = QuicklookSpec(made.spec.area, Toy())
    drawing.quicklook("2015", [made.out[1]], [land], spec, [str(tmp_path / "a.png")])
    assert len(drawn) == 3
    shown = DEKADS.parse("2015D02")
    truth = true_moisture(spec.toy, Area("wgs84_0.1", REGION), [shown], DEKADS)[0]
    known = np.isfinite(drawn[1][0])
    np.testing.assert_array_equal(drawn[1][0][known], truth[known])
    assert known.any() and not known.all()  # sea has no truth
    drawn.clear()
    drawing.quicklook("2015", [made.out[1]], [land], QuicklookSpec(made.spec.area, None), [str(tmp_path / "b.png")])
    assert len(drawn) == 2
