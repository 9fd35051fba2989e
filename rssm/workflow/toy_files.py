"""Whether the files of a toy archive are still those that were written: one that was replaced re-runs what rests on it.

While they are, jobs are given `toy`, for they are planned before the archive is there; else they are given a digest as of a
real archive.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from rssm.archive.listing import Found, digest
from rssm.config.validation import Stations
from rssm.validation.stations.inputs import files_of, station_digest, station_places

AS_WRITTEN = "toy"


def toy_digest(root: str | Path, files: Sequence[Found], own: Sequence[str], shared: Sequence[str]) -> str:
    """`toy`, or a digest of the files of a product-year.

    own     manifests of its years
    shared  those and the ones of other products that are cut out of the same files, so that the last may have written them
    """
    found = {str(file.path): (file.size, file.mtime_ns) for file in files}
    return AS_WRITTEN if are_as_written(root, found, own, shared) else digest(list(files))


def are_as_written(
    root: str | Path, found: Mapping[str, tuple[int, int]], own: Sequence[str], shared: Sequence[str]
) -> bool:
    """Whether files (path → size, time in ns) are those that the manifests `own` list, or will be; `shared` as above."""
    if not all(Path(path).is_file() for path in own):
        return True  # they will be
    listed = [file for path in own for file in json.loads(Path(path).read_text(encoding="utf-8"))["files"]]
    written = {str(Path(root, file["name"])): file["size"] for file in listed}
    last = max(path.stat().st_mtime_ns for path in map(Path, shared) if path.is_file())
    same = found.keys() <= written.keys() and all(written[path] == size for path, (size, _) in found.items())
    gone = any(not Path(path).is_file() for path in written.keys() - found.keys())
    return same and not gone and not any(time > last for _, time in found.values())


def digest_of_stations(root: str | Path, settings: Stations, manifests: Sequence[str]) -> str:
    """Digest of all files of stations; what a toy Earth wrote of them (`manifests`) counts as `toy`."""
    places = station_places(root, settings)
    if not manifests:
        return station_digest(places)
    own = Path(manifests[0]).parent
    status = {str(path): path.stat() for path in files_of(own) if str(path) not in manifests}
    found = {path: (file.st_size, file.st_mtime_ns) for path, file in status.items()}
    if not are_as_written(root, found, manifests, manifests):
        return station_digest(places)
    others = {kind: [place for place in named if Path(place) != own] for kind, named in places.items()}
    return f"{AS_WRITTEN} {station_digest(others)}" if any(others.values()) else AS_WRITTEN
