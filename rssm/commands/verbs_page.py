"""The page of all verbs for people, `docs/verbs.md`, made from their table and the models of what they print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from rssm.verbs import COMMANDS, JOBS

HEAD = f"""# Verbs

Made by `rssm config`; do not edit. `rssm VERB --help` lists a verb's arguments.

A verb that reads a configuration takes it as its last argument or as `--config FILE`; without one, the demo's. A mistake is one sentence and exit code 2.
Colours are for terminals; `NO_COLOR` turns them off. `rssm completion bash` (zsh, fish) prints a script of completion, whose first line says where it goes. {len(JOBS)} more verbs are jobs of the workflow, one for each of its rules ([architecture](architecture.md)); `rssm --help` lists them.

| verb | what it does | example |
|---|---|---|"""
ANSWERS = """
## Answers as JSON

With `--json` a verb prints the numbers of its table, typed, and nothing else; the exit code is the same. What may be missing is null. `a[].b` is field b of every entry of a list a."""


def verbs_page() -> str:
    """The page."""
    rows = [f"| `{command.name}` | {command.about} | `{command.example}` |" for command in COMMANDS]
    answers = [line for command in COMMANDS if command.answer for line in _answer(command.name, command.answer)]
    return "\n".join([HEAD, *rows, ANSWERS, *answers]) + "\n"


def _answer(verb: str, place: str) -> Iterator[str]:
    """Section of a verb's answer."""
    module, model = place.split(":")
    schema = getattr(import_module(module), model).model_json_schema()
    yield from ("", f"### `rssm {verb} --json`", "", schema["description"], "")
    yield from ("| field | type | meaning |", "|---|---|---|")
    for name, kind, meaning in _fields(schema, schema.get("$defs", {}), ""):
        yield f"| `{name}` | {kind} | {meaning} |".replace("|  |", "| |")


def _fields(schema: Mapping[str, Any], models: Mapping[str, Any], before: str) -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of the fields of a model, those of its parts behind them."""
    for name, field in schema["properties"].items():
        kind, inner, mark = _kind(field, models)
        yield before + name + mark, kind, field.get("description", "")
        if inner:
            yield from _fields(inner, models, f"{before}{name}{mark}.")


def _kind(field: Mapping[str, Any], models: Mapping[str, Any]) -> tuple[str, Mapping[str, Any] | None, str]:
    """Type of a field for people, the model behind it, and `[]` where it is a list of such models."""
    if "$ref" in field:
        return "object", models[field["$ref"].rpartition("/")[2]], ""
    if "anyOf" in field:
        parts = [_kind(part, models) for part in field["anyOf"]]
        model, mark = next(((model, mark) for _, model, mark in parts if model), (None, ""))
        return " or ".join(kind for kind, _, _ in parts), model, mark
    if field.get("type") == "array":
        kind, inner, _ = _kind(field["items"], models)
        return f"list of {kind}" if kind != "any" else "list", inner, "[]" if inner else ""
    if field.get("type") == "object":
        values = field.get("additionalProperties", True)
        kind = _kind(values, models)[0] if isinstance(values, dict) and values else "any"
        return f"object of {kind}" if kind != "any" else "object", None, ""
    if "enum" in field:
        return " or ".join(f"`{value}`" for value in field["enum"]), None, ""
    return field.get("type", "any"), None, ""
