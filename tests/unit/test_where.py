"""Where products are got, and the file names that a configuration expects of them."""

from __future__ import annotations

import re
from datetime import date
from fnmatch import fnmatch

import pytest
import yaml

from rssm.archive.expected import expected_names
from rssm.calendar import days_of
from rssm.cli import main
from rssm.commands.where import Where
from rssm.config.catalogue import load_catalogue
from rssm.config.load import read_yaml
from rssm.spec import canonical
from rssm.toy.archive import file_days
from rssm.toy.names import file_names
from rssm.workflow.methods import scope_of
from rssm.workflow.rsssm.rounds import Rounds
from rssm.workflow.scope import REPOSITORY

CATALOGUE = load_catalogue(REPOSITORY / "config/products.yaml")


DATED = [name for name, entry in CATALOGUE.items() if entry.kind != "station"]


@pytest.mark.parametrize("product", DATED)
def test_the_names_of_an_archive_are_those_expected(product):
    """Names as the agencies give them, of a year, against what the pattern alone says."""
    entry = CATALOGUE[product]
    year = None if entry.step == "static" else 2004 if product.startswith(("AMSR-E", "LAI-VGT")) else 2015
    year = 2010 if product.startswith("WindSat") else 2012 if product == "FY-3B-NSMC" else year
    true = set(file_names(product, entry, map(date.fromordinal, file_days(entry, year, 11).tolist())))
    expected = expected_names(entry, date(year or 2012, 1, 1), date(year or 2012, 12, 31))
    assert true and all(any(fnmatch(name, pattern) for pattern in expected) for name in true)
    if days_of(entry.span[0])[0].year < (year or 2012) and (entry.span[1] or "9999")[:4] > str(year):
        assert len(true) == len(expected)  # a full year


def test_every_product_says_where_it_is_got():
    silent = [name for name, entry in CATALOGUE.items() if entry.get is None or "http" not in entry.get.portal]
    assert silent == []


def test_where_tells_portal_login_and_names(capsys):
    tiny = str(REPOSITORY / "config/tiny.yaml")
    assert main(["where", "SMOS-IC", tiny]) == 0
    shown = capsys.readouterr().out
    assert "CATDS" in shown and "not certain" in shown and "730 in a full year" in shown
    assert re.search(r"SMOS-IC/2015/SM_\*_MIR_CDF3SA_20150101T000000_\*T235959_\*.DBL.nc … .*  \(730\)", shown)
    assert main(["where", "--json", "LST", tiny]) == 0
    found = Where.model_validate_json(capsys.readouterr().out)
    assert not found.used and found.names_a_year == 24 and found.get.collections == ["MOD11C3", "MYD11C3"]
    assert main(["where", "SMOSIC", tiny]) == 2
    assert "Did you mean SMOS-IC?" in capsys.readouterr().err


def test_where_of_a_product_that_does_not_say(tmp_path, capsys):
    entries = read_yaml(REPOSITORY / "config/products.yaml")[0]
    del entries["SMAP_E"]["get"]
    (tmp_path / "products.yaml").write_text(yaml.safe_dump(entries, allow_unicode=True))
    config = read_yaml(REPOSITORY / "config/tiny.yaml")[0]
    config["tables"]["products"] = "products.yaml"
    (tmp_path / "my.yaml").write_text(yaml.safe_dump(config))
    assert main(["where", "SMAP_E", str(tmp_path / "my.yaml")]) == 0
    assert "the catalogue does not say" in capsys.readouterr().out


def test_where_a_product_is_got_decides_nothing():
    scope = scope_of(read_yaml(REPOSITORY / "config/tiny.yaml")[0])
    before = canonical(Rounds(scope).entry("SMAP_E"))
    scope.catalogue["SMAP_E"] = scope.catalogue["SMAP_E"].model_copy(update={"get": None, "title": "another"})
    assert canonical(Rounds(scope).entry("SMAP_E")) == before
