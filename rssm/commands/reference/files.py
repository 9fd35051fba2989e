"""`docs/reference/files.md`: the kinds of NetCDF files that a run makes, as the modules that write them declare and describe them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from rssm.commands.reference import MADE
from rssm.commands.reference.catalogue import first_sentence
from rssm.commands.reference.fields import table
from rssm.workflow.scope import REPOSITORY

HEAD = f"""# Layouts of files

{MADE} Where a run's files lie, rule by rule: [architecture](../architecture.md#rules). Files of the data set: [the guide](../product.md#what-is-in-the-folder). Dimensions, variables and values of any of them: `rssm inspect FILE`.

## Maps

"""
INDEX = """
The index `YEAR.json` of a year of maps: """
KINDS = """

## NetCDF files

Every NetCDF file that one job hands to another says what it is in the global attributes `kind` and `layout`, a number that is raised when readers of older files could go wrong. A file of another kind or layout is refused with a sentence.
"""
_DECLARED = re.compile(r'\bKind\("([^"]+)"(?:, (\d+))?\)')


def files_page() -> str:
    """The page."""
    package = REPOSITORY / "rssm"
    lines = [HEAD + _whole(package / "maps.py"), INDEX + _lowered(first_sentence(package / "ingest/index.py")) + KINDS]
    lines += table(("kind", "layout", "what the module says of it", "module"), sorted(_kinds(package)))
    return "\n".join(lines) + "\n"


def _kinds(package: Path) -> Iterator[tuple[str, ...]]:
    for path in sorted(package.rglob("*.py")):
        text = path.read_text("utf-8")
        if re.search(r"^from rssm\.files import .*\bKind\b", text, re.MULTILINE):
            for name, layout in _DECLARED.findall(text):
                yield name, layout or "1", first_sentence(path), f"`{path.relative_to(package.parent)}`"


def _whole(module: Path) -> str:
    """All that a module says of itself but its first line."""
    import ast

    text = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
