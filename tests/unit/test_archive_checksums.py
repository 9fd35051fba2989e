"""Agencies' checksums: lists in every common form are found and read, and a file that differs is refused."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from test_archive_decode import product

from rssm.archive import checksums
from rssm.archive.checksums import differs, digests_of, listed_checksums
from rssm.archive.fields import Box
from rssm.archive.listing import list_files
from rssm.archive.readers.dispatch import read
from rssm.config.ingest import Inputs
from rssm.errors import InputError
from rssm.grid import GRID, Region
from rssm.ingest.composite import composites
from rssm.ingest.native import native_files

MD5, SHA = hashlib.md5(b"content").hexdigest(), hashlib.sha256(b"content").hexdigest()


@pytest.mark.parametrize(
    "line",
    [
        f"{MD5}  x_20150401.nc",
        f"{MD5} *x_20150401.nc",
        f"{MD5}\t./x_20150401.nc",
        f"x_20150401.nc {MD5.upper()}",
        f"x_20150401.nc: {MD5}",
        f"MD5 (x_20150401.nc) = {MD5}",
        f"SHA256 (x_20150401.nc) = {SHA}",
        f"# list of the agency\n\n{SHA}  2015/x_20150401.nc\r\n{'0' * 64}  2016/x_20150401.nc",
    ],
)
def test_lists_are_read_in_their_common_forms(tmp_path: Path, line: str) -> None:
    file = tmp_path / "2015" / "x_20150401.nc"
    file.parent.mkdir()
    file.write_bytes(b"content")
    (tmp_path / "SUMS.txt").write_text(line + "\n", encoding="utf-8")
    (digest,) = digests_of(listed_checksums(tmp_path, ["SUMS.txt"]), str(file))
    assert digest in (MD5, SHA)
    status = file.stat()
    assert differs(str(file), status.st_size, status.st_mtime_ns, (digest,)) == ""
    assert digests_of(listed_checksums(tmp_path, ["*.txt"]), str(tmp_path / "y.nc")) == ()


@pytest.mark.parametrize("text", [MD5, f"{MD5}  x_20150401.nc", f"MD5 (x_20150401.nc) = {MD5}"])
def test_a_file_may_have_a_small_one_beside_it(tmp_path: Path, text: str) -> None:
    for year in ("2015", "2016"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "x_20150401.nc").write_bytes(b"content")
        (tmp_path / year / "x_20150401.nc.md5").write_text(text if year == "2015" else text.replace(MD5, "0" * 32))
    listed = listed_checksums(tmp_path, ["**/*.md5"])
    assert digests_of(listed, str(tmp_path / "2015" / "x_20150401.nc")) == (MD5,)
    assert digests_of(listed, str(tmp_path / "2016" / "x_20150401.nc")) == ("0" * 32,)


def test_what_is_asked_for_and_not_there_is_told(tmp_path: Path) -> None:
    for pattern in ("*.md5", "", "/etc/*", "../x"):
        with pytest.raises(InputError, match=r"inputs\.checksums: nothing below"):
            listed_checksums(tmp_path, [pattern])
    (tmp_path / "readme.md5").write_text("no digest here\n")
    with pytest.raises(InputError, match="holds no checksum"):
        listed_checksums(tmp_path, ["*.md5"])
    (tmp_path / "readme.md5").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        listed_checksums(tmp_path, ["*.md5"])


def test_a_file_that_differs_is_refused_before_it_is_read_and_hashed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x_20150401.nc").write_bytes(b"CDF\1 changed")
    (tmp_path / "SUMS").write_text(f"{MD5}  x_20150401.nc\n")
    entry, box = product(), Box(slice(0, 1), slice(0, 1))
    (found,) = list_files(tmp_path, entry, 2015, checksums=["SUMS"])
    assert found.digests == (MD5,) and found.start == date(2015, 4, 1)
    own = hashlib.md5(b"CDF\1 changed").hexdigest()
    with pytest.raises(InputError) as caught:
        read(entry, found, box)
    text = str(caught.value)
    assert text.startswith("X, 2015-04-01: x_20150401.nc has the md5 checksum " + own) and MD5 in text
    assert "\nExpected the file as its agency gave it. Download it again, or set inputs.on_bad_file: skip" in text
    monkeypatch.setattr(checksums.hashlib, "file_digest", lambda *_: 1 / 0)
    with pytest.raises(InputError, match="md5 checksum"):
        read(entry, found, box)
    (plain,) = list_files(tmp_path, entry, 2015)
    assert plain.digests == ()


def test_the_maps_job_reads_the_lists_that_its_inputs_name(tmp_path: Path) -> None:
    (tmp_path / "x_20150401.nc").write_bytes(b"CDF\1 changed")
    (tmp_path / "SUMS").write_text(f"{MD5}  x_20150401.nc\n")
    inputs = Inputs(root=str(tmp_path), checksums=("SUMS",), on_bad_file="skip")
    files = native_files(inputs.root, product(), "2015", inputs.checksums)
    ((_, _, record),) = composites(
        product(), files, [2015 * 36 + 9], region=Region(30, 31, 0, 1), inputs=inputs, grid=GRID
    )
    (skipped,) = record["skipped"]
    assert skipped["file"] == "x_20150401.nc" and "md5 checksum" in skipped["reason"]
