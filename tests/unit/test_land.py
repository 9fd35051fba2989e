"""The land mask and the land-zone table of any grid."""

import numpy as np
import pytest
import rasterio

from rssm.cubes.place import tile_pixels
from rssm.errors import InputError
from rssm.grid import Region, Zone, grid_of
from rssm.ingest.land_mask import write_land
from rssm.land import read_land_zones


@pytest.mark.parametrize("name", ["wgs84_0.25_90_-60_-180", "ease2_m25", "wgs84_0.5_90_-90_0", "wgs84_0.1"])
def test_the_table_counts_the_land_pixels_of_the_mask_by_zone(tmp_path, name):
    grid = grid_of(name)
    land = np.zeros((grid.rows, grid.columns), bool)
    zones = [Zone(40, 100), Zone(12, -180), Zone(12, 179), Zone(-3, -1)]
    for zone in zones:
        window = grid.zone_window(zone)
        land[window.row, window.column] = True
    land[grid.zone_window(zones[0]).row + 1, grid.zone_window(zones[0]).column] = True
    assert write_land(tmp_path, land, grid) == (4, 5)
    counts = read_land_zones(tmp_path / "land_zones.tsv")
    assert counts == {zones[0]: 2, zones[1]: 1, zones[2]: 1, zones[3]: 1}
    with rasterio.open(tmp_path / "land.tif") as file:
        assert np.array_equal(file.read(1), land)
    for zone, count in counts.items():
        pixel, names, _ = tile_pixels(
            Region(zone.south, zone.south + 1, zone.west, 1).zones(), tmp_path / "land.tif", grid
        )
        assert names == (zone.name,) and len(pixel) == count
        assert {grid.zone_of(int(p) // grid.columns, int(p) % grid.columns) for p in pixel} == {zone}


def test_what_is_no_land_zone_table_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "zones.tsv").write_text("zone\tpixels\n")
    with pytest.raises(InputError, match=r"expected the columns zone, land_pixels .* rssm land"):
        read_land_zones(tmp_path / "zones.tsv")
