"""Readers see small grids, so that whole files stay small."""

from __future__ import annotations

import pytest
from handmade import SMALL

from rssm.archive.grids import NATIVE_GRIDS


@pytest.fixture
def small_grids(monkeypatch: pytest.MonkeyPatch) -> None:
    """The grids of the catalogue, with few cells."""
    for name, grid in SMALL.items():
        monkeypatch.setitem(NATIVE_GRIDS, name, grid)
