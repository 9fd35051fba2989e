"""The digest of code: what changes results changes it, and nothing else does."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import rssm
from rssm.archive.readers.dispatch import READERS
from rssm.digest import closure, code_digest, code_tokens
from rssm.verbs import VERBS

SOURCE = '''"""What it does."""

def area(side):  # a square
    """Area in m²."""
    return f"{side * side}" + "text"
'''


def tokens(source: str) -> list[str]:
    return [token.decode() for token in code_tokens(source.encode(), ast.parse(source))]


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


def test_where_a_statement_stands_counts():
    """A line that is moved out of a loop, or away from its `return`, changes results."""
    inside = "def f(x):\n    for y in x:\n        a(y)\n        b(y)\n"
    assert tokens(inside) != tokens(inside.replace("        b(y)", "    b(y)"))
    assert tokens("def f():\n    return a(\n    )\n") != tokens("def f():\n    return\n    a()\n")
    assert tokens("if a:\n    b()\nelse:\n    c()\n    d()\n") != tokens("if a:\n    b()\nelse:\n    c()\nd()\n")


def test_a_docstring_of_any_letters_is_cut_where_it_ends():
    assert tokens('def f(x):\n    """σ² of 1°."""; return x\n') == tokens('def f(x):\n    "none"; return x\n')


def test_nothing_but_comments_and_layout_is_left_out_of_any_module():
    """What Python's own tokenizer finds, which takes ten times as long."""
    for path in Path(rssm.__file__).parent.rglob("*.py"):
        source = path.read_text("utf-8")
        lines = source.splitlines(keepends=True)
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                line = lines[token.start[0] - 1]
                lines[token.start[0] - 1] = line[: token.start[1]] + line[token.end[1] :]
        kept = b"".join(code_tokens(source.encode(), ast.Module([], []))).decode()
        assert "".join(kept.split()) == "".join("".join(lines).split()), path


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
