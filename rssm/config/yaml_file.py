"""Reading a YAML file that a user wrote: of bounded size, every key once, and the line of each.

What a date looks like stays text: where a time is wanted, the calendar judges how it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from rssm.errors import InputError

Place = tuple[str | int, ...]
MOST_BYTES = 1_000_000  # a catalogue of a thousand products; more would take seconds to say no to
MOST_ENTRIES = 100_000  # once aliases are written out: nine lines can stand for thousands of millions


class _Loader(yaml.SafeLoader):
    """YAML without times; a number or the like that cannot be is a mistake at its line."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [rule for rule in rules if not rule[0].endswith(":timestamp")]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError:
            shown = f"{str(node.value)[:40]!r} is no value of the kind it looks like; put it in quotes if it is a text"
            raise yaml.constructor.ConstructorError(None, None, shown, node.start_mark) from None


def read_yaml(path: str | Path) -> tuple[dict[str, Any], dict[Place, int]]:
    """A YAML mapping, and the line of each of its keys; an InputError says in a sentence what is wrong with the file."""
    text = _text(path)
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        lines = _lines(path, node)
        return loader.construct_document(node), lines
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InputError(f"{path}: line {line}: is not YAML: it holds the character #x{error.character:04x}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}:" if mark else ""
        raise InputError(f"{path}:{where} is not YAML: {getattr(error, 'problem', error)}.") from None
    except RecursionError:
        raise InputError(f"{path}: is nested too deeply to be settings.") from None


def _lines(path: str | Path, node: Any) -> dict[Place, int]:
    """The line of each key of a document that is a mapping of bounded size, every key once."""
    if node is None:
        raise InputError(f"{path}: is empty. Expected settings written as `name: value`.")
    if not isinstance(node, yaml.MappingNode):
        found = "a list" if isinstance(node, yaml.SequenceNode) else "a single value"
        raise InputError(f"{path}: expected settings written as `name: value`, found {found}.")
    if _entries(node, {}) > MOST_ENTRIES:
        raise InputError(
            f"{path}: written out, its aliases (`*name`) make more than {MOST_ENTRIES:,} entries, or have no end. "
            "Write what is meant instead."
        )
    lines: dict[Place, int] = {}
    if mistakes := [f"{path}: line {line}: {what}." for line, what in _walk(node, (), lines)]:
        raise InputError("\n".join(mistakes))
    return lines


def _text(path: str | Path) -> str:
    """What the file says; a byte-order mark of UTF-8 is no part of it."""
    try:
        if not Path(path).exists():
            raise InputError(f"{path}: no such file.")
        if not Path(path).is_file():
            raise InputError(f"{path}: is {'a folder' if Path(path).is_dir() else 'not a file'}. Expected a YAML file.")
        if (size := Path(path).stat().st_size) > MOST_BYTES:
            raise InputError(f"{path}: {size:,} bytes are too many for settings, expected {MOST_BYTES:,} at most.")
        raw = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}.") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}: line {line}: is not UTF-8 text. Save the file in that encoding.") from None


def _entries(node: Any, known: dict[int, int]) -> int:
    """Number of entries with every alias written out; too many where one holds itself."""
    if id(node) not in known:
        known[id(node)] = MOST_ENTRIES + 1  # while it is counted: whoever meets it now is inside it
        parts = node.value if isinstance(node, yaml.CollectionNode) else []
        inner = (part for pair in parts for part in (pair if isinstance(pair, tuple) else (pair,)))
        known[id(node)] = 1 + sum(_entries(part, known) for part in inner)
    return known[id(node)]


def _walk(node: Any, place: Place, lines: dict[Place, int]) -> Iterator[tuple[int, str]]:
    """Fill `lines`; yield keys that stand twice in one mapping, and those that cannot be names."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                yield line, "a name is expected before `:`, found a list or a mapping"
                continue
            inner = (*place, key.value)
            if inner in lines:
                yield line, f"{dotted(inner)} is set twice"
            lines[inner] = line
            yield from _walk(value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            lines[(*place, i)] = value.start_mark.line + 1
            yield from _walk(value, (*place, i), lines)


def dotted(place: Place) -> str:
    """A place as people write it, on one line; `[key]` is how pydantic names a key itself."""
    return ".".join(part if part.isprintable() else repr(part) for part in map(str, place) if part != "[key]")
