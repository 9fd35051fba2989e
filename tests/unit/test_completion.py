"""Completion in shells, and colours on terminals."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from rssm.cli import main
from rssm.commands.screen import painted
from rssm.verbs import COMMANDS

ROOT = Path(__file__).resolve().parents[2]

BASH = """source /dev/stdin
COMP_WORDS=({words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_rssm
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture(scope="module")
def completion() -> str:
    shown = io.StringIO()
    with redirect_stdout(shown):
        assert main(["completion", "bash"]) == 0
    return shown.getvalue()


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("rssm inv", ["inventory"]),
        ("rssm plan --w", ["--without"]),
        ("rssm plan --without SMOS", ["SMOS-IC"]),
        ("rssm extract --b", ["--bbox"]),
        ("rssm check-config a_", ["a_file.yaml"]),
    ],
)
def test_bash_completes(completion, words, expected, tmp_path):
    (tmp_path / "a_file.yaml").write_text("")
    command = ["bash", "-c", BASH.format(words=words)]
    done = subprocess.run(command, input=completion, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.split() == expected, done.stderr


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_know_all_verbs_and_can_read_their_script(shell, tmp_path, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(command.name in script for command in COMMANDS) and "without" in script and "SMOS-IC" in script
    if shutil.which(shell):
        (tmp_path / "script").write_text(script)
        subprocess.run([shell, "-n", str(tmp_path / "script")], check=True)


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(
    ("words", "expected"), [("inv", "inventory"), ("plan --wit", "--without"), ("plan --without SMOS", "SMOS-IC")]
)
def test_fish_completes(words, expected, tmp_path, capsys):
    assert main(["completion", "fish"]) == 0
    script = tmp_path / "script"
    script.write_text(capsys.readouterr().out)
    command = ["fish", "--no-config", "-c", f'source {script}; complete -C "rssm {words}"']
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert expected in [line.partition("\t")[0] for line in done.stdout.splitlines()]


def test_colours_are_for_terminals_that_want_them(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert painted("ok", "green", Terminal()) == "\033[32mok\033[0m"
    assert painted("ok", "green", io.StringIO()) == "ok"
    monkeypatch.setenv("NO_COLOR", "1")
    assert painted("ok", "green", Terminal()) == "ok"


def test_marks_heads_and_mistakes_are_coloured_on_a_terminal():
    """In a pseudo-terminal: red for a mistake, bold for a head; with NO_COLOR neither."""
    pty = pytest.importorskip("pty")
    for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        shown = b""
        ours, theirs = pty.openpty()
        surroundings = {**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm", **environment}
        for arguments in (["estimate", str(ROOT / "config/tiny.yaml")], ["paln"]):
            call = [sys.executable, "-m", "rssm", *arguments]
            subprocess.run(call, stdout=theirs, stderr=theirs, cwd=ROOT, env=surroundings, check=False)
            shown += os.read(ours, 100_000)
        os.close(theirs)
        os.close(ours)
        assert (b"\033[1mrule" in shown) == coloured and (b"\033[31mrssm: no verb" in shown) == coloured
        assert b"core-hours" in shown and b"Did you mean plan?" in shown
