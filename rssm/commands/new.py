"""`rssm new FILE`: a configuration of one's own, from a few answers: region, period, archive, profile.

What flags do not say is asked, where there is a terminal; an answer that cannot be meant is asked for again.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Any

from rssm.calendar import CALENDARS, DEKADS, Calendar
from rssm.commands import parser_of
from rssm.commands.document import commented, files_of
from rssm.commands.extract import steps_of
from rssm.commands.inventory import needed
from rssm.config.common import CommonRun
from rssm.config.methods import DEFAULT, METHODS, method_of
from rssm.errors import InputError, suggestion
from rssm.files import atomic
from rssm.workflow.methods import scope_of
from rssm.workflow.presence import is_found, no_root
from rssm.workflow.rsssm.scope import RsssmScope
from rssm.workflow.scope import Scope

HEAD = """# Made by `rssm new`. Only what differs from the defaults is named; every other setting, its default and its
# meaning: {defaults}. How to choose: config/README.md.
"""
NAME = "rssm new"  # what mistakes name
FEW = 64  # zones with land: where networks are of zones, up to so many a zone is a job of its own, and all cores have work
SIDES = ("west", "south", "east", "north")
TOY_ROOTS = {DEFAULT: "results/toy/archive"}  # of other methods results/toy_METHOD/archive
DAYS_OF_TOY = {"somo": 11}  # of every dekad, where a method needs more than one


@dataclass(frozen=True)
class Question:
    """One answer that a configuration rests on: the flag that gives it, how it is asked for, and what makes settings of it.

    default  what an empty answer, or no flag, stands for; none: it must be given
    """

    flag: str
    text: str
    settings: Callable[[str], dict[str, Any]]
    default: str | None = None


def _box(text: str) -> dict[str, Any]:
    try:
        box = dict(zip(SIDES, map(float, text.replace(",", " ").split()), strict=True))
        return {"region": {side: int(edge) if edge == int(edge) else edge for side, edge in box.items()}}
    except (ValueError, OverflowError):
        raise InputError(f"region: {text!r} is not four numbers W S E N, in degrees, such as: -10 36 4 44") from None


def _period(text: str, calendar: Calendar = DEKADS) -> dict[str, Any]:
    parts = text.split()
    if len(parts) not in (1, 2):
        raise InputError(f"period: {text!r} is not a first and a last dekad, day, month or year, such as: 2010 2018D36")
    first, last = steps_of(parts[0], calendar)[0], steps_of(parts[-1], calendar)[1]
    return {"period": {"first": calendar.label(first), "last": calendar.label(last)}}


def _archive(text: str) -> dict[str, Any]:
    if Path(text).exists() and not Path(text).is_dir():
        raise InputError(f"inputs.root: {text}: is a file. Name the folder that holds the archives.")
    return {"inputs": {"root": text}}


def questions(model: type[CommonRun]) -> list[Question]:
    """What is asked of a run of a method."""
    period = model.model_fields["period"].default
    profiles, when = ", ".join(model.profiles), partial(_period, calendar=CALENDARS[period.calendar_id])

    def profile(text: str) -> dict[str, Any]:
        if text not in model.profiles:
            raise InputError(f"profile: there is no {text!r}. {suggestion(text, model.profiles)}")
        return {"profile": text}

    return [
        Question("bbox", "Region: west south east north, in degrees (-10 36 4 44)", _box),
        Question("period", "Period: first and last dekad, month or year", when, f"{period.first} {period.last}"),
        Question("archive", "Folder of your archives", _archive, model.model_fields["inputs"].default.root),
        Question("profile", f"Profile ({profiles})", profile, model.model_fields["profile"].default),
    ]


def answered(given: Namespace, model: type[CommonRun]) -> dict[str, Any]:
    """Settings from flags, and from questions where there is a terminal to ask in."""
    asks, settings = sys.stdin.isatty(), {} if given.method == DEFAULT else {"method": given.method}
    for question in questions(model):
        flag = getattr(given, question.flag)
        if question.flag == "archive" and given.toy:
            root = TOY_ROOTS.get(given.method, f"results/toy_{given.method}/archive")
            settings |= {"inputs": {"root": root}, "toy": {"days_per_dekad": DAYS_OF_TOY.get(given.method, 1)}}
        elif flag is not None:
            settings = _checked(settings | question.settings(" ".join(map(str, flag)) if type(flag) is list else flag))
        elif asks:
            settings = _asked(question, settings)
        elif question.default is None:
            raise InputError(
                f"rssm new: there is no terminal to ask in. Give --{question.flag}; `rssm new --help` shows how."
            )
    return settings


def _asked(question: Question, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings with the answer to a question, which is put again until it can be meant."""
    while True:
        hint = f" [{question.default}]" if question.default else ""
        try:
            text = input(f"{question.text}{hint}: ").strip() or question.default
        except (EOFError, KeyboardInterrupt):
            raise InputError("\nrssm new: no answer; nothing was written.") from None
        try:
            if text:
                return _checked(settings | question.settings(text))
        except InputError as error:
            print(error, file=sys.stderr)


def _asked_method() -> str:
    """The method: the usual one, unless there is a terminal to ask in."""
    if not sys.stdin.isatty():
        return DEFAULT
    question = Question("method", f"Method ({', '.join(METHODS)})", _method, DEFAULT)
    return str(_asked(question, {})["method"])


