"""A draft as YAML: every guess and every open question as a comment above its field."""

from __future__ import annotations

from typing import Any

import yaml

from rssm.archive.draft.entry import Draft

MARKS = ("GUESS", "OPEN")


def draft_text(made: Draft) -> str:
    """The entry, ready to be laid into a catalogue and edited."""
    lines = [f"{made.product.id}:"]
    for field, value in made.fields.items():
        lines += [f"  # {note}" for note in made.notes.get(field, ())]
        lines.append(f"  {field}: {_inline(value)}" if field != "id" else "")
        if field == "valid_range":
            lines += [f"  # {line}" for line in made.keep]
    return "\n".join(line for line in lines if line) + "\n"


def marks(text: str) -> dict[str, int]:
    """How many guesses and open questions a draft has."""
    return {mark: sum(line.strip().startswith(f"# {mark}") for line in text.splitlines()) for mark in MARKS}


def _inline(value: Any) -> str:
    plain = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False)
    return plain.replace("\n...", "").strip()
