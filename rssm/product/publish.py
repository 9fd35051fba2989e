"""The last job: guide, table of files and periods, STAC, styles, checksums, citations and the record of the edition."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from os.path import relpath
from pathlib import Path
from typing import Any

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.files import atomic
from rssm.grid import Window
from rssm.ingest.index import checksum, read_index
from rssm.product import coverage
from rssm.product.attributes import REFERENCES
from rssm.product.cog import period_table
from rssm.product.netcdf import YearReader
from rssm.product.provenance import citations
from rssm.product.release import digest_of, edition_id, read_taken, write_release
from rssm.product.skill import read_skill
from rssm.product.stac import collection, item
from rssm.product.styles import styles

TABLE, COVERAGE, SUMS, CITE, README = "files.csv", "coverage.tsv", "SHA256SUMS.txt", "CITATIONS.txt", "README.md"
MEDIA = {
    ".nc": "application/x-netcdf",
    ".zarr": "application/vnd+zarr",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".png": "image/png",
}
RUN = 3  # folders from the data set's up to that of the run: results/rsssm/product


def publish(
    years: Sequence[str],
    files: Sequence[str],
    skill: Sequence[str],
    usual: Sequence[str],
    ranges: Sequence[str],
    calibration: Sequence[str],
    extends: Sequence[str],
    guide: Sequence[str],
    spec: dict[str, Any],
    out: Sequence[str],
) -> None:
    """Describe a finished edition, in the folder that holds its files.

    years    indices of all years
    files    everything else that was made: derived files, pictures, folders of Zarr cubes
    skill, usual, ranges, calibration   tables that an extension must keep
    extends  what was taken over of the edition that this one extends, or nothing
    guide    for users of the data
    spec     method, about, release, formats, layers, fill, citations, config, settings
    out      release.json in the data set's folder, written last
    """
    folder = Path(out[0]).parent
    described = [json.loads(Path(path).read_text(encoding="utf-8")) for path in years]
    rows = [row for path in years for row in _rows(path, folder)]
    if not rows:
        raise InputError("publish: the indices of years list no files.")
    _write(folder / TABLE, period_table(rows))
    dekads = ((DEKADS.parse(label), entry) for path in years for label, entry in read_index(path).items())
    _write(folder / COVERAGE, coverage.table(dekads, spec["fill"]["radius"]))
    _write(folder / CITE, f"Method: {REFERENCES}\n{citations(spec['citations'])}\n")
    _write(folder / README, alone(Path(guide[0]).read_text(encoding="utf-8")))
    netcdf = {str(year["netcdf"]["file"]): str(year["netcdf"]["sha256"]) for year in described}
    if "stac" in spec["formats"]:
        window = Window(*described[0]["window"])
        _stac(folder, rows, window, [*(f"netcdf/{name}" for name in netcdf), *_inside(files, folder)], spec)
    sums = {row["file"]: row["sha256"] for row in rows} | {f"netcdf/{name}": digest for name, digest in netcdf.items()}
    own = [*map(Path, files), *(folder / name for name in (TABLE, COVERAGE, CITE, README))]
    own += [folder / "stac"] if "stac" in spec["formats"] else []
    own += _styled(folder, next(iter(netcdf))) if "geotiff" in spec["formats"] else []
    sums |= {relpath(path, folder): checksum(path) for path in _each(own)}
    _write(folder / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))
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


def alone(guide: str) -> str:
    """The guide as it stands beside the data: without pictures and links that only lead somewhere in the project."""
    without_pictures = re.sub(r"!\[[^]]*\]\([^)]*\)\n*", "", guide)
    return re.sub(r"\[([^]]+)\]\((?!https?:|#)[^)]*\)", r"\1", without_pictures)


def _rows(index: str, folder: Path) -> Iterator[dict[str, Any]]:
    """file, step, round, release, sha256 of a year's files."""
    for label, entry in read_index(index).items():
        file = relpath(Path(index).parent / entry["map"], folder)
        yield {"file": file, "step": DEKADS.parse(label), **{key: entry[key] for key in ("round", "release", "sha256")}}


def _stac(
    folder: Path, rows: Sequence[Mapping[str, Any]], window: Window, files: Sequence[str], spec: Mapping[str, Any]
) -> None:
    """Items, then the collection."""
    name = edition_id(spec["method"], spec["release"]["version"])
    for row in rows:
        made = item(name, row, window, spec["layers"]["packing"])
        _write(folder / "stac" / f"{made['id']}.json", _json(made))
    told = [*files, TABLE, COVERAGE]
    listed = [(str(Path(file).with_suffix("")), file, MEDIA[Path(file).suffix]) for file in told]
    whole = collection(name, spec["about"], window, [row["step"] for row in rows], listed)
    _write(folder / "stac" / "collection.json", _json(whole))


def _styled(folder: Path, netcdf: str) -> list[Path]:
    """Write the styles for QGIS; networks and rounds by the names that a yearly file gives them."""
    with YearReader(folder / "netcdf" / netcdf) as source:
        made = {folder / "qgis" / f"{layer}.qml": text for layer, text in styles(source.codes).items()}
    for path, text in made.items():
        _write(path, text)
    return list(made)


def _inside(files: Sequence[str], folder: Path) -> list[str]:
    return [relpath(path, folder) for path in files]


def _each(paths: Sequence[Path]) -> Iterator[Path]:
    """Files, and those inside folders."""
    for path in paths:
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    with atomic(path) as beside:
        beside.write_text(text, encoding="utf-8")
