"""What tests of files share: small grids for readers, an archive of the toy Earth, and a published data set."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from handmade.grids import CATALOGUE, SMALL
from made_product import published
from toy_archive import DEMO, Written

from rssm.archive.grids import NATIVE_GRIDS
from rssm.config.toy import Toy
from rssm.toy.truth import Earth


@pytest.fixture
def small_grids(monkeypatch: pytest.MonkeyPatch) -> None:
    """The grids of the catalogue, with few cells."""
    for name, grid in SMALL.items():
        monkeypatch.setitem(NATIVE_GRIDS, name, grid)


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """An archive of the toy Earth; each product-year is written when a test first asks for it."""
    return Written(tmp_path_factory.mktemp("toy"), Earth(Toy(), DEMO), CATALOGUE)


@pytest.fixture(scope="session")
def land(pytestconfig: pytest.Config) -> str:
    """The land mask that comes with the repository."""
    return str(pytestconfig.rootpath / "resources" / "land.tif")


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, land: str) -> SimpleNamespace:
    """A published data set of two part years."""
    return published(tmp_path_factory.mktemp("product"), land)
