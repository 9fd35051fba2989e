"""The way back from a pixel of RSSSM's data set to the native files behind it, through all rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.commands.native_files import Archive
from rssm.commands.trace_fusion import fusion_lines, has_value, joint_lines
from rssm.commands.trace_maps import MapsBehind, digest, same
from rssm.commands.trace_pixel import Pixel, in_words, layers_of
from rssm.commands.trace_place import Place
from rssm.config.plan import simulated_round, span_text
from rssm.config.product import ROLES
from rssm.errors import InputError
from rssm.grid import Window, wrap_longitude
from rssm.ingest.index import read_index
from rssm.maps import read_map
from rssm.networks import store
from rssm.networks.kernels.codes import Status
from rssm.product.formats.netcdf import YearReader
from rssm.product.formats.points import as_asked
from rssm.product.records.frame import Frame, season_labels
from rssm.product.values.fill import donors
from rssm.product.values.flags import Flag, has
from rssm.product.values.mean_year import MEAN_YEAR
from rssm.product.values.snow_climatology import SNOW
from rssm.product.values.sources import land_of
from rssm.rounds.estimates import read_estimates
from rssm.rounds.merge import Provenance as Merge
from rssm.rounds.specs import MATCHED
from rssm.workflow.rsssm.scope import RsssmScope


class Trace:
    """The way back from one pixel; `lines` prints it."""

    def __init__(self, scope: RsssmScope, results: Path, place: Place, archive: Archive, every_file: bool) -> None:
        self.scope, self.results, self.place, self.archive = scope, results, place, archive
        # an extension rests on networks and maps of the edition it extends
        self.learnt = Path(scope.learnt.results) if scope.parent else results
        self.calendar = scope.calendar
        self.maps = MapsBehind([self.learnt, results], scope.grid, scope.calendar, archive, every_file)

    def lines(self, dekad: int) -> Iterator[str]:
        """The whole way."""
        label, index = self.calendar.label(dekad), self._index(dekad)
        self.place.check(self.scope, dekad, index, self._netcdf(dekad))
        entry, layers = read_index(index)[label], self.layers(dekad)
        pixel = {name: in_words(layers.of[name], value) for name, value in layers.values.items()}
        yield self.place.text(dekad)
        yield f"data set  {index.parent / entry['map']}  sha256 {entry['sha256'][:16]}…  ({entry['release']})"
        for name, text in pixel.items():
            yield f"  {name:<22}{text}"
        if pixel["network_used"] != "none":
            simulated = self.maps.entry(f"{self.scope.estimate}-{entry['round']}", dekad)
            networks = [pixel["network_used"]]
            if simulated:
                yield f"simulated {simulated['path']}  {same(simulated)}"
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
        """Index of a dekad's year in the data set."""
        return self._product(dekad) / "geotiff" / f"{self.calendar.year_of(dekad)}.json"

    def _mixed(self, path: Path, round_: str, dekad: int) -> Generator[str, None, list[str]]:
        """Whether a simulated value is a mean, over a zone's edge or of two substeps; returns the latter's networks."""
        layers = read_map(path, self.place.here)[0] if path.is_file() else {}
        if layers.get("blended", np.zeros(1)).item() > 0:
            yield "          blended with its neighbours across the edge of the zone"
        how = Merge(int(np.nan_to_num(layers.get("merged", np.zeros(1))).item()))
        if how is Merge.NONE:
            return []
        yield f"          from two substeps: {how.name.lower()}"
        estimates = [
            self._product(dekad).parent / "simulated" / substep.name / f"{self.place.tile}.nc"
            for substep in self.scope.plan.substeps_of(round_)
        ]
        averaged = how in (Merge.MEAN_OF_SAME_SET, Merge.WEIGHTED_MEAN)
        return [name for file in estimates if averaged and file.is_file() for name in self._behind(file, [dekad])]

    def _fused(self, round_: str, network: str, dekad: int) -> Iterator[str]:
        """Products matched to the target behind a fused value, their weights and files."""

        def there(product: str) -> bool:
            entry = self.maps.entry(product, dekad)
            return entry is not None and has_value(read_map(entry["path"], self.place.here, ["value"])[0])

        where, listed = (self.learnt, self.place.tile, self.place.zone.name), set[str]()
        lines = fusion_lines(*where, round_, network, there)
        if self.scope.fits_jointly:  # the second part asks what the first has listed by then
            lines = chain(lines, joint_lines(*where, self.scope.run.fusion.joint, there, listed))
        for line, product in lines:
            yield line
            if product:
                listed.add(product)
                yield from self.maps.lines(product, [dekad], "            ")

    def _why(self, flags: str, dekad: int) -> str:
        """Why there is no value."""
        if "snow_ice" in flags:
            return "hidden by snow or ice"
        if self._under_water(dekad, self.place.here).any():
            return "under water, which is not filled"
        radius = self.scope.run.product.fill.radius
        return f"no network simulated it, nor any pixel within {radius} steps over open land"

    def _under_water(self, dekad: int, window: Window) -> NDArray[np.bool_]:
        """Pixels (row, column) that are neither filled nor searched across; none where the map is not kept."""
        entry = self.maps.entry(ROLES["water"], dekad)
        if entry is None or not Path(str(entry["path"])).is_file():
            return np.zeros(window.shape, np.bool_)
        water = read_map(entry["path"], window, ["value"])[0]["value"]
        return np.asarray(water > self.scope.run.product.fill.water)

    def _masks(self, dekad: int) -> Iterator[str]:
        """Maps that may hide a value, and their native files."""
        for role in ("snow", "freeze_thaw", "water"):
            if self.maps.entry(ROLES[role], dekad):
                yield from self.maps.lines(ROLES[role], [dekad], "  mask    ")
        usual = self.learnt / "maps" / SNOW / f"{SNOW}_D{self.calendar.season_of(dekad) + 1:02d}.tif"
        if not self.maps.entry(ROLES["snow"], dekad) and usual.is_file():
            yield f"  mask    {SNOW}, from all years of {ROLES['snow']}: {usual}  {digest(usual)}"

    def _product(self, dekad: int) -> Path:
        """Folder of the edition that made a dekad."""
        return (self.results if dekad >= self.scope.dekads[0] else self.learnt) / "product"

    def _netcdf(self, dekad: int) -> Path:
        return self._product(dekad) / "netcdf" / f"{self.scope.paths.prefix}_{self.calendar.year_of(dekad)}.nc"

    def _filled(self, dekad: int, ring: int) -> Iterator[str]:
        """The pixels that a filled one was filled from, and the way back from the first of them."""
        with YearReader(self._netcdf(dekad)) as source:
            at, window = source.steps.index(dekad), source.window
            distance, flags = (source.stored(name, at) for name in ("fill_distance", "flags"))
        blocked = has(flags, Flag.SNOW_ICE_OBSERVED) | has(flags, Flag.SNOW_ICE_INFERRED)
        blocked |= self._under_water(dekad, window)
        pixel = self.place.within(source)
        land = land_of(self.scope.land, Frame(self.scope.grid, window, self.scope.calendar))
        around = window.columns == self.scope.grid.columns
        found = donors(distance == 0, land, blocked, (pixel.row, pixel.column), ring, around)
        sides = self.scope.grid.row_edges(window), self.scope.grid.column_edges(window)
        lats, lons = ((edges[:-1] + edges[1:]) / 2 for edges in sides)
        places = [(as_asked(wrap_longitude(lons[column]), [self.place.lon]), lats[row]) for row, column in found]
        listed = "; ".join(f"{lon:.2f} {lat:.2f}" for lon, lat in places)
        if self.scope.run.product.fill.method == "departures":
            season = self.calendar.season_of(dekad)
            usual = self.learnt / "maps" / MEAN_YEAR / f"{MEAN_YEAR}_{season_labels(self.calendar)[season]}.tif"
            yield f"filled    with its mean year: {usual}  {digest(usual)}"
            yield "          and how simulated pixels, and itself one dekad before and after, depart from theirs;"
            yield f"          those {ring} away, counted over open land: {listed} (° E, ° N)"
        else:
            yield f"filled    with the mean of simulated pixels {ring} away, counted over open land: {listed} (° E, ° N)"
        if not places:
            raise InputError(f"{window}: the maps do not show where the value is from; were they changed since?")
        yield "          The way back from the first:"
        yield from self._beside(*places[0]).lines(dekad)

    def _beside(self, lon: float, lat: float) -> Trace:
        """The way back from another pixel."""
        return Trace(self.scope, self.results, Place.at(self.scope, lon, lat), self.archive, self.maps.every_file)

    def layers(self, dekad: int) -> Pixel:
        """What the data set says of the pixel."""
        return layers_of(self._netcdf(dekad), dekad, self.place)

    def _network(self, name: str, dekad: int | None, listed: set[str], pad: str) -> Iterator[str]:
        """A network: its file, its inputs at a dekad (None: of training only), its targets and what they rest on."""
        listed.add(name)
        path = self.learnt / "networks" / name / f"{self.place.tile}.nc"
        yield f"{pad}network   {name}: {path}  {digest(path)}{self._skill(path)}"
        network = self.scope.plan.network(name)
        training = self.scope.plan.training[name]
        for variable in self.scope.variables(network):
            if dekad is not None:
                yield from self.maps.lines(variable, [dekad], pad + "  input   ")
            yield from self.maps.lines(variable, training.steps, pad + "  learnt  ")
            if self.scope.catalogue[variable].units == "saturation":  # times pore space
                yield from self.maps.lines(self.scope.run.ingest.porosity, training.steps, pad + "  static  ")
        for target, steps in training.targets.items():
            yield f"{pad}  target  {target}: {span_text(steps)} ({len(steps)} dekads)"
            if target in self.scope.catalogue:
                yield from self.maps.lines(target, steps, pad + "    from  ")
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
        at = stored.zones.index(self.place.zone.name)
        status = Status(int(stored.subnetworks.status[0, at]))
        points, rmse = stored.subnetworks.points[0, at].sum(), stored.subnetworks.rmse[0, at, 2]
        return f"  ({status.name.lower()}, {points} points, held-out RMSE {rmse:.4f} m³ m⁻³)"

    def _joined(self, round_: str) -> Path:
        """Estimates of a round in the tile."""
        path = self.learnt / "joined" / round_ / f"{self.place.tile}.nc"
        if not path.is_file():
            raise InputError(
                f"{path}: is not kept, so the round's networks at this pixel are unknown. Set keep.simulated: true."
            )
        return path

    def _behind(self, path: Path, steps: Sequence[int]) -> dict[str, int]:
        """Networks that simulated this pixel in some dekads, with the number of dekads."""
        estimates = read_estimates(path)
        pixel = np.flatnonzero(estimates.pixel == self.place.number)
        used = estimates.network[pixel][:, np.isin(estimates.step, list(steps))]
        return dict(Counter(estimates.names[k] for k in used[used >= 0].tolist()).most_common())
