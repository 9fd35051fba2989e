"""Editions of the data set: a full reprocessing (CDR), and its extension with everything learnt frozen (ICDR).

`release.json` of a finished edition records what an extension must keep: settings, dekads, and digests of the network
files, ranges and tables. An extension lies in a folder of its own and reads those files where they are; the job
`take-over` checks them against the record before anything is simulated, and what it writes goes into every new file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rssm.calendar import CALENDARS, Calendar
from rssm.errors import InputError
from rssm.files import atomic
from rssm.ingest.index import checksum
from rssm.paths import Paths
from rssm.product.records.texts import licence, made_on, title
from rssm.product.specs import PublishSpec, TakeOverSpec, edition_id


@dataclass(frozen=True)
class Parent:
    """The finished edition that a run extends.

    paths   of the run that made it
    record  its release.json
    """

    paths: Paths
    record: dict[str, Any]

    @classmethod
    def at(cls, folder: str, own: Paths) -> Parent:
        """The edition of the run in a folder; `own` are the paths of the run that extends it."""
        if Path(folder).resolve() == Path.cwd():
            raise InputError(
                f"product.release.extends: {folder} is the folder of this run. An extension is made in a folder of its"
                " own: snakemake --directory FOLDER."
            )
        paths = replace(own, run=folder)
        record = read_release(paths.release)
        if record["extends"]:
            raise InputError(
                f"product.release.extends: the edition in {folder} is itself an extension of"
                f" {record['extends']['edition']}. Name the folder of that edition."
            )
        return cls(paths, record)

    @property
    def calendar(self) -> Calendar:
        return CALENDARS[self.record["calendar"]]

    @property
    def dekads(self) -> range:
        """Steps of the edition."""
        return self.calendar.span(self.record["first"], self.record["last"])

    @property
    def _named(self) -> str:
        return f"edition {self.record['version']} in {self.paths.run}"

    def later(self, period: range) -> range:
        """Steps up to the end of a period, by whole years, from the first year that the edition does not fill."""
        calendar, edition = self.calendar, self._named
        first, last = calendar.label(period[0]), calendar.label(period[-1])
        if period.start != self.dekads.start:
            raise InputError(
                f"period.first: {first}, but {edition} begins with {self.record['first']}. An extension keeps that."
            )
        if period.stop <= self.dekads.stop:
            raise InputError(f"period.last: {last} adds nothing to {edition}, which reaches {self.record['last']}.")
        return range(max(calendar.year(calendar.year_of(self.dekads.stop))[0], period.start), period.stop)

    def check_settings(self, settings: Mapping[str, Any]) -> None:
        """Refuse settings that decide values or what was learnt, where they are not the edition's."""
        kept = self.record["settings"]
        other = [name for name, value in settings.items() if _text(kept.get(name)) != _text(value)]
        if other:
            raise InputError(
                f"{', '.join(other)}: not as in {self._named}. An extension changes only period.last, inputs, keep,"
                " product.release and product.about; kind cdr computes everything again."
            )

    def check_files(self, paths: Iterable[str]) -> None:
        """Refuse to begin where files of the edition are not there."""
        gone = [path for path in paths if not Path(path).is_file()]
        if gone:
            others = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
            raise InputError(
                f"{gone[0]}{others}: not there, but an extension of edition {self.record['version']} needs its"
                f" networks, ranges and tables. Put the files of the run in {self.paths.run} back."
            )


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def release_kind(steps: Sequence[int], frozen_until: str | None, calendar: Calendar) -> str:
    """CDR, ICDR, or both where the frozen record ends within, with the step of that label."""
    frozen = calendar.parse(frozen_until) if frozen_until else None
    if frozen is None or not steps or steps[-1] <= frozen:
        return "CDR"
    return "ICDR" if steps[0] > frozen else f"CDR until {frozen_until}, then ICDR"


def write_release(path: str | Path, spec: PublishSpec, steps: Sequence[int], **digests: Any) -> None:
    """Write the record of an edition.

    steps    that it holds
    digests  networks (round → digest), ranges, calibration, tables (path in the run's folder → checksum),
             files (its list of checksums), extends (of `read_taken`)
    """
    text = {
        "method": spec.edition.method,
        "version": spec.edition.version,
        "title": title(spec.edition),
        "licence": licence(spec.edition),
        "toy": spec.edition.toy,
        "date": spec.edition.date or made_on(),
        "calendar": spec.calendar,
        "first": CALENDARS[spec.calendar].label(steps[0]),
        "last": CALENDARS[spec.calendar].label(steps[-1]),
        "configuration": spec.edition.config,
        "settings": spec.settings,
        **digests,
    }
    _write_json(path, text)


def _write_json(path: str | Path, record: Mapping[str, Any]) -> None:
    with atomic(path) as beside:
        beside.write_text(json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def read_release(path: str | Path) -> dict[str, Any]:
    """The record of an edition."""
    try:
        record: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        CALENDARS[record["calendar"]].span(record["first"], record["last"])
        for name in ("networks", "tables", "settings"):
            record[name].items()
        record["extends"], record["ranges"], record["calibration"]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise InputError(f"{path}: cannot be read as release.json of a finished edition ({error}).") from None
    return record


def digest_of(paths: Iterable[str]) -> str:
    """Digest of some files: their folders, names and checksums."""
    lines = sorted(f"{Path(path).parent.name}/{Path(path).name}={checksum(path)}" for path in paths)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def take_over(
    release: Sequence[str],
    networks: Sequence[str],
    ranges: Sequence[str],
    tables: Sequence[str],
    calibration: Sequence[str],
    spec: TakeOverSpec,
    out: Sequence[str],
) -> None:
    """Check every file of an edition that its extension rests on, and write what was found.

    networks  of the rounds that simulate later steps
    tables    skill, usual states by the step of the year, climatology
    """
    record = read_release(release[0])
    edition = f"edition {record['version']} ({release[0]})"
    run = Path(release[0].removesuffix(Paths(record["method"]).release))
    digests = {
        round_: digest_of([path for path in networks if Path(path).parent.name in names])
        for round_, names in spec.rounds.items()
    }
    found: dict[str, tuple[str | None, Any]] = {
        f"the networks of round {round_}": (digest, record["networks"].get(round_))
        for round_, digest in digests.items()
    }
    found["the ranges of the target"] = digest_of(ranges), record["ranges"]
    found["the table of calibration"] = (checksum(calibration[0]) if calibration else None), record["calibration"]
    for path in tables:
        found[path] = checksum(path), record["tables"].get(str(Path(path).relative_to(run)))
    for what, (digest, kept) in found.items():
        if digest != kept:
            raise InputError(
                f"{what}: not as published in {edition} (sha256 {_short(kept)} there, {_short(digest)} now). An"
                " extension rests on the same; put it back, or make a new edition with kind cdr."
            )
    text = {
        "edition": edition_id(record["method"], record["version"], record.get("toy", False)),
        "date": record["date"],
        "last": record["last"],
        "release": checksum(release[0]),
        "networks": digests,
    }
    _write_json(out[0], text)


def _short(digest: str | None) -> str:
    return f"{digest[:12]}…" if digest else "none"


def read_taken(paths: Sequence[str]) -> dict[str, Any] | None:
    """What `take-over` wrote: edition, date, last, release (sha256), networks; None for an edition of its own."""
    if not paths:
        return None
    taken: dict[str, Any] = json.loads(Path(paths[0]).read_text(encoding="utf-8"))
    return taken
