"""Where stations are: the pixels that hold some, by network (Fig. 3)."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np

from rssm.product.map_frame import BLACK, BLUE, GREEN, ORANGE, PINK, RED, SKY, YELLOW
from rssm.validation.figures.maps import Ground
from rssm.validation.figures.specs import MapSpec
from rssm.validation.figures.style import STYLE, keep, sheet
from rssm.validation.stations.file import read_stations

COLOURS = (BLUE, ORANGE, SKY, GREEN, YELLOW, RED, PINK)  # of the networks with most pixels; the others are black
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
    records, ground = read_stations(stations[0]), Ground(land[0], spec.area)
    grid, window = spec.area.grid, ground.window
    row, column = np.divmod(records.pixel.astype(np.int64), grid.columns)
    y, x = (row - window.row) / ground.stride, ((column - window.column) % grid.columns) / ground.stride
    network = np.array([name if "," not in name else SEVERAL for name in records.networks], object)
    names, count = np.unique(network.astype(str), return_counts=True)
    order = names[np.argsort(-count, kind="stable")].tolist()
    steps = np.isfinite(records.means.value).sum(axis=1)
    size = 10 + 30 * steps / max(int(steps.max(initial=1)), 1)
    with matplotlib.rc_context(STYLE):
        figure = sheet(WIDTH + 1.8, max(WIDTH * ground.shape, 2.4) + 0.5)
        axis = figure.subplots()
        ground.under(axis)
        groups = [([name], colour) for name, colour in zip(order, COLOURS, strict=False)]
        if rest := order[len(COLOURS) :]:
            groups.append((rest, BLACK))
        for named, colour in groups:
            of = np.isin(network.astype(str), named)
            label = named[0] if len(named) == 1 else f"{len(named)} others"
            axis.scatter(
                x[of], y[of], size[of], color=colour, edgecolor="black", linewidth=0.4, zorder=4,
                label=f"{label} ({int(of.sum())})",
            )  # fmt: skip
        axis.set_title(f"Pixels with stations, n {records.pixel.size}; points grow with the steps measured")
        axis.legend(loc="upper left", bbox_to_anchor=(1.01, 1), title="network (pixels)", alignment="left")
        latitude, longitude = records.place
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
