"""Commands for people: checking, planning, looking."""

from __future__ import annotations

from argparse import ArgumentParser

from rssm.verbs import COMMANDS


def parser_of(name: str, more: str = "") -> ArgumentParser:
    """Parser of a command, described by its line of the overview; `more` follows the arguments in the help."""
    about = next(command.about for command in COMMANDS if command.name == name)
    return ArgumentParser(prog=f"rssm {name}", description=about, epilog=more)
