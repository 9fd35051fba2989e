"""The guide for users of a data set, made of what its method declares: files, layers, codes, flags, how to open them."""

from __future__ import annotations

from collections.abc import Iterator

from rssm.declared import LayerTable
from rssm.layer import Layer
from rssm.product.records import texts
from rssm.product.records.frame import depth_text, words
from rssm.product.specs import PublishSpec


def guide_of(spec: PublishSpec) -> str:
    """Markdown."""
    return "\n".join(_lines(spec)) + "\n"


def _lines(spec: PublishSpec) -> Iterator[str]:
    edition, frame = spec.edition, spec.frame
    period = words(frame.calendar)
    yield f"# {texts.title(edition)}"
    yield f"\n{texts.summary(edition, frame)}"
    yield f"\nEdition {edition.id}. Licence: {texts.licence(edition)}. {edition.texts.comment}"
    yield "\n## Files\n"
    yield "| file | what is in it |\n|---|---|"
    for table in spec.tables:
        yield f"| `netcdf/{table.prefix}_YEAR.nc` | all layers of a year, {depth_text(table.depth)}, by {period.period}s |"
        yield from _others(table, spec)
    yield "| `files.csv`, `stac/` | which file is of which period, with checksums |"
    yield "| `coverage.tsv` | how many land pixels have a value |"
    yield "| `SHA256SUMS.txt` | checksums: `sha256sum --check SHA256SUMS.txt` |"
    yield "| `CITATIONS.txt` | whom to cite |"
    yield "| `release.json` | what this edition rests on |"
    for table in spec.tables:
        yield f"\n## Layers of `{table.prefix}`: {depth_text(table.depth)}\n"
        yield from _layers(table, period.period)
    yield "\n## Opening them\n"
    main = spec.tables[0]
    yield "```python\nimport xarray"
    yield f'data = xarray.open_mfdataset("netcdf/{main.prefix}_*.nc", decode_coords="all")'
    yield f'series = data["{main.main.name}"].sel(lat=40.5, lon=-1.5, method="nearest")\n```'
    yield "\nRows go from north to south. A step is stamped with its first day; `time_bnds` has first day and end. `rssm.open`,"
    yield "`rssm extract` and `rssm trace` read the same files."


def _others(table: LayerTable, spec: PublishSpec) -> Iterator[str]:
    """What else there is of a table."""
    prefix = table.prefix
    of = "every step" if table.maps == "step" else "the mean of every month"
    if "geotiff" in spec.formats:
        label = "PERIOD" if table.maps == "step" else "YEAR-MONTH"
        yield f"| `geotiff/{prefix}_{label}.tif` | {of}, a band a layer (Cloud-Optimized GeoTIFF) |"
    if "zarr" in spec.formats:
        yield f"| `zarr/{prefix}/maps.zarr`, `points.zarr` | all years: a chunk a map; a chunk a block of pixels with all steps |"
    yield f"| `derived/{prefix}_monthly_YEAR.nc` | means of months; the uncertainty is an upper bound |"
    yield f"| `derived/{prefix}_climatology.nc`, `{prefix}_anomaly_YEAR.nc` | mean year, and differences from it |"
    yield f"| `quicklook/{prefix}_YEAR.png` | pictures of a year |"


def _layers(table: LayerTable, period: str) -> Iterator[str]:
    """The table of layers, and what their numbers mean."""
    yield "| band | name | unit | values | what it is |\n|---|---|---|---|---|"
    for band, layer in enumerate(table.layers, 1):
        comment = f"; {layer.comment.format(period=period)}" if layer.comment else ""
        yield f"| {band} | `{layer.name}` | {layer.units} | {_values(layer)} | {layer.title}{comment} |"
    for layer in table.layers:
        meant = [f"{number} `{name}`" for number, name in (*layer.codes, *layer.bits)]
        if meant:
            yield f"\n`{layer.name}`: {', '.join(meant)}." + (" Numbers add up." if layer.bits else "")


def _values(layer: Layer) -> str:
    if layer.bits:
        return "bits"
    return "code" if layer.codes else f"{layer.low:g} to {layer.high:g}"
