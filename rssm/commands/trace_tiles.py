"""The way back from a pixel of a data set that is made of estimates of tiles, by what its method says stands behind a value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rssm.commands.native_files import Archive
from rssm.commands.trace_maps import MapsBehind, digest
from rssm.commands.trace_pixel import Pixel, in_words, layers_of
from rssm.commands.trace_place import Place
from rssm.ingest.index import read_index
from rssm.workflow.tiled import Behind, Tiled


class TiledTrace:
    """The way back from one pixel; `lines` prints it."""

    def __init__(self, data: Tiled, results: Path, place: Place, archive: Archive, every_file: bool) -> None:
        self.data, self.results, self.place = data, results, place
        scope = data.scope
        self.learnt = Path(scope.learnt.results) if scope.parent else results
        self.maps = MapsBehind([self.learnt, results], scope.grid, scope.calendar, archive, every_file)

    def lines(self, step: int) -> Iterator[str]:
        """The whole way: what the data set says, estimates of the tile, and what they rest on."""
        scope, year = self.data.scope, self.data.scope.calendar.year_of(step)
        label, folder = scope.calendar.label(step), self._edition(step)
        for at, table in enumerate(self.data.tables):
            index, netcdf = folder / "product" / "geotiff" / f"{table}_{year}.json", self._netcdf(table, step)
            self.place.check(scope, step, index, netcdf)
            if at == 0:
                yield self.place.text(step)
            entry, pixel = read_index(index)[label], layers_of(netcdf, step, self.place)
            yield f"data set  {index.parent / entry['map']}  sha256 {entry['sha256'][:16]}…  ({entry['release']})"
            for name, value in pixel.values.items():
                yield f"  {name:<26}{in_words(pixel.of[name], value)}"
        estimate = folder / self.data.estimate(self.place.tile, year)
        yield f"estimated {estimate}  {digest(estimate)}"
        yield from self._behind(self.data.behind(self.place.tile, step, self.layers(step).values), step)

    def _behind(self, behind: Behind, step: int) -> Iterator[str]:
        for note in (*behind.notes, *self.data.about_pixel(self.place.tile, self.place.number)):
            yield f"          {note}"
        for file in behind.files:
            yield f"learnt    {file}  {digest(Path(file))}"
        for variable, steps in behind.inputs.items():
            yield from self.maps.lines(variable, steps, "  input   ")
        for variable, steps in behind.learnt.items():
            yield from self.maps.lines(variable, steps, "  learnt  ")

    def layers(self, step: int) -> Pixel:
        """What all tables of the data set say of the pixel."""
        found = [layers_of(self._netcdf(table, step), step, self.place) for table in self.data.tables]
        values = {name: value for pixel in found for name, value in pixel.values.items()}
        return Pixel(values, {name: layer for pixel in found for name, layer in pixel.of.items()})

    def _edition(self, step: int) -> Path:
        """Results of the run that made a step."""
        return self.results if step >= self.data.scope.made[0] else self.learnt

    def _netcdf(self, table: str, step: int) -> Path:
        year = self.data.scope.calendar.year_of(step)
        return self._edition(step) / "product" / "netcdf" / f"{table}_{year}.nc"
