"""What the workflow asks for the joint fit: nothing without a share, and with one the cubes that are there anyway."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from rssm.commands.estimate import amounts
from rssm.config.fusion import Fusion
from rssm.config.load import read_yaml
from rssm.fusion.specs import FitSpec
from rssm.product.records.texts import estimate
from rssm.spec import parsed
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.fusion import Fusing
from rssm.workflow.rsssm.product import DataSet
from rssm.workflow.rsssm.rounds import Rounds

ROOT = Path(__file__).resolve().parents[2]
TILE = SimpleNamespace(tile="N39W003")


def demo(**changes: object) -> Fusing:
    config, _ = read_yaml(ROOT / "config/config.yaml")
    return Fusing(Rounds(scope_of({**config, **changes}, ROOT)))


def test_without_a_share_there_is_no_job_and_nothing_else_changes() -> None:
    without, with_ = demo(fusion={"joint": 0}), demo(fusion={"joint": 0.5})
    assert not without.fits_jointly and without.fitted(TILE) == without.fitted_tiles == []
    assert with_.fitted(TILE) == ["N39W003"] and with_.fitted_tiles == list(with_.scope.tiles)
    assert without.scope.cubes == with_.scope.cubes
    assert without.match_spec(TILE) == with_.match_spec(TILE)
    found = amounts(with_.scope)
    fit = found.pop("fit_joint")
    assert found == amounts(without.scope) and fit.jobs == len(with_.scope.tiles) and fit.seconds > 0


def test_a_share_needs_the_fused_estimate() -> None:
    assert not demo(fusion={"joint": 0.5}, product={"estimate": "chain"}).fits_jointly


def test_it_reads_products_target_and_factors_and_joins_sources_of_leaf_area_in_time() -> None:
    fusing = demo(fusion={"joint": 0.5})
    assert fusing.fit_cubes == [*fusing.cubes, *(name for name in fusing.scope.cubes if name.startswith("FACTORS"))]
    spec = parsed(FitSpec, fusing.fit_spec(TILE))
    assert spec.factors["LAI"] == ("LAI-VGT", "LAI-GLASS", "LAI-PROBAV")
    assert spec.factors["SAND"] == ("SAND",) and set(spec.factors) == set(fusing.scope.run.factors)
    assert spec.algorithms == fusing.matching().algorithms
    assert demo(fusion={"joint": 0.5}, factors=[]).fitting().factors == {}


def test_files_say_its_share() -> None:
    said = [estimate(DataSet(demo(fusion={"joint": share}).scope).edition) for share in (0, 0.5)]
    assert (
        "joint fit" not in said[0]
        and said[1] == f"{said[0]}; 50% of it is the joint fit of the target and all products"
    )


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_within_0_and_1(share: float) -> None:
    with pytest.raises(ValidationError):
        Fusion(joint=share)
