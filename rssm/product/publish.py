"""The last job: guide, table of files and periods, STAC, styles, checksums, citations and the record of the edition."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from os.path import relpath
from pathlib import Path

from rssm.calendar import Calendar
from rssm.files import atomic, left_behind, remove
from rssm.ingest.index import checksum
from rssm.layer import Layer
from rssm.paths import Paths
from rssm.product.contents import Contents
from rssm.product.formats.cog import period_table
from rssm.product.formats.stac import collection, item
from rssm.product.formats.styles import styles
from rssm.product.records.guide import guide_of
from rssm.product.records.release import digest_of, read_taken, write_release
from rssm.product.records.texts import TOY, TOY_NOTE, acknowledgement
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
    maps: Sequence[str] = (),
    learnt: Sequence[str] = (),
) -> None:
    """Describe a finished edition, in the folder that holds its files.

    years    indices of all years
    maps     indices of GeoTIFF files, where these are not the years' steps
    files    everything else that was made: derived files, pictures, folders of Zarr cubes
    skill, usual, ranges, calibration   tables that an extension must keep
    learnt   other files that it must keep: networks, and what their inputs are made with
    extends  what was taken over of the edition that this one extends, or nothing
    guide    for users of the data; none: one is made of the tables
    out      release.json in the data set's folder, written last
    """
    folder, calendar = Path(out[0]).parent, spec.frame.calendar
    for inside in [folder, *(path for path in folder.iterdir() if path.is_dir())]:
        for _, left in left_behind(inside):  # of jobs that were killed and are no longer part of the run
            remove(left)
    held = Contents.of(folder, years, maps, calendar)
    rows = held.rows
    held.check_values()
    _write(folder / TABLE, period_table(rows, held.calendar))
    _write(folder / COVERAGE, _coverage(held, spec, calendar))
    _write(folder / CITE, f"Method: {spec.edition.texts.reference}\n{acknowledgement(spec.edition)}\n")
    toy = f"**{TOY}.** {TOY_NOTE}\n\n" if spec.edition.toy else ""
    text = alone(Path(guide[0]).read_text(encoding="utf-8")) if guide else guide_of(spec)
    _write(folder / README, toy + text)
    sums = {row["file"]: row["sha256"] for row in rows} | held.netcdf
    indices = dict.fromkeys((*years, *maps))
    own = [*map(Path, [*indices, *files]), *(folder / name for name in (TABLE, COVERAGE, CITE, README))]
    layers = held.layers()
    own += _styled(layers, folder) if "geotiff" in spec.formats else []
    sums |= _sums(own, folder)
    if "stac" in spec.formats:
        whole = dict.fromkeys([*held.netcdf, *(relpath(path, folder) for path in files), TABLE, COVERAGE])
        made = _stac(held, layers, {name: _digest(name, sums) for name in whole}, spec)
        sums |= _sums(made, folder)
    _write(folder / SUMS, _lines(sums))
    frozen = [*skill, *usual, *learnt, *(path for path in files if Path(path).name.endswith("_climatology.nc"))]
    write_release(
        out[0],
        spec,
        held.steps,
        networks={Path(path).stem: read_skill(path).files for path in skill},
        ranges=digest_of(ranges),
        calibration=checksum(calibration[0]) if calibration else None,
        tables={relpath(path, folder.parents[RUN - 1]): checksum(path) for path in frozen},
        files={SUMS: checksum(folder / SUMS)},
        extends=read_taken(extends),
    )


def _coverage(held: Contents, spec: PublishSpec, calendar: Calendar) -> str:
    """The table of who has a value; where gaps are filled, from where."""
    if spec.fill:
        return coverage.table((step for listed in held.years for step in listed.steps), spec.fill.radius, calendar)
    return coverage.table_of_values(((listed.table, *step) for listed in held.years for step in listed.steps), calendar)


def alone(guide: str) -> str:
    """The guide as it stands beside the data: without pictures and links that only lead somewhere in the project."""
    without_pictures = re.sub(r"!\[[^]]*\]\([^)]*\)\n*", "", guide)
    return re.sub(r"\[([^]]+)\]\((?!https?:|#)[^)]*\)", r"\1", without_pictures)


def _stac(
    held: Contents, layers: Mapping[str, Sequence[Layer]], files: Mapping[str, str], spec: PublishSpec
) -> list[Path]:
    """Write items and the collection; `files` as `collection` takes them."""
    edition, packing, own = spec.edition, spec.layers.packing, replace(spec.frame, calendar=held.calendar)
    items = [
        item(edition, row, own, layers[listed.table], packing)
        for listed in held.maps
        for row in listed.rows(held.folder, len(held.tables) == 1)
    ]
    folder = held.folder / "stac"
    made = {folder / f"{found['id']}.json": found for found in items}
    names = [found["id"] for found in items]
    made[folder / "collection.json"] = collection(edition, spec.frame, held.steps, names, files)
    for path, found in made.items():
        _write(path, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return list(made)


def _styled(layers: Mapping[str, Sequence[Layer]], folder: Path) -> list[Path]:
    """Write the styles for QGIS, codes by the names that files give them."""
    found = {layer: text for own in layers.values() for layer, text in styles(own).items()}
    made = {folder / "qgis" / f"{layer}.qml": text for layer, text in found.items()}
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
