"""Whether the files of a toy archive are still those that were written: one that was replaced re-runs what rests on it.

While they are, jobs are given `toy`, for they are planned before the archive is there; else they are given a digest as of a
real archive.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rssm.archive.listing import Found, digest

AS_WRITTEN = "toy"


def toy_digest(root: str | Path, files: Sequence[Found], own: Sequence[str], shared: Sequence[str]) -> str:
    """`toy`, or a digest of the files of a product-year.

    own     manifests of its years
    shared  those and the ones of other products that are cut out of the same files, so that the last may have written them
    """
    if not all(Path(path).is_file() for path in own):
        return AS_WRITTEN  # they will be
    listed = [file for path in own for file in json.loads(Path(path).read_text(encoding="utf-8"))["files"]]
    written = {str(Path(root, file["name"])): file["size"] for file in listed}
    last = max(path.stat().st_mtime_ns for path in map(Path, shared) if path.is_file())
    found = {str(file.path): file.size for file in files}
    same = found.keys() <= written.keys() and all(written[path] == size for path, size in found.items())
    gone = any(not Path(path).is_file() for path in written.keys() - found.keys())
    changed = any(file.mtime_ns > last for file in files)
    return AS_WRITTEN if same and not gone and not changed else digest(list(files))
