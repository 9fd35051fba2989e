"""Where stations are: the pixels that hold some, by network (Fig. 3)."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np

from rssm.atlas.colours import BLACK, CLASSES, NOTHING_TO_SAY
from rssm.atlas.maps import WorldMap
from rssm.atlas.projection import shape_of
from rssm.atlas.sheet import STYLE, keep, sheet
from rssm.land import read_land
from rssm.validation.figures.specs import MapSpec
from rssm.validation.stations.file import read_stations

COLOURS = CLASSES[:-1]  # of the networks with most pixels; the others are black
COLUMNS = (
    "pixel",
    "latitude",
    "longitude",
    "networks",
    "stations",
    "climate",
    "land_cover",
    "density",
    "relief",
    "steps",
)
SEVERAL = "several"
WIDTH = 6.5  # inches


def station_map(stations: Sequence[str], land: Sequence[str], spec: MapSpec, out: Sequence[str]) -> None:
    """Draw the map; the size of a point tells how many steps its pixel has."""
    records, area = read_stations(stations[0]), spec.area
    latitude, longitude = records.place
    network = np.array([name if "," not in name else SEVERAL for name in records.networks], object)
    names, count = np.unique(network.astype(str), return_counts=True)
    order = names[np.argsort(-count, kind="stable")].tolist()
    steps = np.isfinite(records.means.value).sum(axis=1)
    size = 10 + 30 * steps / max(int(steps.max(initial=1)), 1)
    with matplotlib.rc_context(STYLE):
        figure = sheet(WIDTH + 1.8, max(WIDTH * shape_of(area), 2.4) + 0.5)
        axis = figure.subplots()
        world = WorldMap(axis, area, read_land(land[0], area.grid, area.window))
        world.ground(np.ones(area.window.shape, bool), "land", NOTHING_TO_SAY)
        groups = [([name], colour) for name, colour in zip(order, COLOURS, strict=False)]
        if rest := order[len(COLOURS) :]:
            groups.append((rest, BLACK))
        for named, colour in groups:
            of = np.isin(network.astype(str), named)
            label = named[0] if len(named) == 1 else f"{len(named)} others"
            about = f"{label} ({int(of.sum())})"
            world.points(
                longitude[of], latitude[of], s=size[of], color=colour, edgecolor="black", linewidth=0.4, label=about
            )
        axis.set_title(f"Pixels with stations, n {records.pixel.size}; points grow with the steps measured")
        axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1), title="network (pixels)", alignment="left")
        columns = (
            *(
                records.pixel.tolist(),
                latitude.tolist(),
                longitude.tolist(),
                records.networks,
                records.stations.tolist(),
            ),
            *(records.climate, records.land_cover, records.density, records.relief, steps.tolist()),
        )
        keep(figure, COLUMNS, zip(*columns, strict=True), out)
