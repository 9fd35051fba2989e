"""Reading a configuration file, and telling everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from rssm.config.common import CommonRun
from rssm.config.methods import layered, method_of
from rssm.errors import InputError

Place = tuple[str | int, ...]


def read_config(path: str | Path) -> CommonRun:
    """The run that a YAML file describes; an InputError lists every mistake in it."""
    data, lines = read_yaml(path)
    return validated(data, str(path), lines)


def validated(data: dict[str, Any], name: str, lines: dict[Place, int] | None = None) -> CommonRun:
    """The run of a mapping that was read from `name`, by the model of its method."""
    model = method_of(data, name)
    try:
        return model.model_validate(layered(data, model))
    except ValidationError as error:
        messages = [_sentence(item, model, name, lines or {}) for item in error.errors()]
        raise InputError("\n".join(messages)) from None


def read_yaml(path: str | Path) -> tuple[dict[str, Any], dict[Place, int]]:
    """A YAML mapping, and the line of each of its keys."""
    file = Path(path)
    if not file.is_file():
        raise InputError(f"{path}: no such file.")
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), yaml.SafeLoader)
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}:" if mark else ""
        raise InputError(f"{path}:{where} is not YAML: {getattr(error, 'problem', error)}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not a text file.") from None
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise InputError(f"{path}: expected settings written as `name: value`, found {type(data).__name__}.")
    lines: dict[Place, int] = {}
    doubles = [f"{path}: line {line}: {place} is set twice." for place, line in _walk(node, (), lines)]
    if doubles:
        raise InputError("\n".join(doubles))
    return data, lines


def _walk(node: Any, place: Place, lines: dict[Place, int]) -> Iterator[tuple[str, int]]:
    """Fill `lines`; yield keys that stand twice in one mapping."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, key.value)
            if inner in lines:
                yield dotted(inner), key.start_mark.line + 1
            lines[inner] = key.start_mark.line + 1
            yield from _walk(value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            lines[(*place, i)] = value.start_mark.line + 1
            yield from _walk(value, (*place, i), lines)


def _sentence(item: Any, model: type[BaseModel], name: str, lines: dict[Place, int]) -> str:
    """One mistake: file, line, place, what was found, what was expected, the nearest valid name."""
    message = item["msg"].removeprefix("Value error, ")
    place: Place = tuple(part for part in item["loc"])
    if not place and (about := message.partition(":")[0]).partition(".")[0] in model.model_fields:
        place = tuple(about.split("."))  # a mistake that only the whole file shows names its place itself
        message = message.removeprefix(f"{about}: ")
    known = place
    while known and known not in lines:
        known = known[:-1]
    where = f"{name}:" + (f" line {lines[known]}:" if known else "")
    if item["type"] == "extra_forbidden":
        siblings = field_names(model, place[:-1])
        near = get_close_matches(str(place[-1]), siblings, 1)
        hint = f" Did you mean {dotted((*place[:-1], near[0]))}?" if near else f" Known here: {', '.join(siblings)}."
        return f"{where} {dotted(place)}: unknown key.{hint}"
    found = (
        ""
        if isinstance(item["input"], dict | BaseModel) or item["type"] == "missing"
        else f" (found {item['input']!r})"
    )
    hint = ""
    if item["type"] == "literal_error":
        options = [option.strip("' ") for option in item["ctx"]["expected"].replace(" or ", ",").split(",")]
        near = get_close_matches(str(item["input"]), options, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
    return f"{where} {dotted(place) or 'the file'}: {message[:1].lower()}{message[1:].rstrip('.')}{found}.{hint}"


def dotted(place: Place) -> str:
    return ".".join(map(str, place))


def field_names(model: type[BaseModel], place: Place) -> list[str]:
    """Names of the settings at a place of a model."""
    for part in place:
        field = model.model_fields.get(str(part))
        inner = next((t for t in _models(field.annotation) if field), None) if field else None
        if inner is None:
            return []
        model = inner
    return sorted(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models(argument)
