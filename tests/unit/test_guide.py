"""The user guide says what the declarations say: every layer and flag in it exists, and the other way round."""

import re
from pathlib import Path

import pytest

from rssm.product.formats.layers import LAYERS, Codes
from rssm.product.publish import alone
from rssm.product.values.flags import Flag

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "product.md").read_text(encoding="utf-8")
CODES = Codes(["NN1-1"], ["1"], 10)


def table(first):
    """Rows of the table whose first column has this name, cells without marks."""
    rows, inside = [], False
    for line in GUIDE.splitlines():
        inside = line.startswith("|") and (inside or line.startswith(f"| {first} |"))
        if inside:
            rows.append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
    return rows[2:]


def value_range(layer):
    """How the guide writes the values of a layer."""
    if layer.name == "flags":
        return "bits"
    return "code" if CODES.names(layer.name) else f"{layer.low:g}–{layer.high:g}".replace("-", "−")


def test_layers_stand_in_the_order_of_the_bands():
    said = [(int(band), name, unit, values, step) for band, name, unit, values, step, _ in table("band")]
    steps = {layer.name: "" if layer.scale("int16") is None else f"{layer.scale('int16'):.4f}" for layer in LAYERS}
    expected = [(k, x.name, x.units, value_range(x), steps[x.name]) for k, x in enumerate(LAYERS, 1)]
    assert said == expected


def test_flags_stand_with_their_bits():
    assert [(int(value), name) for value, name, *_ in table("value")] == [(flag.value, flag.meaning) for flag in Flag]


def test_recipes_take_bits_that_mean_what_their_text_says():
    usual, strict = (re.search(r"flags & \(([\d +]+)\)", row[1])[1] for row in table("recipe")[1:])
    known = {flag.value: flag for flag in Flag}
    assert {known[int(bit)] for bit in usual.split("+")} == {
        Flag.GAP_FILLED,
        Flag.OUTSIDE_SMAP_RANGE,
        Flag.RAINFOREST,
        Flag.WATER_ABOVE_5_PERCENT,
    }
    assert {known[int(bit)] for bit in strict.split("+")} == {Flag.FALLBACK_NETWORK, Flag.EXTRAPOLATED_INPUTS}


def test_names_in_code_marks_are_layers_or_flags():
    """A layer or flag renamed must not live on in the prose."""
    known = {layer.name for layer in LAYERS} | {flag.meaning for flag in Flag}
    stems = ("snow_", "gap_", "fill_", "total_", "between_", "blocked_", "residual_", "network", "n_obs", "number_of_")
    named = {name for name in re.findall(r"`([a-z0-9_]+)`", GUIDE) if name.startswith(stems)}
    assert named <= known and len(named) > 10


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", GUIDE))))
def test_links_lead_somewhere(target):
    assert (ROOT / "docs" / target).exists()


def test_beside_the_data_the_guide_has_no_links_into_the_project():
    text = alone(
        "![a map](images/a.png)\n\nSee [method.md](method.md#x), [there](https://doi.org/1) and [below](#end)."
    )
    assert text == "See method.md, [there](https://doi.org/1) and [below](#end)."
    assert not re.search(r"\]\((?!https?:|#)", alone(GUIDE)) and "## Layers" in alone(GUIDE)
