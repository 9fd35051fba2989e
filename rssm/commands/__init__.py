"""Commands for people: checking, planning, looking. All take a configuration alike, and answer mistakes alike."""

from __future__ import annotations

import re
from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from difflib import get_close_matches
from typing import NoReturn

from rssm.errors import InputError
from rssm.verbs import COMMANDS

DEMO = "config/config.yaml"


class Parser(ArgumentParser):
    """A parser that answers a mistake with one sentence, and a mistyped option with the nearest one."""

    def error(self, message: str) -> NoReturn:
        typed = message.partition("unrecognized arguments:")[2].split()
        known = [name for action in self._actions if action.help != SUPPRESS for name in action.option_strings]
        near = [match for word in typed if word[:1] == "-" for match in get_close_matches(word.split("=")[0], known, 1)]
        hint = f"Did you mean {near[0]}?" if near else f"`{self.prog} --help` shows what it takes."
        raise InputError(f"{self.prog}: {re.sub(r'[.]$', '', message)}. {hint}")


def parser_of(name: str, more: str = "") -> Parser:
    """Parser of a command, described by its entry of the table of verbs; `more` follows the example in its help."""
    command = next(command for command in COMMANDS if command.name == name)
    example = f"example:\n  {command.example}" + (f"\n\n  {more}" if more else "")
    parser = Parser(
        prog=f"rssm {name}", description=command.about, epilog=example, formatter_class=RawDescriptionHelpFormatter
    )
    if command.answer:
        parser.add_argument("--json", action="store_true", help="the same as JSON (docs/verbs.md says what is in it)")
    return parser


def takes_config(parser: Parser) -> None:
    """Let a verb take a configuration as all do: as its last argument, or as `--config FILE`."""
    parser.add_argument("file", nargs="?", metavar="FILE", help=f"configuration (default: {DEMO}); or --config FILE")
    parser.add_argument("--config", metavar="FILE", help=SUPPRESS)


def config_file(given: Namespace) -> str:
    """The configuration that was named, in either way."""
    if given.file and given.config:
        raise InputError(f"two configurations are named, {given.file} and {given.config}. Give one.")
    return given.file or given.config or DEMO
