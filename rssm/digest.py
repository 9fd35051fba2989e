"""A digest of the code behind a verb: what changes it, changes results; what does not (comments, docstrings), does not.

It covers the verb's module and every module of `rssm` that it imports, anywhere in its text, except the rooms
through which settings arrive as parameters (`rssm.config`) and the command line. Tokens are hashed, not syntax trees,
because trees differ between versions of Python. Every call of Snakemake reads the whole package here, before all else:
a regular expression splits its text, in a tenth of the time that `tokenize` takes.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "rssm"
APART = ("rssm.config", "rssm.cli", "rssm.verbs", "rssm.workflow", "rssm.errors")
_TOKEN = re.compile(
    rb"""\\\n | \#[^\n]* |                                         # layout and comments: no group, no token
    ( [rRbBuUfF]{0,2} (?: \"{3} (?:[^\\]|\\.)*? \"{3} | '{3} (?:[^\\]|\\.)*? '{3}
                        | " (?:[^"\\\n]|\\.)* " | ' (?:[^'\\\n]|\\.)* ' )
    | [\w\x80-\xff]+ | \S )""",
    re.DOTALL | re.VERBOSE,
)
_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")  # of statements, in the syntax tree
_STATEMENT = b"\x01"  # begins every statement, once for each block that it stands in


@cache
def code_digest(module: str) -> str:
    """Sixteen hexadecimal digits for a module and what it imports inside the package."""
    total = hashlib.sha256()
    for name in sorted(closure(module)):
        total.update(f"{name}={_module_digest(name)}\n".encode())
    return total.hexdigest()[:16]


def closure(module: str) -> set[str]:
    """The module and all modules of the package that it leads to."""
    reached: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in reached and not name.startswith(APART):
            reached.add(name)
            waiting.extend(_imports(name))
    return reached


@cache
def _source(module: str) -> bytes:
    return _path(module).read_text(encoding="utf-8").encode()  # alike where lines end otherwise


@cache
def _path(module: str) -> Path:
    # The package's folder is looked up once; below it a name is a path, and nothing has to be imported.
    path = _package().joinpath(*module.split(".")[1:])
    return path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"


@cache
def _package() -> Path:
    spec = find_spec(PACKAGE)
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_source(module))


@cache
def _imports(module: str) -> frozenset[str]:
    """Modules of the package that a module imports anywhere when it runs; one that imports by name leads to its folder."""
    found = set()
    if b"import_module" in _source(module):
        found |= {f"{module.rpartition('.')[0]}.{path.stem}" for path in _path(module).parent.glob("[!_]*.py")}
    for _, _, node in _statements(_tree(module), run=True):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(name for name in found if name.startswith(PACKAGE + ".") and _path(name).is_file())


def _statements(parent: ast.AST, depth: int = 1, run: bool = False) -> Iterator[tuple[int, ast.AST, ast.stmt]]:
    """Depth, parent and node of all statements within a node; `run` leaves out what only a type checker reads."""
    unread = (
        run and isinstance(parent, ast.If) and isinstance(parent.test, ast.Name) and parent.test.id == "TYPE_CHECKING"
    )
    for block in _BLOCKS[unread:]:
        for node in getattr(parent, block, ()):
            if isinstance(node, ast.stmt):
                yield depth, parent, node
            yield from _statements(node, depth + 1, run)


@cache
def _module_digest(module: str) -> str:
    return hashlib.sha256(b"\x00".join(code_tokens(_source(module), _tree(module)))).hexdigest()


def code_tokens(source: bytes, tree: ast.Module) -> list[bytes]:
    """Tokens of a source without comments, docstrings and layout, but for marks of where statements begin and how deep.

    An f-string is one token in every Python, as Python 3.11 reads it.
    """
    starts = [0]  # of lines
    for line in source.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    pieces, done = [], 0
    for depth, parent, node in _statements(tree):
        at = starts[node.lineno - 1] + node.col_offset
        pieces += [source[done:at], _STATEMENT * depth]
        done = at
        if _is_docstring(parent, node) and node.end_lineno and node.end_col_offset:
            done = starts[node.end_lineno - 1] + node.end_col_offset
    pieces.append(source[done:])
    return [token for token in _TOKEN.findall(b"".join(pieces)) if token]


def _is_docstring(parent: ast.AST, node: ast.stmt) -> bool:
    match parent, node:
        case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef(), ast.Expr(ast.Constant(str())):
            return node is parent.body[0]
    return False
