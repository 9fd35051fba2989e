"""The run of CASM's published networks on a small land: what it is configured to be (running it takes a quarter of an hour)."""

from __future__ import annotations

from pathlib import Path

import yaml

from bench.published import written
from rssm.workflow.casm.scope import LEARNT_FROM
from rssm.workflow.methods import scope_of


def test_it_is_the_published_profile_but_for_members_and_spans(tmp_path: Path) -> None:
    settings = yaml.safe_load(written(tmp_path).read_text())
    settings["tables"]["products"] = str(tmp_path / settings["tables"]["products"])
    made, published = (scope_of({"method": "casm", "profile": "paper", **own}) for own in (settings, {}))
    for section in ("cycle", "channels", "held_out", "uncertainty", "target"):
        assert getattr(made.run, section) == getattr(published.run, section)
    assert made.run.training == published.run.training.model_copy(update={"members": 2})
    assert made.trained == ("smos", "amsr2", "amsre") and all(made.lesson(branch) for branch in made.trained)
    whole, overlap = (set(made.records[name][1]) for name in ("SMOS", "SMOS-overlap"))
    assert overlap < whole  # two fits, as the authors have them
    assert all(set(made.channels(LEARNT_FROM[branch])) <= set(made.needed_variables()) for branch in made.trained)
