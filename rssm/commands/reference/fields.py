"""Fields of models as rows of tables, from their JSON schema: name, type, meaning, default."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A field. `default`: its default as JSON, empty where it must be given or has parts of its own."""

    name: str
    kind: str
    meaning: str
    default: str = ""


def rows_of(schema: Schema, models: Mapping[str, Schema], before: str = "") -> Iterator[Row]:
    """Rows of the fields of a model, those of its parts behind them; `models`: the schema's own definitions."""
    for name, field in schema["properties"].items():
        kind, inner, mark = _kind(field, models)
        default = json.dumps(field["default"], ensure_ascii=False) if "default" in field and not inner else ""
        yield Row(before + name + mark, kind, field.get("description", ""), default)
        if inner and inner is not schema:
            yield from rows_of(inner, models, f"{before}{name}{mark}.")


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Lines of a table in Markdown."""
    heads = list(heads)
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |".replace("|  |", "| |").replace("|  |", "| |")


def _cell(text: str) -> str:
    """A text that ends no cell, and outside of code begins no tag."""
    parts = text.replace("|", "\\|").split("`")
    return "`".join(part.replace("<", "\\<") if k % 2 == 0 else part for k, part in enumerate(parts))


def _kind(field: Schema, models: Mapping[str, Schema]) -> tuple[str, Schema | None, str]:
    """Type of a field for people, the model behind it, and `[]` where it is a list of such models."""
    if "$ref" in field:
        return "object", models[field["$ref"].rpartition("/")[2]], ""
    if "anyOf" in field:
        parts = [_kind(part, models) for part in field["anyOf"]]
        model, mark = next(((model, mark) for _, model, mark in parts if model), (None, ""))
        return " or ".join(dict.fromkeys(kind for kind, _, _ in parts)), model, mark
    if field.get("type") == "array":
        if "items" not in field:
            kinds = [_kind(part, models)[0] for part in field.get("prefixItems", ())]
            return f"list of {', '.join(kinds)}" if kinds else "list", None, ""
        kind, inner, _ = _kind(field["items"], models)
        return f"list of {kind}" if kind != "any" else "list", inner, "[]" if inner else ""
    if field.get("type") == "object":
        values = field.get("additionalProperties", True)
        kind = _kind(values, models)[0] if isinstance(values, dict) and values else "any"
        return f"object of {kind}" if kind != "any" else "object", None, ""
    if "const" in field:
        return f"`{field['const']}`", None, ""
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"]), None, ""
    return field.get("type", "any"), None, ""
