"""`docs/reference/settings.md`: every setting of every method, section by section, from the models of the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from rssm.commands.document import about, inline
from rssm.commands.reference import MADE
from rssm.commands.reference.fields import table
from rssm.config.common import CommonRun
from rssm.config.load import models_in
from rssm.config.methods import METHODS, layered

HEAD = f"""# Settings

{MADE} A configuration names only what differs from these defaults. How to decide: [the manual](../../config/README.md). The same as a commented YAML file: `config/default.yaml`."""
COLUMNS = ("setting", "default", "meaning")


def settings_page() -> str:
    """The page."""
    lines = [HEAD]
    for name, model in METHODS.items():
        run = model.model_validate(layered({"method": name}, model))
        own = [field for field in model.model_fields if field not in CommonRun.model_fields]
        if len(lines) == 1:
            lines += ["", "## Of all methods", "", *_tables(run, CommonRun.model_fields)]
        lines += ["", f"## Of the method {name}", "", *_tables(run, own), "", f"### Profiles of {name}", ""]
        lines += ["What a profile changes of the defaults.", "", *_profiles(model)]
    return "\n".join(lines) + "\n"


def _tables(run: CommonRun, names: Iterable[str]) -> Iterator[str]:
    """A table of the settings that have no parts, then one for each of the others, under a heading."""
    fields = type(run).model_fields
    sections = {name: inner for name in names if (inner := next(models_in(fields[name].annotation), None))}
    yield from table(COLUMNS, (_row(name, fields[name], getattr(run, name)) for name in names if name not in sections))
    for name, inner in sections.items():
        yield from ("", f"### {name}", "", fields[name].description or "", "")
        value = getattr(run, name)
        yield from table(COLUMNS, _rows(inner, value, f"{name}."))


def _rows(model: type[BaseModel], value: BaseModel | None, before: str) -> Iterator[tuple[str, str, str]]:
    """The settings of a section, those of its parts behind them; `value` None: the section is left out by default."""
    for name, field in model.model_fields.items():
        given = getattr(value, name) if value is not None else field.get_default(call_default_factory=True)
        if isinstance(given, BaseModel):
            yield from _rows(type(given), given, f"{before}{name}.")
        else:
            yield _row(before + name, field, given)


def _row(name: str, field: Any, value: Any) -> tuple[str, str, str]:
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    shown = inline(plain) if not field.is_required() else "(must be given)"
    return f"`{name}`", f"`{shown}`", about(field)


def _profiles(model: type[CommonRun]) -> Iterator[str]:
    flat = {name: dict(_flat(settings, "")) for name, settings in model.profiles.items()}
    places = dict.fromkeys(place for settings in flat.values() for place in settings)
    rows = ((f"`{place}`", *(_shown(flat[name], place) for name in flat)) for place in places)
    return table(("setting", *flat), rows)


def _shown(settings: Mapping[str, Any], place: str) -> str:
    return f"`{inline(settings[place])}`" if place in settings else "as default"


def _flat(settings: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    """Place → value of nested settings."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value
