"""The forms in which others open the data set: layers, NetCDF, GeoTIFF, Zarr, series of points, STAC, styles."""
