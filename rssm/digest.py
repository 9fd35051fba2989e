"""A digest of the code behind a verb: what changes it, changes results; what does not (comments, docstrings), does not.

It covers the verb's module and every module of `rssm` that it imports, anywhere in its text, except the rooms
through which settings arrive as parameters (`rssm.config`) and the command line. Tokens are hashed, not syntax trees,
because trees differ between versions of Python.
"""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "rssm"
APART = ("rssm.config", "rssm.cli", "rssm.verbs", "rssm.workflow", "rssm.errors")
_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}


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
def _source(module: str) -> str:
    return _path(module).read_text(encoding="utf-8")


def _path(module: str) -> Path:
    # The package's folder is looked up once; below it a name is a path, and nothing has to be imported.
    spec = find_spec(PACKAGE)
    assert spec is not None and spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]).joinpath(*module.split(".")[1:])
    return path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_source(module))


@cache
def _imports(module: str) -> frozenset[str]:
    """Modules of the package that a module imports anywhere when it runs; one that imports by name leads to its folder."""
    found = set()
    if "import_module" in _source(module):
        found |= {f"{module.rpartition('.')[0]}.{path.stem}" for path in _path(module).parent.glob("[!_]*.py")}
    for node in _run(_tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name for name in inner if name.startswith(PACKAGE + ".") and _path(name).is_file()}
            found.add(node.module)
    return frozenset(name for name in found if name.startswith(PACKAGE + ".") and _path(name).is_file())


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a tree but those that only a type checker reads."""
    yield node
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.If) and isinstance(inner.test, ast.Name) and inner.test.id == "TYPE_CHECKING":
            for other in inner.orelse:
                yield from _run(other)
        else:
            yield from _run(inner)


@cache
def _module_digest(module: str) -> str:
    text = "\x00".join(code_tokens(_source(module), _tree(module)))
    return hashlib.sha256(text.encode()).hexdigest()


def code_tokens(source: str, tree: ast.Module) -> list[str]:
    """Tokens of a source without comments, docstrings and layout; an f-string is one token in every Python."""
    lines = source.splitlines(keepends=True)
    docstrings = _docstring_lines(tree)
    f_start = getattr(tokenize, "FSTRING_START", None)
    f_end = getattr(tokenize, "FSTRING_END", None)
    tokens: list[str] = []
    opened: list[tuple[int, int]] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if f_start is not None and token.type == f_start:
            opened.append(token.start)
        elif f_end is not None and token.type == f_end:
            start = opened.pop()
            if not opened:
                tokens.append(_between(lines, start, token.end))
        elif not opened and token.type not in _LAYOUT and token.start not in docstrings:
            tokens.append(token.string)
    return tokens


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return lines[start[0] - 1][start[1] : end[1]]
    middle = lines[start[0] : end[0] - 1]
    return "".join([lines[start[0] - 1][start[1] :], *middle, lines[end[0] - 1][: end[1]]])


def _docstring_lines(tree: ast.Module) -> set[tuple[int, int]]:
    """Start (line, column) of every docstring."""
    starts = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                starts.add((first.lineno, first.col_offset))
    return starts
