"""The command line: one verb per rule of the workflow, and verbs for people.

A verb imports what it needs when it runs, because a job is a process. A user's mistake ends with one sentence and
exit code 2.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from inspect import signature
from typing import Any

from rssm import __version__
from rssm.commands import Parser
from rssm.commands.screen import painted
from rssm.errors import InputError
from rssm.verbs import COMMANDS, JOBS, VERBS, Verb


def run_job(verb: Verb, arguments: Sequence[str]) -> None:
    """Run a job: its function gets names, inputs and outputs as texts, its specification as what it declares."""
    from rssm.spec import parsed

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a job is one core; BLAS may round otherwise with more
    function = load(verb.function)
    specification = signature(function).parameters.get("spec")
    parser = Parser(prog=f"rssm {verb.name}", description=verb.about, epilog=_example(verb, specification is not None))
    for name in verb.names:
        parser.add_argument(name)
    for name in verb.inputs:
        parser.add_argument(f"--{name}", nargs="*", default=[], metavar="PATH")
    if specification is not None:
        kind = getattr(sys.modules[verb.module], str(specification.annotation), dict)
        parser.add_argument("--spec", type=lambda text: parsed(kind, text), required=True, help="settings, as JSON")
    parser.add_argument("--out", nargs="+", required=True, metavar="PATH")
    function(**vars(parser.parse_args(arguments)))


def _example(verb: Verb, specified: bool) -> str:
    """How its rule calls a job."""
    inputs = [f"--{name} PATH…" for name in verb.inputs]
    settings = ["--spec JSON"] if specified else []
    call = " ".join(["rssm", verb.name, *map(str.upper, verb.names), *inputs, *settings, "--out PATH…"])
    return f"example, as its rule calls it (snakemake -n -p prints whole calls): {call}"


def load(place: str) -> Callable[..., Any]:
    """The function named `module:function`."""
    module, function = place.split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def overview() -> str:
    lines = ["usage: rssm VERB …   (rssm VERB --help)"]
    lines += ["", "for people", *(f"  {command.name:<19}{command.about}" for command in COMMANDS)]
    lines += ["", "one job of the workflow", *(f"  {verb.name:<19}{verb.about}" for verb in JOBS)]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; 0 if all went well, 2 for a mistake in what was given."""
    name, *rest = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    commands = {command.name: command for command in COMMANDS}
    try:
        if name in VERBS:
            run_job(VERBS[name], rest)
        elif name in commands:
            return int(load(commands[name].function)(rest) or 0)
        elif name in ("-h", "--help"):
            print(overview())
        elif name == "--version":
            print(__version__)
        else:
            near = get_close_matches(name, [*VERBS, *commands], 1)
            hint = f"Did you mean {near[0]}?" if near else "`rssm --help` shows all verbs."
            raise InputError(f"rssm: no verb {name!r}. {hint}")
    except InputError as error:
        print(painted(str(error), "red", sys.stderr), file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: say nothing more
    return 0


if __name__ == "__main__":
    sys.exit(main())
