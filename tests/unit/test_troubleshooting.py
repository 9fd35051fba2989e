"""The page of mistakes quotes sentences that the code really says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/troubleshooting.md").read_text("utf-8")
OTHERS = ("## Snakemake", "## The result")  # words of Snakemake, and what is seen instead of said


def quoted() -> list[str]:
    """What stands in code marks in the first column, of the sections whose sentences are ours."""
    sections = [part for part in re.split(r"^(?=## )", PAGE, flags=re.MULTILINE) if not part.startswith(OTHERS)]
    cells = [line.split("|")[1] for part in sections for line in part.splitlines() if line.startswith("| `")]
    return [words for cell in cells for words in re.findall(r"`([^`]+)`", cell)]


CODE = "\n".join(path.read_text("utf-8") for path in (ROOT / "rssm").rglob("*.py"))


@pytest.mark.parametrize("words", quoted())
def test_a_quoted_sentence_is_said_by_the_code(words: str) -> None:
    assert words in CODE


def test_the_page_quotes_the_likeliest_mistakes() -> None:
    assert len(quoted()) > 20
