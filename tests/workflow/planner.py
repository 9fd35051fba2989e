"""Dry runs without the second that Snakemake's own modules take: they are imported once, and each call is a fork.

Nothing of `rssm` is imported before a fork, so a call sees the project that it runs in. Real runs are processes of their own, as
people start them, and so see another order of sets than the dry runs that judge them.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import select
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

PATIENCE = 600  # seconds
HERE = Path(__file__).resolve()


def snakemake(arguments: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What `python -m snakemake …` answers in a folder."""
    with tempfile.TemporaryDirectory() as room:
        said = [f"{room}/{name}" for name in ("out", "err")]
        server = _server()
        assert server.stdin and server.stdout
        call = {"arguments": arguments, "folder": str(folder), "environment": environment, "said": said}
        server.stdin.write(json.dumps(call) + "\n")
        server.stdin.flush()
        assert select.select([server.stdout], [], [], PATIENCE)[0], f"no answer to {arguments}"
        code = int(server.stdout.readline())
        out, err = (Path(path).read_text("utf-8") for path in said)
    return subprocess.CompletedProcess(["snakemake", *arguments], code, out, err)


@cache
def _server() -> subprocess.Popen[str]:
    """The process that forks; it ends with this one."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, str(HERE)], env=environment, stdin=pipe, stdout=pipe, text=True)


def _serve() -> None:
    import snakemake.cli  # noqa: F401

    gc.freeze()  # or every fork would copy what a search for garbage touches
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            _become(json.loads(line))
            runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(call: dict[str, Any]) -> None:
    """Take on the folder, environment, arguments and outputs of a call."""
    os.environ.clear()
    os.environ.update(call["environment"])
    os.chdir(call["folder"])
    for number, path in enumerate(("/dev/null", *call["said"])):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    sys.argv = ["snakemake", *call["arguments"]]
    sys.path[:1] = [call["folder"], *filter(None, call["environment"].get("PYTHONPATH", "").split(os.pathsep))]


if __name__ == "__main__":
    _serve()
