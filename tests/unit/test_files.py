"""Outputs appear whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rssm.errors import InputError
from rssm.files import Kind, atomic, left_behind


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


def killed(target: Path) -> Path:
    """What a process leaves that is killed while it writes."""
    code = "import os, sys; from rssm.files import atomic\nwith atomic(sys.argv[1]) as part: part.write_text('half'); os.kill(os.getpid(), 9)"
    done = subprocess.run([sys.executable, "-c", code, str(target)], check=False)
    assert done.returncode == -signal.SIGKILL
    ((name, left),) = left_behind(target.parent)
    assert name == target.name and left.name.endswith(f".part{target.suffix}")
    return left


def test_what_a_killed_job_left_goes_when_the_same_output_is_written(tmp_path):
    left = killed(tmp_path / "2015.json")
    cube = tmp_path / f".maps.{left.name.split('.')[2]}.part.zarr"
    (cube / "inner").mkdir(parents=True)
    code = "import sys; from rssm.files import atomic\nwith atomic(sys.argv[1]) as part: part.write_text('whole')"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "2016.json")], check=True)
    assert left.exists() and cube.exists()  # another output's
    for output in ("2015.json", "maps.zarr"):
        subprocess.run([sys.executable, "-c", code, str(tmp_path / output)], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2015.json", "2016.json", "maps.zarr"]


def test_what_a_living_job_writes_is_left_alone(tmp_path):
    living = tmp_path / f".a.{os.getppid()}.part.json"
    living.write_text("being written")
    with atomic(tmp_path / "a.json") as beside:
        beside.write_text("whole")
    assert living.exists() and left_behind(tmp_path) == []


WRITERS = {
    "text": "with atomic(path) as part: part.write_text('x' * 9000)",
    "netcdf": """
        with Kind("k").created(path) as file:
            file.createDimension("x", 9000)
            file.createVariable("v", "f8", ("x",))[:] = np.random.default_rng(0).random(9000)""",
    "map": "write_map(path, layers, GRID, window, {'label': '2015D01'})",
    "year": "write_maps(path, ((name, layers, {}) for name in ('2015D01', '2015D02')), 2, GRID, window, {})",
    "cog": """
        with geotiff(path, driver="COG", dtype="float32", count=1, height=90, width=90) as file:
            file.write(np.random.default_rng(0).random((90, 90), np.float32), 1)""",
    "zarr": """
        with atomic(path) as part:
            group = zarr.open_group(str(part), mode="w", zarr_format=2)
            array = group.create_array("v", shape=(9000,), chunks=(3000,), dtype="f8", compressors=None)
            array[...] = np.random.default_rng(0).random(9000)""",
}
WRITE = """
import resource, sys
import numpy as np, zarr
from rssm.errors import InputError
from rssm.files import Kind, atomic
from rssm.grid import GRID, Region
from rssm.maps import geotiff, write_map, write_maps
path, most = sys.argv[1], int(sys.argv[2])
window = GRID.window(Region(40, 41, 0, 2))
layers = {name: np.random.default_rng(0).random(window.shape, np.float32) for name in ("value", "error")}
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    BODY
except InputError as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize(
    "most", [1, 1000, 2000]
)  # bytes of a file: more than some have when only their end is not written
@pytest.mark.parametrize("writer", WRITERS)
def test_an_output_for_which_there_is_no_room_is_one_sentence_and_leaves_nothing(tmp_path, writer, most):
    folder = tmp_path / "maps"
    code = WRITE.replace("BODY", WRITERS[writer].strip().replace("\n    ", "\n"))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(folder / "a.tif"), str(most)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("_tiff")]  # written by GDAL's own library
    assert len(said) == 1 and said[0].startswith(
        f"{folder}: no room for a.tif (file too large): it needs more than "
    ), done.stderr
    assert done.returncode == 1 and list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "results").write_text("a file")
    with (
        pytest.raises(
            InputError, match=r"results/maps: a\.json cannot be written \(not a directory\)\. A run needs a folder"
        ),
        atomic(tmp_path / "results/maps/a.json"),
    ):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_one_sentence(tmp_path):
    tmp_path.chmod(0o500)
    for output in (tmp_path / "a.json", tmp_path / "new/a.json"):
        with (
            pytest.raises(InputError, match=r"a\.json cannot be written \(permission denied\)"),
            atomic(output) as beside,
        ):
            beside.write_text("x")
