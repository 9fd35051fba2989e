"""The digest of code: what changes results changes it, and nothing else does."""

from __future__ import annotations

import ast

from rssm.archive.readers.dispatch import READERS
from rssm.digest import closure, code_digest, code_tokens
from rssm.verbs import VERBS

SOURCE = '''"""What it does."""

def area(side):  # a square
    """Area in m²."""
    return f"{side * side}" + "text"
'''


def tokens(source: str) -> list[str]:
    return code_tokens(source, ast.parse(source))


def test_comments_docstrings_and_layout_do_not_count():
    changed = SOURCE.replace("# a square", "").replace("Area in m²", "Surface").replace("def", "\n\n\ndef")
    assert changed != SOURCE
    assert tokens(changed) == tokens(SOURCE)


def test_code_strings_and_f_strings_count():
    assert tokens(SOURCE.replace("side * side", "side + side")) != tokens(SOURCE)
    assert tokens(SOURCE.replace('"text"', '"test"')) != tokens(SOURCE)


def test_an_f_string_is_one_token_in_every_python():
    assert 'f"{side * side}"' in tokens(SOURCE)


def test_a_string_that_is_no_docstring_counts():
    assert tokens('def f():\n    x = 1\n    "not a docstring"\n') != tokens("def f():\n    x = 1\n")


def test_a_verb_covers_what_it_imports_and_not_the_settings():
    modules = closure("rssm.rounds.train")
    assert {
        "rssm.networks.fit",
        "rssm.networks.train",
        "rssm.rounds.perturb",
        "rssm.cubes.cube",
        "rssm.grid",
    } <= modules
    assert not any(module.startswith(("rssm.config", "rssm.cli")) for module in modules)


def test_training_and_simulation_do_not_depend_on_the_archive():
    assert not any(module.startswith("rssm.archive") for module in closure("rssm.rounds.train"))
    assert not any(module.startswith("rssm.ingest.composite") for module in closure("rssm.rounds.simulate"))


def test_the_maps_cover_every_reader_and_the_checks_of_files_but_not_the_inventory():
    """Readers are imported by name: all modules beside the one that chooses count, and no others."""
    modules = closure("rssm.ingest.product_year")
    assert {*READERS.values(), "rssm.archive.readers.dispatch", "rssm.archive.readers.decode"} <= modules
    assert {"rssm.archive.damage.file_format", "rssm.archive.damage.child_process"} <= modules
    assert "rssm.archive.listing" in modules and "rssm.archive.inventory" not in modules


def test_every_verb_has_a_digest_of_its_own():
    digests = {name: code_digest(verb.module) for name, verb in VERBS.items()}
    assert all(len(digest) == 16 for digest in digests.values())
    assert len({digests[v] for v in ("toy-archive", "ingest", "cube", "train", "simulate", "mosaic")}) == 6
