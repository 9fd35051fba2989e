"""`rssm config`: the commented default configuration, its JSON schema and the page of verbs, all made from the code."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rssm.commands import parser_of
from rssm.commands.verbs_page import verbs_page
from rssm.config.common import CommonRun
from rssm.config.load import models_in
from rssm.config.methods import DEFAULT, METHODS, layered

VERBS = "docs/verbs.md"


def files_of(method: str) -> tuple[str, str]:
    """Where a method's defaults and its schema lie."""
    if method == DEFAULT:
        return "config/default.yaml", "workflow/schemas/config.schema.json"
    return f"config/{method}/default.yaml", f"workflow/schemas/{method}.schema.json"


def commented_defaults(method: str = DEFAULT) -> str:
    """Every setting of a method with its default, unit and meaning, as YAML."""
    model, (defaults, schema) = METHODS[method], files_of(method)
    up = "../" * defaults.count("/")
    head = [
        f"# yaml-language-server: $schema={up}{schema}",
        "# Every setting with its default (profile: product). Made by `rssm config`; do not edit.",
        "# A configuration file names only what differs from these and from its profile.",
        "",
    ]
    return "\n".join([*head, *_section(model, model.model_validate(layered({}, model)), 0)]).rstrip() + "\n"


def _section(model: type[BaseModel], values: BaseModel, depth: int) -> Iterator[str]:
    pad = "  " * depth
    for name, field in model.model_fields.items():
        value = getattr(values, name)
        for line in wrap(_about(field), 100):
            yield f"{pad}# {line}"
        if isinstance(value, BaseModel):
            yield f"{pad}{name}:"
            yield from _section(type(value), value, depth + 1)
        else:
            plain = values.model_dump(mode="json")[name]
            yield f"{pad}{name}: {_inline(plain)}"
        if depth == 0:
            yield ""


def commented(given: Mapping[str, Any], model: type[BaseModel], depth: int = 0) -> Iterator[str]:
    """Lines of YAML of some settings of a model, each under what it means; `given` holds what plain YAML does."""
    pad = "  " * depth
    for name, field in model.model_fields.items():
        if name not in given:
            continue
        if depth == 0:
            yield ""
        yield from (f"{pad}# {line}" for line in wrap(_about(field), 100 - len(pad)))
        inner = next(models_in(field.annotation), None)
        if inner and isinstance(given[name], Mapping):
            yield f"{pad}{name}:"
            yield from commented(given[name], inner, depth + 1)
        else:
            yield f"{pad}{name}: {_inline(given[name])}"


def _about(field: FieldInfo) -> str:
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    listed = f" One of {', '.join(map(str, choices))}." if len(choices) > 1 else ""
    return (field.description or "") + listed


def _inline(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6).replace("\n...", "").strip()


def schema_text(model: type[CommonRun] = METHODS[DEFAULT]) -> str:
    """JSON schema of a method's configuration, for editors."""
    schema = model.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Configuration of rssm"
    schema["$comment"] = f"Made by `rssm config`; profiles: {', '.join(model.profiles)}."
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def generated() -> dict[str, str]:
    """File → what it should hold."""
    made: dict[str, str] = {}
    for method, model in METHODS.items():
        defaults, schema = files_of(method)
        made |= {defaults: commented_defaults(method), schema: schema_text(model)}
    return made | {VERBS: verbs_page()}


def drift(root: Path) -> str:
    """Difference between these files and what the code gives; empty if none."""
    parts: list[str] = []
    for name, text in generated().items():
        held = (root / name).read_text() if (root / name).is_file() else ""
        parts += difflib.unified_diff(held.splitlines(), text.splitlines(), name, "the models", lineterm="")
    return "\n".join(parts)


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("config")
    parser.add_argument("--check", action="store_true", help="only check whether they differ from the models")
    given = parser.parse_args(arguments)
    if given.check:
        difference = drift(Path.cwd())
        if difference:
            print(f"{difference}\nThe files differ from the models. Run: rssm config", file=sys.stderr)
            return 2
        return 0
    for name, text in generated().items():
        Path(name).write_text(text)
        print(f"wrote {name}")
    return 0
