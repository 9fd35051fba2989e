"""What a trace tells of a fused value: shares of chain, matched products and joint fit, and the products behind each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rssm.commands.trace_fusion import fusion_lines, joint_lines
from rssm.errors import InputError
from rssm.fusion.fits import write_fits
from rssm.fusion.fused import fused
from rssm.fusion.learnt import write_learnt
from rssm.fusion.model import Status
from rssm.fusion.store import write_matched
from tests.unit.made_fusion import FIRST, SPEC, estimates, joint_fit, products

WHERE = ("N40W001", "Z0")
START = np.array([0, 1], np.int32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Results of a zone: product A is matched, A and B are attached to the joint fit."""
    values = np.full((1, 72), 0.2)
    c = products(values, FIRST)
    c = replace(c, weight=np.ones_like(c.weight), error=np.full_like(c.error, 0.03))
    learnt = fused([estimates(values, FIRST)], [c], replace(SPEC, rounds=("1",))).learnt
    fit = joint_fit(values)
    model = replace(
        fit.joint.model,
        status=np.full(3, Status.ATTACHED, np.uint8),
        **{n: np.repeat(getattr(fit.joint.model, n), 3, axis=0) for n in ("gains", "offsets", "variances", "biases")},
        shared=np.eye(3),
        error=np.full(3, 0.02),
        gain=np.array([0.5, 0.9, 0.7]),
        correlation=np.array([0.6, 0.8, 0.7]),
    )
    fit = replace(fit, products=("A", "B", "D"), joint=replace(fit.joint, model=model))
    for name in ("fusion", "matched", "jointly"):
        (tmp_path / name).mkdir()
    write_learnt(tmp_path / "fusion" / "N40W001.nc", learnt)
    write_matched(tmp_path / "matched" / "N40W001.nc", [c], START)
    write_fits(tmp_path / "jointly" / "N40W001.nc", [fit], START)
    return tmp_path


def test_the_share_of_each_part_and_the_products_behind_it_are_told(folder: Path) -> None:
    told = list(fusion_lines(folder, *WHERE, "1", "NN1-1", lambda _: True))
    assert "share of the chain 1.00 in the season, 0.25 in departures" in told[0][0]
    assert told[1][0].startswith("  matched A: weight 1.00, error 0.030") and told[1][1] == "A"
    told = list(joint_lines(folder, *WHERE, 0.4, lambda product: product != "D", {"A"}))
    assert told[0][0].startswith("joint fit share 0.40")
    assert [product for _, product in told] == [None, "B", None]  # the best first; files of A stand above
    assert "B: gain 0.90, correlation with it 0.80" in told[1][0] and told[2][0].endswith("(files above)")


def test_a_part_that_does_not_speak_is_told_too(folder: Path) -> None:
    (alone,) = fusion_lines(folder, *WHERE, "1", "MATCHED", lambda _: False)
    assert "neither chain nor matched products" in alone[0]
    (without,) = joint_lines(folder, *WHERE, 0.4, lambda _: False, ())
    assert "without a share" in without[0]
    (folder / "jointly" / "N40W001.nc").unlink()
    with pytest.raises(InputError, match="what the joint fit rests on here is unknown"):
        list(joint_lines(folder, *WHERE, 0.4, lambda _: True, ()))
