"""The last job: the table of files and periods, STAC, checksums, citations and the record of the edition."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from os.path import relpath
from pathlib import Path
from typing import Any

from rssm.calendar import DEKADS
from rssm.errors import InputError
from rssm.files import atomic
from rssm.grid import Window
from rssm.ingest.index import checksum, read_index
from rssm.product.attributes import REFERENCES
from rssm.product.cog import period_table
from rssm.product.provenance import citations
from rssm.product.release import write_release
from rssm.product.skill import read_skill
from rssm.product.stac import collection, item

TABLE, COVERAGE, SUMS, CITE = "files.csv", "coverage.csv", "SHA256SUMS.txt", "CITATIONS.txt"
COUNTS = ("period", "round", "land", "snow_ice", "no_value", "simulated")
MEDIA = {".nc": "application/x-netcdf", ".zarr": "application/vnd+zarr", ".csv": "text/csv", ".png": "image/png"}


def publish(
    years: Sequence[str],
    files: Sequence[str],
    skill: Sequence[str],
    ranges: Sequence[str],
    calibration: Sequence[str],
    spec: dict[str, Any],
    out: Sequence[str],
) -> None:
    """Describe a finished edition, in the folder that holds its files.

    years   indices of all years
    files   everything else that was made: derived files, pictures, folders of Zarr cubes
    skill, ranges, calibration   tables that an extension must keep
    spec    method, about, release, formats, layers, fill, citations, config
    out     release.json in the data set's folder, written last
    """
    folder = Path(out[0]).parent
    described = [json.loads(Path(path).read_text(encoding="utf-8")) for path in years]
    rows = [row for path in years for row in _rows(path, folder)]
    if not rows:
        raise InputError("publish: the indices of years list no files.")
    _write(folder / TABLE, period_table(rows))
    _write(folder / COVERAGE, coverage_table(years, spec["fill"]["radius"]))
    _write(folder / CITE, f"Method: {REFERENCES}\n{citations(spec['citations'])}\n")
    netcdf = {str(year["netcdf"]["file"]): str(year["netcdf"]["sha256"]) for year in described}
    if "stac" in spec["formats"]:
        window = Window(*described[0]["window"])
        _stac(folder, rows, window, [*(f"netcdf/{name}" for name in netcdf), *_inside(files, folder)], spec)
    sums = {row["file"]: row["sha256"] for row in rows} | {f"netcdf/{name}": digest for name, digest in netcdf.items()}
    stac = [folder / "stac"] if "stac" in spec["formats"] else []
    own = [*map(Path, files), *(folder / name for name in (TABLE, COVERAGE, CITE)), *stac]
    sums |= {relpath(path, folder): checksum(path) for path in _each(own)}
    _write(folder / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))
    networks = {Path(path).stem: read_skill(path).files for path in skill}
    write_release(out[0], spec, rows[-1]["step"], networks, calibration, ranges, folder / SUMS)


def _rows(index: str, folder: Path) -> Iterator[dict[str, Any]]:
    """file, step, round, release, sha256 of a year's files."""
    for label, entry in read_index(index).items():
        file = relpath(Path(index).parent / entry["map"], folder)
        yield {"file": file, "step": DEKADS.parse(label), **{key: entry[key] for key in ("round", "release", "sha256")}}


def coverage_table(years: Sequence[str], radius: int) -> str:
    """CSV text: of each dekad the land pixels with a simulated or a filled value, by distance, and those without one."""
    lines = [",".join([*COUNTS, "filled", *(f"filled_{ring}" for ring in range(1, radius + 1))])]
    for index in years:
        for label, entry in read_index(index).items():
            filled = [entry["filled"].get(str(ring), 0) for ring in range(1, radius + 1)]
            known = [label, entry["round"] or "", *(entry[name] for name in COUNTS[2:])]
            lines.append(",".join(map(str, [*known, sum(filled), *filled])))
    return "\n".join(lines) + "\n"


def _stac(
    folder: Path, rows: Sequence[Mapping[str, Any]], window: Window, files: Sequence[str], spec: Mapping[str, Any]
) -> None:
    """Items, then the collection."""
    name = f"{spec['method'].upper()}-v{spec['release']['version']}"
    for row in rows:
        made = item(name, row, window, spec["layers"]["packing"])
        _write(folder / "stac" / f"{made['id']}.json", _json(made))
    listed = [(Path(file).stem, file, MEDIA.get(Path(file).suffix, "application/octet-stream")) for file in files]
    steps = [row["step"] for row in rows]
    whole = collection(name, spec["about"], window, steps, [("periods", TABLE, MEDIA[".csv"]), *listed])
    _write(folder / "stac" / "collection.json", _json(whole))


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
