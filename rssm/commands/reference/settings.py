"""`docs/reference/settings.md`: every setting of every method, section by section, from the models of the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from rssm.commands.document import about, inline
from rssm.commands.reference import MADE
from rssm.commands.reference.fields import table
from rssm.config.common import CommonRun
from rssm.config.load import models_in
from rssm.config.methods import METHODS, layered

HEAD = f"""# Settings

{MADE} A configuration names only what differs from these defaults. How to decide: [the manual](../../config/README.md). The same as a commented YAML file: `config/default.yaml`."""
COLUMNS = ("setting", "default", "meaning")
Setting = tuple[str, str, str]


def settings_page() -> str:
    """The page: what all methods share with the defaults of the first, then of each what is its own, or has another default."""
    lines, shown = [HEAD], set[Setting]()
    for name, model in METHODS.items():
        sections = _sections(model.model_validate(layered({"method": name}, model)))
        if not shown:
            common = {section: rows for section, rows in sections.items() if section in ("", *CommonRun.model_fields)}
            common[""] = [row for row in sections[""] if row[0].strip("`") in CommonRun.model_fields]
            lines += ["", "## Of all methods", *_tables(common, model)]
            shown = {row for rows in common.values() for row in rows}
        own = {section: [row for row in rows if row not in shown] for section, rows in sections.items()}
        lines += ["", f"## Of the method {name}", *_tables(own, model), "", f"### Profiles of {name}", ""]
        lines += ["What a profile changes of the defaults.", "", *_profiles(model)]
    return "\n".join(lines) + "\n"


def _sections(run: CommonRun) -> dict[str, list[Setting]]:
    """Section → its settings; under '' those that have no parts."""
    sections: dict[str, list[Setting]] = {"": []}
    for name, field in type(run).model_fields.items():
        inner, value = next(models_in(field.annotation), None), getattr(run, name)
        if inner and (value is None or isinstance(value, BaseModel)):  # not a table or a list of them
            sections[name] = list(_rows(inner, value, f"{name}."))
        else:
            sections[""].append(_row(name, field, value))
    return sections


def _tables(sections: Mapping[str, list[Setting]], model: type[CommonRun]) -> Iterator[str]:
    """A table of each section that has rows, under its heading."""
    for section, rows in sections.items():
        if rows:
            about = ["", f"### {section}", "", model.model_fields[section].description or ""] if section else []
            yield from (*about, "", *table(COLUMNS, rows))


def _rows(model: type[BaseModel], value: BaseModel | None, before: str) -> Iterator[Setting]:
    """The settings of a section, those of its parts behind them; `value` None: the section is left out by default."""
    for name, field in model.model_fields.items():
        given = getattr(value, name) if value is not None else field.get_default(call_default_factory=True)
        if isinstance(given, BaseModel):
            yield from _rows(type(given), given, f"{before}{name}.")
        else:
            yield _row(before + name, field, given)


def _row(name: str, field: Any, value: Any) -> Setting:
    plain = TypeAdapter(Any).dump_python(value, mode="json")
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