def _method(text: str) -> dict[str, Any]:
    method_of({"method": text}, NAME)
    return {"method": text}


def _checked(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings, if they can be meant: a region with land, a period that some product and a target lie in."""
    whole = scope_of({name: value for name, value in settings.items() if name != "period"}, name=NAME)
    if "period" in settings and isinstance(whole, RsssmScope):
        _check_period(whole, settings["period"]["first"], settings["period"]["last"])
    scope_of(settings, name=NAME)
    return settings


def _check_period(whole: RsssmScope, first: str, last: str) -> None:
    """Refuse a period outside of every product, or before the target from which all learn: one sentence for many of the plan."""
    steps, plan = DEKADS.span(first, last), whole.plan
    spans = {name: plan.sources[name].span for network in plan.networks for name in network.predictors}
    spans |= {name: plan.sources[name].span for name in plan.primaries}
    target = min(plan.primaries, key=lambda name: spans[name][0])
    earliest = min(spans, key=lambda name: spans[name][0])
    if steps and steps[-1] < spans[earliest][0]:
        begins = DEKADS.label(spans[earliest][0])
        raise InputError(
            f"period: {first} to {last} lies before every product; the first, {earliest}, begins with {begins}."
        )
    if steps and steps[-1] < spans[target][0]:
        begins = DEKADS.label(spans[target][0])
        raise InputError(
            f"period: {first} to {last} ends before {target} begins ({begins}), from which every network learns in the end. "
            f"Let it last until {begins} or later."
        )


def different(settings: dict[str, Any], model: type[CommonRun]) -> dict[str, Any]:
    """The settings that differ from the defaults, the region, which a reader looks for, and the method but for the usual one."""
    kept = {}
    for name, value in settings.items():
        default = model.model_fields[name].default
        plain = default.model_dump(mode="json") if hasattr(default, "model_dump") else default
        always = name in ("region", "method")  # without the method the file would configure another one
        if always or value != ({key: plain[key] for key in value} if isinstance(plain, dict) else plain):
            kept[name] = value
    return kept


def archive_text(scope: Scope) -> str:
    """Which products the archive's folder holds, by file names, and which it lacks."""
    if scope.run.toy:
        return "A toy Earth writes the archive first."
    wanted = [*needed(scope), *scope.porosity(needed(scope))]
    if missing := no_root(scope):
        return f"Careful: {missing} A run looks there for {len(wanted)} products."
    found = [name for name in wanted if is_found(scope, name, scope.years(name))]
    lacking = [name for name in wanted if name not in found]
    text = (
        f"In {scope.run.inputs.root}: files of {len(found)} of {len(wanted)} products ({', '.join(found) or 'none'})."
    )
    return f"{text} None of {', '.join(lacking)}." if lacking else text


def next_steps(file: str) -> str:
    """What to type next."""
    name = quote(file)
    rows = (
        (f"rssm check-config {name}", "all that is wrong with it, at once"),
        (f"rssm inventory {name}", "what of the archive is there"),
        (f"rssm estimate {name}", "jobs, disk and core-hours"),
        (f"rssm run {name}", "everything: data set, validation, analysis, report"),
    )
    wide = max(len(command) for command, _ in rows)
    return "\n".join(["Next:", *(f"  {command:<{wide}}  # {why}" for command, why in rows)])


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("new")
    parser.add_argument("file", help="configuration to write, for example my.yaml")
    parser.add_argument("--bbox", nargs=4, metavar=("W", "S", "E", "N"), help="region in degrees; W > E: across 180°")
    parser.add_argument("--period", nargs=2, metavar=("FIRST", "LAST"), help="dekads (2010D01), days, months or years")
    parser.add_argument("--archive", metavar="FOLDER", help="folder below which the archives lie")
    parser.add_argument("--toy", action="store_true", help="no archive: a toy Earth writes one first")
    parser.add_argument("--profile", help="set of defaults: paper (the article) or product (our best)")
    parser.add_argument("--method", choices=list(METHODS), help=f"method (default: {DEFAULT}; asked for in a terminal)")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    given = parser.parse_args(arguments)
    file = Path(given.file)
    if file.is_dir() or (file.exists() and not given.force):
        what = "is a folder" if file.is_dir() else "is there already; --force replaces it"
        raise InputError(f"{file}: {what}. Nothing was written.")
    given.method = given.method or _asked_method()
    model = method_of({"method": given.method}, NAME)
    settings = _checked(answered(given, model))
    zones = len(_zones(scope_of(settings)))
    if zones <= FEW and given.method == DEFAULT:
        settings["zones"] = {"tile_degrees": 1}
    head = HEAD.format(defaults=files_of(given.method)[0]).rstrip()
    text = "\n".join([head, *commented(different(settings, model), model)]) + "\n"
    with atomic(file) as beside:
        beside.write_text(text, encoding="utf-8")
    print(
        f"{file}: written; {zones} zone{'' if zones == 1 else 's'} of 1° hold land. {archive_text(scope_of(settings))}"
    )
    print(next_steps(given.file))
    return 0


def _zones(scope: Scope) -> list[Any]:
    """Zones of the region that hold land."""
    return [zone for tile in scope.tiles.values() for zone in scope.land_zones(tile)]
