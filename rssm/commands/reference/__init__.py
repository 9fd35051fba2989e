"""Pages of reference, made from the code that they describe: `rssm config` writes them, `rssm config --check` holds them true."""

from __future__ import annotations

MADE = "Made by `rssm config`; do not edit."
