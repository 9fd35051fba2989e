"""`rssm run`: judge a configuration, free what a killed run left locked, and let Snakemake make what is asked for.

Snakemake says the rest: what the run takes, one line of progress, and where everything lies (`rssm/workflow/progress/`).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rssm.commands import DEMO, parser_of
from rssm.commands.check import mistakes
from rssm.errors import InputError
from rssm.workflow.scope import REPOSITORY

LOCKS, HOLDER = Path(".snakemake/locks"), Path(".snakemake/rssm_run")  # of the folder of the run
PROCESSES = Path("/proc")


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("run", "rssm run my.yaml product --cores 8")
    parser.add_argument(
        "words", nargs="*", metavar="FILE TARGET", help="configuration (*.yaml) and targets (default: all)"
    )
    parser.add_argument("--config", metavar="FILE", help="the configuration, named so")
    parser.add_argument("--cores", type=int, default=os.cpu_count(), metavar="N", help="default: all of this machine")
    parser.add_argument("--profile", help="a profile of Snakemake, as `slurm`")
    parser.add_argument("-n", "--dry-run", action="store_true", help="say what would be done, and why")
    given = parser.parse_args(arguments)
    file, targets = _sorted(given.words, given.config)
    if found := mistakes(file, REPOSITORY):
        raise InputError("\n".join([*found, "Nothing was run."]))
    base = [sys.executable, "-m", "snakemake", "--snakefile", str(REPOSITORY / "workflow/Snakefile")]
    base += ["--profile", given.profile] if given.profile else ["--cores", str(given.cores)]
    if given.dry_run:
        return to_its_end([*base, "--dry-run", *targets, "--configfile", file])
    unlock([*base, "--unlock", "--configfile", file])
    with held():
        return to_its_end([*base, *targets, "--configfile", file])


def _sorted(words: Sequence[str], named: str | None) -> tuple[str, list[str]]:
    """The configuration and the targets among what was typed, in any order."""
    files = [word for word in words if word.endswith((".yaml", ".yml"))] + ([named] if named else [])
    if len(files) > 1:
        raise InputError(f"several configurations are named: {', '.join(files)}. Give one.")
    return (files or [DEMO])[0], [word for word in words if word not in files]


def to_its_end(command: Sequence[str]) -> int:
    """Run a command to its end; its exit code. Ctrl-C reaches it too, and it ends by itself."""
    with subprocess.Popen(command) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue


def unlock(command: Sequence[str]) -> None:
    """Free the folder where a run was killed; refuse where one may still be at work."""
    if not LOCKS.is_dir() or not any(LOCKS.iterdir()):
        return
    if who := holder():
        raise InputError(
            f"{Path.cwd()} is locked by a run that may still be at work ({who}). Wait for its end, or stop it;"
            f" if it is gone: snakemake {' '.join(command[command.index('--unlock') :])}"
        )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"{Path.cwd()} is locked and cannot be freed: {done.stderr.strip()}")
    print("A run was killed here; its lock is removed, and this one goes on from there.", file=sys.stderr)


def holder() -> str:
    """Who may hold the lock, in words; empty where nobody does."""
    host, _, number = HOLDER.read_text().strip().partition(" ") if HOLDER.is_file() else ("", "", "")
    if host and host != socket.gethostname():
        return f"process {number} on {host}"
    if not PROCESSES.is_dir():
        return f"process {number}" if host and _lives(int(number)) else "" if host else "of Snakemake"
    return ", ".join(f"process {process}" for process in _snakemakes(Path.cwd()))


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def _snakemakes(folder: Path) -> Iterator[int]:
    """Processes of Snakemake that work in a folder."""
    for process in PROCESSES.glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")[:3]
            here = (process / "cwd").resolve() == folder.resolve()
        except OSError:  # gone, or another user's
            continue
        if here and any(Path(os.fsdecode(word)).name == "snakemake" for word in words):
            yield int(process.name)


@contextmanager
def held() -> Iterator[None]:
    """Say while a run is at work who it is: other machines of a shared file system cannot see its processes."""
    HOLDER.parent.mkdir(exist_ok=True)
    HOLDER.write_text(f"{socket.gethostname()} {os.getpid()}\n")
    try:
        yield
    finally:
        HOLDER.unlink(missing_ok=True)
