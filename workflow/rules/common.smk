"""The bridge to rssm.workflow: everything that depends on the configuration is asked of W."""

import gc
import os
import shutil
import sys
from pathlib import Path

from rssm.accounts import Accounts
from rssm.dataset import DataSetWorkflow
from rssm.errors import InputError
from rssm.people.estimate import estimate_text
from rssm.scope import Scope
from rssm.workflow import Workflow

try:
    SCOPE = Scope(config, Path(workflow.basedir).parent)
except InputError as error:
    sys.exit(
        f"{error}\nNothing was run. Check a configuration with: rssm check-config FILE"
    )
W = Workflow(SCOPE)
D = DataSetWorkflow(SCOPE)
A = Accounts(W)

# Snakemake may be called by its path, without its environment being active.
if shutil.which("rssm") is None:
    shell.prefix(f"export PATH={Path(sys.executable).parent}:$PATH; ")

# Thousands of jobs import the same modules: let Python keep them compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A plan of tens of thousands of jobs is millions of objects that all stay: do not search them for garbage.
gc.disable()

DEKADS_OF_YEAR = [f"D{dekad:02d}" for dekad in range(1, 37)]
MONTHS_OF_YEAR = [f"-{month:02d}" for month in range(1, 13)]


wildcard_constraints:
    **W.wildcards(),


def passing(keep):
    """Mark outputs as temporary unless the configuration keeps them."""
    return (lambda path: path) if keep else temp
