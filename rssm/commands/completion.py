"""`rssm completion SHELL`: a script that completes verbs, options, products and files, made from the verbs' own parsers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout, suppress
from importlib import import_module
from shlex import quote

from rssm.commands import parser_of
from rssm.config.catalogue import load_catalogue
from rssm.verbs import COMMANDS
from rssm.workflow.scope import REPOSITORY

TAKE_PRODUCTS = ("where", "map", "--without")  # a verb or an option behind which products stand
HOW = {
    "bash": 'Put into ~/.bashrc: eval "$(rssm completion bash)"',
    "zsh": 'Put into ~/.zshrc, below compinit: eval "$(rssm completion zsh)"',
    "fish": "Run once: rssm completion fish > ~/.config/fish/completions/rssm.fish",
}


def options_of(function: str) -> list[str]:
    """Long options of a verb, as its help lists them."""
    module, name = function.split(":")
    shown = io.StringIO()
    with redirect_stdout(shown), suppress(SystemExit):  # as help ends
        getattr(import_module(module), name)(["--help"])
    return list(dict.fromkeys(re.findall(r"^  (?:-\w(?: \w+)?, )?(--[\w-]+)", shown.getvalue(), re.MULTILINE)))


def bash(verbs: Mapping[str, Sequence[str]], products: Iterable[str]) -> str:
    cases = "\n".join(f'    {verb}) options="{" ".join(options)}" ;;' for verb, options in verbs.items())
    return f"""\
_rssm() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} options=""
  case ${{COMP_WORDS[1]}} in
{cases}
  esac
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "{" ".join(verbs)} --help --version" -- "$word"))
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ $before == @({"|".join(TAKE_PRODUCTS)}) ]]; then
    COMPREPLY=($(compgen -W "{" ".join(products)}" -- "$word"))
  else
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}}
complete -F _rssm rssm
"""


def zsh(verbs: Mapping[str, Sequence[str]], products: Iterable[str]) -> str:
    about = {command.name: command.about.replace(":", " -") for command in COMMANDS}
    described = "\n".join(f"    {quote(f'{verb}:{about[verb]}')}" for verb in verbs)
    cases = "\n".join(f"    {verb}) options=({' '.join(options)}) ;;" for verb, options in verbs.items())
    return f"""\
#compdef rssm
_rssm() {{
  local -a verbs options products
  verbs=(
{described}
  )
  products=({" ".join(products)})
  case ${{words[2]}} in
{cases}
  esac
  if ((CURRENT == 2)); then
    _describe verb verbs
  elif [[ ${{words[CURRENT]}} == -* ]]; then
    compadd -- $options
  elif [[ ${{words[CURRENT-1]}} == ({"|".join(TAKE_PRODUCTS)}) ]]; then
    compadd -- $products
  else
    _files
  fi
}}
compdef _rssm rssm
"""


def fish(verbs: Mapping[str, Sequence[str]], products: Iterable[str]) -> str:
    about, first = {command.name: command.about for command in COMMANDS}, "__fish_use_subcommand"
    lines = [f"complete -c rssm -n {first} -f -a {verb} -d {quote(about[verb])}" for verb in verbs]
    lines += [f"complete -c rssm -n {first} -f -l {option}" for option in ("help", "version")]
    for verb, options in verbs.items():
        seen = quote(f"__fish_seen_subcommand_from {verb}")
        lines += [f"complete -c rssm -n {seen} -l {option.removeprefix('--')}" for option in options]
    behind = quote(f"contains -- (commandline -opc)[-1] {' '.join(TAKE_PRODUCTS)}")
    lines.append(f"complete -c rssm -n {behind} -f -a {quote(' '.join(products))}")
    return "\n".join(lines) + "\n"


SHELLS: dict[str, Callable[[Mapping[str, Sequence[str]], Iterable[str]], str]] = {
    "bash": bash,
    "zsh": zsh,
    "fish": fish,
}


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("completion", "\n  ".join(HOW.values()))
    parser.add_argument("shell", choices=list(SHELLS), help="for which shell")
    shell = parser.parse_args(arguments).shell
    verbs = {command.name: options_of(command.function) for command in COMMANDS}
    print(f"# {HOW[shell]}\n{SHELLS[shell](verbs, load_catalogue(REPOSITORY / 'config/products.yaml'))}", end="")
    return 0
