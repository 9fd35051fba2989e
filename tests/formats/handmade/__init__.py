"""Small files in the layouts of the agencies, written by hand, and the values that a reader must find in them.

Grids are shrunk (15° cells, or 24 × 10 cells of a projection) so that a file is a few kilobytes; names, types, fills,
scales, directions and groups are those of the formats.
"""
