"""Stations in the ISMN's own layout: network/station/*.stm (header and values) and static variables.

A station measures its pixel's truth with an error of place that stays and noise that does not; flags mark
frozen ground, implausible jumps and sensors out of their range. One of the two networks has Windows line ends and flags
in lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rssm.config.catalogue import Product
from rssm.toy.noise import normal, uniform
from rssm.toy.truth import Earth
from rssm.toy.writers.layers import Asked, Layer, Native, checksum

YEARS = range(2003, 2019)
NETWORKS = (("TOYNET", "5TM", "\n", "D01"), ("TOY-MESH", "Hydraprobe-II", "\r\n", "D01,D03"))
PER_ZONE = 3
SPARSE = 3  # of a coarse truth, whose regions are large, one zone in as many has stations, and one each
SPIKES = 0.01  # share of days


def files(asked: Asked) -> Iterator[Native]:
    """Three files for every station of the region: soil moisture, soil temperature, static variables."""
    earth = asked.earth
    places = _places(earth)
    if not places:
        return
    rows, columns = np.array([place for _, place in places]).T
    around = earth.patch.grid.columns
    every = [earth.year(y) for y in YEARS]
    moisture = np.concatenate([y.moisture[:, rows, columns] for y in every])
    heat = np.concatenate([y.temperature[:, rows, columns] for y in every])
    dates = [date.fromordinal(n) for n in range(every[0].first, every[-1].first + every[-1].days)]
    for index, (name, (row, column)) in enumerate(places):
        key = (row + earth.patch.row) * around + (column + earth.patch.column) % around
        yield from _station(earth, asked.product, name, key, (row, column), dates, moisture[:, index], heat[:, index])


def _places(earth: Earth) -> list[tuple[str, tuple[int, int]]]:
    """Name and pixel (row, column of the window) of every station: hashed places on land."""
    places, grid = [], earth.patch.grid
    coarse = grid.zone_pixels < 10
    for zone in earth.area.region.zones():
        if coarse and (zone.south + zone.west) % SPARSE:
            continue
        corner = grid.zone_window(zone)
        draws = uniform(0, "stations", zone.south, zone.west, np.arange(2 * PER_ZONE))
        draws = (draws * grid.zone_pixels).astype(int)
        for number in range(1 if coarse else PER_ZONE):
            row = corner.row + int(draws[2 * number]) - earth.patch.row
            column = (corner.column + int(draws[2 * number + 1]) - earth.patch.column) % grid.columns
            if earth.geography.land[row, column]:
                places.append((f"{zone.name}-{number}", (row, column)))
    return places


def _station(
    earth: Earth,
    product: Product,
    name: str,
    key: int,
    pixel: tuple[int, int],
    dates: list[date],
    moisture: NDArray[np.float32],
    heat: NDArray[np.float32],
) -> Iterator[Native]:
    seed, land = earth.toy.seed, earth.geography
    network, sensor, end, listed = NETWORKS[key % 2]
    numbers = np.arange(len(dates)) + dates[0].toordinal()
    place = normal(seed, "station", key, np.arange(2))
    value = moisture * (1 + 0.1 * place[0]) + 0.03 * place[1] + 0.015 * normal(seed, "probe", key, numbers)
    spike = uniform(seed, "spikes", key, numbers) < SPIKES
    value = np.maximum(value + spike * 0.25, 0.001)
    flags = np.where(heat < 273.15, listed, np.where(value > 0.6, "C03", np.where(spike, "D05", "G")))
    latitude, longitude = float(land.latitude[pixel[0], 0]), float(land.longitude[0, pixel[1]])
    longitude = (longitude + 180) % 360 - 180
    elevation = float(land.elevation[pixel])
    folder = f"{product.files.split('*')[0]}{network}/{name}"
    span = f"{dates[0]:%Y%m%d}_{dates[-1]:%Y%m%d}"
    stamps = [f"{day:%Y/%m/%d} 12:00" for day in dates]
    for variable, values, marks in (("sm", value, flags), ("ts", heat - 273.15, np.full(len(dates), "G"))):
        head = f"{network} {network} {name} {latitude:.5f} {longitude:.5f} {elevation:.2f} 0.0500 0.0500 {sensor}"
        lines = [
            f"{stamp} {number:.4f} {mark} M"
            for stamp, number, mark in zip(stamps, values.tolist(), marks.tolist(), strict=True)
        ]
        text = end.join([head, *lines]) + end
        path = f"{folder}/{network}_{network}_{name}_{variable}_0.050000_0.050000_{sensor}_{span}.stm"
        yield _text(path, text, values)
    yield _text(f"{folder}/{network}_{network}_{name}_static_variables.csv", _static(earth, pixel), place)


def _static(earth: Earth, pixel: tuple[int, int]) -> str:
    land = earth.geography
    rows = [
        "quantity_name;unit;depth_from[m];depth_to[m];value;description;quantity_source_name",
        f"sand fraction;% weight;0.00;0.30;{100 * land.sand[pixel]:.2f};;HWSD",
        f"clay fraction;% weight;0.00;0.30;{100 * land.clay[pixel]:.2f};;HWSD",
        f"saturation;m^3*m^-3;0.00;0.30;{land.porosity[pixel]:.3f};;HWSD",
        "land cover classification;;;;130;Grassland;CCI_landcover_2010",
        "climate classification;;;;Csa;Temperate Dry Hot Summer;koeppen_geiger_2007",
    ]
    return "\n".join(rows) + "\n"


def _text(name: str, text: str, values: NDArray[np.float32]) -> Native:
    def save(path: Path) -> None:
        path.write_text(text, encoding="latin-1", newline="")

    return Native(name, save, checksum(name, [Layer("values", values)]))
