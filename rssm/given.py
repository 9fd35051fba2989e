"""Files that a run is given: those that come with the project, or that the configuration names.

A job copies each into the results, so that no other job knows where the project lies: the same run from another folder
re-runs nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from rssm.files import atomic


def given(name: str, source: Sequence[str], out: Sequence[str]) -> None:
    """Copy the file that is called `name` in the results."""
    with atomic(out[0]) as beside:
        shutil.copyfile(source[0], beside)
