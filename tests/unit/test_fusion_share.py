"""The share of the joint fit in the fusion, by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from rssm.errors import InputError
from rssm.fusion.by_zone import by_zone
from rssm.fusion.fits import write_fits
from rssm.fusion.fused import fuse, fused
from rssm.fusion.model import Status
from rssm.fusion.specs import FuseSpec
from rssm.fusion.store import write_matched
from rssm.rounds.estimates import (
    FALLBACK,
    MATCHED_ONLY,
    NO_SKILL,
    read_estimates,
    write_estimates,
)
from rssm.spec import canonical, parsed
from tests.unit.made_fusion import FIRST, SPEC, estimates, joint_fit, products, two_rounds


def test_j_has_its_share_and_moves_all_chains_by_the_same() -> None:
    rng = np.random.default_rng(10)
    (e, c), j = rng.uniform(0.1, 0.4, (2, 2, 3, 144)), rng.uniform(0.1, 0.4, (3, 144))
    plain = fused(two_rounds(e), [products(c, FIRST)], SPEC).estimates
    whole = fused(two_rounds(e), [products(c, FIRST)], replace(SPEC, joint=0.4), fits=[joint_fit(j)]).estimates
    assert_allclose(whole.value[0], 0.6 * plain.value[0] + 0.4 * j, atol=1e-6)
    assert_allclose(whole.value[1] - whole.value[0], plain.value[1] - plain.value[0], atol=1e-6)
    for name in ("network", "flags", "merged"):
        assert_array_equal(getattr(whole, name), getattr(plain, name), err_msg=name)
    e[:, 0, 20], c[:, 0, 20] = np.nan, np.nan
    none = fused(two_rounds(e), [products(c, FIRST)], replace(SPEC, joint=0.0), fits=[joint_fit(j)]).estimates
    assert_array_equal(none.value, fused(two_rounds(e), [products(c, FIRST)], SPEC).estimates.value)


def test_where_f_is_missing_or_without_skill_j_speaks_alone_and_where_j_is_f() -> None:
    e, c, j = np.full((1, 144), 0.3), np.full((1, 144), 0.3), np.full((1, 144), 0.2)
    e[0, [10, 11, 12]], c[0, [10, 11, 20, 90]] = np.nan, np.nan
    looks = np.ones((1, 144))
    looks[0, [11, 30]], j[0, 31] = 0, np.nan
    rounds = two_rounds(e)
    rounds[0] = replace(rounds[0], flags=np.where(np.arange(72) == 18, rounds[0].flags | NO_SKILL, rounds[0].flags))
    found = fused(rounds, [products(c, FIRST)], replace(SPEC, joint=0.5), fits=[joint_fit(j, looks)]).estimates
    value, flags, network = found.value[0, 0], found.flags[0], found.network[0]
    assert_allclose(value[[10, 12, 20, 30, 31, 50, 90]], [0.2, 0.25, 0.25, 0.3, 0.3, 0.25, 0.2])
    assert np.isnan(value[11]) and flags[11] == 0 and network[11] == -1
    assert_array_equal(flags[[10, 12, 20, 30, 50, 90]], [MATCHED_ONLY, MATCHED_ONLY, FALLBACK, FALLBACK, FALLBACK, 8])
    assert_array_equal(network[[10, 12, 20, 90]], [2, 2, 1, 2])  # 20: of chain and J, without matched products


def test_a_joint_fit_of_another_zone_is_refused() -> None:
    e = np.full((1, 72), 0.2)
    spec = replace(SPEC, rounds=("1",), joint=0.5)
    with pytest.raises(InputError, match="Zone Z0: the joint fit is of Z7"):
        fused([estimates(e, FIRST)], [products(e, FIRST)], spec, fits=[joint_fit(e, zone="Z7")])


def test_the_jobs_pass_the_joint_fit_on_and_lay_it_on_a_map(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    (e, c), j = rng.uniform(0.1, 0.4, (2, 1, 4, 72)), rng.uniform(0.1, 0.4, (4, 72))
    spec, zones, start = replace(SPEC, rounds=("1",), joint=0.5), ("N40W001", "N40E000"), np.array([0, 2, 4], np.int32)
    round_ = replace(estimates(e, FIRST, zones=2), zones=zones)
    parts = [products(c[:, 2 * z : 2 * z + 2], FIRST, zone=zone) for z, zone in enumerate(zones)]
    fits = [joint_fit(j[2 * z : 2 * z + 2], zone=zone) for z, zone in enumerate(zones)]
    fits[1].joint.model.gain[:], fits[1].joint.model.status[:] = 0.7, Status.FEW
    paths = {name: str(tmp_path / f"{name}.nc") for name in ("round", "c", "j", "f", "learnt", "zones")}
    write_estimates(paths["round"], round_)
    write_matched(paths["c"], parts, start)
    write_fits(paths["j"], fits, start)
    given = [paths["round"]], [paths["c"]], [paths["j"]]
    fuse("tile", *given, [], parsed(FuseSpec, canonical(spec)), [paths["f"], paths["learnt"]])
    own = fused([round_], parts, spec, fits=fits).estimates
    assert_array_equal(read_estimates(paths["f"]).value, own.value)
    by_zone([paths["c"]], [paths["j"]], [paths["learnt"]], [paths["zones"]])
    with netCDF4.Dataset(paths["zones"]) as file:
        assert_allclose(file["joint_gain"][0, 0].filled(np.nan), [np.nan, 0.7])
        assert_array_equal(file["joint_status"][0, 0], [Status.ATTACHED, Status.FEW])
        assert len(file["joint_status"].flag_meanings.split()) == len(Status) == file["joint_status"].flag_values.size
    by_zone([paths["c"]], [], [paths["learnt"]], [paths["zones"]])
    with netCDF4.Dataset(paths["zones"]) as file:
        assert "joint_gain" not in file.variables and "gain" in file.variables
