"""The methods there are: each is a model of its configuration, found by the setting `method`."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from rssm.config.casm import Casm
from rssm.config.common import CommonRun
from rssm.config.rsssm import Rsssm
from rssm.config.somo import Somo
from rssm.errors import InputError

METHODS: dict[str, type[CommonRun]] = {"rsssm": Rsssm, "casm": Casm, "somo": Somo}
DEFAULT = "rsssm"


def method_of(given: Mapping[str, Any], name: str) -> type[CommonRun]:
    """The model of the method that settings read from `name` ask for."""
    method = given.get("method", DEFAULT)
    if not isinstance(method, str) or method not in METHODS:
        near = get_close_matches(str(method), METHODS, 1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(METHODS)}."
        raise InputError(f"{name}: method {method!r} is unknown. {hint}")
    return METHODS[method]


def layered(given: Mapping[str, Any], model: type[CommonRun]) -> dict[str, Any]:
    """A user's settings over those of the profile that they name."""
    profile = given.get("profile", model.model_fields["profile"].default)
    return over(model.profiles.get(str(profile), {}), given)


def over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Settings over others; sections are laid together."""
    both = {k: over(below[k], v) for k, v in above.items() if isinstance(v, dict) and isinstance(below.get(k), dict)}
    return {**below, **above, **both}
