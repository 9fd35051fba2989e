"""The ground floor, which all methods share: archives → maps → cubes."""

from __future__ import annotations

import re
from typing import Any

from rssm.archive.listing import digest
from rssm.calendar import CALENDARS, STATIC
from rssm.config.catalogue import Product
from rssm.cubes.specs import CubePart, CubeSpec, SeriesPart, SeriesSpec
from rssm.digest import code_digest
from rssm.ingest.index import checksum
from rssm.ingest.named import blank
from rssm.ingest.native import native_files, native_years
from rssm.ingest.specs import DeriveSpec, IngestSpec
from rssm.spec import canonical
from rssm.toy.spec import ToySpec
from rssm.verbs import VERBS
from rssm.workflow.questions import once_per
from rssm.workflow.scope import Scope
from rssm.workflow.toy_files import toy_digest

# What of a catalogue entry describes without deciding values: it may change without a re-run.
DESCRIPTION = ("title", "sensor", "algorithm", "version", "licence", "doi", "cite")


def code(verb: str) -> str:
    """Digest of the code behind a verb."""
    return code_digest(VERBS[verb].module)


def one_of(names: Any) -> str:
    """Regular expression of some names; one that matches nothing where there are none."""
    return "|".join(map(re.escape, names)) or "$none"


class Ground:
    """The answers for one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.answers: dict[tuple[str, str], str] = {}

    def wildcards(self) -> dict[str, str]:
        """Regular expression of every wildcard."""
        return {
            "product": one_of(self.scope.catalogue),
            "variable": one_of({**self.scope.catalogue, **self.scope.cubes}),
            "tile": r"[NS]\d\d[EW]\d\d\d",
            "year": r"\d{4}|static",
            "given": one_of(self.scope.given),
        }

    def products(self, calendar: str) -> str:
        """Regular expression of the products with a file for each map of a calendar."""
        products = self.scope.catalogue.items()
        own = {name: product for name, product in products if product.maps_in == "step" and not product.derive}
        return one_of(name for name, product in own.items() if product.maps == calendar)

    def products_of_one_file(self) -> str:
        """Regular expression of the products whose maps of a year, or all of them, are one file."""
        products = self.scope.catalogue.items()
        own = {v: product for v, product in products if not product.derive}
        return one_of(v for v, product in own.items() if product.maps_in == "year" or product.maps in ("year", STATIC))

    def derived_products(self) -> str:
        """Regular expression of the products that follow from others."""
        return one_of(name for name, product in self.scope.catalogue.items() if product.derive)

    # -- inputs ----------------------------------------------------------------------------------------------------------

    def toy_manifest(self, wildcards: Any) -> list[str]:
        """Manifest of a toy archive's product-year; real archives enter as a digest."""
        return self._manifests(wildcards.product, wildcards.year) if self.scope.run.toy else []

    def _manifests(self, product: str, year: str) -> list[str]:
        years = native_years(self.scope.catalogue[product], year)
        return [f"{self.scope.run.inputs.root}/{product}/{number}.json" for number in years]

    def porosity(self, wildcards: Any) -> list[str]:
        """The map of pore space, for products stored as saturation."""
        return self.scope.porosity([wildcards.product])

    def map_years(self, wildcards: Any) -> list[str]:
        """`VARIABLE/YEAR` of the maps that a series lists."""
        cube = wildcards.variable
        return [f"{v}/{year}" for v in self.scope.cubed(cube) for year in self.scope.years(v, cube)]

    def native_map_years(self) -> list[str]:
        """`PRODUCT/YEAR` of all maps made of native files."""
        return [f"{v}/{year}" for v, year in self.scope.map_years() if not self.scope.catalogue[v].derive]

    def sources(self, wildcards: Any) -> list[str]:
        """`PRODUCT/YEAR` of the maps from which those of a derived product-year follow."""
        return [f"{v}/{year}" for v, year in self.scope.derived_from(wildcards.product, wildcards.year)]

    def kernels(self, wildcards: Any) -> list[str]:
        """Compiled code that a method's jobs after this cube need; none where a method compiles nothing."""
        return []

    def steps_of_year(self, calendar: str) -> list[str]:
        """What follows the year in the labels of a calendar whose years are alike."""
        steps = CALENDARS[calendar]
        return [steps.label(step).removeprefix("2001") for step in steps.year(2001)]

    def given_source(self, wildcards: Any, output: Any) -> str:
        """Where a file that is given lies. Snakemake keeps no parameter that asks for `output`, so a place decides nothing."""
        return self.scope.given[wildcards.given]

    def catalogue(self, wildcards: Any, output: Any) -> str:
        """Where the catalogue lies, for what errors call a product; no parameter that Snakemake keeps, as above."""
        return str(self.scope.catalogue_file)

    # -- params ----------------------------------------------------------------------------------------------------------

    def given_digest(self, wildcards: Any) -> str:
        """Checksum of a file that is given."""
        return checksum(self.scope.given[wildcards.given])

    def files(self, wildcards: Any) -> str:
        """Digest of a product-year's native files (name, size, time)."""
        product, root = self.scope.catalogue[wildcards.product], self.scope.run.inputs.root
        files = native_files(root, product, wildcards.year)
        if not self.scope.run.toy:
            return digest(files)
        of_same = [name for name, other in self.scope.catalogue.items() if other.files == product.files]
        shared = [path for name in of_same for path in self._manifests(name, wildcards.year)]
        return toy_digest(root, files, self._manifests(wildcards.product, wildcards.year), shared)

    def toy_spec(self, wildcards: Any) -> str:
        """The toy's settings, and the product whose files it writes."""
        toy = self.scope.run.toy
        assert toy is not None
        every = toy.model_copy(update={"products": None})  # which other products are written decides nothing here
        return canonical(ToySpec(every, self.entry(wildcards.product), self.scope.area, self.scope.run.period.last))

    def ingest_spec(self, wildcards: Any) -> str:
        """Settings of the maps of a product-year."""
        run = self.scope.run
        entry = self.entry(wildcards.product)
        return canonical(IngestSpec(entry, run.inputs, run.ingest, self.scope.area))

    def derive_spec(self, wildcards: Any) -> str:
        """How the maps of a product-year follow from others."""
        return canonical(DeriveSpec(self.entry(wildcards.product), self.scope.run.inputs, self.scope.area))

    def entry(self, product: str) -> Product:
        """What of a catalogue entry decides values."""
        described = {name: blank(name) for name in DESCRIPTION}
        return self.scope.catalogue[product].model_copy(update={**described, "get": None})

    def series_spec(self, wildcards: Any) -> str:
        """Which steps of which variables a series lists."""
        parts = {}
        for variable in self.scope.cubed(wildcards.variable):
            steps = self.scope.steps(variable, wildcards.variable)
            parts[variable] = SeriesPart(self.scope.map_step(variable), (steps[0], steps[-1]))
        return canonical(SeriesSpec(parts, self.scope.run.inputs.on_empty))

    @once_per("variable")
    def cube_spec(self, wildcards: Any) -> str:
        """Which layers and zones a cube holds."""
        parts = {}
        for variable in self.scope.cubed(wildcards.variable):
            entry = self.scope.catalogue.get(variable)
            parts[variable] = CubePart(self.layers(variable), entry.outside_span if entry else "missing")
        return canonical(CubeSpec(parts, self.scope.area, self.scope.run.zones.tile_degrees))

    def layers(self, variable: str) -> tuple[str, ...]:
        """Layers of a variable's maps that its cube holds; several become chains."""
        return ("value",)
