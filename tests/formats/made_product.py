"""A data set made of made-up inputs, in full: two part years with cubes, a month and the record of its release."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import rasterio

from rssm.grid import Region
from rssm.product.derived import monthly
from rssm.product.formats.layers import LAYERS
from rssm.product.formats.zarr_cubes import cubes
from rssm.product.publish import publish
from rssm.product.year import product_year
from tests.made_inputs import make_inputs

GUIDE = str(Path(__file__).resolve().parents[2] / "docs" / "product.md")
REGION = Region(40, 43, -2, 4)  # of 3 × 4 zones: coast and sea in the south-east
YEARS = {"2014": range(2014 * 36 + 30, 2014 * 36 + 36), "2015": range(2015 * 36, 2015 * 36 + 12)}


def make_year(folder, steps, land, region=REGION, settings=None, chains=3):
    """One part year from made-up inputs, and what it was made of."""
    made = make_inputs(folder, region, steps, land, chains, settings)
    product_year(str(steps[0] // 36), **made.inputs, spec=made.spec, out=made.out)
    return made


def published(root, land, toy=False):
    """Two part years, published; of a toy Earth, if so."""
    folder, years, netcdf = root / "product", [], []
    for year, steps in YEARS.items():
        made = make_inputs(root / year, REGION, steps, land, 3)
        made = replace(made, spec=replace(made.spec, edition=replace(made.spec.edition, toy=toy)))
        out = [str(folder / "geotiff" / f"{year}.json"), str(folder / "netcdf" / f"RSSSM_{year}.nc")]
        product_year(year, **made.inputs, spec=made.spec, out=out)
        years, netcdf = [*years, out[0]], [*netcdf, out[1]]
    zarrs = [str(folder / "zarr" / "maps.zarr"), str(folder / "zarr" / "points.zarr")]
    cubes(netcdf, [land], made.files, zarrs)
    month = str(folder / "derived" / "RSSSM_monthly_2015.nc")
    monthly("2015", netcdf[1:], made.files, [month])
    frozen = {"skill": made.inputs["skill"], "usual": [], "ranges": made.inputs["ranges"], "calibration": []}
    others = {"extends": [], "guide": [GUIDE]}
    publish(years, [month, *zarrs], **frozen, **others, spec=made.publishing, out=[str(folder / "release.json")])
    return SimpleNamespace(root=root, folder=folder, years=years, netcdf=netcdf, zarrs=zarrs, month=month, made=made)


def read_cog(path):
    """Layer → stored numbers (row, column) in the layer's own type, and the tags."""
    with rasterio.open(path) as source:
        packing = "int16" if source.dtypes[0] == "int16" else "float32"
        bands = {name: number for number, name in enumerate(source.descriptions, 1)}
        stored = {
            layer.name: source.read(bands[layer.name]).astype(layer.stored_dtype(packing), copy=False)
            for layer in LAYERS
        }
        return stored, source.tags()
