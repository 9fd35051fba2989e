"""What the rules of a data set ask that is made of estimates of tiles, whatever the method.

A method's own class says where its estimates lie and what they hold (`rssm/declared.py`), and what stands behind a value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar

from rssm.declared import Declaration, LayerTable
from rssm.ingest.index import checksum
from rssm.product.quicklook_spec import QuicklookSpec
from rssm.product.specs import Cited, ClimatologySpec, Edition, FileSpec, PublishSpec, TakeOverSpec, TiledYearSpec
from rssm.product.values.land_share import LandShareSpec
from rssm.spec import canonical
from rssm.workflow.cited import CITED, citations
from rssm.workflow.ground import code, one_of
from rssm.workflow.tiled_scope import FREE, TiledScope

Words = Mapping[str, float | int | str | list[str] | None]  # layer → value of a pixel, codes and flags in words


@dataclass(frozen=True)
class Behind:
    """What stands behind a value.

    notes   on how it came about
    files   that were learnt, and from which it was estimated
    inputs  variable → steps of its maps that it was estimated from
    learnt  variable → steps that was learnt from
    """

    notes: Sequence[str] = ()
    files: Sequence[str] = ()
    inputs: Mapping[str, Sequence[int]] = field(default_factory=dict)
    learnt: Mapping[str, Sequence[int]] = field(default_factory=dict)


class Tiled(ABC):
    """The answers for one scope.

    declared   tables of layers, and texts
    truths     table → layer of a toy Earth's soil that it tells of, None for the surface
    estimates  where estimates lie below the results; {tile}, and {year} where each year has files of its own
    """

    declared: Declaration
    estimates: str
    truths: ClassVar[Mapping[str, int | None]] = {}

    def __init__(self, scope: TiledScope) -> None:
        self.scope, self.settings = scope, scope.settings

    # -- what a method says of itself ------------------------------------------------------------------------------------

    @abstractmethod
    def learnt(self, wildcards: Any = None) -> list[str]:
        """Files that were learnt, which an extension keeps; below `<learnt>`."""

    @abstractmethod
    def behind(self, tile: str, step: int, values: Words) -> Behind:
        """What stands behind the value of a pixel.

        values  all layers of all tables
        """

    def about_pixel(self, tile: str, pixel: int) -> list[str]:
        """What else is known of a pixel of a tile (its number in the whole grid), whatever the step."""
        return []

    @property
    def calibrated(self) -> str:
        """How the uncertainty is calibrated, and after a colon on what."""
        return "held out: on blocks of space and years that nothing was learnt from"

    @property
    def products(self) -> list[str]:
        """Products that values rest on."""
        return [name for name in self.scope.needed_variables() if name in self.scope.catalogue]

    @property
    def also_cited(self) -> dict[str, Cited]:
        """Others to cite, such as the land mask."""
        return {}

    # -- names -----------------------------------------------------------------------------------------------------------

    @cached_property
    def tables(self) -> list[str]:
        """How the names of files of each table begin."""
        return [table.prefix for table in self.declared.tables]

    @property
    def any_table(self) -> str:
        """Regular expression of them."""
        return one_of(self.tables)

    @cached_property
    def monthly_tables(self) -> list[str]:
        """Tables whose GeoTIFF files are of months."""
        wanted = "geotiff" in self.settings.formats
        return [table.prefix for table in self.declared.tables if table.maps == "month" and wanted]

    @cached_property
    def years(self) -> list[str]:
        """Years that are made: those of the period, of an extension the later ones."""
        return self._years(self.scope.made)

    def _years(self, steps: range) -> list[str]:
        year_of = self.scope.calendar.year_of
        return [str(year) for year in range(year_of(steps[0]), year_of(steps[-1]) + 1)]

    def files(self, table: str) -> dict[str, str]:
        """Year → file of the whole period; in an extension the earlier ones are those of the edition it extends."""
        own, learnt = self.scope.paths.product, self.scope.learnt.product
        years = self._years(self.scope.run.steps)
        return {year: f"{own if year in self.years else learnt}/netcdf/{table}_{year}.nc" for year in years}

    @property
    def cubes(self) -> list[str]:
        """Zarr cubes that are made."""
        return ["maps", "points"] if "zarr" in self.settings.formats else []

    def described(self) -> list[str]:
        """Record of the finished edition."""
        return [self.scope.paths.release]

    # -- inputs ----------------------------------------------------------------------------------------------------------

    def estimates_of(self, wildcards: Any) -> list[str]:
        """Estimates of all tiles that a year is made of."""
        return [f"{self.scope.paths.results}/{self.estimate(tile, wildcards.year)}" for tile in self.scope.tiles]

    def estimate(self, tile: str, year: str | int) -> str:
        """Estimates of a tile that a year is made of, below the results."""
        return self.estimates.format(tile=tile, year=year)

    def all_years(self, wildcards: Any) -> list[str]:
        """Yearly files of a table, of the whole period."""
        return list(self.files(wildcards.table).values())

    def taken(self, wildcards: Any = None) -> list[str]:
        """What was found when the files of the extended edition were checked; nothing where none is extended."""
        return [f"{self.scope.paths.results}/taken.json"] if self.scope.parent else []

    def check_parent(self) -> None:
        """Refuse to begin where a file of the extended edition is missing."""
        if self.scope.parent:
            product = self.scope.learnt.product
            whole = [path for table in self.tables for path in self.files(table).values()] if self.cubes else []
            bases = [f"{product}/derived/{table}_climatology.nc" for table in self.tables]
            needed = [*self.learnt(), *bases, *(path for path in whole if path.startswith(f"{product}/"))]
            self.scope.parent.check_files(needed)

    # -- params ----------------------------------------------------------------------------------------------------------

    def taken_spec(self, wildcards: Any = None) -> str:
        return canonical(TakeOverSpec({}))

    def year_spec(self, wildcards: Any) -> str:
        """Settings of a year of a table."""
        steps = [step for step in self.scope.made if self.scope.calendar.year_of(step) == int(wildcards.year)]
        table: LayerTable = self.declared.table(wildcards.table)
        own: dict[str, Any] = {
            "table": table,
            "steps": (steps[0], steps[-1]),
            "calibrated": self.calibrated,
            "code": code("tiled-year"),
        }
        return canonical(TiledYearSpec(**self._common, **own))

    def edition_spec(self, wildcards: Any = None) -> str:
        """Settings of what describes a finished edition."""
        kept, tables = self.scope.settings_kept(), self.declared.tables
        return canonical(PublishSpec(**self._common, settings=kept, tables=tables))

    def share_spec(self, wildcards: Any = None) -> str:
        """Land of the region, and the steps that the run makes."""
        scope = self.scope
        land = sum(map(scope.land_pixels, scope.tiles.values()))
        return canonical(LandShareSpec(land, "", (scope.made[0], scope.made[-1]), scope.calendar.id))

    @property
    def _common(self) -> dict[str, Any]:
        """What both are asked alike."""
        scope, settings = self.scope, self.settings
        known = {"fill": None, "layers": settings.layers, "formats": settings.formats}
        return known | {"edition": self.edition, "area": scope.area, "calendar": scope.calendar.id}

    def file_spec(self, verb: str) -> str:
        """Storage, and the code behind a verb, which its files name."""
        return canonical(FileSpec(self.settings.layers, code(verb)))

    def climatology_spec(self, wildcards: Any = None) -> str:
        """As `file_spec`, and the years of the climatology."""
        return canonical(ClimatologySpec(self.settings.layers, code("climatology"), self.settings.climatology))

    def quicklook_spec(self, wildcards: Any) -> str:
        """Where the data set is; of a toy run its Earth, where the truth of the table is known."""
        toy = self.scope.run.toy if wildcards.table in self.truths else None
        every = toy and toy.model_copy(update={"products": None})  # which products are written decides nothing here
        return canonical(QuicklookSpec(self.scope.area, every, self.truths.get(wildcards.table)))

    @cached_property
    def edition(self) -> Edition:
        """What all files state alike."""
        run, release, scope = self.scope.run, self.settings.release, self.scope
        decisive = {
            "settings": run.model_dump(mode="json", exclude={*FREE - {"period"}, "zones", "product"}),
            "products": {
                name: scope.catalogue[name].model_dump(mode="json", exclude={*CITED, "get"}) for name in self.products
            },
            "tables": [checksum(path) for path in (scope.land, scope.table("land_zones"))],
        }
        return Edition(
            run.method,
            release.version,
            release.date,
            self.settings.about,
            citations(scope, self.products) | self.also_cited,
            sha256(canonical(decisive).encode()).hexdigest()[:16],
            toy=run.toy is not None,
            estimate=None,
            texts=self.declared.texts,
        )
