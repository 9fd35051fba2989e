"""The scope of a SoMo.ml run: forcing from the day on which the state starts, what does not change, and the forcing model's soil."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from rssm.calendar import CALENDARS, STATIC
from rssm.config.catalogue import sources_of
from rssm.config.somo import Somo
from rssm.config.toy import STATION_YEARS
from rssm.stations.depths import Depths
from rssm.workflow.scope import locate
from rssm.workflow.tiled_scope import TiledScope

PUBLISHED = "config/somo/published.tsv"
FORCING, STATICS, SOIL = "FORCING", "STATICS", "SOIL"  # cubes


class SomoScope(TiledScope):
    """What one configuration covers."""

    run: Somo

    @cached_property
    def cubes(self) -> Mapping[str, Mapping[str, set[int]]]:
        """In an extension, forcing of its own years; what does not change was cut out already, and nothing learns from soil."""
        forcing, days = self.run.forcing, set(self.days_now)
        if self.parent:
            return {FORCING: dict.fromkeys(forcing.dynamic, days)}
        return {
            FORCING: dict.fromkeys(forcing.dynamic, days),
            STATICS: dict.fromkeys(forcing.static, days),
            SOIL: dict.fromkeys(forcing.soil, days),
        }

    @cached_property
    def days(self) -> range:
        """Days that are simulated: from the start of the state to the end of the data set."""
        return range(CALENDARS["day"].parse(self.run.forcing.since), self.run.steps[-1] + 1)

    @property
    def days_now(self) -> range:
        """Days that the run simulates itself: in an extension the later ones."""
        return self.made if self.parent else self.days

    @property
    def years_now(self) -> list[str]:
        """Years of them."""
        year_of = self.calendar.year_of
        return [str(year) for year in range(year_of(self.days_now[0]), year_of(self.days_now[-1]) + 1)]

    def state_before(self, year: str, tile: str) -> str:
        """The state that the year before hands on."""
        folder = (self.learnt if year == self.years_now[0] else self.paths).results
        return f"{folder}/simulated/{int(year) - 1}/{tile}_state.nc"

    @property
    def networks(self) -> list[str]:
        """Networks of all layers, and the calibration of their uncertainty."""
        folder, members = self.learnt.results, range(1, self.run.members + 1)
        calibration = [f"{folder}/calibration.tsv"] if self.run.calibration.scheme != "none" else []
        layers = range(1, len(self.run.layers) + 1)
        return [*(f"{folder}/networks/layer{n}/{k}.nc" for n in layers for k in members), *calibration]

    def depths(self, number: int) -> Depths:
        """Of a layer, counted from 1."""
        layer = self.run.layers[number - 1]
        return Depths(layer.top, layer.bottom, layer.nearest)

    @property
    def native_products(self) -> list[str]:
        """Products with files that forcing, statics and soil are made of, each once."""
        forcing = self.run.forcing
        return self.native_of((*forcing.dynamic, *forcing.static, *forcing.soil))

    def native_of(self, wanted: Sequence[str]) -> list[str]:
        """Products with files that some products are made of, each once."""
        found = dict.fromkeys(source for name in wanted for source in sources_of(self.catalogue, name))
        return [name for name in found if name in self.catalogue and not self.catalogue[name].derive]

    @property
    def given(self) -> dict[str, str]:
        """Land mask, and what the authors say of their data set."""
        return super().given | {"published.tsv": str(locate(PUBLISHED, self.root))}

    @property
    def schemes(self) -> list[str]:
        """Schemes of cross-validation: those that are asked for, and the one that calibrates."""
        wanted, calibrating = self.run.crossval.schemes, self.run.calibration.scheme
        return list(dict.fromkeys([*wanted, *([calibrating] if calibrating != "none" else [])]))

    @property
    def simulated_years(self) -> list[str]:
        """Years that are simulated."""
        year_of = self.calendar.year_of
        return [str(year) for year in range(year_of(self.days[0]), year_of(self.days[-1]) + 1)]

    @property
    def years_made(self) -> list[str]:
        """Years of the data set."""
        first = self.calendar.year_of(self.run.steps[0])
        return [year for year in self.simulated_years if int(year) >= first]

    @property
    def climate(self) -> tuple[int, int]:
        """First and last year behind means that are static inputs."""
        years = self.years_made
        return self.run.forcing.climate or (int(years[0]), int(years[-1]))

    def reference_years(self) -> list[str]:
        """Years behind means that are static inputs."""
        first, last = self.climate
        return [str(year) for year in range(first, last + 1)]

    def span(self, product: str) -> range:
        """Steps in which a product is used: forcing is needed before the data set begins."""
        own = super().span(product)
        return range(own.start, max(own.stop, self.days.stop))

    # -- mistakes --------------------------------------------------------------------------------------------------------

    def contradictions(self) -> Iterator[str]:
        yield from super().contradictions()
        forcing = self.run.forcing
        for place in ("dynamic", "static", "soil"):
            names = getattr(forcing, place)
            yield from self._unknown_products(f"forcing.{place}", names)
            for name in (name for name in names if name in self.catalogue):
                yield from self._unfit(f"forcing.{place}", name, STATIC if place == "static" else "day")
        yield from self._years_outside()
        if self.run.toy and self.run.toy.days_per_dekad < 11:
            yield (
                f"toy.days_per_dekad: {self.run.toy.days_per_dekad} leaves days without forcing, over which no state can be "
                "carried. Set 11, for all days."
            )

    def _unfit(self, setting: str, name: str, calendar: str) -> Iterator[str]:
        product = self.catalogue[name]
        if product.maps != calendar:
            yield f"{setting}: {name} has maps of {product.maps}, expected {calendar} (its entry's maps)."
        if product.reader is None and not product.derive:
            yield f"{setting}: {name} is no product that maps are made of (its reader is empty)."

    def _years_outside(self) -> Iterator[str]:
        """Sentences about years in which forcing is asked for before it begins, or the toy's soil does."""
        first = min(int(self.simulated_years[0]), self.climate[0])
        for name in self.native_products:
            product = self.catalogue[name]
            if product.maps == "day" and product.span[0][:4] > str(first):
                yield f"forcing: {name} begins {product.span[0]}, but {first} is asked for. Set later years."
        if self.run.toy and first < self.run.toy.soil_from:
            yield f"toy.soil_from: {self.run.toy.soil_from}, but forcing of {first} is asked for. Set {first} or earlier."
        if self.run.toy and int(self.simulated_years[0]) > self.run.toy.soil_from + STATION_YEARS:
            yield (
                f"toy.soil_from: stations of the toy Earth measure in the {STATION_YEARS} years after it, "
                f"{self.run.toy.soil_from}, and forcing is read of {self.simulated_years[0]} to {self.simulated_years[-1]}. "
                "Set a year shortly before these."
            )
        if (last := self.climate[1]) > int(self.simulated_years[-1]) or self.climate[0] < int(self.simulated_years[0]):
            yield (
                f"forcing.climate: {self.climate[0]} to {last}, but forcing is read of {self.simulated_years[0]} to "
                f"{self.simulated_years[-1]}. Choose years within."
            )
