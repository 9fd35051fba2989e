"""Settings and scores of two runs: what differs, key by key."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from rssm.commands.answers import Answer
from rssm.config.load import read_config
from rssm.errors import InputError
from rssm.product.records.release import read_release

OF_VALIDATION = ("overall", "temporal", "spatial")
NAMES = ("world", "seed", "period", "method")  # columns of a toy run's skill that are no scores
RECORDED = ("method", "version", "toy", "calendar", "first", "last")  # of an edition, beside its settings
ABSENT = None


class Setting(Answer):
    """A setting that differs."""

    key: str = Field(description="Its place, such as training.hidden.")
    a: Any = Field(description="Its value in A; null where there is none.")
    b: Any = Field(description="Its value in B.")


class Score(Answer):
    """A score that differs."""

    table: str = Field(description="Where it stands: overall, temporal or spatial (validation), skill (a toy's truth).")
    of: str = Field(description="What is scored, against what.")
    metric: str = Field(description="Which score.")
    a: float | None = Field(description="In A; null where there is none.")
    b: float | None = Field(description="In B.")


def settings_of(edition: Path) -> dict[str, Any]:
    """Settings of a finished edition, by its record."""
    record = read_release(edition / "release.json")
    return {**{name: record.get(name) for name in RECORDED}, **record["settings"]}


def settings_in(file: Path) -> dict[str, Any]:
    """All settings of a configuration file, defaults too."""
    return read_config(file).model_dump(mode="json")


def differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Setting]:
    """Settings that differ, by key."""
    flat_a, flat_b = dict(_flat(a)), dict(_flat(b))
    keys = sorted(flat_a.keys() | flat_b.keys())
    pairs = [(key, flat_a.get(key, ABSENT), flat_b.get(key, ABSENT)) for key in keys]
    return [Setting(key=key, a=x, b=y) for key, x, y in pairs if x != y or (key in flat_a) != (key in flat_b)]


def _flat(value: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Keys with dots, and what stands there; rows of a table go by their first cell."""
    if isinstance(value, list) and value and all(isinstance(row, list) and row for row in value):
        value = {str(row[0]): row[1:] for row in value}
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{before}.{key}" if before else str(key))
    else:
        yield before, value


def scores_of(results: Path) -> dict[tuple[str, str, str], float | None]:
    """(table, what, metric) → score, of the tables that a run has."""
    found: dict[tuple[str, str, str], float | None] = {}
    for table in OF_VALIDATION:
        for row in _rows(results / "validation" / f"{table}.csv"):
            if row["source"] == "here":  # not what the article states
                what = f"{row['comparison']} {row['product']} {row['statistic']}"
                found[table, what, row["metric"]] = _number(row["value"])
    for row in _rows(results / "report" / "skill.csv"):
        what = " ".join(f"{name} {row[name]}" for name in NAMES)
        found |= {("skill", what, name): _number(text) for name, text in row.items() if name not in NAMES}
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(line for line in file if not line.startswith("#")))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}).") from None


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def scores_apart(a: Path, b: Path) -> tuple[int, list[Score]]:
    """Number of scores that both runs have, and those that differ or that one of them lacks."""
    of_a, of_b = scores_of(a), scores_of(b)
    keys = list(dict.fromkeys((*of_a, *of_b)))
    rows = [Score(table=t, of=w, metric=m, a=of_a.get((t, w, m)), b=of_b.get((t, w, m))) for t, w, m in keys]
    apart = [row for row, key in zip(rows, keys, strict=True) if row.a != row.b or (key in of_a) != (key in of_b)]
    return len(of_a.keys() & of_b.keys()), apart


def value_text(value: Any) -> str:
    """A setting for people."""
    return "–" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
