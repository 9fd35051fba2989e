"""The bridge to rssm.workflow: everything that depends on the configuration is asked of the scope and what rests on it."""

import atexit
import gc
import os
import shlex
import shutil
import sys
from pathlib import Path

from rssm.commands.estimate import estimate_text, job_costs
from rssm.commands.summary import at_the_end
from rssm.errors import InputError
from rssm.workflow.ground import code
from rssm.workflow.methods import ending_of, scope_in, workflow_of
from rssm.workflow.progress.outcome import Outcome
from rssm.workflow.progress.watched import watched
from rssm.workflow.presence import check_writable

# The files are read again, because `config` no longer shows keys that stand twice, nor where they stand.
try:
    if workflow.is_main_process:
        check_writable(Path.cwd())
    SCOPE = scope_in(
        workflow.overwrite_configfiles or workflow.configfiles,
        Path(workflow.basedir).parent,
        given=workflow.config_settings.config,
        archive=workflow.is_main_process,  # not again in every job
    )
except InputError as error:
    sys.exit(
        f"{error}\nNothing was run. Check a configuration with: rssm check-config FILE"
    )
W = workflow_of(SCOPE)
ENDING = ending_of(SCOPE)
OUTCOME = Outcome(
    workflow,
    lambda targets: at_the_end(
        SCOPE,
        targets,
        str((workflow.overwrite_configfiles or workflow.configfiles)[0]),
        str(workflow.overwrite_workdir or ""),
    ),
    ENDING.places(),
)


pathvars:
    results=SCOPE.paths.results,
    prefix=SCOPE.paths.prefix,


# Snakemake may be called by its path, without its environment being active.
if shutil.which("rssm") is None:
    shell.prefix(f"export PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH; ")

# Thousands of jobs import the same modules: let Python keep them compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A plan of tens of thousands of jobs is millions of objects that all stay: do not search them for garbage, nor at the end.
gc.disable()
atexit.register(gc.freeze)


wildcard_constraints:
    **W.wildcards(),


def passing(keep):
    """Mark outputs as temporary unless the configuration keeps them."""
    return (lambda path: path) if keep else temp
