"""Texts of a configuration that become paths or names of files: what cannot be one is refused where it is read.

Blanks, quotes, `$`, and letters of any script are parts of paths like others.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

LONGEST_PART, LONGEST_PATH = 255, 3500  # bytes: what file systems take, with room for the working folder
LONGEST_NAME = 200  # bytes: a product's name has a step and an ending beside it
IN_RULES = "{}<>"  # what rules fill in


def unprintable(text: str) -> str:
    """What of a text no path can hold, for people; empty where there is nothing."""
    found = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")), "")
    return f"holds the character #x{ord(found):02x}, which no path may" if found else ""


def path_text(text: str) -> str:
    """A path, checked."""
    if not text.strip():
        raise ValueError("is empty, expected a path")
    if why := unprintable(text):
        raise ValueError(why)
    if max(len(part.encode()) for part in text.split("/")) > LONGEST_PART or len(text.encode()) > LONGEST_PATH:
        raise ValueError(f"is too long for a path ({LONGEST_PART} bytes a part, {LONGEST_PATH} in all)")
    return text


def rule_path(text: str) -> str:
    """A path that rules name, checked."""
    if found := next((c for c in path_text(text) if c in IN_RULES), ""):
        raise ValueError(f"holds {found!r}, which the workflow would fill in; choose another place or name")
    return text


def name_text(text: str) -> str:
    """A name that files and folders bear, checked."""
    if why := unprintable(text):
        raise ValueError(why)
    bad = next((part for part in ("..", "/", "\\", "#", "+", "*", "?", *IN_RULES) if part in text), "")
    if bad or text != text.strip() or not text or text[0] in "-.":
        why = f"it holds {bad!r}" if bad else "it is empty, begins with a blank, `-` or `.`, or ends with a blank"
        raise ValueError(f"cannot be the name of files: {why}")
    if len(text.encode()) > LONGEST_NAME:
        raise ValueError(f"is longer than {LONGEST_NAME} bytes, too long for the name of files")
    return text


def _as_text(value: Any) -> Any:
    """A number or day that stands where a label is wanted, as it was written."""
    return value.isoformat() if isinstance(value, date) else str(value) if type(value) is int else value


AnyPath = Annotated[str, AfterValidator(path_text)]
RulePath = Annotated[str, AfterValidator(rule_path)]
Name = Annotated[str, AfterValidator(name_text)]
LabelText = Annotated[str, BeforeValidator(_as_text)]
