"""`docs/reference/catalogue.md`: the fields of an entry, from its model; `docs/how-to/get-products.md`: where products are got."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import get_args

from rssm.archive.expected import expected_names
from rssm.calendar import STATIC
from rssm.commands.reference import MADE
from rssm.commands.reference.fields import Row, rows_of, table
from rssm.commands.where import FULL
from rssm.config.catalogue import Kind, Product, load_catalogue
from rssm.config.methods import METHODS, layered
from rssm.config.reading import FIND_GRIDS, FIND_TIMES, READER_OPTIONS, Reader
from rssm.config.sources import Get
from rssm.workflow.scope import REPOSITORY

FIELDS = f"""# Fields of the catalogue

{MADE} An entry of the catalogue says what a product is, where its files lie, how to read and screen them. How to write one: [your own archive](../own-archive.md); patterns, quality rules and what files say of themselves: [the manual](../../config/README.md#a-sensor-more)."""
PARTS = {
    "a test of `keep` and `strict`": "Test",
    "`error`": "Error",
    "`options`": "Options",
    "`get`": "Get",
}
GET = f"""# Get the products

{MADE} What the catalogue says of every product: who gives it out, what it is called there, which account is needed, what to choose. `rssm where PRODUCT my.yaml` prints the same for one, and the file names that your run expects. Where a file must lie: [lay out an archive](archive.md).

*Not sure* marks what nobody here has seen, or what may have changed. A download of one year tells; `rssm inventory my.yaml` says whether its names are found, `rssm map PRODUCT DEKAD my.yaml` what is read of it."""
KINDS = {
    "soil_moisture": "Soil moisture",
    "factor": "Quality factors",
    "mask": "Masks and classes",
    "reference": "References",
    "station": "Stations",
    "brightness_temperature": "Brightness temperature",
    "forcing": "Forcing",
}


def fields_page() -> str:
    """The page of fields, parts of an entry, readers."""
    schema = Product.model_json_schema()
    models = schema["$defs"]
    outer = {"properties": {name: field for name, field in schema["properties"].items() if name != "id"}}
    flat = {"properties": {name: _outer(field) for name, field in outer["properties"].items()}}
    lines = [FIELDS, "", *_table(rows_of(flat, models))]
    for title, model in PARTS.items():
        lines += ["", f"## Fields of {title}", "", *_table(rows_of(models[model], models))]
    lines += ["", "## Readers", "", *table(("reader", "reads", "finds times", "finds grids", "options"), _readers())]
    return "\n".join(lines) + "\n"


def _outer(field: dict[str, object]) -> dict[str, object]:
    """A field without its parts, which have tables of their own."""
    parts = field.get("anyOf", [field])
    assert isinstance(parts, list)
    if any("$ref" in part for part in parts):
        return {"type": "object", "description": field.get("description", "")}
    if field.get("type") == "object" and "Test" in str(field.get("additionalProperties")):
        return {"type": "object of tests", "description": field.get("description", "")}
    return field


def _table(rows: Iterable[Row]) -> Iterator[str]:
    return table(
        ("field", "meaning", "type", "default"),
        ((f"`{r.name}`", r.meaning, r.kind, f"`{r.default}`" if r.default else "") for r in rows),
    )


def _readers() -> Iterator[tuple[str, ...]]:
    """Readers by name, and the first sentence of their modules."""
    folder = REPOSITORY / "rssm/archive/readers"
    for name in get_args(Reader):
        options = ", ".join(f"`{option}`" for option in sorted(READER_OPTIONS.get(name, ())))
        yield (
            f"`{name}`",
            paragraphs(folder / f"{name}.py")[0],
            _yes(name in FIND_TIMES),
            _yes(name in FIND_GRIDS),
            options,
        )


def _yes(true: bool) -> str:
    return "yes" if true else ""


def paragraphs(module: Path) -> list[str]:
    """What a module says of itself."""
    text = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return [" ".join(part.split()) for part in text.split("\n\n")]


def products_page() -> str:
    """The page of all products and where to get them, by kind; of one that several catalogues hold, the first entry."""
    order, found = list(get_args(Kind)), dict[str, Product]()
    for file in catalogues():
        found = load_catalogue(REPOSITORY / file) | found
    ordered = sorted(found.values(), key=lambda product: order.index(product.kind))
    overview = [(f"[{p.id}](#{_anchor(p)})", KINDS[p.kind].lower(), p.title, _span(p), p.step) for p in ordered]
    lines = [GET, "", *table(("product", "kind", "what", "span used", "step"), overview)]
    for kind, products in groupby(ordered, lambda product: product.kind):
        lines += ["", f"## {KINDS[kind]}"]
        for product in products:
            lines += ["", f"### {product.id}", "", f"{product.title}.", "", *_got(product)]
    return "\n".join(lines) + "\n"


def catalogues() -> list[str]:
    """The catalogues that methods take by default."""
    runs = (model.model_validate(layered({"method": name}, model)) for name, model in METHODS.items())
    return list(dict.fromkeys(run.tables.products for run in runs))


def _anchor(product: Product) -> str:
    return product.id.lower()


def _span(product: Product) -> str:
    return f"{product.span[0]} – {product.span[1] or 'today'}"


def _got(product: Product) -> Iterator[str]:
    """Where a product is got, as a list."""
    got: Get | None = product.get
    if got:
        yield f"- **Where**: {_linked(got.portal)}"
        yield f"- **Collection**: {'; '.join(f'`{name}`' for name in got.collections)}"
        yield f"- **Login**: {got.login}"
        if got.tick:
            yield f"- **Choose**: {got.tick}"
        if got.megabytes:
            yield f"- **Size of a file**: about {got.megabytes:g} MB"
    a_year = len(expected_names(product, *FULL))
    yield f"- **File names**: `{product.files}`" + (
        f", {a_year} {'in all' if product.step == STATIC else 'a year'}" if a_year else ""
    )
    yield f"- **Version**: {product.version}. **Licence**: {product.licence}"
    yield f"- **Cite**: {product.cite}" + (f"; data: doi:{product.doi}" if product.doi else "")
    if got and got.unsure:
        yield f"- *Not sure*: {got.unsure}"


def _linked(text: str) -> str:
    """Addresses as links."""
    words = text.split(" ")
    return " ".join(
        f"<{word.rstrip(',;.')}>{word[len(word.rstrip(',;.')) :]}" if word.startswith("https://") else word
        for word in words
    )
