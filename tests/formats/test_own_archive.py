"""The manual's page on archives of one's own: its entries give the maps that it shows; native files are shown as they are."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from rssm.archive.listing import list_files
from rssm.calendar import CALENDARS
from rssm.commands.inspect import describe
from rssm.config.catalogue import Product
from rssm.config.ingest import Ingest
from rssm.errors import InputError
from rssm.grid import GRID, Region
from rssm.ingest.composite import composites
from rssm.ingest.factor import factor_year
from rssm.maps import read_map

PAGE = (Path(__file__).resolve().parents[2] / "docs/own-archive.md").read_text("utf-8")
NATIVE = (".nc", ".nc4", ".h5", ".hdf", ".tif")


def mapped(product: Product, root: Path, day: date, region: Region, tmp_path: Path) -> NDArray[np.float64]:
    """The map of the step that holds a day."""
    files, calendar = list_files(root, product, day.year), CALENDARS[product.maps]
    step = calendar.of(day)
    if product.kind == "soil_moisture":
        ((_, layers, _),) = composites(product, files, [step], region=region, grid=GRID, ingest=Ingest(sigma=None))
        return np.asarray(layers["value"], float)
    path = tmp_path / "m.tif"
    factor_year(product, files, {step: path}, tmp_path / "i.json", region=region, grid=GRID)
    return np.asarray(read_map(path)[0]["value"], float)


def entry(name: str) -> Product:
    """An entry of the page."""
    (block,) = re.findall(rf"```yaml\n({name}:.*?)```", PAGE, re.DOTALL)
    return Product.model_validate(yaml.safe_load(block)[name] | {"id": name})


@pytest.mark.parametrize(
    ("name", "day", "region"),
    [("SWI1KM", date(2017, 6, 1), Region(41, 45, -1, 4)), ("NDVI", date(2021, 8, 13), Region(20, 24, -78, 4))],
)
def test_entries_of_the_page_give_its_maps(real: Path, tmp_path: Path, name: str, day: date, region: Region) -> None:
    values = mapped(entry(name), real, day, region, tmp_path)
    _, shown = PAGE.split(f"Map {name} ", 1)
    row = re.search(r"^value .*?(\d+) +(-?[\d.]+) +(-?[\d.]+) +(-?[\d.]+)$", shown, re.MULTILINE)
    assert row
    found = (np.isfinite(values).sum(), np.nanmin(values), np.nanmean(values), np.nanmax(values))
    assert found == pytest.approx([float(number) for number in row.groups()], rel=1e-3)


def test_every_native_sample_is_shown(real: Path) -> None:
    """Texts that are missing, groups, HDF4 and HDF5."""
    paths = [path for path in sorted(real.rglob("*")) if path.suffix in NATIVE]
    assert len(paths) > 20
    for path in paths:
        lines = list(describe(path))
        assert len(lines) > 3 and all(isinstance(line, str) for line in lines), path
    (tile,) = (real / "modis").glob("MOD13A2*.hdf")
    shown = "\n".join(describe(tile))
    assert "1 km 16 days NDVI" in shown and "grid MODIS_Grid_16DAY_1km_VI: 1200 rows × 1200 columns, SNSOID" in shown


@pytest.mark.parametrize("name", ["a.hdf", "a.h5"])
def test_what_is_no_native_file_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"nothing of the kind")
    with pytest.raises(InputError, match=name):
        list(describe(tmp_path / name))
