"""All verbs of the command line, declared once: a rule's job bears the name of its rule, with dashes.

`module:function` is imported when the verb runs. The digest of a verb's code starts from the same module.
"""

from __future__ import annotations

from rssm.verbs.analysis import ANALYSIS
from rssm.verbs.casm import CASM
from rssm.verbs.contributions import CONTRIBUTIONS
from rssm.verbs.dry_down import DRY_DOWN
from rssm.verbs.jobs import JOBS as TO_THE_DATA_SET
from rssm.verbs.kinds import Command, Verb
from rssm.verbs.overview import OVERVIEW
from rssm.verbs.people import COMMANDS
from rssm.verbs.report import REPORT
from rssm.verbs.somo import SOMO
from rssm.verbs.validation import VALIDATION

JOBS = (*TO_THE_DATA_SET, *CASM, *SOMO, *VALIDATION, *ANALYSIS, *DRY_DOWN, *CONTRIBUTIONS, *OVERVIEW, *REPORT)
VERBS = {verb.name: verb for verb in JOBS}

__all__ = ["COMMANDS", "JOBS", "VERBS", "Command", "Verb"]
