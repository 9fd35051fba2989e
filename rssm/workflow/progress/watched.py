"""Puts the watch in the place of Snakemake's own handler for the terminal, in runs that a person follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rssm.workflow.progress.line import Line
from rssm.workflow.progress.outcome import Outcome
from rssm.workflow.progress.pace import Pace
from rssm.workflow.progress.watch import Watch

PLAIN = "DefaultStreamHandler"  # Snakemake's name for it


def is_wanted(settings: Any) -> bool:
    """Whether one line is wanted: in runs with the profile of this repository, which shows logs of failed jobs.

    Whoever asks Snakemake to say more or less than usual, or for a dry run, gets Snakemake's own words.
    """
    asked = settings.dryrun, settings.quiet, settings.verbose, settings.printshellcmds, settings.debug_dag
    return bool(settings.show_failed_logs) and not any(asked)


def watched(workflow: Any, outcome: Outcome, expected: Mapping[str, float], rounds: Mapping[str, str]) -> bool:
    """Follow a run of a Snakemake `workflow`; whether it is followed.

    expected  rule → core-seconds of a job
    rounds    round by the names of rounds, substeps and networks
    """
    logger = workflow.logger_manager.logger
    plain = next((handler for handler in logger.handlers if handler.name == PLAIN), None)
    if plain is None or not is_wanted(workflow.output_settings):
        return False
    logger.removeHandler(plain)
    logger.addHandler(Watch(plain, Line(plain.stream), Pace(expected), rounds, outcome))
    return True
