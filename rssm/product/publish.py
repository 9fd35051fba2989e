"""The last job: guide, table of files and periods, STAC, styles, checksums, citations and the record of the edition."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from os.path import relpath
from pathlib import Path
from typing import Any

from rssm.calendar import Calendar
from rssm.errors import InputError
from rssm.files import atomic, left_behind, remove
from rssm.ingest.index import checksum, read_index
from rssm.paths import Paths
from rssm.product.formats.cog import period_table
from rssm.product.formats.netcdf import YearReader
from rssm.product.formats.stac import collection, item
from rssm.product.formats.styles import styles
from rssm.product.records.frame import Frame
from rssm.product.records.release import digest_of, read_taken, write_release
from rssm.product.records.texts import METHOD, TOY, TOY_NOTE, acknowledgement
from rssm.product.specs import PublishSpec
from rssm.product.uncertainty.held_out import read_skill
from rssm.product.values import coverage

TABLE, COVERAGE, SUMS, CITE, README = "files.csv", "coverage.tsv", "SHA256SUMS.txt", "CITATIONS.txt", "README.md"
RUN = len(Path(Paths().product).parts)  # folders from the data set's up to that of the run


def publish(
    years: Sequence[str],
    files: Sequence[str],
    skill: Sequence[str],
    usual: Sequence[str],
    ranges: Sequence[str],
    calibration: Sequence[str],
    extends: Sequence[str],
    guide: Sequence[str],
    spec: PublishSpec,
    out: Sequence[str],
) -> None:
    """Describe a finished edition, in the folder that holds its files.

    years    indices of all years
    files    everything else that was made: derived files, pictures, folders of Zarr cubes
    skill, usual, ranges, calibration   tables that an extension must keep
    extends  what was taken over of the edition that this one extends, or nothing
    guide    for users of the data
    out      release.json in the data set's folder, written last
    """
    folder, frame = Path(out[0]).parent, spec.frame
    for inside in [folder, *(path for path in folder.iterdir() if path.is_dir())]:
        for _, left in left_behind(inside):  # of jobs that were killed and are no longer part of the run
            remove(left)
    calendar = frame.calendar
    described = [json.loads(Path(path).read_text(encoding="utf-8")) for path in years]
    rows = [row for path, about in zip(years, described, strict=True) for row in _rows(path, about, folder, calendar)]
    if not rows:
        raise InputError("publish: the indices of years list no files.")
    _check_values(described)
    _write(folder / TABLE, period_table(rows, calendar))
    steps = ((calendar.parse(label), entry) for path in years for label, entry in read_index(path).items())
    _write(folder / COVERAGE, coverage.table(steps, spec.fill.radius, calendar))
    _write(folder / CITE, f"Method: {METHOD}\n{acknowledgement(spec.edition)}\n")
    toy = f"**{TOY}.** {TOY_NOTE}\n\n" if spec.edition.toy else ""
    _write(folder / README, toy + alone(Path(guide[0]).read_text(encoding="utf-8")))
    netcdf = [f"netcdf/{year['netcdf']['file']}" for year in described]
    sums = {row["file"]: row["sha256"] for row in rows}
    sums |= dict(zip(netcdf, (year["netcdf"]["sha256"] for year in described), strict=True))
    own = [*map(Path, [*years, *files]), *(folder / name for name in (TABLE, COVERAGE, CITE, README))]
    own += _styled(folder / netcdf[0], folder) if "geotiff" in spec.formats else []
    sums |= _sums(own, folder)
    if "stac" in spec.formats:
        whole = [*netcdf, *(relpath(path, folder) for path in files), TABLE, COVERAGE]
        made = _stac(folder, rows, frame, {name: _digest(name, sums) for name in whole}, spec)
        sums |= _sums(made, folder)
    _write(folder / SUMS, _lines(sums))
    frozen = [*skill, *usual, *(path for path in files if Path(path).name.endswith("_climatology.nc"))]
    write_release(
        out[0],
        spec,
        [row["step"] for row in rows],
        networks={Path(path).stem: read_skill(path).files for path in skill},
        ranges=digest_of(ranges),
        calibration=checksum(calibration[0]) if calibration else None,
        tables={relpath(path, folder.parents[RUN - 1]): checksum(path) for path in frozen},
        files={SUMS: checksum(folder / SUMS)},
        extends=read_taken(extends),
    )


def _check_values(years: Sequence[Mapping[str, Any]]) -> None:
    """Refuse an edition in which no pixel was simulated at any step."""
    entries = [entry for year in years for entry in year["maps"].values()]
    if not any(entry["simulated"] for entry in entries):
        land = sum(entry["land"] for entry in entries)
        raise InputError(
            f"The data set has no value at all: none of {land} land pixels × steps was simulated or all are hidden by snow and"
            " ice. See report/land_share.tsv and report/archive.tsv for what the maps behind it hold."
        )


def alone(guide: str) -> str:
    """The guide as it stands beside the data: without pictures and links that only lead somewhere in the project."""
    without_pictures = re.sub(r"!\[[^]]*\]\([^)]*\)\n*", "", guide)
    return re.sub(r"\[([^]]+)\]\((?!https?:|#)[^)]*\)", r"\1", without_pictures)


def _rows(index: str, about: Mapping[str, Any], folder: Path, calendar: Calendar) -> Iterator[dict[str, Any]]:
    """file, step, round, release, sha256, configuration of a year's files."""
    configuration = about["provenance"]["configuration"]
    for label, entry in about["maps"].items():
        known = {key: entry[key] for key in ("round", "release", "sha256")} | {"configuration": configuration}
        yield {"file": relpath(Path(index).parent / entry["map"], folder), "step": calendar.parse(label), **known}


def _stac(
    folder: Path, rows: Sequence[Mapping[str, Any]], frame: Frame, files: Mapping[str, str], spec: PublishSpec
) -> list[Path]:
    """Write items and the collection; `files` as `collection` takes them."""
    items = [item(spec.edition, row, frame, spec.layers.packing) for row in rows]
    made = {folder / "stac" / f"{found['id']}.json": found for found in items}
    made[folder / "stac" / "collection.json"] = collection(spec.edition, frame, [row["step"] for row in rows], files)
    for path, found in made.items():
        _write(path, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return list(made)


def _styled(netcdf: Path, folder: Path) -> list[Path]:
    """Write the styles for QGIS; networks and rounds by the names that a yearly file gives them."""
    with YearReader(netcdf) as source:
        made = {folder / "qgis" / f"{layer}.qml": text for layer, text in styles(source.codes).items()}
    for path, text in made.items():
        _write(path, text)
    return list(made)


def _sums(paths: Sequence[Path], folder: Path) -> dict[str, str]:
    """Path from the data set's folder → checksum, of files and those inside folders."""
    each = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()]
    return {relpath(path, folder): checksum(path) for path in each}


def _lines(sums: Mapping[str, str]) -> str:
    """Lines that `sha256sum --check` reads."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))


def _digest(name: str, sums: Mapping[str, str]) -> str:
    """Checksum of a file; of a folder that of its lines among the checksums."""
    inside = _lines({path: digest for path, digest in sums.items() if path.startswith(f"{name}/")})
    return sums[name] if name in sums else hashlib.sha256(inside.encode()).hexdigest()


def _write(path: Path, text: str) -> None:
    with atomic(path) as beside:
        beside.write_text(text, encoding="utf-8")
