"""What is true of the text of all rules."""

from __future__ import annotations

import re
from pathlib import Path

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"
FIELD = re.compile(r"\{([^{}]*)\}")


def commands() -> dict[str, str]:
    """File and line → a shell command of the rules."""
    found = {}
    for path in [WORKFLOW / "Snakefile", *sorted(WORKFLOW.rglob("*.smk"))]:
        text = path.read_text()
        for match in re.finditer(r'^ *shell:\n((?:^ *".*"\n)+)', text, re.MULTILINE):
            found[f"{path.name}:{text[: match.start()].count(chr(10)) + 1}"] = match[1]
    return found


def test_every_text_of_a_shell_command_is_quoted():
    found = commands()
    rules = "".join(path.read_text() for path in WORKFLOW.rglob("*.smk"))
    assert len(found) == len(re.findall(r"^ *shell:", rules, re.MULTILINE)) > 25  # no command is written otherwise
    assert "run:" not in re.findall(r"^ *(\w+:)$", rules, re.MULTILINE)
    bare = {
        f"{where}: {{{field}}}" for where, text in found.items() for field in FIELD.findall(text) if field[-2:] != ":q"
    }
    assert bare == set()
    assert not [where for where, text in found.items() if "'" in text or '\\"' in text]  # nor twice
