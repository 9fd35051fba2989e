"""Cubes, and the ways between them and maps: cut out of maps by a job of their own, laid on maps again by `scatter`."""

from rssm.cubes.cube import Cube, read_cube, read_cubes, write_cube
from rssm.cubes.place import scatter, tile_pixels, window_index

__all__ = ["Cube", "read_cube", "read_cubes", "scatter", "tile_pixels", "window_index", "write_cube"]
