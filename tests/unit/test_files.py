"""Outputs appear whole or not at all."""

from __future__ import annotations

import pytest

from rssm.errors import InputError
from rssm.files import Kind, atomic


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


def test_a_file_of_another_kind_or_layout_is_refused_by_name(tmp_path):
    path = tmp_path / "a.nc"
    with Kind("cubes", 2).created(path):
        pass
    with Kind("cubes", 2).opened(path) as file:
        assert (file.kind, file.layout) == ("cubes", 2)
    for other in (Kind("cubes", 3), Kind("estimates", 2)):
        with (
            pytest.raises(InputError, match=rf"a\.nc: holds cubes of layout 2; expected {other.name}"),
            other.opened(path),
        ):
            pass
    path.write_bytes(b"text")
    with pytest.raises(InputError, match=r"a\.nc: cannot be read as cubes"), Kind("cubes").opened(path):
        pass
