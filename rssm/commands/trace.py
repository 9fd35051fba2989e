"""`rssm trace LON LAT DEKAD`: from a pixel of the data set back to the native files behind it, through all rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rssm.commands import config_file, parser_of, takes_config
from rssm.commands.answers import emit
from rssm.commands.extract import steps_of
from rssm.commands.native_files import Archive, native_files
from rssm.commands.trace_fusion import fusion_lines, has_value, joint_lines
from rssm.commands.trace_pixel import Traced, Value, in_words, layers_of
from rssm.config.plan import simulated_round, span_text
from rssm.config.product import ROLES
from rssm.errors import InputError
from rssm.grid import Window, relative_window, wrap_longitude
from rssm.ingest.index import checksum, read_index
from rssm.maps import read_map
from rssm.networks import store
from rssm.networks.kernels.codes import Status
from rssm.paths import Paths
from rssm.product.formats.netcdf import YearReader
from rssm.product.formats.points import as_asked
from rssm.product.records.frame import Frame, season_labels
from rssm.product.values.fill import donors
from rssm.product.values.flags import Flag, has
from rssm.product.values.mean_year import MEAN_YEAR
from rssm.product.values.snow_climatology import SNOW
from rssm.product.values.sources import Maps, land_of
from rssm.rounds.estimates import read_estimates
from rssm.rounds.merge import Provenance as Merge
from rssm.rounds.specs import MATCHED
from rssm.workflow.methods import scope_in
from rssm.workflow.rsssm.scope import RsssmScope


class Trace:
    """The way back from one pixel; `lines` prints it."""

    def __init__(self, scope: RsssmScope, results: Path, lon: float, lat: float, every_file: bool) -> None:
        self.scope, self.results, self.every_file = scope, results, every_file
        # an extension rests on networks and maps of the edition it extends
        self.learnt = Path(scope.learnt.results) if scope.parent else results
        self.grid, self.calendar = scope.grid, scope.calendar
        if not self.grid.south <= lat <= self.grid.north:
            raise InputError(f"latitude {lat:g} is not within {self.grid.south:g}…{self.grid.north:g}.")
        if not -180 <= lon <= 360:
            raise InputError(f"longitude {lon:g} is not within -180…360.")
        self.lon = lon
        self.row, self.column = self.grid.pixel(lon, lat)
        self.here = Window(self.row, self.column, 1, 1)
        self.zone = self.grid.zone_of(self.row, self.column)
        self.tile = self.grid.tile_of(self.zone, scope.run.zones.tile_degrees).name
        self.archive = Archive(scope.run.inputs.root)
        self._maps: dict[str, Maps] = {}

    def lines(self, dekad: int) -> Iterator[str]:
        """The whole way."""
        label = self.calendar.label(dekad)
        days, place = (
            f"{self.calendar.start(dekad)} to {self.calendar.end(dekad)}",
            f"row {self.row}, column {self.column}",
        )
        index = self._index(dekad)
        entry = read_index(index)[label]
        pixel = {name: in_words(name, value) for name, value in self.layers(dekad).items()}
        yield f"{label} ({days}), {place}, zone {self.zone.name}"
        yield f"data set  {index.parent / entry['map']}  sha256 {entry['sha256'][:16]}…  ({entry['release']})"
        for name, text in pixel.items():
            yield f"  {name:<22}{text}"
        if pixel["network_used"] != "none":
            simulated = self._entry(f"{self.scope.estimate}-{entry['round']}", dekad)
            networks = [pixel["network_used"]]
            if simulated:
                yield f"simulated {simulated['path']}  {self._same(simulated)}"
                networks += yield from self._mixed(simulated["path"], entry["round"], dekad)
            if self.scope.matched:
                yield from self._fused(entry["round"], networks[0], dekad)
            listed: set[str] = set()
            for network in dict.fromkeys(networks):
                if network != MATCHED:
                    yield from self._network(network, dekad, listed, "")
        elif pixel["fill_distance"].endswith("_pixels"):
            yield from self._filled(dekad, int(pixel["fill_distance"].removesuffix("_pixels")))
        else:
            yield f"No value: {self._why(pixel['flags'], dekad)}. Maps behind the mask:"
            yield from self._masks(dekad)

    def _index(self, dekad: int) -> Path:
        """Index of a dekad's year in the data set; refuses a dekad or a pixel that it does not hold."""
        label, period = self.calendar.label(dekad), self.scope.run.period
        if dekad not in self.scope.run.steps:
            raise InputError(f"{label}: not within the period of the run, {period.first} to {period.last}.")
        index = self._product(dekad) / "geotiff" / f"{self.calendar.year_of(dekad)}.json"
        if not index.is_file():
            raise InputError(f"{index}: no such file. Make the data set with: snakemake product, or give --results.")
        if label not in read_index(index):
            raise InputError(f"{index}: {label} is not among its dekads.")
        with self._year(dekad) as source:
            at = self._within(source)
            if not (0 <= at.row < source.window.rows and at.column < source.window.columns):
                rows, columns = self.grid.row_edges(source.window), self.grid.column_edges(source.window)
                extent = f"{rows[-1]:g}…{rows[0]:g}° N, {columns[0]:g}…{columns[-1]:g}° E"
                raise InputError(f"{source.path}: does not hold this place. It covers {extent}.")
        if not land_of(self.scope.land, Frame(self.grid, self.here, self.scope.calendar)).any():
            raise InputError(f"row {self.row}, column {self.column}: not a land pixel, so there is nothing to trace.")
        return index

    def _within(self, source: YearReader) -> Window:
        """The pixel, counted from the corner of a year of the data set."""
        return relative_window(self.here, source.window, self.grid.columns)

    def _mixed(self, path: Path, round_: str, dekad: int) -> Generator[str, None, list[str]]:
        """Whether a simulated value is a mean, over a zone's edge or of two substeps; returns the latter's networks."""
        layers = read_map(path, self.here)[0] if path.is_file() else {}
        if layers.get("blended", np.zeros(1)).item() > 0:
            yield "          blended with its neighbours across the edge of the zone"
        how = Merge(int(np.nan_to_num(layers.get("merged", np.zeros(1))).item()))
        if how is Merge.NONE:
            return []
        yield f"          from two substeps: {how.name.lower()}"
        estimates = [
            self._product(dekad).parent / "simulated" / substep.name / f"{self.tile}.nc"
            for substep in self.scope.plan.substeps_of(round_)
        ]
        averaged = how in (Merge.MEAN_OF_SAME_SET, Merge.WEIGHTED_MEAN)
        return [name for file in estimates if averaged and file.is_file() for name in self._behind(file, [dekad])]

    def _fused(self, round_: str, network: str, dekad: int) -> Iterator[str]:
        """Products matched to the target behind a fused value, their weights and files."""

        def there(product: str) -> bool:
            entry = self._entry(product, dekad)
            return entry is not None and has_value(read_map(entry["path"], self.here, ["value"])[0])

        where, listed = (self.learnt, self.tile, self.zone.name), set[str]()
        lines = fusion_lines(*where, round_, network, there)
        if self.scope.fits_jointly:  # the second part asks what the first has listed by then
            lines = chain(lines, joint_lines(*where, self.scope.run.fusion.joint, there, listed))
        for line, product in lines:
            yield line
            if product:
                listed.add(product)
                yield from self._files(product, [dekad], "            ")

    def _why(self, flags: str, dekad: int) -> str:
        """Why there is no value."""
        if "snow_ice" in flags:
            return "hidden by snow or ice"
        if self._under_water(dekad, self.here).any():
            return "under water, which is not filled"
        radius = self.scope.run.product.fill.radius
        return f"no network simulated it, nor any pixel within {radius} steps over open land"

    def _under_water(self, dekad: int, window: Window) -> NDArray[np.bool_]:
        """Pixels (row, column) that are neither filled nor searched across; none where the map is not kept."""
        entry = self._entry(ROLES["water"], dekad)
        if entry is None or not Path(str(entry["path"])).is_file():
            return np.zeros(window.shape, np.bool_)
        water = read_map(entry["path"], window, ["value"])[0]["value"]
        return np.asarray(water > self.scope.run.product.fill.water)

    def _masks(self, dekad: int) -> Iterator[str]:
        """Maps that may hide a value, and their native files."""
        for role in ("snow", "freeze_thaw", "water"):
            if self._entry(ROLES[role], dekad):
                yield from self._files(ROLES[role], [dekad], "  mask    ")
        usual = self.learnt / "maps" / SNOW / f"{SNOW}_D{self.calendar.season_of(dekad) + 1:02d}.tif"
        if not self._entry(ROLES["snow"], dekad) and usual.is_file():
            yield f"  mask    {SNOW}, from all years of {ROLES['snow']}: {usual}  {_digest(usual)}"

    def _product(self, dekad: int) -> Path:
        """Folder of the edition that made a dekad."""
        return (self.results if dekad >= self.scope.dekads[0] else self.learnt) / "product"

    def _year(self, dekad: int) -> YearReader:
        name = f"{self.scope.paths.prefix}_{self.calendar.year_of(dekad)}.nc"
        return YearReader(self._product(dekad) / "netcdf" / name)

    def _filled(self, dekad: int, ring: int) -> Iterator[str]:
        """The pixels that a filled one was filled from, and the way back from the first of them."""
        with self._year(dekad) as source:
            at, window = source.steps.index(dekad), source.window
            distance, flags = (source.stored(name, at) for name in ("fill_distance", "flags"))
        blocked = has(flags, Flag.SNOW_ICE_OBSERVED) | has(flags, Flag.SNOW_ICE_INFERRED)
        blocked |= self._under_water(dekad, window)
        pixel = self._within(source)
        land = land_of(self.scope.land, Frame(self.grid, window, self.scope.calendar))
        around = window.columns == self.grid.columns
        found = donors(distance == 0, land, blocked, (pixel.row, pixel.column), ring, around)
        sides = self.grid.row_edges(window), self.grid.column_edges(window)
        lats, lons = ((edges[:-1] + edges[1:]) / 2 for edges in sides)
        places = [(as_asked(wrap_longitude(lons[column]), [self.lon]), lats[row]) for row, column in found]
        listed = "; ".join(f"{lon:.2f} {lat:.2f}" for lon, lat in places)
        if self.scope.run.product.fill.method == "departures":
            season = self.calendar.season_of(dekad)
            usual = self.learnt / "maps" / MEAN_YEAR / f"{MEAN_YEAR}_{season_labels(self.calendar)[season]}.tif"
            yield f"filled    with its mean year: {usual}  {_digest(usual)}"
            yield "          and how simulated pixels, and itself one dekad before and after, depart from theirs;"
            yield f"          those {ring} away, counted over open land: {listed} (° E, ° N)"
        else:
            yield f"filled    with the mean of simulated pixels {ring} away, counted over open land: {listed} (° E, ° N)"
        if not places:
            raise InputError(f"{window}: the maps do not show where the value is from; were they changed since?")
        yield "          The way back from the first:"
        yield from Trace(self.scope, self.results, *places[0], self.every_file).lines(dekad)

    def layers(self, dekad: int) -> dict[str, Value]:
        """Layer → value of the pixel."""
        with self._year(dekad) as source:
            return layers_of(source, source.steps.index(dekad), self._within(source))

    def _network(self, name: str, dekad: int | None, listed: set[str], pad: str) -> Iterator[str]:
        """A network: its file, its inputs at a dekad (None: of training only), its targets and what they rest on."""
        listed.add(name)
        path = self.learnt / "networks" / name / f"{self.tile}.nc"
        yield f"{pad}network   {name}: {path}  {_digest(path)}{self._skill(path)}"
        network = self.scope.plan.network(name)
        training = self.scope.plan.training[name]
        for variable in self.scope.variables(network):
            if dekad is not None:
                yield from self._files(variable, [dekad], pad + "  input   ")
            yield from self._files(variable, training.steps, pad + "  learnt  ")
            if self.scope.catalogue[variable].units == "saturation":  # times pore space
                yield from self._files(self.scope.run.ingest.porosity, training.steps, pad + "  static  ")
        for target, steps in training.targets.items():
            yield f"{pad}  target  {target}: {span_text(steps)} ({len(steps)} dekads)"
            if target in self.scope.catalogue:
                yield from self._files(target, steps, pad + "    from  ")
                continue
            round_ = simulated_round(target)
            for behind, count in self._behind(self._joined(round_), steps).items():
                again = " (listed above)" if behind in listed else ""
                yield f"{pad}    {count} dekads by {behind} of round {round_}{again}"
                if behind not in listed:
                    yield from self._network(behind, None, listed, pad + "      ")

    def _skill(self, path: Path) -> str:
        if not path.is_file():
            return ""
        stored = store.read(path)
        at = stored.zones.index(self.zone.name)
        status = Status(int(stored.subnetworks.status[0, at]))
        points, rmse = stored.subnetworks.points[0, at].sum(), stored.subnetworks.rmse[0, at, 2]
        return f"  ({status.name.lower()}, {points} points, held-out RMSE {rmse:.4f} m³ m⁻³)"

    def _joined(self, round_: str) -> Path:
        """Estimates of a round in the tile."""
        path = self.learnt / "joined" / round_ / f"{self.tile}.nc"
        if not path.is_file():
            raise InputError(
                f"{path}: is not kept, so the round's networks at this pixel are unknown. Set keep.simulated: true."
            )
        return path

    def _behind(self, path: Path, steps: Sequence[int]) -> dict[str, int]:
        """Networks that simulated this pixel in some dekads, with the number of dekads."""
        estimates = read_estimates(path)
        pixel = np.flatnonzero(estimates.pixel == self.row * self.grid.columns + self.column)
        used = estimates.network[pixel][:, np.isin(estimates.step, list(steps))]
        return dict(Counter(estimates.names[k] for k in used[used >= 0].tolist()).most_common())

    def _files(self, variable: str, steps: Sequence[int], head: str) -> Iterator[str]:
        """Maps of a variable that serve some dekads, and the native files behind them."""
        found = [entry for step in steps if (entry := self._entry(variable, step))]
        entries = {str(entry["path"]): entry for entry in found}
        native = {file for entry in entries.values() for file in native_files(entry)}
        if len(entries) == 1:
            (entry,) = entries.values()
            yield f"{head}{variable}: {entry['path']}  {self._same(entry)}; {self.archive.count_text(native)}"
        else:
            yield f"{head}{variable}: {len(entries)} maps; {self.archive.count_text(native)}"
        if len(entries) == 1 or self.every_file:
            for file in sorted(native, key=lambda file: file.path):
                yield f"{' ' * len(head)}  {self.archive.path_text(file)}  {self.archive.state(file)}"

    def _entry(self, variable: str, dekad: int) -> dict[str, Any] | None:
        if variable not in self._maps:
            folders = dict.fromkeys((self.learnt / "maps" / variable, self.results / "maps" / variable))
            self._maps[variable] = Maps.of(
                [path for folder in folders for path in sorted(folder.glob("*.json"))], self.grid, self.scope.calendar
            )
        return self._maps[variable].entry(variable, dekad)

    def _same(self, entry: dict[str, Any]) -> str:
        """Whether a map is still the one that its index lists."""
        path, listed = Path(str(entry["path"])), str(entry["sha256"])
        if not path.is_file():
            return f"sha256 {listed[:16]}… (not kept)"
        return f"sha256 {listed[:16]}…" + ("" if checksum(path) == listed else "  CHANGED since it was listed")


