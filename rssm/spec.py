"""Specifications: what a verb is asked beside files, as frozen dataclasses in the workflow and in the verb.

Between the two they are one line of canonical JSON, a rule's `params`: equal settings are equal text, so that a change
re-runs what depends on it and nothing else. A specification lies beside its verb; the workflow builds it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, SimpleNamespace
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from rssm.errors import InputError

T = TypeVar("T")


class Settings(SimpleNamespace):
    """A section of the configuration in a job: checked when the job was planned, so its model need not be imported.

    A job that reads its settings this way names the model for the type checker alone:
    `if TYPE_CHECKING: from rssm.config.training import Training`, `else: Training = Settings`.
    """


def canonical(spec: Any) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(plain(spec), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Any:
    """Dataclasses and sections of the configuration as JSON has them."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, Settings):
        return {name: plain(item) for name, item in vars(value).items()}
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def parsed(kind: type[T], text: str) -> T:
    """The specification of a type from its JSON."""
    try:
        made: T = _built(kind, json.loads(text))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"--spec: is no {kind.__name__} as the workflow writes it ({error}).") from None
    return made


def _built(kind: Any, value: Any) -> Any:
    """A value of JSON as its type hint has it."""
    if hasattr(kind, "model_validate"):
        return kind.model_validate(value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _built(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        hints_of = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_built(hint, item) for hint, item in zip(hints_of, value, strict=True))
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return {name: _built(inner[1], item) for name, item in value.items()}
    if origin is Union or type(kind).__name__ == "UnionType":  # a type or nothing
        (some,) = (hint for hint in inner if hint is not NoneType)
        return None if value is None else _built(some, value)
    if isinstance(kind, type) and issubclass(kind, Settings):
        return kind(
            **{name: _built(Settings, item) if isinstance(item, dict) else item for name, item in value.items()}
        )
    return value
