"""Outputs appear whole or not at all."""

from __future__ import annotations

import pytest

from rssm.files import atomic


def test_a_file_appears_when_it_is_whole(tmp_path):
    target = tmp_path / "new" / "map.tif"
    with atomic(target) as beside:
        beside.write_text("whole")
        assert not target.exists()
        assert beside.suffix == ".tif"
    assert target.read_text() == "whole"
    assert [path.name for path in target.parent.iterdir()] == ["map.tif"]


def test_a_failure_leaves_the_old_file_and_nothing_half_written(tmp_path):
    target = tmp_path / "map.tif"
    target.write_text("old")
    with pytest.raises(RuntimeError), atomic(target) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["map.tif"]
