"""What an extension rests on: files of the edition that it extends, which must be there before anything begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rssm.calendar import STATIC

if TYPE_CHECKING:
    from rssm.workflow.rsssm.product import DataSet


def rested_on(data: DataSet) -> list[str]:
    """Networks, ranges, tables, maps and files of the edition that a data set extends."""
    scope, learnt, tiles = data.scope, data.scope.learnt, data.scope.tiles
    of_fusion = ("matched", "fusion", *(["jointly"] if scope.fits_jointly else []))
    cubes = data.all_years if "zarr" in data.settings.formats else []
    return [
        *(f"{learnt.results}/networks/{name}/{tile}.nc" for name in data.networks_now() for tile in tiles),
        *(f"{learnt.results}/ranges/{tile}.nc" for tile in tiles),
        *(f"{learnt.results}/held_out/{round_}.nc" for round_ in data.rounds),
        *(f"{learnt.results}/{kind}/{tile}.nc" for kind in of_fusion for tile in data.matched_tiles),
        *(data.calibration() if scope.run.calibrates else []),
        *(f"{learnt.results}/maps/{name}/{STATIC}.json" for name in data.usual()),
        f"{learnt.product}/derived/{learnt.prefix}_climatology.nc",
        *(path for path in cubes if not path.startswith(scope.paths.product)),
    ]
