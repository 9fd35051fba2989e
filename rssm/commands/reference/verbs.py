"""The page of all verbs for people, `docs/verbs.md`, made from their table and the models of what they print."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from rssm.commands.reference import MADE
from rssm.commands.reference.fields import rows_of, table
from rssm.verbs import COMMANDS, JOBS

HEAD = f"""# Verbs

{MADE} `rssm VERB --help` lists a verb's arguments.

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
    rows = rows_of(schema, schema.get("$defs", {}))
    yield from table(("field", "type", "meaning"), ((f"`{row.name}`", row.kind, row.meaning) for row in rows))
