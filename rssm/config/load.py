"""Reading a configuration file, and telling everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from rssm.config.common import CommonRun
from rssm.config.methods import layered, method_of, over
from rssm.config.yaml_file import Place, dotted, read_yaml
from rssm.errors import InputError
from rssm.paths import RESULTS

CONFIGURATIONS = (".yaml", ".yml", ".json")  # what Snakemake reads as such


@dataclass(frozen=True)
class Settings:
    """What files say, before any model has judged it.

    name   what mistakes name
    lines  of its keys, where they come from one file
    folder where tables that it names are looked for first
    """

    data: dict[str, Any]
    name: str
    lines: dict[Place, int]
    folder: Path


def read_settings(files: Sequence[str | Path], given: Mapping[str, Any] | None = None) -> Settings:
    """The settings of one file or several, of which later ones lie over earlier; `given` lies over all of them."""
    here = Path.cwd()
    shown = [str(Path(file).relative_to(here)) if Path(file).is_relative_to(here) else str(file) for file in files]
    for file in shown[1:]:
        if Path(file).suffix not in CONFIGURATIONS or Path(file).parts[0] == RESULTS:
            raise InputError(
                f"{file}: is taken for a configuration, because it stands behind --configfile. "
                "Name targets before it: snakemake --cores N TARGET --configfile FILE."
            )
    data, lines = read_yaml(shown[0])
    for more in (*(read_yaml(file)[0] for file in shown[1:]), *([given] if given else [])):
        data, lines = over(data, more), {}
    return Settings(data, ", ".join(shown) + (" and --config" if given else ""), lines, Path(shown[0]).parent)


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


def _sentence(item: Any, model: type[BaseModel], name: str, lines: dict[Place, int]) -> str:
    """One mistake: file, line, place, what was found, what was expected, the nearest valid name."""
    message = item["msg"].removeprefix("Value error, ")
    place: Place = tuple(part for part in item["loc"])
    if not place and (about := message.partition(":")[0]).partition(".")[0] in model.model_fields:
        place = tuple(about.split("."))  # a mistake that only the whole file shows names its place itself
        message = message.removeprefix(f"{about}: ")
    where = _where(place, name, lines)
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


def in_sentences(mistakes: str, name: str, lines: dict[Place, int], model: type[BaseModel]) -> str:
    """Sentences that begin with a setting, `region: …`, with file and line before it; others as they are."""
    sentences = []
    for sentence in mistakes.splitlines():
        place: Place = tuple(sentence.partition(":")[0].split("."))
        known = place[0] in model.model_fields
        sentences.append(f"{_where(place, name, lines)} {sentence}" if known else sentence)
    return "\n".join(sentences)


def _where(place: Place, name: str, lines: dict[Place, int]) -> str:
    """File and line of a setting, or of the section around it."""
    while place and place not in lines:
        place = place[:-1]
    return f"{name}:" + (f" line {lines[place]}:" if place else "")


def field_names(model: type[BaseModel], place: Place) -> list[str]:
    """Names of the settings at a place of a model."""
    for part in place:
        field = model.model_fields.get(str(part))
        inner = next((t for t in models_in(field.annotation) if field), None) if field else None
        if inner is None:
            return []
        model = inner
    return sorted(model.model_fields)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Models of settings within a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from models_in(argument)
