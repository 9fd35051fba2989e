"""From native files to dekad maps: quality screening, regridding, compositing, denoising."""
