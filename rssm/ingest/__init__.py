"""From native files to maps: quality screening, regridding, compositing, denoising."""
