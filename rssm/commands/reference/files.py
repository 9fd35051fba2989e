"""`docs/reference/files.md`: the kinds of files that a run makes, as the modules that write them declare and describe them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from rssm.commands.reference import MADE
from rssm.commands.reference.catalogue import paragraphs
from rssm.commands.reference.fields import table
from rssm.fusion.store import LAYOUT
from rssm.networks.store import VARIABLES
from rssm.product.uncertainty.held_out import FIELDS
from rssm.workflow.scope import REPOSITORY

HEAD = f"""# Layouts of files

{MADE} Where a run's files lie, rule by rule: [architecture](../architecture.md#rules). Files of the data set: [the guide](../product.md#what-is-in-the-folder). Dimensions, variables and values of any of them: `rssm inspect FILE`."""
KINDS = """## Kinds of NetCDF files

Every NetCDF file that one job hands to another says what it is in the global attributes `kind` and `layout`, a number that is raised when readers of older files could go wrong. A file of another kind or layout is refused with a sentence.
"""
TOLD = {"Maps": "maps.py", "Indices of maps": "ingest/index.py", "Cubes": "cubes/cube.py"}
_DECLARED = re.compile(r'\bKind\("([^"]+)"(?:, (\d+))?\)')


def files_page() -> str:
    """The page."""
    package = REPOSITORY / "rssm"
    lines = [HEAD, ""]
    for title, module in TOLD.items():
        lines += [f"## {title}", "", "\n\n".join(paragraphs(package / module)), ""]
    lines += [KINDS, *table(("kind", "layout", "what its module says of it", "module"), sorted(_kinds(package)))]
    lines += ["", "## Variables of subnetworks", "", *_variables({name: (*of, "") for name, of in VARIABLES.items()})]
    lines += ["", "## Variables of matched products", "", *_variables(LAYOUT)]
    skill = {name: (("network", "zone"), meaning, unit) for name, (meaning, unit) in FIELDS.items()}
    lines += ["", "## Variables of held-out skill", "", *_variables(skill)]
    return "\n".join(lines) + "\n"


def _kinds(package: Path) -> Iterator[tuple[str, ...]]:
    """Name, layout, description and module of every kind."""
    for path in sorted(package.rglob("*.py")):
        text = path.read_text("utf-8")
        if re.search(r"^from rssm\.files import .*\bKind\b", text, re.MULTILINE):
            for name, layout in _DECLARED.findall(text):
                yield name, layout or "1", paragraphs(path)[0], f"`{path.relative_to(package.parent)}`"


def _variables(declared: Mapping[str, tuple[tuple[str, ...], str, str]]) -> Iterator[str]:
    """Table of variables: name → dimensions, what it is, unit."""
    rows = ((f"`{name}`", " × ".join(of), meaning, unit) for name, (of, meaning, unit) in declared.items())
    return table(("variable", "dimensions", "what", "unit"), rows)