def _digest(path: Path) -> str:
    return f"sha256 {checksum(path)[:16]}…" if path.is_file() else "(not kept)"


def main(arguments: Sequence[str]) -> int:
    parser = parser_of("trace")
    parser.add_argument("lon", type=float, help="longitude, ° E")
    parser.add_argument("lat", type=float, help="latitude, ° N")
    parser.add_argument("dekad", help="dekad (2015D10) or day (2015-04-03)")
    takes_config(parser)
    parser.add_argument("--results", default=Paths().results, help="folder of the run (default: %(default)s)")
    parser.add_argument("--all", action="store_true", help="list every native file of the training periods too")
    given = parser.parse_args(arguments)
    scope = scope_in([config_file(given)])
    dekad, last = steps_of(given.dekad, scope.calendar)
    if dekad != last:
        raise InputError(f"{given.dekad}: covers several dekads; give one of them, or a day.")
    trace = Trace(scope, Path(given.results), given.lon, given.lat, given.all)
    if given.json:
        way = list(trace.lines(dekad))  # refuses what cannot be traced
        where = {"row": trace.row, "column": trace.column, "zone": trace.zone.name, "lon": given.lon, "lat": given.lat}
        emit(Traced(step=scope.calendar.label(dekad), **where, layers=trace.layers(dekad), way=way))
        return 0
    for line in trace.lines(dekad):
        print(line)
    return 0
