"""Pages of reference name everything that the code has; what they hold to the letter is `rssm config --check`'s."""

from __future__ import annotations

from pathlib import Path

import pytest

from rssm.archive.grids import NATIVE_GRIDS
from rssm.commands.reference.catalogue import fields_page, products_page
from rssm.commands.reference.fields import Row, rows_of, table
from rssm.commands.reference.files import files_page
from rssm.commands.reference.layers import layers_page
from rssm.commands.reference.settings import settings_page
from rssm.commands.reference.space_time import grids_page
from rssm.config.catalogue import Product, load_catalogue
from rssm.config.load import models_in
from rssm.config.methods import METHODS
from rssm.product.formats.layers import LAYERS
from rssm.product.values.flags import Flag

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = load_catalogue(ROOT / "config/products.yaml")


def places(model, before=""):
    """Every setting of a model."""
    for name, field in model.model_fields.items():
        inner = next(models_in(field.annotation), None)
        if inner and not str(field.annotation).startswith("dict"):
            yield from places(inner, f"{before}{name}.")
        else:
            yield before + name


def test_every_setting_stands_on_the_page_of_settings():
    page = settings_page()
    for model in METHODS.values():
        # what is off by default (null) stands as a whole, or with its parts
        lacking = [p for p in places(model) if f"| `{p}` |" not in page and f"| `{p.rpartition('.')[0]}` |" not in page]
        assert lacking == []


def test_every_field_of_an_entry_stands_on_the_page_of_fields():
    page = fields_page()
    assert [name for name in Product.model_fields if f"| `{name}` |" not in page] == ["id"]


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_product_says_where_it_is_got(name):
    section = products_page().split(f"\n### {name}\n")[1].split("\n### ")[0]
    for what in ("Where", "Collection", "Login", "File names", "Licence"):
        assert f"**{what}**" in section
    assert CATALOGUE[name].files in section


def test_every_layer_flag_and_grid_has_its_row():
    layers, grids = layers_page(), grids_page()
    assert all(f"| `{layer.name}` | {k} |" in layers for k, layer in enumerate(LAYERS, 1))
    assert all(f"| {flag.value} | `{flag.meaning}` |" in layers for flag in Flag)
    assert all(f"| `{name}` |" in grids for name in NATIVE_GRIDS)


def test_kinds_of_files_are_found_where_they_are_declared():
    page = files_page()
    assert "| cubes | 1 |" in page and "`rssm/cubes/cube.py`" in page
    assert page.count("`rssm/product/derived.py`") == 3  # one module may declare several


def test_cells_end_no_cell_and_begin_no_tag():
    (line,) = list(table(("a",), [("x|y <b> `<c>`",)]))[2:]
    assert line == r"| x\|y \<b> `<c>` |"


def test_parts_of_a_model_stand_behind_it():
    schema = {
        "properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/B"}}, "c": {"type": "number", "default": 2}},
        "$defs": {"B": {"properties": {"d": {"enum": ["x", "y"], "description": "which"}}}},
    }
    assert list(rows_of(schema, schema["$defs"])) == [
        Row("a[]", "list of object", ""), Row("a[].d", "`x` or `y`", "which"), Row("c", "number", "", "2"),
    ]  # fmt: skip
